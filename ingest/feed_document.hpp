#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"
#include "store/base/time.hpp"

namespace earshot {

/// What the transport knows of a document; empty where it says nothing.
struct FeedOrigin {
  std::string_view url = {};               ///< Where it was fetched from.
  std::string_view content_type = {};      ///< The header.
  std::string_view content_location = {};  ///< The header; may be relative to `url`.
  std::string_view content_language = {};  ///< The header.
  bool links = false;                      ///< Gather `FeedEntry::links` too.
};

struct FeedPerson {
  std::string name;
  std::string email;
  std::string url;

  bool empty() const { return name.empty() && email.empty() && url.empty(); }
};

struct FeedEnclosure {
  std::string url;
  std::string type;    ///< Media type.
  std::string length;  ///< In bytes, as spelled.
};

/// What a feed and its entries both say of themselves. Texts are plain, with a line end where a
/// block element or `<br>` was; addresses are absolute wherever a base is known; empty where it is
/// silent.
struct FeedHead {
  std::string id;    ///< guid, Atom's id (resolved), rdf:about.
  std::string link;  ///< Of the site, or of the entry's page.
  std::string title;
  std::string summary;  ///< description, summary, subtitle; else the content.
  std::string lang;     ///< dc:language, xml:lang, <language>, Content-Language; else the feed's.
  FeedPerson author;
  std::optional<Instant> published;  ///< pubDate, published, issued, created.
  std::optional<Instant> updated;    ///< updated, modified, dc:date, lastBuildDate.
};

struct FeedEntry : FeedHead {
  std::string content;      ///< content:encoded, content, body; or a second summary.
  std::string comments;     ///< Address of the page with the comments.
  std::string in_reply_to;  ///< `ref` of the threading extension.
  std::string reply_count;  ///< slash:comments, thr:total, as spelled.
  std::string like_count;   ///< Of media:starRating or Apple's votes, as spelled.
  std::string place;        ///< "lat,lon".
  std::string date_text;    ///< The first date, as spelled.
  std::string own_id;       ///< The id as it is spelled.
  std::string root;         ///< Id of the first post of its thread; only `without_habits` knows it.
  FeedPerson source;        ///< RSS's <source>: the feed that the entry was taken from.
  bool rated = false;       ///< It is a review with stars.
  /// Of these lists, the first 1,000.
  std::vector<std::string> links;  ///< Addresses in the markup, in order, if they were asked for.
  std::vector<std::string> tags;
  std::vector<FeedEnclosure> enclosures;
};

/// A feed, whatever its format.
struct FeedDocument : FeedHead {
  std::string version;   ///< "rss20", "rss10", "rss091u", "atom10", "json11", ...; "rss", "atom".
  std::string encoding;  ///< That it was read in.
  std::string self;      ///< The address that it gives itself.
  std::string older;     ///< Address of the page before this one (RFC 5005, JSON Feed's next_url).
  std::string ttl;       ///< Minutes, as spelled.
  std::string update_period;       ///< sy:updatePeriod: "hourly", ..., "yearly", as spelled.
  std::string update_frequency;    ///< How often in that period, as spelled.
  std::uint32_t skip_hours = 0;    ///< skipHours: a bit for each hour of UTC.
  std::uint8_t skip_days = 0;      ///< skipDays: a bit for each day of the week, from Sunday.
  std::vector<FeedEntry> entries;  ///< In the order of the document, the first 10,000.
  std::uint64_t items = 0;         ///< All of them.
};

inline constexpr std::uint64_t most_feed_entries = 10'000;

/// Reads RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0 and JSON Feed 1.0, 1.1, well-formed or damaged, in any
/// encoding. Where a document says a thing twice or in two ways, the rules are those of
/// feedparser's documentation. Errors: `format`, as `parse_xml`, or if it is no feed. Source: the
/// table of fields in the documents of the formats (RSS 2.0 specification, RFC 4287, RSS 1.0
/// modules content, slash and dc, RFC 4685 threading, GeoRSS, Media RSS, JSON Feed 1.1).
Result<FeedDocument> read_feed(std::string_view bytes, const FeedOrigin& origin);

/// A feed saved to disk, whole: plain or compressed, in its own encoding, at most 15 MB. Errors as
/// `Input`.
Result<std::string> read_feed_file(const std::string& path);

}  // namespace earshot
