#include "ingest/known_sites.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

using Found = std::vector<FoundSource>;

/// An address in its parts.
struct Address {
  std::string whole;
  std::string origin;                  ///< "https://example.org"
  std::string host;                    ///< Without "www." and the like.
  std::vector<std::string_view> path;  ///< Its segments; views into `whole`.

  explicit Address(std::string_view url)
      : whole{url.substr(0, url.find('#'))}, origin{origin_of(url)}, host{server_of(url)} {
    for (const std::string_view prefix : {"www.", "old.", "new.", "m.", "np."})
      if (host.starts_with(prefix)) host.erase(0, prefix.size());
    std::string_view rest = whole;
    const auto scheme = rest.find("://");
    rest.remove_prefix(std::min(rest.find('/', scheme == rest.npos ? 0 : scheme + 3), rest.size()));
    rest = rest.substr(0, rest.find('?'));
    while (!rest.empty()) {
      rest.remove_prefix(1);
      const auto segment = rest.substr(0, rest.find('/'));
      if (!segment.empty()) path.push_back(segment);
      rest.remove_prefix(segment.size());
    }
  }

  std::string_view at(std::size_t i) const {
    return i < path.size() ? path[i] : std::string_view{};
  }
  /// The segment after that word, which is the first one; else empty.
  std::string_view after(std::string_view word) const { return at(0) == word ? at(1) : ""; }
  std::string parameter(std::string_view name) const { return query_value(whole, name); }
};

FoundSource feed_at(std::string url) {
  FoundSource found;
  found.source.type = "feed";
  found.source.url = std::move(url);
  return found;
}

using Options = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// A segment of a path as it is meant: "c++" of "c%2B%2B".
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* const digits = text.data() + i + 1;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    out += escape ? static_cast<char>(byte) : text[i];
    if (escape) i += 2;
  }
  return out;
}

/// A source with options, if there is such a type; `url` empty for the type's own. Values are
/// segments of a path, or whole addresses.
void offer(Found& found, std::string_view name, std::string_view url, Options options) {
  const auto* type = find_source_type(name);
  if (type == nullptr) return;
  FoundSource offered;
  offered.source.type = name;
  offered.source.url = url.empty() ? type->details.url : url;
  for (const auto& [key, value] : options)
    offered.source.options.emplace(key, value.find("://") == std::string_view::npos
                                            ? percent_decoded(value)
                                            : std::string{value});
  found.push_back(std::move(offered));
}

/// The site's feed goes behind a source that needs no token, and before one that does.
void offer_feed(Found& found, std::string url) {
  const auto needs_token = [](const FoundSource& each) {
    const auto* type = find_source_type(each.source.type);
    return type != nullptr && type->details.token == TokenUse::needed;
  };
  found.insert(std::ranges::find_if(found, needs_token), feed_at(std::move(url)));
}

void find_bluesky(const Address& address, Found& found) {
  const auto handle = address.after("profile");
  if (handle.empty()) return;
  if (address.at(2) == "post")
    offer(found, "bluesky", "", {{"thread", address.whole}});
  else
    offer(found, "bluesky", "", {{"account", handle}});
}

void find_reddit(const Address& address, Found& found) {
  const auto community = address.after("r");
  const auto user = address.at(0) == "u" ? address.at(1) : address.after("user");
  if (!community.empty() && address.at(2) == "comments") {
    offer(found, "reddit", "", {{"thread", address.whole}});
    offer_feed(found, fmt::format("https://www.reddit.com/r/{}/comments/{}/.rss", community,
                                  address.at(3)));
  } else if (!community.empty()) {
    offer(found, "reddit", "", {{"subreddit", community}});
    offer_feed(found, fmt::format("https://www.reddit.com/r/{}/new/.rss", community));
  } else if (!user.empty()) {
    offer(found, "reddit", "", {{"account", user}});
    offer_feed(found, fmt::format("https://www.reddit.com/user/{}/.rss", user));
  }
}

void find_github(const Address& address, Found& found) {
  static constexpr std::array<std::string_view, 9> pages{"about",    "apps",        "collections",
                                                         "features", "marketplace", "orgs",
                                                         "search",   "settings",    "topics"};
  auto name = address.at(1);
  if (name.empty() || std::ranges::find(pages, address.at(0)) != pages.end()) return;
  if (name.ends_with(".git")) name.remove_suffix(4);
  const std::string repository = fmt::format("{}/{}", address.at(0), name);
  offer(found, "github", "", {{"repository", repository}});
  offer_feed(found, fmt::format("https://github.com/{}/releases.atom", repository));
}

void find_stack_exchange(const Address& address, Found& found) {
  const bool tagged = address.at(0) == "questions" && address.at(1) == "tagged";
  const std::string_view tag = tagged ? address.at(2) : address.after("tags");
  const std::string_view site =
      address.host.ends_with(".stackexchange.com")
          ? std::string_view{address.host}.substr(
                0, address.host.size() - std::string_view{".stackexchange.com"}.size())
          : std::string_view{address.host}.substr(0, address.host.rfind('.'));
  if (!tag.empty())
    offer(found, "stackexchange", "", {{"site", site}, {"tag", tag}});
  else
    offer(found, "stackexchange", "", {{"site", site}});
  offer_feed(found,
             fmt::format("https://{}/feeds{}{}", address.host, tag.empty() ? "" : "/tag/", tag));
}

void find_youtube(const Address& address, Found& found) {
  if (const auto list = address.parameter("list"); !list.empty()) {
    found.push_back(
        feed_at("https://www.youtube.com/feeds/videos.xml?playlist_id=" + url_encoded(list)));
  } else if (const auto id = address.after("channel"); !id.empty()) {
    found.push_back(youtube_channel(id));
    offer(found, "youtube", "", {{"account", id}});
  } else if (!address.parameter("v").empty() || address.host == "youtu.be") {
    offer(found, "youtube", "", {{"video", address.whole}});
  }
}

void find_google_news(const Address& address, Found& found) {
  if (address.at(0) == "rss") return;
  if (const auto words = address.parameter("q"); address.at(0) == "search" && !words.empty())
    found.push_back(feed_at(
        with_query("https://news.google.com/rss/search", {{"q", words},
                                                          {"hl", address.parameter("hl")},
                                                          {"gl", address.parameter("gl")},
                                                          {"ceid", address.parameter("ceid")}})));
  else if (const auto topic = address.after("topics"); !topic.empty())
    found.push_back(feed_at(fmt::format("https://news.google.com/rss/topics/{}", topic)));
}

void find_hacker_news(const Address& address, Found& found) {
  if (const auto words = address.parameter("q"); !words.empty())
    offer(found, "hackernews", "", {{"search", words}});
}

/// /us/app/NAME/id123, and without the name.
void find_apple(const Address& address, Found& found) {
  const auto id = std::ranges::find_if(address.path, [](std::string_view segment) {
    return segment.size() > 2 && segment.starts_with("id") &&
           segment.find_first_not_of("0123456789", 2) == std::string_view::npos;
  });
  if (id == address.path.end()) return;
  const auto country = address.at(0).size() == 2 ? address.at(0) : "us";
  found.push_back(feed_at(
      fmt::format("https://itunes.apple.com/{}/rss/customerreviews/page=1/{}/sortby=mostrecent/xml",
                  country, *id)));
}

void find_medium(const Address& address, Found& found) {
  if (!address.path.empty() && address.at(0) != "feed")
    found.push_back(feed_at(fmt::format("https://medium.com/feed/{}", address.at(0))));
}

struct Site {
  std::string_view host;  ///< Also what is below it.
  void (*find)(const Address&, Found&);
};
constexpr std::array<Site, 20> sites{{{"bsky.app", find_bluesky},
                                      {"reddit.com", find_reddit},
                                      {"github.com", find_github},
                                      {"stackoverflow.com", find_stack_exchange},
                                      {"stackexchange.com", find_stack_exchange},
                                      {"superuser.com", find_stack_exchange},
                                      {"serverfault.com", find_stack_exchange},
                                      {"askubuntu.com", find_stack_exchange},
                                      {"mathoverflow.net", find_stack_exchange},
                                      {"stackapps.com", find_stack_exchange},
                                      {"youtube.com", find_youtube},
                                      {"youtu.be", find_youtube},
                                      {"news.google.com", find_google_news},
                                      {"hn.algolia.com", find_hacker_news},
                                      {"apps.apple.com", find_apple},
                                      {"itunes.apple.com", find_apple},
                                      {"medium.com", find_medium},
                                      {"tiktok.com", nullptr},
                                      {"threads.net", nullptr},
                                      {"threads.com", nullptr}}};

const Site* site_of(const Address& address) {
  const auto found = std::ranges::find_if(sites, [&](const Site& site) {
    const std::string_view host = address.host;
    return host == site.host ||
           (host.ends_with(site.host) && host[host.size() - site.host.size() - 1] == '.');
  });
  return found == sites.end() ? nullptr : &*found;
}

/// The account or the tag of a page of Mastodon and its kin; empty where it is of another kind.
struct FederatedPage {
  std::string_view account;
  std::string_view tag;
};

FederatedPage federated_page(const Address& address) {
  auto path = std::span{address.path};
  if (!path.empty() && (path[0] == "web" || path[0] == "deck")) path = path.subspan(1);
  if (path.empty()) return {};
  if (path[0].size() > 1 && path[0].starts_with('@')) return {path[0].substr(1), {}};
  if (path.size() > 1 && path[0] == "users") return {path[1], {}};
  if (path.size() > 1 && (path[0] == "tags" || path[0] == "tag")) return {{}, path[1]};
  return {};
}

void find_mastodon(const Address& address, Found& found) {
  const auto page = federated_page(address);
  if (!page.account.empty())
    offer(found, "mastodon", address.origin, {{"account", page.account}});
  else if (!page.tag.empty())
    offer(found, "mastodon", address.origin, {{"tag", page.tag}});
  else if (address.path.empty() || address.at(0) == "explore" || address.at(0) == "public")
    offer(found, "mastodon", address.origin, {{"public", "local"}});
}

void find_lemmy(const Address& address, Found& found) {
  if (const auto community = address.after("c"); !community.empty()) {
    offer(found, "lemmy", address.origin, {{"community", community}});
    offer_feed(found, fmt::format("{}/feeds/c/{}.xml?sort=New", address.origin, community));
  } else if (address.path.empty()) {
    offer(found, "lemmy", address.origin, {});
    offer_feed(found, address.origin + "/feeds/all.xml?sort=New");
  }
}

void find_discourse(const Address& address, Found& found) {
  const bool number = !address.path.empty() && address.path.size() > 2 && address.at(0) == "c" &&
                      address.path.back().find_first_not_of("0123456789") == std::string_view::npos;
  if (number) {
    offer(found, "discourse", address.origin, {{"category", address.path.back()}});
    offer_feed(found, std::string{without_slash(address.whole)} + ".rss");
  } else {
    offer(found, "discourse", address.origin, {});
    offer_feed(found, address.origin + "/posts.rss");
  }
}

}  // namespace

FoundSource youtube_channel(std::string_view id) {
  return feed_at("https://www.youtube.com/feeds/videos.xml?channel_id=" + url_encoded(id));
}

std::vector<FoundSource> sources_of_site(std::string_view address) {
  Found found;
  if (const auto at = address.find('@', 1); address.starts_with('@') && at != address.npos) {
    const auto server = address.substr(at + 1);
    if (!server.empty() && server.find_first_of("/@ ") == server.npos)
      offer(found, "mastodon", fmt::format("https://{}", server),
            {{"account", address.substr(1, at - 1)}});
    return found;
  }
  const Address parts{address};
  if (const Site* site = site_of(parts); site != nullptr && site->find != nullptr)
    site->find(parts, found);
  return found;
}

std::vector<FoundSource> sources_of_software(std::string_view software, std::string_view address) {
  static constexpr std::array<std::string_view, 8> kin{"mastodon",   "pleroma",  "akkoma",
                                                       "gotosocial", "pixelfed", "hometown",
                                                       "fedibird",   "friendica"};
  Found found;
  const Address parts{address};
  if (std::ranges::find(kin, software) != kin.end()) find_mastodon(parts, found);
  if (software == "lemmy") find_lemmy(parts, found);
  if (software == "discourse") find_discourse(parts, found);
  return found;
}

bool looks_federated(std::string_view address) {
  const Address parts{address};
  if (site_of(parts) != nullptr) return false;
  const auto page = federated_page(parts);
  return !page.account.empty() || !page.tag.empty() || !parts.after("c").empty();
}

}  // namespace earshot
