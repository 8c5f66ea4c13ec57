#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// The fields of a post that an archive can fill.
enum class PostField {
  id,
  channel,
  author_id,
  author,
  followers,
  text,
  title,
  posted_at,
  posted_time,  ///< Time of day, where `posted_at` has only the day: put behind it, and a space.
  edited_at,
  parent,
  root,
  likes,
  shares,
  replies,
  url,
  lang,
  place,
  repost,  ///< A bare share of another post, unless it is empty, 0, "no" or "false".
};
inline constexpr std::size_t post_field_count = 19;

std::string_view name_of(PostField field);  ///< As written in a mapping file: "author_id".

/// Which column (CSV header) or path ("user.name" in JSON) fills which field, and what is constant.
/// A field that is neither mapped nor constant stays unknown. A path goes through lists: the first
/// of their elements that has it counts.
struct Mapping {
  std::array<std::string, post_field_count> columns;  ///< Empty: not mapped.
  /// Asked in this order where the column is not there or the cell is empty, or a count is 0.
  std::array<std::vector<std::string>, post_field_count> other_columns;
  std::array<std::string, post_field_count>
      constants;                    ///< Used where no column is mapped or the column is empty.
  std::string network = "archive";  ///< The id space.
  /// "rfc3339", "rfc822", "unix", "unix_ms", or a pattern of %Y %y %m %d %H %I %M %S %p %z %a %b
  /// and literal characters.
  std::string date_format = "rfc3339";
  std::vector<std::string> other_date_formats;  ///< Tried in this order where that one fails.
  char delimiter = '\0';  ///< CSV only; 0: the one of , ; tab and | that the header is made with.
  char thousands = '\0';  ///< Between groups of three digits of a count; 0: none.
  std::string list;       ///< JSON documents: the member whose list has the records; empty: the
                          ///< document itself, else its first member that is a list of objects.
  bool lenient = false;   ///< A column that is not there is unknown, but for id, text and date.
  bool derived_ids = false;      ///< Without an id: a hash of author, date and texts.
  bool byte_characters = false;  ///< Each byte of UTF-8 was written as a character: undone.
  /// RFC 3339: when the counts were taken and texts were as they are; may be empty.
  std::string as_of;

  std::string& column(PostField field) { return columns[static_cast<std::size_t>(field)]; }
  const std::string& column(PostField field) const {
    return columns[static_cast<std::size_t>(field)];
  }
  std::string& constant(PostField field) { return constants[static_cast<std::size_t>(field)]; }
  const std::string& constant(PostField field) const {
    return constants[static_cast<std::size_t>(field)];
  }
};

/// The layout used when none is declared: columns named id, channel, author, followers, text,
/// created_at, in_reply_to, likes, shares, replies, url, lang; RFC 3339 dates.
Mapping default_mapping();

/// `config` error if no column gives id, text or posted_at, or if the date format is not one.
Result<Done> check_mapping(const Mapping& mapping);

/// True for what a post can't do without.
bool is_needed(PostField field, const Mapping& mapping);

/// True if a value gives way to that of another column: it is blank, or a count of 0 in exports
/// that have counts of every network in each row.
bool says_nothing(PostField field, std::string_view value);

}  // namespace earshot
