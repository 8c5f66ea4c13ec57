#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/known_sites.hpp"
#include "store/base/http.hpp"
#include "store/base/result.hpp"
#include "store/base/time.hpp"

namespace earshot {

/// What a page says of where it can be followed.
struct PageHints {
  std::vector<FoundSource> named;    ///< Feeds by `<link rel="alternate">`; those of comments last.
  std::vector<std::string> anchors;  ///< Addresses that look like feeds, of `<a href>`.
  std::string generator;             ///< The software, in lower case: "wordpress", "discourse".
  std::string youtube_channel;       ///< "UC...", on a page of YouTube.
  bool federated = false;            ///< It is also an object of ActivityPub.
};

/// The hints of an HTML page that was fetched from `url`. `html` is UTF-8.
PageHints read_page_hints(std::string_view html, std::string_view url);

/// Where feeds usually are on the server of a page: beside it, then at the top.
std::vector<std::string> usual_feed_addresses(std::string_view url);

/// What an address leads to.
struct Discovery {
  std::vector<FoundSource> found;   ///< Best first; never empty.
  std::vector<std::string> passed;  ///< What looked like a source and was left alone, and why.
};

/// At most so many addresses are tried where a page names no feed.
inline constexpr std::size_t most_feed_guesses = 12;

/// What can be followed at an address that a person typed, with or without "https://": known from
/// the address alone; or a feed itself; or a page that names feeds, or whose server runs software
/// with an API (NodeInfo, `generator`), or that links to a feed, or whose server has one where
/// feeds usually are. Asks for the address typed, and for others only as far as their robots.txt
/// allows. Errors: `usage`, no address; `network`, no answer, or a refusal: "HTTP 404"; `format`,
/// nothing found.
Result<Discovery> discover_sources(HttpClient& http, std::string_view typed, Instant now);

}  // namespace earshot
