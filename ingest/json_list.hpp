#pragma once

#include <optional>
#include <string_view>

#include "ingest/archive.hpp"

namespace earshot {

// Documents that are one list of records, too large to be held as a whole, cut without being
// understood: a record is an object, from its brace to the one that closes it.

/// How many line ends are in a text.
std::size_t count_lines(std::string_view text);

/// The value at the front of `text`, which begins with it: its size, or nothing if the text ends
/// before it does.
std::optional<std::size_t> json_value_size(std::string_view text);

/// Where the elements of the list begin that is the value of the member `name` of the object at
/// the front of `text`. Without a name: of the list that `text` itself is, or else of the first
/// member that is a list, and not one of plain values. Nothing if there is none in sight.
std::optional<std::size_t> find_json_list(std::string_view text, std::string_view name);

/// Cuts the object at the front of a text, or what lies before the next one: separators, plain
/// values, and what follows the end of the list.
RecordFormat::Cut cut_json_object(std::string_view text);

}  // namespace earshot
