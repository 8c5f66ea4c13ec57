#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/html_text.hpp"

namespace earshot {

namespace {

// Two services know the same items under the same ids: a search (https://hn.algolia.com/api) and a
// tree of single items (https://github.com/HackerNews/API). Both are read to the same post.

constexpr std::size_t most_hits = 1000;  // of one query
constexpr std::string_view search_url = "https://hn.algolia.com";
constexpr std::string_view follow_url = "https://hacker-news.firebaseio.com";

/// An item as both services tell it.
struct Item {
  std::string_view id;
  std::string_view author;
  std::string_view title;
  std::string_view link;
  std::string_view html;
  std::string_view parent;
  std::string_view root;
  Count time;
  Count points;
  Count comments;
};

/// What posts of one source have in common.
struct Venue {
  std::string network;
  std::string channel;
  std::string source;
  bool filtered = false;

  Venue(const SourceConfig& config, bool searches)
      : network{config.network.empty() ? "hackernews" : config.network},
        channel{config.channel.empty() ? "Hacker News" : config.channel},
        source{config.name},
        filtered{config.filtered || searches} {}

  void add(const Item& item, Instant now, Page& page) const;
};

/// Title, words and the link that was shared, a line each.
std::string text_of(const Item& item) {
  std::string text = squeezed_text(item.title);
  append_line(text, html_text(item.html));
  append_line(text, item.link);
  return text;
}

void Venue::add(const Item& item, Instant now, Page& page) const {
  if (item.id.empty()) return refuse_item(page, "an item without id");
  constexpr std::uint64_t latest = 253'402'300'799;  // year 9999
  if (!item.time || *item.time > latest)
    return refuse_item(page, fmt::format("item {}: no date that can be read", item.id));
  const std::string text = text_of(item);
  if (text.empty()) return refuse_item(page, fmt::format("item {}: no text", item.id));
  const std::string url = fmt::format("https://news.ycombinator.com/item?id={}", item.id);
  add_post(page.posts,
           {.network = network,
            .native_id = item.id,
            .channel = channel,
            .author_id = item.author,
            .author_name = item.author,
            .text = text,
            .parent_id = item.parent,
            .root_id = item.root == item.id ? std::string_view{} : item.root,
            .url = url,
            .source = source,
            .posted_at = from_unix(static_cast<std::int64_t>(*item.time)),
            .engagement = {.likes = item.points, .replies = item.comments, .observed_at = now},
            .filtered = filtered});
}

/// A walk from new to old over what was posted since the last one. A query gives 1,000 hits and no
/// second page, so each step asks for what is older than the last hit.
class Search final : public Source {
 public:
  explicit Search(const SourceConfig& config)
      : config_{config}, venue_{config, true}, query_{config.option("search")} {
    const auto since = parse_rfc3339(config.option("since"));
    if (since) since_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_unix(*since)));
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Place place{.newest = cursor_number(state.cursor, "newest"),
                .top = cursor_number(state.cursor, "top"),
                .back = cursor_number(state.cursor, "back")};
    const auto request = api_request(config_, url_of(place), {});
    auto answer = get_json(http, request, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue hits = answer->json->root().at("hits");
    if (!hits.is_list())
      return Error{Error::Kind::format,
                   fmt::format("{}: not a list of hits", shown_url(request.url))};

    Page page = std::move(answer->page);
    for (const JsonValue hit : hits) {
      ++page.rows;
      venue_.add(item_of(hit), now, page);
    }
    page.more = move_on(place, hits, answer->json->root().at("nbHits").count().value_or(0));
    page.gapless = true;
    for (const auto& [name, value] : {std::pair{"newest", place.newest},
                                      std::pair{"top", place.top}, std::pair{"back", place.back}})
      if (value) add_to_cursor(page.next_cursor, name, std::to_string(*value));
    return page;
  }

  std::size_t rereads() const override { return 1; }

  Result<Page> reread(HttpClient& http, const FetchState&, std::span<const Post> posts,
                      Instant now) override {
    const std::string url = fmt::format("{}/api/v1/items/{}", without_slash(config_.url),
                                        url_encoded(posts[0].native_id));
    auto answer = get_json(http, api_request(config_, url, {}), now);
    if (!answer) return answer.error();
    Page page = std::move(answer->page);
    if (page.refused_status == 404) {
      page.refused_status = 0;
      const std::string_view asked[] = {posts[0].native_id};
      note_missing(page, venue_.network, asked);
    } else if (answer->json) {
      ++page.rows;
      venue_.add(node_of(answer->json->root()), now, page);
    }
    return page;
  }

 private:
  struct Place {
    Count newest;  ///< All up to this time is read.
    Count top;     ///< On a walk: where it began,
    Count back;    ///< and how far it is.
  };

  /// The index is some minutes behind, so each walk goes a little further back than it must.
  Count floor_of(const Place& place) const {
    constexpr std::uint64_t delay_s = 600;
    if (!place.newest) return since_;
    return *place.newest - std::min(*place.newest, delay_s);
  }

  std::string url_of(const Place& place) const {
    std::string times;
    if (const Count floor = floor_of(place)) times = fmt::format("created_at_i>={}", *floor);
    if (place.back)
      times += fmt::format("{}created_at_i<={}", times.empty() ? "" : ",", *place.back);
    return with_query(std::string{without_slash(config_.url)} + "/api/v1/search_by_date",
                      {{"query", query_},
                       {"tags", "(story,comment,poll)"},
                       {"hitsPerPage", std::to_string(most_hits)},
                       {"numericFilters", times}});
  }

  static Item item_of(JsonValue hit) {
    const JsonValue comment = hit.at("comment_text");
    const bool is_comment = static_cast<bool>(comment);
    return {.id = hit.at("objectID").text(),
            .author = hit.at("author").text(),
            .title = hit.at("title").text(),
            .link = hit.at("url").text(),
            .html = is_comment ? comment.text() : hit.at("story_text").text(),
            .parent = is_comment ? hit.at("parent_id").text() : std::string_view{},
            .root = is_comment ? hit.at("story_id").text() : std::string_view{},
            .time = hit.at("created_at_i").count(),
            .points = hit.at("points").count(),
            .comments = hit.at("num_comments").count()};
  }

  /// The same item as `items/ID` tells it, with all that answers it.
  static Item node_of(JsonValue node) {
    const bool is_comment = node.at("type").text() == "comment";
    return {.id = node.at("id").text(),
            .author = node.at("author").text(),
            .title = node.at("title").text(),
            .link = node.at("url").text(),
            .html = node.at("text").text(),
            .parent = is_comment ? node.at("parent_id").text() : std::string_view{},
            .root = is_comment ? node.at("story_id").text() : std::string_view{},
            .time = node.at("created_at_i").count(),
            .points = node.at("points").count(),
            .comments = is_comment ? Count{} : Count{count_below(node)}};
  }

  static std::uint64_t count_below(JsonValue node) {
    std::uint64_t count = 0;
    for (const JsonValue child : node.at("children")) count += 1 + count_below(child);
    return count;
  }

  /// True if the walk goes on. A first one without `since` is a single step.
  bool move_on(Place& place, JsonValue hits, std::uint64_t found) const {
    std::size_t count = 0;
    Count oldest;
    for (const JsonValue hit : hits) {
      const Count time = hit.at("created_at_i").count();
      if (!time) continue;
      if (!place.top || *time > *place.top) place.top = time;
      if (!oldest || *time < *oldest) oldest = time;
      ++count;
    }
    const bool cut_off = count >= most_hits || count < found;  // `found` may be an estimate
    if (count > 0 && cut_off && floor_of(place)) {
      // A second is asked for again, as the step may have ended in the midst of it.
      place.back = place.back == oldest && *oldest > 0 ? Count{*oldest - 1} : oldest;
      return true;
    }
    if (place.top && (!place.newest || *place.top > *place.newest)) place.newest = place.top;
    place.top.reset();
    place.back.reset();
    return false;
  }

  const SourceConfig config_;
  const Venue venue_;
  const std::string query_;
  Count since_;
};

/// All items, by their numbers. Each is a request of its own; the service has no other way and
/// states no limit, so a page asks for many at once.
class Follow final : public Source {
 public:
  explicit Follow(const SourceConfig& config)
      : config_{config}, venue_{config, false}, base_{without_slash(config.url)} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    auto newest = ask(http, "maxitem", now);
    if (!newest) return newest.error();
    if (!newest->json) return std::move(newest->page);
    const Count last = newest->json->root().count();
    if (!last)
      return Error{Error::Kind::format, fmt::format("{}: not a number", url_of("maxitem"))};
    const std::uint64_t done =
        cursor_number(state.cursor, "item").value_or(*last - std::min(*last, items_a_page));
    Page page;
    std::uint64_t next = done + 1;
    const std::uint64_t end = std::min(*last, done + items_a_page);
    for (; next <= end; ++next) {
      auto answer = ask(http, fmt::format("item/{}", next), now);
      const bool told = answer && answer->json;
      if (!told && next == done + 1) {
        if (!answer) return answer.error();
        return std::move(answer->page);
      }
      // What was read is kept; the next poll goes on here. The newest items may still be on their
      // way to this server.
      if (!told || (!answer->json->root() && next + not_there_yet > *last)) break;
      add(answer->json->root(), now, page);
    }
    page.gapless = true;
    page.more = next > end && end < *last;
    add_to_cursor(page.next_cursor, "item", std::to_string(next - 1));
    return page;
  }

  std::size_t rereads() const override { return items_a_page; }

  Result<Page> reread(HttpClient& http, const FetchState&, std::span<const Post> posts,
                      Instant now) override {
    Page page;
    for (const Post& post : posts) {
      auto answer = ask(http, "item/" + url_encoded(post.native_id), now);
      if (!answer && answer.error().kind == Error::Kind::format) {
        ++page.rows;
        refuse_item(page, answer.error().message);
        continue;
      }
      if (!answer) return answer.error();
      if (!answer->json) return std::move(answer->page);
      add(answer->json->root(), now, page);
    }
    return page;
  }

 private:
  static constexpr std::uint64_t items_a_page = 100;
  static constexpr std::uint64_t not_there_yet = 100;

  std::string url_of(std::string_view what) const {
    return fmt::format("{}/v0/{}.json", base_, what);
  }

  Result<ApiAnswer> ask(HttpClient& http, std::string_view what, Instant now) const {
    return get_json(http, api_request(config_, url_of(what), {}), now);
  }

  /// What moderators took away, and the choices of a poll, are no posts.
  void add(JsonValue item, Instant now, Page& page) const {
    if (!item) return;
    ++page.rows;
    const auto id = item.at("id").text();
    if (item.at("deleted").is_true()) {
      if (!id.empty())
        page.removed.push_back({page.posts.texts.keep(venue_.network), page.posts.texts.keep(id)});
      return;
    }
    if (item.at("dead").is_true() || item.at("type").text() == "pollopt") return;
    venue_.add({.id = id,
                .author = item.at("by").text(),
                .title = item.at("title").text(),
                .link = item.at("url").text(),
                .html = item.at("text").text(),
                .parent = item.at("parent").text(),
                .root = {},
                .time = item.at("time").count(),
                .points = item.at("score").count(),
                .comments = item.at("descendants").count()},
               now, page);
  }

  const SourceConfig config_;
  const Venue venue_;
  const std::string base_;
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_hackernews(const SourceConfig& config) {
  const bool follows = config.option("follow") == "true";
  if (config.option("search").empty() != follows)
    return fault("hackernews needs either 'search' or 'follow'");
  if (config.url.empty()) return fault("hackernews needs a 'url'");
  const auto since = config.option("since");
  if (!since.empty() && follows) return fault("'since' is for a 'search'");
  if (!since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  if (follows) return std::unique_ptr<Source>{std::make_unique<Follow>(config)};
  return std::unique_ptr<Source>{std::make_unique<Search>(config)};
}

constexpr SourceOption options[] = {
    {.name = "search", .value = "WORDS", .help = "stories and comments with these words"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: 1,000"},
    {.name = "follow",
     .value = "",
     .help = "every story and comment from now on, some 500 an hour",
     .url = follow_url},
};

}  // namespace

SourceDetails describe_hackernews() {
  return {.options = options, .url = search_url, .make = make_hackernews};
}

}  // namespace earshot
