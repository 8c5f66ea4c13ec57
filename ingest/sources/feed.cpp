#include "ingest/feed.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "ingest/date_text.hpp"
#include "store/base/hash.hpp"

namespace earshot {

namespace {

std::string lower_case(std::string_view text) {
  std::string lower{text};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return lower;
}

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
  constexpr std::int64_t year = 366 * 86400;
  std::int64_t seconds = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || rest != text.data() + text.size() || seconds < 0) return {};
  return std::chrono::seconds{std::min(seconds, year)};
}

/// Retry-After: seconds, or a date. Source: RFC 9110 section 10.2.3.
std::optional<std::chrono::seconds> retry_after(const HttpResponse& response, Instant now) {
  const auto header = response.header("retry-after");
  if (const auto seconds = seconds_of(header)) return seconds;
  const auto date = parse_rfc822(header);
  if (!date) return {};
  return std::max(*date - now, std::chrono::seconds{0});
}

/// How long the answer stays fresh: max-age, else Expires. Source: RFC 9111 section 4.2.1.
std::optional<std::chrono::seconds> freshness(const HttpResponse& response, Instant now) {
  const auto control = lower_case(response.header("cache-control"));
  if (const auto age = seconds_of(parameter(control, "max-age"))) return age;
  const auto date = parse_rfc822(response.header("expires"));
  return date && *date > now ? std::optional{*date - now} : std::nullopt;
}

std::optional<std::chrono::seconds> longest_of(std::optional<std::chrono::seconds> a,
                                               std::optional<std::chrono::seconds> b) {
  return a && b ? std::max(*a, *b) : a ? a : b;
}

class Feed final : public Source {
 public:
  explicit Feed(const SourceConfig& config) : config_{config} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    if (config_.url.empty()) return read_saved(now);
    auto response = http.get(request_for(state));
    if (!response) return response.error();
    return page_of(*response, state, now);
  }

 private:
  HttpRequest request_for(const FetchState& state) const {
    HttpRequest request{.url = config_.url, .headers = config_.headers};
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

  Result<Page> page_of(const HttpResponse& response, const FetchState& state, Instant now) const {
    Page page;
    if (response.status != 200 && response.status != 304) {
      page.refused_status = response.status;
      page.wait = retry_after(response, now);
      return page;
    }
    page.moved_to = response.moved_to;
    page.wait = freshness(response, now);
    page.etag = response.header("etag");
    page.last_modified = response.header("last-modified");
    if (response.status == 304) {
      if (page.etag.empty()) page.etag = state.etag;
      if (page.last_modified.empty()) page.last_modified = state.last_modified;
      page.body_hash = state.body_hash;
      page.unchanged = true;
      return page;
    }
    page.body_hash = fmt::format("{:016x}", hash_bytes(response.body));
    page.bytes_read = page.bytes_total = response.body.size();
    page.unchanged = page.body_hash == state.body_hash;
    if (page.unchanged) return page;
    const FeedOrigin origin{.url = response.url.empty() ? config_.url : response.url,
                            .content_type = response.header("content-type"),
                            .content_location = response.header("content-location"),
                            .content_language = response.header("content-language")};
    if (auto read = read_into(page, response.body, origin, now); !read)
      return Error{read.error().kind, fmt::format("{}: {}", config_.url, read.error().message)};
    return page;
  }

  Result<Page> read_saved(Instant now) const {
    const auto body = read_feed_file(config_.path);
    if (!body) return body.error();
    Page page;
    page.bytes_read = page.bytes_total = body->size();
    if (auto read = read_into(page, *body, {}, now); !read)
      return Error{read.error().kind, fmt::format("{}: {}", config_.path, read.error().message)};
    return page;
  }

  Result<Done> read_into(Page& page, std::string_view body, const FeedOrigin& origin,
                         Instant now) const {
    const auto document = read_feed(body, origin);
    if (!document) return document.error();
    // The id space is named after the address that was asked, wherever it led.
    auto feed = posts_of_feed(*document, config_.url,
                              {.source = config_.name,
                               .network = config_.network,
                               .channel = config_.channel,
                               .filtered = config_.filtered,
                               .now = now});
    page.posts = std::move(feed.posts);
    page.rows = feed.items;
    page.bad_rows = feed.bad_items;
    page.bad = std::move(feed.bad);
    page.wait = longest_of(page.wait, feed.ttl);
    return Done{};
  }

  SourceConfig config_;
};

Result<std::unique_ptr<Source>> make_feed(const SourceConfig& config) {
  if (config.url.empty() && config.path.empty())
    return Error{Error::Kind::config, fmt::format("feed '{}' has no url", config.name)};
  return std::unique_ptr<Source>{std::make_unique<Feed>(config)};
}

}  // namespace

SourceDetails describe_feed() {
  return {.reads_saved = true, .make = make_feed};
}

}  // namespace earshot
