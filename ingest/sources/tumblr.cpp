#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/tumblr_post.hpp"

namespace earshot {

namespace {

constexpr std::string_view api_url = "https://api.tumblr.com";

/// How far the source is. Lists go from new to old; times are in seconds since 1970.
struct Place {
  Count newest;  ///< All up to this time is read.
  Count top;     ///< On a walk: where it began,
  Count back;    ///< and how far it is.

  std::string text() const {
    std::string text;
    for (const auto& [name, value] :
         {std::pair{"newest", newest}, std::pair{"top", top}, std::pair{"back", back}})
      if (value) add_to_cursor(text, name, std::to_string(*value));
    return text;
  }
};

Count seconds_of(std::optional<Instant> time) {
  if (!time || to_unix(*time) < 0) return {};
  return static_cast<std::uint64_t>(to_unix(*time));
}

/// "greenbasket.tumblr.com" of "greenbasket" or of its address; other domains stay as they are.
std::string blog_name(std::string_view blog) {
  if (const auto scheme = blog.find("://"); scheme != std::string_view::npos)
    blog.remove_prefix(scheme + 3);
  if (blog.starts_with("www.tumblr.com/")) blog.remove_prefix(15);
  if (blog.starts_with('@')) blog.remove_prefix(1);
  std::string name{blog.substr(0, blog.find_first_of("/?#"))};
  if (name.find('.') == std::string::npos) name += ".tumblr.com";
  return name;
}

/// The day's budget, or else the hour's, by the names that all APIs have for one.
std::optional<std::chrono::seconds> tumblr_wait(const ApiAnswer& answer, Instant now) {
  for (const std::string span : {"perday", "perhour"}) {
    const HttpHeaders budget{
        {"x-ratelimit-remaining", std::string{answer.header("x-ratelimit-" + span + "-remaining")}},
        {"x-ratelimit-reset", std::string{answer.header("x-ratelimit-" + span + "-reset")}}};
    if (const auto wait = budget_wait(budget, now)) return wait;
  }
  return {};
}

/// Posts with a tag, or those of one blog.
///
/// Source: https://github.com/tumblr/docs, api.md
class Tumblr final : public Source {
 public:
  explicit Tumblr(const SourceConfig& config)
      : config_{config},
        tag_{config.option("tag")},
        blog_{config.option("account").empty() ? std::string{}
                                               : blog_name(config.option("account"))},
        since_{seconds_of(parse_rfc3339(config.option("since")))},
        venue_{.network = config.network.empty() ? "tumblr" : config.network,
               .channel = config.channel,
               .source = config.name,
               .filtered = config.filtered || !tag_.empty()} {
    if (tag_.starts_with('#')) tag_.erase(0, 1);
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Place place{.newest = cursor_number(state.cursor, "newest"),
                .top = cursor_number(state.cursor, "top"),
                .back = cursor_number(state.cursor, "back")};
    const std::string url = list_url(place, state.token);
    auto answer = get_json(http, api_request(config_, url, {}), now);
    if (!answer) return answer.error();
    if (!answer->page.wait) answer->page.wait = tumblr_wait(*answer, now);
    if (!answer->json) return std::move(answer->page);
    const JsonValue response = answer->json->root().at("response");
    const JsonValue posts = blog_.empty() ? response : response.at("posts");
    if (!posts.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of posts", shown_url(url))};

    Page page = std::move(answer->page);
    Count oldest;
    for (const JsonValue post : posts) {
      ++page.rows;
      if (auto reason = venue_.add(post, now, page.posts)) refuse_item(page, std::move(*reason));
      if (post.at("is_pinned").is_true()) continue;  // it stands above newer ones
      // A list of a tag goes by when a post came into it.
      const Count featured = post.at("featured_timestamp").count();
      const Count time = featured ? featured : seconds_of(tumblr_time(post));
      if (time && (!place.top || *time > *place.top)) place.top = time;
      if (time && (!oldest || *time < *oldest)) oldest = time;
    }
    page.more = move_on(place, oldest);
    page.gapless = true;
    page.next_cursor = place.text();
    return page;
  }

 private:
  /// The key can only be part of the address, of which messages show no query.
  std::string list_url(const Place& place, std::string_view key) const {
    const std::string base{without_slash(config_.url)};
    const std::string before = place.back ? std::to_string(*place.back) : std::string{};
    if (blog_.empty())
      return with_query(
          base + "/v2/tagged",
          {{"tag", tag_}, {"npf", "true"}, {"limit", "20"}, {"before", before}, {"api_key", key}});
    return with_query(base + "/v2/blog/" + url_encoded(blog_) + "/posts", {{"npf", "true"},
                                                                           {"reblog_info", "true"},
                                                                           {"limit", "20"},
                                                                           {"before", before},
                                                                           {"api_key", key}});
  }

  /// True if the walk goes on. A first one without `since` is a single page.
  bool move_on(Place& place, Count oldest) const {
    const Count floor = place.newest ? place.newest : since_;
    if (floor && oldest && *oldest >= *floor) {
      // A second is asked for again, as the page may have ended in the midst of it.
      const Count again = *oldest + 1;
      const Count back = place.back && *again >= *place.back ? oldest : again;
      if (back != place.back) {
        place.back = back;
        return true;
      }
    }
    if (place.top && (!place.newest || *place.top > *place.newest)) place.newest = place.top;
    place.top.reset();
    place.back.reset();
    return false;
  }

  const SourceConfig config_;
  std::string tag_;
  const std::string blog_;
  const Count since_;
  const TumblrVenue venue_;
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_tumblr(const SourceConfig& config) {
  if (config.option("tag").empty() == config.option("account").empty())
    return fault("tumblr needs either 'tag' or 'account'");
  if (config.url.empty()) return fault("tumblr needs a 'url'");
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<Tumblr>(config)};
}

constexpr SourceOption options[] = {
    {.name = "tag", .value = "TAG", .help = "posts with this tag"},
    {.name = "account", .value = "BLOG", .help = "what one blog posts and reblogs"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_tumblr() {
  return {.options = options, .url = api_url, .token = TokenUse::needed, .make = make_tumblr};
}

}  // namespace earshot
