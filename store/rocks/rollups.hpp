#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/rollup.hpp"
#include "store/tallies.hpp"

namespace earshot::rocks {

/// Rows of one kind that are read back; what has more is not to be stored.
inline constexpr std::size_t most_kept_rows = 1U << 20U;

/// A rollup as it is stored. The begin of its window is its key.
void encode_rollup(const Rollup& rollup, std::string& out);

/// Nothing if the bytes are none.
std::optional<Rollup> decode_rollup(Instant begin, std::string_view bytes);

/// Rows of the inbox of one day of UTC, all of them observed for the whole horizon, in the order of
/// their keys: without id, author, and whether their channel has replies.
void encode_inbox(Instant day, std::span<const InboxItem> rows, std::string& out);

/// Nothing if the bytes are none.
std::optional<std::vector<InboxItem>> decode_inbox(Instant day, std::chrono::seconds horizon,
                                                   std::string_view bytes);

/// What authors said in some stretch, as it is stored.
void encode_authors(const AuthorShares& shares, std::string& out);

/// Nothing if the bytes are none.
std::optional<AuthorShares> decode_authors(std::string_view bytes);

/// How many authors said how much, as it is stored.
void encode_audience(std::span<const AudienceRow> rows, std::string& out);

/// Nothing if the bytes are none.
std::optional<std::vector<AudienceRow>> decode_audience(std::string_view bytes);

}  // namespace earshot::rocks
