#pragma once

#include <filesystem>

#include "store/post_store.hpp"

namespace earshot::test {

/// Files as ClickHouse reads and writes them (TabSeparated): integers, strings with escapes, arrays
/// as [1,2], nothing as \N. Names and columns are those of `schema.sql`. Each throws nothing and
/// returns false if a file could not be written, or the store could not be read.

/// What a second engine would have stored: facts.tsv of the whole history with entities numbered as
/// in the request, channel_names.tsv, sources.tsv, polls.tsv; the request itself, request.tsv; and
/// roots.tsv, which shared code works out for every engine.
bool write_stored(const PostStore& store, const TallyRequest& request,
                  const std::filesystem::path& folder);

/// The tables that every engine must give alike, one file each, in the order of the tallies.
bool write_tallies(const Tallies& tallies, const std::filesystem::path& folder);

}  // namespace earshot::test
