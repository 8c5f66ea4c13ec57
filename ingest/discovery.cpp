#include "ingest/discovery.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/encoding.hpp"
#include "ingest/feed_document.hpp"
#include "ingest/health.hpp"
#include "ingest/html_tags.hpp"
#include "ingest/html_text.hpp"
#include "ingest/robots.hpp"
#include "ingest/url.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::size_t most_named = 50;
constexpr std::size_t most_anchors = 5;
constexpr std::size_t largest_page = 5'000'000;
constexpr std::string_view wanted_types =
    "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, "
    "application/feed+json, */*;q=0.5";

/// True if a list of words in an attribute has this one, whatever its case.
bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    list = trim(list);
    const auto end = std::min(list.find_first_of(" \t\r\n\f"), list.size());
    if (std::ranges::equal(list.substr(0, end), word, {}, lower)) return true;
    list.remove_prefix(end);
  }
  return false;
}

bool is_feed_type(std::string_view type, std::string_view address) {
  static constexpr std::array<std::string_view, 6> types{
      "application/rss+xml", "application/atom+xml", "application/feed+json",
      "application/rdf+xml", "application/xml",      "text/xml"};
  const auto plain = lower_case(trim(type.substr(0, type.find(';'))));
  if (std::ranges::find(types, plain) != types.end()) return true;
  // The type of JSON Feed 1.0; APIs of blogs have it too.
  return plain == "application/json" && lower_case(address).find("feed") != std::string::npos;
}

bool is_about_comments(const FoundSource& feed) {
  return lower_case(feed.title).find("comment") != std::string::npos ||
         feed.source.url.find("/comments") != std::string::npos;
}

bool looks_like_feed(std::string_view address) {
  static constexpr std::array<std::string_view, 6> names{"feed",  "rss", "atom",
                                                         "feeds", "rdf", "feed.json"};
  auto path = lower_case(without_scheme_and_query(address));
  if (path.find('/') == std::string::npos) return false;
  if (path.ends_with('/')) path.pop_back();
  const auto last = std::string_view{path}.substr(path.rfind('/') + 1);
  if (std::ranges::find(names, last) != names.end()) return true;
  for (const std::string_view ending : {".rss", ".atom", ".rdf"})
    if (last.ends_with(ending)) return true;
  return last.ends_with(".xml") && last.find("sitemap") == last.npos;
}

/// Gathers the hints of a page tag by tag.
class HintReader {
 public:
  explicit HintReader(std::string_view url) : base_{url} {}

  void see(const HtmlTag& tag) {
    if (tag.name == "base" && !based_) {
      const auto base = resolve_url(base_, tag.attribute("href"));
      if (!base.empty()) base_ = base;
      based_ = true;
    } else if (tag.name == "link") {
      see_link(tag);
    } else if (tag.name == "meta") {
      see_meta(tag);
    } else if (tag.name == "a") {
      see_anchor(tag);
    }
  }

  PageHints take() {
    std::stable_partition(hints_.named.begin(), hints_.named.end(),
                          [](const FoundSource& feed) { return !is_about_comments(feed); });
    if (server_of(base_).find("youtube.com") == std::string::npos) hints_.youtube_channel.clear();
    return std::move(hints_);
  }

 private:
  void see_link(const HtmlTag& tag) {
    const auto rel = tag.attribute("rel");
    const auto type = tag.attribute("type");
    const auto address = resolve_url(base_, tag.attribute("href"));
    if (has_word(rel, "canonical")) note_channel(address);
    if (type.starts_with("application/activity+json") || type.starts_with("application/ld+json"))
      hints_.federated = hints_.federated || has_word(rel, "alternate");
    const bool named =
        has_word(rel, "feed") || (has_word(rel, "alternate") && is_feed_type(type, address));
    if (!named || has_word(rel, "stylesheet") || address.empty()) return;
    const bool known = std::ranges::any_of(
        hints_.named, [&](const FoundSource& each) { return each.source.url == address; });
    if (known || hints_.named.size() == most_named) return;
    FoundSource feed;
    feed.source.type = "feed";
    feed.source.url = address;
    feed.title = squeezed_text(tag.attribute("title"));
    hints_.named.push_back(std::move(feed));
  }

  void see_meta(const HtmlTag& tag) {
    const auto content = tag.attribute("content");
    if (lower_case(tag.attribute("name")) == "generator" && hints_.generator.empty())
      hints_.generator = lower_case(content.substr(0, content.find_first_of(" /")));
    const auto item = lower_case(tag.attribute("itemprop"));
    if ((item == "channelid" || item == "identifier") && hints_.youtube_channel.empty() &&
        content.starts_with("UC"))
      hints_.youtube_channel = content;
  }

  /// https://www.youtube.com/channel/UC...
  void note_channel(std::string_view address) {
    constexpr std::string_view mark = "/channel/UC";
    const auto at = address.find(mark);
    if (at == std::string_view::npos) return;
    const auto id = address.substr(at + mark.size() - 2);
    hints_.youtube_channel = id.substr(0, id.find_first_of("/?#"));
  }

  void see_anchor(const HtmlTag& tag) {
    if (hints_.anchors.size() == most_anchors) return;
    auto address = resolve_url(base_, tag.attribute("href"));
    address = address.substr(0, address.find('#'));
    if (looks_like_feed(address) &&
        std::ranges::find(hints_.anchors, address) == hints_.anchors.end())
      hints_.anchors.push_back(std::move(address));
  }

  std::string base_;
  bool based_ = false;
  PageHints hints_;
};

class Discoverer {
 public:
  Discoverer(HttpClient& http, Instant now) : http_{http}, robots_{http}, now_{now} {}

  Result<Discovery> run(const std::string& url) {
    auto answer = ask(url);
    if (!answer) return answer.error();
    if (answer->status != 200)
      return Error{
          Error::Kind::network,
          fmt::format("{}: {}", shown_url(url),
                      refusal(answer->status, retry_after(answer->headers, now_)).message)};
    if (auto feed = feed_of(*answer, url)) {
      discovery_.found.push_back(std::move(*feed));
      return std::move(discovery_);
    }
    const std::string page = answer->url.empty() ? url : answer->url;
    const auto html = decode_text(answer->body, answer->header("content-type")).text;
    const auto hints = read_page_hints(html, page);
    if (!hints.youtube_channel.empty())
      discovery_.found.push_back(youtube_channel(hints.youtube_channel));
    add_software(hints, page);
    for (const auto& feed : hints.named) add_named(feed);
    if (discovery_.found.empty()) guess(hints, page);
    if (discovery_.found.empty()) return nothing_found(page);
    return std::move(discovery_);
  }

 private:
  Result<HttpResponse> ask(const std::string& url) {
    return http_.get({.url = url,
                      .headers = {{"Accept", std::string{wanted_types}}},
                      .max_bytes = largest_page});
  }

  static std::optional<FoundSource> feed_of(const HttpResponse& answer, const std::string& url) {
    const auto document =
        read_feed(answer.body, {.url = answer.url, .content_type = answer.header("content-type")});
    if (!document) return {};
    FoundSource feed;
    feed.source.type = "feed";
    feed.source.url = answer.moved_to.empty() ? url : answer.moved_to;
    feed.title = document->title;
    return feed;
  }

  bool allowed(const std::string& url) {
    if (robots_.allow(url)) return true;
    discovery_.passed.push_back(
        fmt::format("{}: its robots.txt asks to leave it alone", shown_url(url)));
    return false;
  }

  void add_named(const FoundSource& feed) {
    const bool known = std::ranges::any_of(discovery_.found, [&](const FoundSource& each) {
      return each.source.url == feed.source.url;
    });
    if (!known && allowed(feed.source.url)) discovery_.found.push_back(feed);
  }

  void add_software(const PageHints& hints, const std::string& page) {
    std::string software = hints.generator;
    auto found = sources_of_software(software, page);
    const bool worth_asking = found.empty() && (hints.federated || looks_federated(page) ||
                                                (hints.named.empty() && software.empty()));
    if (worth_asking) found = sources_of_software(nodeinfo_software(page), page);
    std::ranges::move(found, std::back_inserter(discovery_.found));
  }

  /// The name of what runs there, in lower case; empty if it does not say. Source: NodeInfo 2.1.
  std::string nodeinfo_software(const std::string& page) {
    const std::string index = origin_of(page) + "/.well-known/nodeinfo";
    if (!robots_.allow(index)) return {};
    const auto listed = get_json(http_, {.url = index}, now_);
    if (!listed || !listed->json) return {};
    for (const JsonValue link : listed->json->root().at("links")) {
      const auto address = resolve_url(index, link.at("href").text());
      if (link.at("rel").text().find("nodeinfo") == std::string_view::npos || address.empty() ||
          !robots_.allow(address))
        continue;
      const auto node = get_json(http_, {.url = address}, now_);
      if (!node || !node->json) return {};
      return lower_case(node->json->root().at("software").at("name").text());
    }
    return {};
  }

  void guess(const PageHints& hints, const std::string& page) {
    auto addresses = hints.anchors;
    for (auto& usual : usual_feed_addresses(page))
      if (std::ranges::find(addresses, usual) == addresses.end())
        addresses.push_back(std::move(usual));
    addresses.resize(std::min(addresses.size(), most_feed_guesses));
    for (const auto& address : addresses) {
      if (!allowed(address)) continue;
      ++guesses_;
      const auto answer = ask(address);
      if (!answer || answer->status != 200) continue;
      if (auto feed = feed_of(*answer, address))
        return discovery_.found.push_back(std::move(*feed));
    }
  }

  Error nothing_found(const std::string& page) const {
    std::string message = fmt::format(
        "{}: no feed: the page names none, and none of {} addresses where feeds usually are has "
        "one",
        shown_url(page), guesses_);
    for (const auto& passed : discovery_.passed) message.append("; ").append(passed);
    return {Error::Kind::format, message};
  }

  HttpClient& http_;
  RobotsGate robots_;
  const Instant now_;
  Discovery discovery_;
  std::size_t guesses_ = 0;
};

}  // namespace

PageHints read_page_hints(std::string_view html, std::string_view url) {
  HintReader reader{url};
  visit_html_tags(html, [&](const HtmlTag& tag) { reader.see(tag); });
  return reader.take();
}

std::vector<std::string> usual_feed_addresses(std::string_view url) {
  static constexpr std::array<std::string_view, 7> usual{
      "/feed", "/rss", "/atom.xml", "/index.xml", "/feed.xml", "/rss.xml", "/feed.json"};
  std::vector<std::string> addresses;
  const auto origin = origin_of(url);
  const auto page = without_slash(url.substr(0, url.find_first_of("?#")));
  if (page.size() > origin.size()) addresses.push_back(std::string{page} + "/feed");
  for (const auto path : usual) addresses.push_back(origin + std::string{path});
  return addresses;
}

Result<Discovery> discover_sources(HttpClient& http, std::string_view typed, Instant now) {
  std::string url{trim(typed)};
  const bool account = url.starts_with('@');
  if (!account && url.find("://") == std::string::npos) url.insert(0, "https://");
  auto found = sources_of_site(url);
  if (!found.empty()) return Discovery{std::move(found), {}};
  if (account || resolve_url(url, url).empty() || origin_of(url).empty())
    return Error{Error::Kind::usage,
                 fmt::format("'{:.100}' is not an address like https://example.org, nor an account "
                             "like @name@server",
                             typed)};
  return Discoverer{http, now}.run(url);
}

}  // namespace earshot
