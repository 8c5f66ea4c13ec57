#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

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
  edited_at,
  parent,
  root,
  likes,
  shares,
  replies,
  url,
  lang,
  place,
};
inline constexpr std::size_t post_field_count = 17;

std::string_view name_of(PostField field);  ///< As written in a mapping file: "author_id".

/// Which column (CSV header) or path ("user.name" in JSON) fills which field, and what is constant.
/// A field that is neither mapped nor constant stays unknown.
struct Mapping {
  std::array<std::string, post_field_count> columns;  ///< Empty: not mapped.
  std::array<std::string, post_field_count>
      constants;                    ///< Used where no column is mapped or the column is empty.
  std::string network = "archive";  ///< The id space.
  /// "rfc3339", "rfc822", "unix", "unix_ms", or a pattern of %Y %m %d %H %M %S %z %a %b and literal
  /// characters.
  std::string date_format = "rfc3339";
  char delimiter = ',';  ///< CSV only.
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

}  // namespace earshot
