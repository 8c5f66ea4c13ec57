#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/feed_document.hpp"
#include "ingest/source.hpp"
#include "store/post.hpp"

namespace earshot {

/// What tells the items of a feed apart, from one fetch to the next.
enum class FeedIdentity : std::uint8_t {
  own,    ///< The id that the item says it has.
  link,   ///< Where ids change from fetch to fetch.
  title,  ///< With the date, where links change too.
};

/// What a feed document does not say of its posts. Empty: the default.
struct FeedOptions {
  std::string_view source = {};  ///< `Post::source`.
  /// Default: "feed:" and the feed's address without scheme and query.
  std::string_view network = {};
  std::string_view channel = {};  ///< Default: the feed's title, else the host of its address.
  bool filtered = false;
  Instant now{};  ///< Dates the items that have no date.
  FeedIdentity identity = FeedIdentity::own;
  /// Parameters of links, and of ids that are addresses, that say nothing of the post and change:
  /// `without_parameters` takes them from the id.
  std::string_view id_without = {};
};

/// A feed document, read.
struct ParsedFeed {
  PostBatch posts;  ///< In the order of the document.
  std::string title;
  std::string link;             ///< The site that the feed belongs to.
  std::string self;             ///< The address that the feed gives itself.
  std::string older;            ///< The address of the page before this one.
  std::uint64_t items = 0;      ///< Bad ones too.
  std::uint64_t bad_items = 0;  ///< Without any text, or past the first 10,000.
  std::vector<BadLine> bad;     ///< The first of them, `line` 0.
  /// Between two polls, as it wishes: ttl, or sy:updatePeriod with its frequency.
  std::optional<std::chrono::seconds> ttl;
  std::uint32_t skip_hours = 0;  ///< As in `FeedDocument`.
  std::uint8_t skip_days = 0;
};

/// The posts of a feed that was fetched from `url` (empty for a saved one: then the address that
/// the feed gives itself stands in). Title and content, as plain text, are the text; a title that
/// the content begins with is not said twice. The id is what `FeedOptions::identity` asks for: the
/// item's own, else its link, else a hash of title and date; items that share an id within the
/// document get their link appended to it. An
/// item without an author has the feed's; one without a date is dated `now`, and says so. What
/// large publishers write for readers of feeds only is left out, as `without_habits` says.
ParsedFeed posts_of_feed(const FeedDocument& document, std::string_view url,
                         const FeedOptions& options);

/// `read_feed`, and then `posts_of_feed`. Errors as `read_feed`.
Result<ParsedFeed> parse_feed(std::string_view bytes, const FeedOrigin& origin,
                              const FeedOptions& options);

}  // namespace earshot
