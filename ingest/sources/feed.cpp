#include "ingest/feed.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/refusal.hpp"
#include "store/base/hash.hpp"

namespace earshot {

namespace {

std::string lower_case(std::string_view text) {
  std::string lower{text};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return lower;
}

/// Nobody is left alone for longer because of a number.
constexpr std::chrono::seconds year{366 * 86'400};

/// What stands behind `name` in "a; name=value, b"; empty if it is not there.
std::string_view parameter(std::string_view header, std::string_view name) {
  for (auto at = header.find(name); at != std::string_view::npos; at = header.find(name, at + 1)) {
    const bool begins =
        at == 0 || header[at - 1] == ' ' || header[at - 1] == ',' || header[at - 1] == ';';
    auto value = header.substr(at + name.size());
    if (!begins || !value.starts_with('=')) continue;
    value.remove_prefix(1);
    if (value.starts_with('"')) return value.substr(1, value.find('"', 1) - 1);
    return value.substr(0, value.find_first_of(" ,;"));
  }
  return {};
}

std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || rest != text.data() + text.size() || seconds < 0) return {};
  return std::min(std::chrono::seconds{seconds}, year);
}

/// How long the answer stays fresh: max-age, else Expires. Source: RFC 9111 section 4.2.1.
std::optional<std::chrono::seconds> freshness(const HttpResponse& response, Instant now) {
  const auto control = lower_case(response.header("cache-control"));
  if (const auto age = seconds_of(parameter(control, "max-age"))) return age;
  const auto date = parse_rfc822(response.header("expires"));
  return date && *date > now ? std::optional{std::min(*date - now, year)} : std::nullopt;
}

/// A date that is still to come is a clock gone wrong there; sent back, it could hide what is new.
std::string believable(std::string_view last_modified, Instant now) {
  constexpr std::chrono::minutes tolerance{5};
  const auto date = parse_rfc822(last_modified);
  return date && *date > now + tolerance ? std::string{} : std::string{last_modified};
}

/// The address as it may stand in posts: user name, password and query could be secrets.
std::string without_secrets(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto scheme = url.find("://");
  if (scheme == url.npos) return std::string{url};
  const auto host = scheme + 3;
  const auto at = url.substr(host, url.find('/', host) - host).rfind('@');
  const auto after = at == url.npos ? host : host + at + 1;
  return std::string{url.substr(0, host)}.append(url.substr(after));
}

std::optional<FeedIdentity> identity_named(std::string_view name) {
  if (name.empty() || name == "guid") return FeedIdentity::own;
  if (name == "link") return FeedIdentity::link;
  if (name == "title") return FeedIdentity::title;
  return std::nullopt;
}

/// How far the feed is read, in seconds since 1970. If all in it is newer than what is known, what
/// came between stands on its older pages (RFC 5005), where it has some.
struct Place {
  Count newest;       ///< All up to this time is read.
  Count top;          ///< On a walk over older pages: where it began,
  std::string older;  ///< the next page,
  Count pages;        ///< and how many it has read.

  static Place read(std::string_view cursor) {
    return {cursor_number(cursor, "newest"), cursor_number(cursor, "top"),
            std::string{cursor_value(cursor, "older")}, cursor_number(cursor, "pages")};
  }
  std::string text() const {
    std::string text;
    for (const auto& [name, value] :
         {std::pair{"newest", newest}, std::pair{"top", top}, std::pair{"pages", pages}})
      if (value) add_to_cursor(text, name, std::to_string(*value));
    add_to_cursor(text, "older", older);
    return text;
  }
  bool walks() const { return !older.empty(); }

  void arrive() {
    if (top && (!newest || *top > *newest)) newest = top;
    top.reset();
    pages.reset();
    older.clear();
  }
};

constexpr std::uint64_t most_pages = 20;

class Feed final : public Source {
 public:
  explicit Feed(const SourceConfig& config) : config_{config} {
    const auto since = parse_rfc3339(config.option("since"));
    if (since) since_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_unix(*since)));
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    if (config_.url.empty()) return read_saved(now);
    Place place = Place::read(state.cursor);
    if (place.walks()) return read_older(http, std::move(place), now);
    const auto request = request_for(state);
    auto response = http.get(request);
    if (!response) return response.error();
    std::string older;
    auto page = page_of(*response, state, now, older);
    if (page && page->refused_status == 0 && !page->unchanged)
      go_on(*page, place, older, request.url, now);
    return page;
  }

 private:
  /// A page before the last one. What can't be read ends the walk, and not the source.
  Result<Page> read_older(HttpClient& http, Place place, Instant now) const {
    const std::string url = place.older;
    auto response = http.get(request_for({.address = url}));
    std::string older;
    auto page = response ? page_of(*response, {}, now, older) : Result<Page>{response.error()};
    if (page && page->refused_status == 429) return page;  // asked for again after the rest
    if (page && page->refused_status == 0) {
      page->etag.clear();  // they belong to the first page
      page->last_modified.clear();
      page->body_hash.clear();
      page->moved_to.clear();
      go_on(*page, place, older, url, now);
      return page;
    }
    Page none;
    refuse_item(none, fmt::format("{}: an older page could not be read: {}", shown_url(url),
                                  page ? fmt::format("HTTP {}", page->refused_status)
                                       : page.error().message));
    none.rows = 1;
    place.arrive();
    none.next_cursor = place.text();
    return none;
  }

  /// Decides whether what is older is worth a request: all posts are dated, and newer than what is
  /// known. Only on the same server, whose peace the collector keeps.
  void go_on(Page& page, Place& place, std::string older, std::string_view from,
             Instant now) const {
    Count oldest;
    bool dated = true;
    for (const Post& post : page.posts.posts) {
      dated = dated && post.dated && post.posted_at <= now;
      if (!post.dated || post.posted_at > now || to_unix(post.posted_at) < 0) continue;
      const auto time = static_cast<std::uint64_t>(to_unix(post.posted_at));
      if (!place.top || time > *place.top) place.top = time;
      if (!oldest || time < *oldest) oldest = time;
    }
    const Count floor = place.newest ? place.newest : since_;
    const std::uint64_t pages = place.pages.value_or(0) + 1;
    if (floor && oldest && dated && *oldest > *floor && !older.empty() && older != from &&
        older != place.older && server_of(older) == server_of(from) && pages < most_pages) {
      place.older = std::move(older);
      place.pages = pages;
      page.more = true;
    } else {
      place.arrive();
    }
    page.next_cursor = place.text();
  }

  HttpRequest request_for(const FetchState& state) const {
    HttpRequest request{.url = state.address.empty() ? config_.url : std::string{state.address},
                        .headers = config_.headers};
    const bool says_accept = std::ranges::any_of(
        request.headers, [](const auto& h) { return lower_case(h.first) == "accept"; });
    if (!says_accept)
      request.headers.emplace_back("Accept",
                                   "application/atom+xml, application/rss+xml, "
                                   "application/feed+json, application/rdf+xml, "
                                   "application/xml;q=0.9, */*;q=0.5");
    if (!state.etag.empty()) request.headers.emplace_back("If-None-Match", state.etag);
    if (!state.last_modified.empty())
      request.headers.emplace_back("If-Modified-Since", state.last_modified);
    return request;
  }

  Result<Page> page_of(const HttpResponse& response, const FetchState& state, Instant now,
                       std::string& older) const {
    if (response.status != 200 && response.status != 304)
      return refused_page(response.status, response.headers, config_.url, now);
    const bool conditional = !state.etag.empty() || !state.last_modified.empty();
    if (response.status == 304 && !conditional)
      return Error{Error::Kind::network,
                   fmt::format("{}: HTTP 304, but nothing was named to compare with",
                               shown_url(config_.url))};
    Page page;
    page.moved_to = response.moved_to;
    page.fresh = freshness(response, now);
    page.etag = response.header("etag");
    page.last_modified = believable(response.header("last-modified"), now);
    if (response.status == 304) {
      if (page.etag.empty()) page.etag = state.etag;
      if (page.last_modified.empty()) page.last_modified = believable(state.last_modified, now);
      page.body_hash = state.body_hash;
      page.unchanged = true;
      return page;
    }
    page.body_hash = fmt::format("{:016x}", hash_bytes(response.body));
    page.bytes_read = page.bytes_total = response.body.size();
    page.unchanged = page.body_hash == state.body_hash;
    if (page.unchanged) return page;
    const auto from = without_secrets(response.url.empty() ? config_.url : response.url);
    const FeedOrigin origin{.url = from,
                            .content_type = response.header("content-type"),
                            .content_location = response.header("content-location"),
                            .content_language = response.header("content-language")};
    if (auto read = read_into(page, response.body, origin, now, older); !read)
      return Error{read.error().kind,
                   fmt::format("{}: {}", shown_url(config_.url), read.error().message)};
    return page;
  }

  Result<Page> read_saved(Instant now) const {
    const auto body = read_feed_file(config_.path);
    if (!body) return body.error();
    Page page;
    page.bytes_read = page.bytes_total = body->size();
    std::string older;
    if (auto read = read_into(page, *body, {}, now, older); !read)
      return Error{read.error().kind, fmt::format("{}: {}", config_.path, read.error().message)};
    return page;
  }

  Result<Done> read_into(Page& page, std::string_view body, const FeedOrigin& origin, Instant now,
                         std::string& older) const {
    const auto document = read_feed(body, origin);
    if (!document) return document.error();
    // The id space is named after the address that was asked, wherever it led.
    auto feed = posts_of_feed(*document, without_secrets(config_.url),
                              {.source = config_.name,
                               .network = config_.network,
                               .channel = config_.channel,
                               .filtered = config_.filtered,
                               .now = now,
                               .identity = *identity_named(config_.option("id")),
                               .id_without = config_.option("id_without")});
    page.posts = std::move(feed.posts);
    page.rows = feed.items;
    page.bad_rows = feed.bad_items;
    page.bad = std::move(feed.bad);
    page.wish = feed.ttl;
    page.skip_hours = feed.skip_hours;
    page.skip_days = feed.skip_days;
    older = std::move(feed.older);
    return Done{};
  }

  SourceConfig config_;
  Count since_;
};

Result<std::unique_ptr<Source>> make_feed(const SourceConfig& config) {
  if (config.url.empty() && config.path.empty())
    return Error{Error::Kind::config, fmt::format("feed '{}' has no url", config.name)};
  if (const auto id = config.option("id"); !identity_named(id))
    return Error{Error::Kind::config, fmt::format("'id' is guid, link or title, and not '{}'", id)};
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return Error{Error::Kind::config,
                 fmt::format("'since' is a day like 2026-08-01, and not '{}'", since)};
  return std::unique_ptr<Source>{std::make_unique<Feed>(config)};
}

constexpr SourceOption options[] = {
    {.name = "id",
     .value = "WHAT",
     .help = "what tells posts apart: guid (default), link, or title and date"},
    {.name = "id_without",
     .value = "NAMES",
     .help = "parameters of links that change with each poll: \"utm_source sid\"; * for all"},
    {.name = "since",
     .value = "DAY",
     .help = "how far the first poll goes back, if the feed has older pages; default: one page"},
};

}  // namespace

SourceDetails describe_feed() {
  return {.options = options, .reads_saved = true, .make = make_feed};
}

}  // namespace earshot
