#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/bluesky_record.hpp"
#include "ingest/date_text.hpp"
#include "store/base/json_text.hpp"

namespace earshot {

namespace {

constexpr std::string_view public_url = "https://public.api.bsky.app";
constexpr std::string_view login_url = "https://bsky.social";  // searches need an account's server

/// How far the source is. Lists go from new to old; times are in seconds since 1970.
struct Place {
  Count newest;      ///< All up to this time is read.
  Count top;         ///< On a walk: where it began,
  std::string page;  ///< and the server's own cursor.

  static Place read(std::string_view cursor) {
    return {cursor_number(cursor, "newest"), cursor_number(cursor, "top"),
            std::string{cursor_value(cursor, "page")}};
  }
  std::string text() const {
    std::string text;
    if (newest) add_to_cursor(text, "newest", std::to_string(*newest));
    if (top) add_to_cursor(text, "top", std::to_string(*top));
    add_to_cursor(text, "page", page);
    return text;
  }
};

Count seconds_of(std::optional<Instant> time) {
  if (!time || to_unix(*time) < 0) return {};
  return static_cast<std::uint64_t>(to_unix(*time));
}

/// "at://who/app.bsky.feed.post/key", also of the address of its page; empty if it is neither.
std::string thread_uri(std::string_view address) {
  constexpr std::string_view page = "https://bsky.app/profile/";
  constexpr std::string_view post = "/post/";
  if (address.starts_with("at://")) return std::string{address};
  if (!address.starts_with(page)) return {};
  address.remove_prefix(page.size());
  const auto at = address.find(post);
  if (at == 0 || at == std::string_view::npos) return {};
  const auto key = address.substr(at + post.size());
  return fmt::format("at://{}/app.bsky.feed.post/{}", address.substr(0, at),
                     key.substr(0, key.find_first_of("/?#")));
}

class Bluesky final : public Source {
 public:
  explicit Bluesky(const SourceConfig& config)
      : config_{config},
        network_{config.network.empty() ? "bluesky" : config.network},
        channel_{config.channel.empty() ? "bsky.app" : config.channel},
        account_{config.option("account")},
        query_{config.option("search")},
        thread_{thread_uri(config.option("thread"))},
        since_{seconds_of(parse_rfc3339(config.option("since")))} {
    if (account_.starts_with('@')) account_.erase(0, 1);
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    if (!query_.empty() && session_.empty()) return log_in(http, state, now);
    auto page = thread_.empty() ? read_list(http, state, now) : read_thread(http, now);
    if (page) page->gapless = true;
    return page;
  }

  /// A thread is read whole with every poll.
  std::size_t rereads() const override { return thread_.empty() ? 25 : 0; }

  /// Who shared a post is no post.
  bool can_reread(const Post& post) const override {
    return post.native_id.find("/app.bsky.feed.post/") != std::string_view::npos;
  }

  Result<Page> reread(HttpClient& http, const FetchState&, std::span<const Post> posts,
                      Instant now) override {
    std::string url = method("app.bsky.feed.getPosts");
    std::vector<std::string_view> asked;
    for (const Post& post : posts) {
      url += fmt::format("{}uris={}", asked.empty() ? '?' : '&', url_encoded(post.native_id));
      asked.push_back(post.native_id);
    }
    auto answer = ask(http, url, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue found = answer->json->root().at("posts");
    if (!found.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of posts", shown_url(url))};
    Page page = std::move(answer->page);
    for (const JsonValue post : found) add_post_view(post, now, page);
    note_missing(page, network_, asked);
    return page;
  }

 private:
  std::string method(std::string_view name) const {
    return fmt::format("{}/xrpc/{}", without_slash(config_.url), name);
  }

  Result<ApiAnswer> ask(HttpClient& http, std::string url, Instant now) const {
    const std::string authorization =
        session_.empty() ? std::string{} : fmt::format("Bearer {}", session_);
    return get_json(http, api_request(config_, std::move(url), authorization), now);
  }

  /// A session for this run, with the app password. Brings no posts.
  Result<Page> log_in(HttpClient& http, const FetchState& state, Instant now) {
    auto request = api_request(config_, method("com.atproto.server.createSession"), {});
    request.headers.emplace_back("Content-Type", "application/json");
    request.post = "{\"identifier\":";
    append_json_string(request.post, config_.option("login"));
    request.post += ",\"password\":";
    append_json_string(request.post, state.token);
    request.post += "}";
    auto answer = get_json(http, request, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    session_ = answer->json->root().at("accessJwt").text();
    if (session_.empty())
      return Error{Error::Kind::format, fmt::format("{}: no session", shown_url(request.url))};
    Page page = std::move(answer->page);
    page.next_cursor = state.cursor;
    page.more = true;
    return page;
  }

  Count floor_of(const Place& place) const {
    constexpr std::uint64_t delay_s = 600;  // the search's index is behind
    if (!place.newest) return since_;
    return query_.empty() ? *place.newest : *place.newest - std::min(*place.newest, delay_s);
  }

  std::string list_url(const Place& place) const {
    if (query_.empty())
      return with_query(method("app.bsky.feed.getAuthorFeed"), {{"actor", account_},
                                                                {"limit", "100"},
                                                                {"filter", "posts_with_replies"},
                                                                {"cursor", place.page}});
    const Count floor = floor_of(place);
    const std::string since =
        floor ? format_instant(from_unix(static_cast<std::int64_t>(*floor))) : std::string{};
    return with_query(method("app.bsky.feed.searchPosts"), {{"q", query_},
                                                            {"sort", "latest"},
                                                            {"limit", "100"},
                                                            {"since", since},
                                                            {"cursor", place.page}});
  }

  Result<Page> read_list(HttpClient& http, const FetchState& state, Instant now) {
    Place place = Place::read(state.cursor);
    const std::string url = list_url(place);
    auto answer = ask(http, url, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue root = answer->json->root();
    const JsonValue items = root.at(query_.empty() ? "feed" : "posts");
    if (!items.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of posts", shown_url(url))};
    Page page = std::move(answer->page);
    Count oldest;
    for (const JsonValue item : items) {
      const Count time = add_item(item, now, page);
      if (!time) continue;
      if (!place.top || *time > *place.top) place.top = time;
      if (!oldest || *time < *oldest) oldest = time;
    }
    page.more = move_on(place, root.at("cursor").text(), oldest);
    page.next_cursor = place.text();
    return page;
  }

  /// True if the walk goes on. A first one without `since` is a single page.
  bool move_on(Place& place, std::string_view next, Count oldest) const {
    const Count floor = floor_of(place);
    const bool arrived = !floor || !oldest || *oldest < *floor;
    if (!arrived && !next.empty() && next != place.page) {
      place.page = next;
      return true;
    }
    if (place.top && (!place.newest || *place.top > *place.newest)) place.newest = place.top;
    place.top.reset();
    place.page.clear();
    return false;
  }

  /// Adds a post, or who shared it; when the server saw that.
  Count add_item(JsonValue item, Instant now, Page& page) const {
    const JsonValue post = query_.empty() ? item.at("post") : item;
    const JsonValue reason = query_.empty() ? item.at("reason") : JsonValue{};
    if (!reason) {
      add_post_view(post, now, page);
      return seconds_of(parse_rfc3339(post.at("indexedAt").text()));
    }
    if (reason.at("by")) add_repost(post, reason, page);
    return seconds_of(parse_rfc3339(reason.at("indexedAt").text()));
  }

  void add_post_view(JsonValue view, Instant now, Page& page) const {
    ++page.rows;
    const auto uri = view.at("uri").text();
    if (uri.empty()) return refuse_item(page, "a post without uri");
    const BlueskyRecord record = read_bluesky_record(view.at("record"));
    const auto time = bluesky_time(record, parse_rfc3339(view.at("indexedAt").text()));
    if (!time) return refuse_item(page, fmt::format("{}: no date that can be read", uri));
    const std::string address = page_of(view);
    Post post = by(view.at("author"), record, *time);
    post.native_id = uri;
    post.url = address;
    post.parent_id = record.parent;
    post.root_id = record.root;
    post.engagement = {
        .likes = view.at("likeCount").count(),
        .shares = sum_of(view.at("repostCount").count(), view.at("quoteCount").count()),
        .replies = view.at("replyCount").count(),
        .observed_at = now};
    add_post(page.posts, post);
  }

  /// A bare share. It has an address of its own only in newer answers.
  void add_repost(JsonValue view, JsonValue reason, Page& page) const {
    ++page.rows;
    const auto uri = view.at("uri").text();
    const auto time = parse_rfc3339(reason.at("indexedAt").text());
    if (uri.empty() || !time) return refuse_item(page, "a share without post or date");
    const BlueskyRecord record = read_bluesky_record(view.at("record"));
    const std::string made = fmt::format("{}#{}", uri, reason.at("by.did").text());
    const std::string address = page_of(view);
    Post post = by(reason.at("by"), record, *time);
    post.native_id = reason.at("uri") ? reason.at("uri").text() : std::string_view{made};
    post.url = address;
    post.repost = true;
    add_post(page.posts, post);
  }

  Post by(JsonValue author, const BlueskyRecord& record, Instant time) const {
    return {.network = network_,
            .channel = channel_,
            .author_id = author.at("did").text(),
            .author_name = handle_of(author),
            .text = record.text,
            .lang = record.lang,
            .source = config_.name,
            .posted_at = time,
            .filtered = config_.filtered || !query_.empty()};
  }

  static std::string_view handle_of(JsonValue author) {
    const auto handle = author.at("handle").text();
    return handle.empty() || handle == "handle.invalid" ? author.at("did").text() : handle;
  }

  static std::string page_of(JsonValue view) {
    return bluesky_page(handle_of(view.at("author")), view.at("uri").text());
  }

  Result<Page> read_thread(HttpClient& http, Instant now) const {
    const std::string url = with_query(method("app.bsky.feed.getPostThread"),
                                       {{"uri", thread_}, {"depth", "50"}, {"parentHeight", "50"}});
    auto answer = ask(http, url, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue thread = answer->json->root().at("thread");
    if (!thread.is_object())
      return Error{Error::Kind::format, fmt::format("{}: not a thread", shown_url(url))};
    Page page = std::move(answer->page);
    for (JsonValue above = thread.at("parent"); above; above = above.at("parent"))
      add_shown(above, now, page);
    add_below(thread, now, page);
    return page;
  }

  /// What was deleted, or blocks who asks, has no post.
  void add_shown(JsonValue node, Instant now, Page& page) const {
    if (node.at("post")) add_post_view(node.at("post"), now, page);
  }

  void add_below(JsonValue node, Instant now, Page& page) const {
    add_shown(node, now, page);
    for (const JsonValue reply : node.at("replies")) add_below(reply, now, page);
  }

  const SourceConfig config_;
  const std::string network_;
  const std::string channel_;
  std::string account_;
  const std::string query_;
  const std::string thread_;
  const Count since_;
  std::string session_;  ///< Of this run.
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_bluesky(const SourceConfig& config) {
  const int wishes = static_cast<int>(!config.option("account").empty()) +
                     static_cast<int>(!config.option("thread").empty()) +
                     static_cast<int>(!config.option("search").empty());
  if (wishes != 1) return fault("bluesky needs one of 'account', 'thread' and 'search'");
  if (config.url.empty()) return fault("bluesky needs a 'url'");
  if (const auto thread = config.option("thread"); !thread.empty() && thread_uri(thread).empty())
    return fault(fmt::format(
        "'thread' is the address of a post, https://bsky.app/profile/... or at://..., and not '{}'",
        thread));
  const bool logs_in = !config.option("login").empty();
  if (!config.option("search").empty() && (!logs_in || config.token.kind == TokenPlace::Kind::none))
    return fault("'search' needs a 'login' and its app password; see token_env");
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<Bluesky>(config)};
}

constexpr SourceOption options[] = {
    {.name = "account", .value = "HANDLE", .help = "what one account posts and shares"},
    {.name = "thread", .value = "ADDRESS", .help = "a post, what it answers and what answers it"},
    {.name = "search",
     .value = "WORDS",
     .help = "posts that a search finds; needs login and token",
     .url = login_url},
    {.name = "login", .value = "HANDLE", .help = "who searches; the token is an app password"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_bluesky() {
  return {.options = options, .url = public_url, .token = TokenUse::optional, .make = make_bluesky};
}

}  // namespace earshot
