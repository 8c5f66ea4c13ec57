#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  bool derived_ids = false;
  bool byte_characters = false;
  char thousands = '\0';
  std::string date_format_text;
  std::vector<DateFormat> date_formats;
  Instant as_of{};  ///< Epoch where the mapping does not say.

  /// Errors as `check_mapping`. `config` must outlive the rules.
  static Result<PostRules> make(const SourceConfig& config);

  /// By the first of the formats that reads it.
  std::optional<Instant> parse_date(std::string_view text) const;
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
  std::optional<std::string> add_read(const FieldValues& values);
  void add_details(const FieldValues& values, Post& post);
  std::string_view value(const FieldValues& values, PostField field) const;
  std::string_view keep(const FieldValues& values, PostField field);
  std::string_view keep_text(std::string_view title, std::string_view text);
  std::string derived_id(const FieldValues& values) const;

  const PostRules& rules_;
  PostBatch& batch_;
  FieldValues constants_;
  std::string_view network_;
  std::string_view source_;
  TextArena undone_;  ///< Of the record at hand.
};

/// `12`, `1,234` with that character between groups of three digits, or `3.0` as spreadsheets write
/// it; nothing for all else. An empty cell is unknown, not zero.
Count parse_count(std::string_view text, char thousands = '\0');

}  // namespace earshot
