#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/source.hpp"
#include "store/post.hpp"

namespace earshot {

/// What a feed document does not say of itself. Empty: the default.
struct FeedOptions {
  std::string_view source = {};  ///< `Post::source`.
  /// Default: "feed:" and the feed's address without scheme and query.
  std::string_view network = {};
  std::string_view channel = {};  ///< Default: the feed's title, else the host of its address.
  std::string_view charset = {};  ///< Of the Content-Type.
  bool filtered = false;
  Instant now{};  ///< Dates the items that have no date.
};

/// A feed document, read.
struct ParsedFeed {
  PostBatch posts;  ///< In the order of the document.
  std::string title;
  std::string link;             ///< The site that the feed belongs to.
  std::string self;             ///< The address that the feed gives itself.
  std::uint64_t items = 0;      ///< Bad ones too.
  std::uint64_t bad_items = 0;  ///< Without any text, or past the first 10,000.
  std::vector<BadLine> bad;     ///< The first of them, `line` 0.
  std::optional<std::chrono::seconds> ttl;
};

/// Reads RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0, well-formed or damaged, from a document fetched from
/// `url` (empty for a saved one: then the address that the feed gives itself stands in). Title and
/// content, as plain text, are the text; a title that the content begins with is not said twice.
/// The id is the item's own, else its link, else a hash of title and date; items that share an id
/// within the document get their link appended to it. An item without a date is dated `now`, and
/// says so. Errors: `format`, as `parse_xml`, or if it is no feed. Source: the table of fields in
/// the documents of the formats (RSS 2.0 specification, RFC 4287, RSS 1.0 modules content, slash
/// and dc, RFC 4685 threading, GeoRSS, Media RSS).
Result<ParsedFeed> parse_feed(std::string_view bytes, std::string_view url,
                              const FeedOptions& options);

}  // namespace earshot
