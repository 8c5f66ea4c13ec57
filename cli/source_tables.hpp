#pragma once

#include <set>
#include <string>
#include <string_view>

#include "ingest/source.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// A name for a source of that title: its letters and digits in lower case with hyphens between
/// them, at most 40 bytes; made of the address where the title has none. Not one of `taken`, to
/// which it is added: "town-hall", "town-hall-2".
std::string source_name(std::string_view title, std::string_view url, std::set<std::string>& taken);

/// What two addresses have in common if they are the same but for "www", "s" of https, the case of
/// the host, a "/" at the end and a fragment.
std::string address_key(std::string_view url);

/// True if both ask the same server the same.
bool same_source(const SourceConfig& a, const SourceConfig& b);

/// Appends a `[[source]]` table, with an empty line before it and the keys that differ from their
/// defaults. `comment`, if there is one, is a line above it.
void append_source_table(std::string& out, const SourceConfig& source, std::string_view comment);

/// Appends tables to a config. What stands in it stays as it is, byte for byte; nothing is written
/// unless the whole is a good config. Errors: `config`, `io`.
Result<Done> append_to_config(const std::string& path, std::string_view tables);

}  // namespace earshot
