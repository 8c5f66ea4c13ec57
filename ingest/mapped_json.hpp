#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/mapping.hpp"
#include "ingest/post_writer.hpp"

namespace earshot {

/// The paths of a mapping as a tree: "user.name" is `name` under `user`.
class MappedPaths {
 public:
  explicit MappedPaths(const Mapping& mapping);
  MappedPaths(MappedPaths&&) noexcept;
  ~MappedPaths();

 private:
  friend class MappedJson;
  struct Member;
  std::unique_ptr<Member> root_;
  std::uint32_t contested_ = 0;  ///< A bit for each `PostField` that has several columns.
};

/// Reads JSON objects one after the other by a mapping. Not for several threads at once.
class MappedJson {
 public:
  /// `paths` must outlive the reader.
  explicit MappedJson(const MappedPaths& paths);
  ~MappedJson();

  /// `object` has at least `record_padding` readable bytes behind it. Fills `values` anew; they
  /// live until the next call and no longer than `object`. The reason if it is no object that can
  /// be read.
  std::optional<std::string> read(std::string_view object, FieldValues& values);

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace earshot
