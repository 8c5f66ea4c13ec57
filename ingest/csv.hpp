#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "store/base/text_arena.hpp"

namespace earshot {

/// Where a record ends: `next` is the offset behind its line end, `size` its length without it.
struct CsvRecord {
  std::size_t next = 0;
  std::size_t size = 0;
  std::size_t lines = 0;    ///< Physical lines in it, line ends in quotes too.
  bool complete = false;    ///< False: the text ends before the record does.
  bool open_quote = false;  ///< It ends inside a quoted field.
};

/// The record that begins at the front of `text`. A quote opens a field only as its first
/// character, so that a stray one
/// (`5" screen`) costs nothing. Line ends are LF or CRLF. Source: RFC 4180.
CsvRecord find_csv_record(std::string_view text, char delimiter);

/// Splits one record, without its line end, into fields. Views point into `record`, or into
/// `unquoted` for fields with doubled quotes. What follows a closing quote is part of the field.
void split_csv_record(std::string_view record, char delimiter,
                      std::vector<std::string_view>& fields, TextArena& unquoted);

}  // namespace earshot
