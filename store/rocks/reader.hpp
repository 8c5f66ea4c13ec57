#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "store/post_store.hpp"
#include "store/rocks/content_cache.hpp"
#include "store/rocks/database.hpp"

namespace earshot::rocks {

// The reading verbs of `PostStore`, as it documents them. Each sees one moment of the store,
// whatever is written meanwhile.

/// Keeps the content hashes of the blocks that it reads whole.
Result<Done> scan(const Database& database, ContentCache& contents, const ScanFilter& filter,
                  ScanCursor& cursor, std::size_t limit, StoredBatch& out);
Result<Done> read_posts(const Database& database, std::span<const PostKey> keys, HiddenPosts hidden,
                        StoredBatch& out);
Result<Done> read_facts(const Database& database, Window window,
                        const std::function<void(const FactBatch&)>& visit);
Result<Generation> read_generation(const Database& database, std::uint64_t id);
Result<std::vector<std::pair<std::uint64_t, std::string>>> read_channels(const Database& database);
Result<std::vector<SourceState>> read_sources(const Database& database);
Result<std::vector<HostState>> read_hosts(const Database& database);
Result<std::vector<Poll>> read_polls(const Database& database, Window window);
Result<std::optional<std::pair<Instant, Instant>>> read_span(const Database& database);

}  // namespace earshot::rocks
