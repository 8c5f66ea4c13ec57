#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/date_text.hpp"
#include "ingest/source.hpp"
#include "store/post.hpp"

namespace earshot {

/// What one record says, by `PostField`; empty where it says nothing.
using FieldValues = std::array<std::string_view, post_field_count>;

/// What is the same for every record of one archive: the mapping, checked, with the source's own
/// settings laid over it.
struct PostRules {
  FieldValues constants{};  ///< Views into the `SourceConfig` that the rules were made from.
  std::string_view network;
  std::string_view source;
  bool filtered = false;
  std::string_view date_format_text;
  DateFormat date_format;
  Instant as_of{};  ///< Epoch where the mapping does not say.

  /// Errors as `check_mapping`. `config` must outlive the rules.
  static Result<PostRules> make(const SourceConfig& config);
};

/// Turns records into posts at the end of one batch. Copies each text once, and what all posts
/// share once a writer.
class PostWriter {
 public:
  PostWriter(const PostRules& rules, PostBatch& batch);

  /// Adds the post, or tells in one clause why the record is none: no id, no text, no date, or one
  /// that can't be read.
  std::optional<std::string> add(const FieldValues& values);

 private:
  std::string_view keep(const FieldValues& values, PostField field);

  const PostRules& rules_;
  PostBatch& batch_;
  FieldValues constants_;
  std::string_view network_;
  std::string_view source_;
};

/// `12`, or `3.0` as spreadsheets write it; nothing for all else. An empty cell is unknown, not
/// zero.
Count parse_count(std::string_view text);

}  // namespace earshot
