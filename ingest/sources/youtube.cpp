#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/youtube_item.hpp"

namespace earshot {

namespace {

constexpr std::string_view api_url = "https://youtube.googleapis.com";
constexpr std::size_t most_threads = 200;  // whose replies wait to be read
constexpr std::uint64_t day_s = 86'400;
constexpr std::uint64_t looked_back_s = 7 * day_s;

/// A comment with more replies than came with it.
struct Thread {
  std::string id;
  YoutubePlace place;
};

/// How far the source is. Lists go from new to old; times are in seconds since 1970.
struct Place {
  std::string account;  ///< Id of the channel, once it is known.
  Count newest;         ///< All up to this time is read.
  Count top;            ///< On a walk: where it began,
  Count floor;          ///< where it ends,
  std::string page;     ///< and the server's own cursor.
  Count deep;           ///< When a walk last went back a week.
  std::vector<Thread> threads;
  std::string replies;  ///< The server's cursor in the first of them.

  static Place read(std::string_view cursor);
  std::string text() const;
};

Place Place::read(std::string_view cursor) {
  Place place{.account = std::string{cursor_value(cursor, "account")},
              .newest = cursor_number(cursor, "newest"),
              .top = cursor_number(cursor, "top"),
              .floor = cursor_number(cursor, "floor"),
              .page = std::string{cursor_value(cursor, "page")},
              .deep = cursor_number(cursor, "deep"),
              .threads = {},
              .replies = std::string{cursor_value(cursor, "replies")}};
  for (std::size_t i = 0; i < most_threads; ++i) {
    const auto thread = cursor_value(cursor, fmt::format("thread{}", i));
    const auto first = thread.find(' ');
    const auto second = first == std::string_view::npos ? first : thread.find(' ', first + 1);
    if (second == std::string_view::npos) break;
    place.threads.push_back({std::string{thread.substr(0, first)},
                             {std::string{thread.substr(first + 1, second - first - 1)},
                              std::string{thread.substr(second + 1)}}});
  }
  return place;
}

std::string Place::text() const {
  std::string text;
  add_to_cursor(text, "account", account);
  for (const auto& [name, value] : {std::pair{"newest", newest}, std::pair{"top", top},
                                    std::pair{"floor", floor}, std::pair{"deep", deep}})
    if (value) add_to_cursor(text, name, std::to_string(*value));
  add_to_cursor(text, "page", page);
  for (std::size_t i = 0; i < threads.size(); ++i)
    add_to_cursor(
        text, fmt::format("thread{}", i),
        fmt::format("{} {} {}", threads[i].id, threads[i].place.video, threads[i].place.channel));
  add_to_cursor(text, "replies", replies);
  return text;
}

Count seconds_of(std::optional<Instant> time) {
  if (!time || to_unix(*time) < 0) return {};
  return static_cast<std::uint64_t>(to_unix(*time));
}

/// The id of a video, by itself or in the address of its page; empty if it is neither.
std::string video_id(std::string_view address) {
  std::string id = query_value(address, "v");
  for (const std::string_view mark : {"youtu.be/", "/shorts/", "/live/", "/embed/"})
    if (const auto at = address.find(mark); id.empty() && at != std::string_view::npos)
      id = address.substr(at + mark.size());
  if (id.empty()) id = address;
  id = id.substr(0, id.find_first_of("?&#"));
  const bool known = id.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                         "0123456789-_") == std::string::npos;
  return known && id.size() == 11 ? id : std::string{};
}

/// "UC..." or "@handle" of a channel, by itself or in the address of its page; empty if it is
/// neither.
std::string account_id(std::string_view address) {
  constexpr std::size_t id_size = 24;
  for (const std::string_view mark : {"/channel/", "youtube.com/"})
    if (const auto at = address.find(mark); at != std::string_view::npos)
      address.remove_prefix(at + mark.size());
  address = address.substr(0, address.find_first_of("/?#"));
  const bool is_id = address.starts_with("UC") && address.size() == id_size;
  const bool is_handle = address.starts_with('@') && address.size() > 1;
  return is_id || is_handle ? std::string{address} : std::string{};
}

/// Comments under one video or all of a channel, or videos that a search finds.
///
/// Source: https://developers.google.com/youtube/v3/docs
class Youtube final : public Source {
 public:
  explicit Youtube(const SourceConfig& config)
      : config_{config},
        base_{std::string{without_slash(config.url)} + "/youtube/v3/"},
        video_{video_id(config.option("video"))},
        account_{account_id(config.option("account"))},
        query_{config.option("search")},
        since_{seconds_of(parse_rfc3339(config.option("since")))},
        venue_{.network = config.network.empty() ? "youtube" : config.network,
               .channel = config.channel,
               .source = config.name,
               .filtered = config.filtered || !query_.empty()} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Asking asking{http, state.token, now, Place::read(state.cursor)};
    auto page = next(asking);
    if (!page || page->refused_status != 0) {
      found_.reset();
      walked_ = false;
      return page;
    }
    if (page->unchanged) walked_ = true;  // a server that answers so unasked has nothing new
    page->gapless = true;
    // What waits for its videos comes again if this run ends here.
    page->next_cursor = found_ ? std::string{state.cursor} : asking.place.text();
    page->more = found_ || !walked_ || !asking.place.threads.empty();
    if (!page->more) walked_ = false;
    return page;
  }

  std::size_t rereads() const override { return 50; }

  /// Comments, replies and videos are asked for apart. Of some that the server does not know it may
  /// say so for all; then they are asked for one by one.
  Result<Page> reread(HttpClient& http, const FetchState& state, std::span<const Post> posts,
                      Instant now) override {
    const std::size_t kind = next_kind(posts, cursor_number(state.cursor, "kind").value_or(0));
    if (kind == std::size(lookups)) return Page{};
    const Count single = cursor_number(state.cursor, "single");
    auto asked = of_kind(posts, kind);
    const std::size_t all = asked.size();
    if (single) asked = {asked[std::min<std::size_t>(*single, all - 1)]};
    const bool alone = asked.size() == 1;
    const std::string url = lookup_url(lookups[kind], asked);
    auto answer = ask({http, state.token, now, {}}, url);
    if (!answer) return answer.error();
    Page page = std::move(answer->page);
    const int refused = page.refused_status;
    const bool unknown = refused == 404 || (refused == 403 && !page.wait);
    if (!answer->json && !unknown) return page;
    page.refused_status = 0;
    if (answer->json) {
      const JsonValue items = answer->json->root().at("items");
      if (!items.is_list())
        return Error{Error::Kind::format, fmt::format("{}: not a list of items", shown_url(url))};
      for (const JsonValue item : items) {
        add_again(item, posts, now, page);
        std::erase(asked, item.at("id").text());
      }
    }
    const bool divided = unknown && !alone;
    if (!divided) note_missing(page, venue_.network, asked);
    const std::uint64_t next = divided ? 0 : single ? *single + 1 : all;
    const std::size_t next_of = next < all ? kind : next_kind(posts, kind + 1);
    page.more = next_of < std::size(lookups);
    add_to_cursor(page.next_cursor, "kind", std::to_string(next_of));
    if (next < all) add_to_cursor(page.next_cursor, "single", std::to_string(next));
    return page;
  }

 private:
  /// How things of one kind are asked for by their ids.
  struct Lookup {
    std::string_view list;
    std::string_view part;
    std::string_view format;
  };
  static constexpr Lookup lookups[] = {{"commentThreads", "snippet", "plainText"},
                                       {"comments", "snippet", "plainText"},
                                       {"videos", "snippet,statistics", ""}};

  /// The place in `lookups` for a thing of that id: "Ugx3.9a" answers the comment "Ugx3".
  static std::size_t lookup_of(std::string_view id) {
    if (!video_id(id).empty()) return 2;
    return id.find('.') == std::string_view::npos ? 0 : 1;
  }

  static std::vector<std::string_view> of_kind(std::span<const Post> posts, std::size_t kind) {
    std::vector<std::string_view> ids;
    for (const Post& post : posts)
      if (lookup_of(post.native_id) == kind) ids.push_back(post.native_id);
    return ids;
  }

  /// The first kind from this one on that some of the posts are of.
  static std::size_t next_kind(std::span<const Post> posts, std::uint64_t kind) {
    while (kind < std::size(lookups) && of_kind(posts, kind).empty()) ++kind;
    return std::min<std::size_t>(kind, std::size(lookups));
  }

  std::string lookup_url(const Lookup& lookup, const std::vector<std::string_view>& asked) const {
    std::string ids;
    for (const std::string_view id : asked) ids.append(ids.empty() ? "" : ",").append(id);
    return with_query(base_ + std::string{lookup.list},
                      {{"part", lookup.part}, {"id", ids}, {"textFormat", lookup.format}});
  }

  /// Where a post stands, which a comment does not say that is asked for by its id.
  YoutubePlace known_place(std::span<const Post> posts, std::string_view id) const {
    const auto known = std::ranges::find(posts, id, &Post::native_id);
    if (known == posts.end()) return {};
    return {query_value(known->url, "v"),
            config_.channel.empty() ? std::string{known->channel} : account_id(known->url)};
  }

  void add_again(JsonValue item, std::span<const Post> posts, Instant now, Page& page) const {
    const JsonValue thread = item.at("snippet");
    const JsonValue comment = thread.at("topLevelComment");
    const YoutubePlace where = known_place(posts, item.at("id").text());
    if (comment)
      add(comment, youtube_place(thread, where), thread.at("totalReplyCount").count(), now, page);
    else if (item.at("statistics"))
      add_video(item, now, page);
    else
      add(item, where, {}, now, page);
  }

  struct Asking {
    HttpClient& http;
    std::string_view key;
    Instant now;
    Place place;  ///< Moved on by what was read.
  };

  /// Videos that a search found, and where it stands.
  struct Found {
    std::string ids;
    Place place;
    bool walked = false;
  };

  Result<Page> next(Asking& asking) {
    if (found_) return read_videos(asking);
    if (account_.starts_with('@') && asking.place.account.empty()) return look_up_account(asking);
    return walked_ && !asking.place.threads.empty() ? read_replies(asking) : read_list(asking);
  }

  /// The key goes as a header, so that it is in no address. A budget that is used up comes back at
  /// midnight in California.
  Result<ApiAnswer> ask(const Asking& asking, std::string url) const {
    auto request = api_request(config_, std::move(url), {});
    request.headers.emplace_back("X-Goog-Api-Key", asking.key);
    auto answer = get_json(asking.http, request, asking.now);
    if (!answer || answer->page.refused_status != 403 || !answer->refusal) return answer;
    for (const JsonValue error : answer->refusal->root().at("error.errors")) {
      const auto reason = error.at("reason").text();
      const bool day = reason == "quotaExceeded" || reason == "dailyLimitExceeded";
      if (day) answer->page.wait = until_pacific_midnight(asking.now);
      const bool searched = day && !query_.empty();  // that budget is its own
      if ((day && !searched) || reason == "rateLimitExceeded" || reason == "userRateLimitExceeded")
        answer->page.refused_status = 429;
    }
    return answer;
  }

  Result<Page> look_up_account(Asking& asking) {
    const std::string url =
        with_query(base_ + "channels", {{"part", "id"}, {"forHandle", account_}});
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    for (const JsonValue item : answer->json->root().at("items"))
      if (asking.place.account.empty()) asking.place.account = account_id(item.at("id").text());
    if (asking.place.account.empty())
      return Error{Error::Kind::format, fmt::format("{}: not a channel", shown_url(url))};
    return std::move(answer->page);
  }

  std::string list_url(const Place& place) const {
    if (!query_.empty()) {
      const std::string after =
          place.floor ? format_instant(from_unix(static_cast<std::int64_t>(*place.floor)))
                      : std::string{};
      return with_query(base_ + "search", {{"part", "snippet"},
                                           {"type", "video"},
                                           {"order", "date"},
                                           {"maxResults", "50"},
                                           {"q", query_},
                                           {"publishedAfter", after},
                                           {"pageToken", place.page}});
    }
    const std::string& account = account_.starts_with('@') ? place.account : account_;
    return with_query(base_ + "commentThreads", {{"part", "snippet,replies"},
                                                 {"order", "time"},
                                                 {"textFormat", "plainText"},
                                                 {"maxResults", "100"},
                                                 {"videoId", video_},
                                                 {"allThreadsRelatedToChannelId", account},
                                                 {"pageToken", place.page}});
  }

  /// Once a day a walk goes back a week, for replies, edits and counts that came later. The index
  /// of a search is behind.
  void begin_walk(Place& place, Instant now) const {
    const std::uint64_t today = seconds_of(now).value_or(0);
    place.floor = since_;
    if (!place.deep) place.deep = today;
    if (!place.newest) return;
    std::uint64_t back = query_.empty() ? 0 : day_s;
    if (query_.empty() && today >= *place.deep + day_s) {
      back = looked_back_s;
      place.deep = today;
    }
    place.floor = *place.newest - std::min(*place.newest, back);
  }

  Result<Page> read_list(Asking& asking) {
    Place& place = asking.place;
    if (place.page.empty()) begin_walk(place, asking.now);
    const std::string url = list_url(place);
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    if (answer->page.refused_status == 400 && !place.page.empty()) {
      place.page.clear();  // the server does not know its own cursor any more: from the top again
      return Page{};
    }
    if (!answer->json) return std::move(answer->page);
    const JsonValue root = answer->json->root();
    const JsonValue items = root.at("items");
    if (!items.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of items", shown_url(url))};
    Count last;
    for (const JsonValue item : items) {
      const JsonValue comment = item.at("snippet.topLevelComment");
      const JsonValue dated = comment ? comment.at("snippet") : item.at("snippet");
      const Count time = seconds_of(parse_rfc3339(dated.at("publishedAt").text()));
      if (time) last = time;
      if (time && (!place.top || *time > *place.top)) place.top = time;
    }
    Page page = std::move(answer->page);
    if (query_.empty())
      for (const JsonValue item : items) add_thread(item, asking.now, page, place);
    walked_ = !move_on(place, root.at("nextPageToken").text(), last);
    if (!query_.empty()) await_videos(items, place);
    return page;
  }

  /// True if the walk goes on. A first one without `since` is a single page.
  bool move_on(Place& place, std::string_view next, Count last) const {
    // A search is told by its parameters where to end.
    const bool arrived = !place.floor || (query_.empty() && last && *last < *place.floor);
    if (!arrived && !next.empty() && next != place.page) {
      place.page = next;
      return true;
    }
    if (place.top && (!place.newest || *place.top > *place.newest)) place.newest = place.top;
    place.top.reset();
    place.floor.reset();
    place.page.clear();
    return false;
  }

  void add(JsonValue comment, const YoutubePlace& where, Count replies, Instant now,
           Page& page) const {
    ++page.rows;
    if (auto reason = venue_.add_comment(comment, where, replies, now, page.posts))
      refuse_item(page, std::move(*reason));
  }

  void add_video(JsonValue video, Instant now, Page& page) const {
    ++page.rows;
    if (auto reason = venue_.add_video(video, now, page.posts))
      refuse_item(page, std::move(*reason));
  }

  void add_thread(JsonValue thread, Instant now, Page& page, Place& place) const {
    const JsonValue comment = thread.at("snippet.topLevelComment");
    const YoutubePlace where =
        youtube_place(comment.at("snippet"), youtube_place(thread.at("snippet")));
    const Count replies = thread.at("snippet.totalReplyCount").count();
    add(comment, where, replies, now, page);
    std::uint64_t told = 0;
    for (const JsonValue reply : thread.at("replies.comments")) {
      add(reply, where, {}, now, page);
      ++told;
    }
    const auto id = thread.at("id").text();
    const bool plain = !id.empty() && id.find_first_of(" \n") == std::string_view::npos &&
                       where.video.find_first_of(" \n") == std::string::npos &&
                       where.channel.find_first_of(" \n") == std::string::npos;
    const bool noted =
        std::ranges::any_of(place.threads, [&](const Thread& other) { return other.id == id; });
    if (replies.value_or(0) > told && plain && !noted && place.threads.size() < most_threads)
      place.threads.push_back({std::string{id}, where});
  }

  /// Replies to one comment. What can't be shown any more is passed over.
  Result<Page> read_replies(Asking& asking) const {
    Place& place = asking.place;
    const Thread thread = place.threads.front();
    const std::string url = with_query(base_ + "comments", {{"part", "snippet"},
                                                            {"parentId", thread.id},
                                                            {"textFormat", "plainText"},
                                                            {"maxResults", "100"},
                                                            {"pageToken", place.replies}});
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    const int refused = answer->page.refused_status;
    if (refused == 401 || refused == 429 || refused >= 500) return std::move(answer->page);
    const JsonValue root = answer->json ? answer->json->root() : JsonValue{};
    const std::string next{root.at("nextPageToken").text()};
    const bool ended = next.empty() || next == place.replies;
    if (ended) place.threads.erase(place.threads.begin());
    place.replies = ended ? std::string{} : next;
    if (refused != 0) return Page{};
    Page page = std::move(answer->page);
    for (const JsonValue reply : root.at("items")) add(reply, thread.place, {}, asking.now, page);
    return page;
  }

  void await_videos(JsonValue items, const Place& place) {
    std::string ids;
    for (const JsonValue item : items)
      if (const std::string id = video_id(item.at("id.videoId").text()); !id.empty())
        ids += (ids.empty() ? "" : ",") + id;
    if (!ids.empty()) found_.emplace(Found{std::move(ids), place, walked_});
  }

  /// A search shows the beginning of a description only, and no counts.
  Result<Page> read_videos(Asking& asking) {
    const std::string url =
        with_query(base_ + "videos", {{"part", "snippet,statistics"}, {"id", found_->ids}});
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    if (answer->page.refused_status != 0) return std::move(answer->page);
    const JsonValue items = answer->json ? answer->json->root().at("items") : JsonValue{};
    if (!items.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of items", shown_url(url))};
    Page page = std::move(answer->page);
    for (const JsonValue item : items) add_video(item, asking.now, page);
    asking.place = std::move(found_->place);
    walked_ = found_->walked;
    found_.reset();
    return page;
  }

  const SourceConfig config_;
  const std::string base_;
  const std::string video_;
  const std::string account_;
  const std::string query_;
  const Count since_;
  const YoutubeVenue venue_;
  std::optional<Found> found_;
  bool walked_ = false;  ///< The list, in this poll.
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_youtube(const SourceConfig& config) {
  const auto video = config.option("video");
  const auto account = config.option("account");
  const int wishes = static_cast<int>(!video.empty()) + static_cast<int>(!account.empty()) +
                     static_cast<int>(!config.option("search").empty());
  if (wishes != 1) return fault("youtube needs one of 'video', 'account' and 'search'");
  if (config.url.empty()) return fault("youtube needs a 'url'");
  if (!video.empty() && video_id(video).empty())
    return fault(fmt::format(
        "'video' is the address of a video, https://www.youtube.com/watch?v=..., and not '{}'",
        video));
  if (!account.empty() && account_id(account).empty())
    return fault(fmt::format(
        "'account' is a channel, @handle or https://www.youtube.com/channel/UC..., and not '{}'",
        account));
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<Youtube>(config)};
}

constexpr SourceOption options[] = {
    {.name = "video", .value = "ADDRESS", .help = "comments under one video"},
    {.name = "account", .value = "CHANNEL", .help = "comments on a channel and all its videos"},
    {.name = "search", .value = "WORDS", .help = "videos that a search finds; 100 times a day"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_youtube() {
  return {.options = options, .url = api_url, .token = TokenUse::needed, .make = make_youtube};
}

}  // namespace earshot
