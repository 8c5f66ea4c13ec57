#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/facts.hpp"
#include "store/labels.hpp"
#include "store/rocks/columns.hpp"

namespace earshot::rocks {

/// The labels of a block of posts, one a post in the order of their keys; null for a post that
/// waits for labels. The content hash that they belong to is not kept: labels in a block are always
/// those of the post's present content.
void encode_labels(std::span<const Labels* const> labels, std::string& out);

/// Labels of a block read back.
class LabelBlock {
 public:
  /// False if the bytes are no labels of `rows` posts; then nothing is labelled. No bytes at all
  /// are a block in which nothing is.
  bool read(std::string_view bytes, std::size_t rows);

  std::size_t size() const { return flags_.size(); }
  bool labelled(std::size_t row) const { return (flags_[row] & 1U) != 0; }
  std::uint64_t generation(std::size_t row) const { return generations_[generation_[row]]; }

  Labels labels(std::size_t row, std::uint64_t content) const;

  /// Fills the label part of `fact` and adds its rows to `batch`, if the post is labelled.
  void add_to(std::size_t row, Fact& fact, FactBatch& batch) const;

 private:
  EntityLabel entity(std::size_t at) const;
  bool read_lists(ColumnReader& from);

  std::vector<std::uint64_t> flags_, generations_, generation_, lang_, feeling_, permille_,
      intents_, marks_, owner_, groups_,
      questions_;  // groups and questions: of each row, 0 for none
  std::vector<std::uint64_t> entity_index_, entity_feeling_, links_;
  std::vector<std::uint32_t> first_entity_, first_link_;  // one more than rows
  std::string section_;
};

}  // namespace earshot::rocks
