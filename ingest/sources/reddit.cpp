#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/reddit_thing.hpp"
#include "store/base/ascii.hpp"
#include "store/base/http.hpp"

namespace earshot {

namespace {

constexpr std::string_view api_url = "https://oauth.reddit.com";
constexpr std::string_view login_host =
    "https://www.reddit.com";              // where that host's keys are made
constexpr std::size_t listed = 900;        // a list that is longer was cut, at some 1,000 things
constexpr std::size_t most_threads = 200;  // that wait to be read
constexpr std::size_t most_folded = 500;   // comments of one thread that are asked for by name
constexpr std::size_t most_folded_at_once = 100;  // what the server takes in one request

/// How far a list is, which goes from new to old; times are in seconds since 1970.
struct ListPlace {
  Count newest;      ///< All up to this time is read.
  Count top;         ///< On a walk: where it began,
  std::string page;  ///< and the last thing that was read.
};

/// How far the source is: its lists one after the other, then the threads that it found.
struct Place {
  std::vector<ListPlace> lists;
  std::size_t list = 0;  ///< The one being walked.
  std::vector<std::string> threads;

  static Place read(std::string_view cursor, std::size_t count);
  std::string text() const;
};

Place Place::read(std::string_view cursor, std::size_t count) {
  Place place;
  for (std::size_t i = 0; i < count; ++i)
    place.lists.push_back({cursor_number(cursor, fmt::format("newest{}", i)),
                           cursor_number(cursor, fmt::format("top{}", i)),
                           std::string{cursor_value(cursor, fmt::format("page{}", i))}});
  place.list = std::min<std::size_t>(cursor_number(cursor, "list").value_or(0), count - 1);
  for (std::size_t i = 0; i < most_threads; ++i) {
    const auto thread = cursor_value(cursor, fmt::format("thread{}", i));
    if (thread.empty()) break;
    place.threads.emplace_back(thread);
  }
  return place;
}

std::string Place::text() const {
  std::string text;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (lists[i].newest)
      add_to_cursor(text, fmt::format("newest{}", i), std::to_string(*lists[i].newest));
    if (lists[i].top) add_to_cursor(text, fmt::format("top{}", i), std::to_string(*lists[i].top));
    add_to_cursor(text, fmt::format("page{}", i), lists[i].page);
  }
  if (list > 0) add_to_cursor(text, "list", std::to_string(list));
  for (std::size_t i = 0; i < threads.size(); ++i)
    add_to_cursor(text, fmt::format("thread{}", i), threads[i]);
  return text;
}

Count seconds_of(std::optional<Instant> time) {
  if (!time || to_unix(*time) < 0) return {};
  return static_cast<std::uint64_t>(to_unix(*time));
}

/// Source: RFC 4648 section 4.
std::string base64(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j > bytes.size() ? '=' : letters[group >> (18 - 6 * j) & 63U];
  }
  return out;
}

/// The id in "https://www.reddit.com/r/beans/comments/abc/title/", "t3_abc" or "abc" itself; empty
/// if it is none of these.
std::string thread_id(std::string_view address) {
  constexpr std::string_view mark = "/comments/";
  if (const auto at = address.find(mark); at != std::string_view::npos)
    address = address.substr(at + mark.size());
  else if (address.starts_with("t3_"))
    address.remove_prefix(3);
  const std::string id = lower_case(address.substr(0, address.find_first_of("/?#")));
  const bool known =
      id.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") == std::string::npos;
  return known && id.size() <= 13 ? id : std::string{};
}

/// A name without what people put before it: "r/beans", "/u/nell", "@nell".
std::string bare_name(std::string_view name, std::string_view prefix) {
  if (name.starts_with('/') || name.starts_with('@')) name.remove_prefix(1);
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  return std::string{name};
}

/// What Reddit's API shows to an app. Each list ends after some 1,000 things.
///
/// Source: https://www.reddit.com/dev/api/ and
/// https://github.com/reddit-archive/reddit/wiki/OAuth2
class Reddit final : public Source {
 public:
  explicit Reddit(const SourceConfig& config)
      : config_{config},
        base_{without_slash(config.url)},
        query_{config.option("search")},
        thread_{thread_id(config.option("thread"))},
        threads_{config.option("threads") == "true"},
        since_{seconds_of(parse_rfc3339(config.option("since")))},
        venue_{.network = config.network.empty() ? "reddit" : config.network,
               .channel = config.channel,
               .source = config.name,
               .filtered = config.filtered || !query_.empty()} {
    const std::string subreddit = bare_name(config.option("subreddit"), "r/");
    const std::string account = bare_name(config.option("account"), "u/");
    const std::string place = subreddit.empty() ? std::string{} : "/r/" + subreddit_path(subreddit);
    if (!query_.empty()) {
      lists_ = {place + "/search"};
    } else if (!account.empty()) {
      lists_ = {"/user/" + url_encoded(account) + "/overview"};
    } else if (thread_.empty()) {
      lists_ = {place + "/new", place + "/comments"};
    }
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    if (session_.empty()) return log_in(http, state, now);
    Asking asking{http, now, Place::read(state.cursor, std::max<std::size_t>(1, lists_.size()))};
    auto page = next(asking);
    if (!page || page->refused_status != 0) {
      if (page && page->refused_status == 401) session_.clear();  // the key is used up
      folded_.clear();
      walked_ = false;
      return page;
    }
    if (page->unchanged) walked_ = true;  // a server that answers so unasked has nothing new
    page->next_cursor = asking.place.text();
    page->more = !walked_ || !folded_.empty() || !asking.place.threads.empty();
    page->gapless = !lost_;
    if (!page->more) walked_ = lost_ = false;
    return page;
  }

  std::size_t rereads() const override { return 100; }

  bool can_reread(const Post& post) const override {
    return post.native_id.starts_with("t1_") || post.native_id.starts_with("t3_");
  }

  /// The key is that of the poll before. What is answered and is no post waits for moderators.
  Result<Page> reread(HttpClient& http, const FetchState&, std::span<const Post> posts,
                      Instant now) override {
    std::string names;
    std::vector<std::string_view> asked;
    for (const Post& post : posts) {
      names.append(asked.empty() ? "" : ",").append(post.native_id);
      asked.push_back(post.native_id);
    }
    Asking asking{http, now, {}};
    const std::string url = with_query(base_ + "/api/info", {{"id", names}, {"raw_json", "1"}});
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue things = answer->json->root().at("data.children");
    if (!things.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a listing", shown_url(url))};
    Page page = std::move(answer->page);
    for (const JsonValue child : things) {
      add(child, now, page);
      std::erase(asked, reddit_name(child.at("data")));
    }
    note_missing(page, venue_.network, asked);
    return page;
  }

 private:
  struct Asking {
    HttpClient& http;
    Instant now;
    Place place;  ///< Moved on by what was read.
  };

  /// Comments that a thread only names.
  struct Folded {
    std::string thread;
    std::vector<std::string> ids;
    bool empty() const { return ids.empty(); }
    void clear() { ids.clear(); }
  };

  /// Several subreddits may be read as one: "beans+coffee".
  static std::string subreddit_path(std::string_view names) {
    std::string path;
    while (!names.empty()) {
      const auto plus = std::min(names.find('+'), names.size());
      path += (path.empty() ? "" : "+") + url_encoded(names.substr(0, plus));
      names.remove_prefix(std::min(plus + 1, names.size()));
    }
    return path;
  }

  /// Keys for the API are made on another host than the one that is asked with them.
  std::string login_url() const {
    return fmt::format("{}/api/v1/access_token", base_ == api_url ? login_host : base_);
  }

  /// A key for this run, for "id:secret" of an app or "id:secret:refresh_token" of a user who
  /// allowed it. Brings no posts.
  Result<Page> log_in(HttpClient& http, const FetchState& state, Instant now) {
    const auto colon = state.token.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return Error{Error::Kind::config,
                   "the token for reddit is 'id:secret' of an app, or 'id:secret:refresh_token'"};
    const auto second = std::min(state.token.find(':', colon + 1), state.token.size());
    const auto refresh = state.token.substr(std::min(second + 1, state.token.size()));
    auto request = api_request(config_, login_url(), {});
    std::erase_if(request.headers, [](const auto& header) {  // the others are for the API's host
      return lower_case(header.first) != "user-agent" && lower_case(header.first) != "accept";
    });
    request.headers.emplace_back("Authorization", "Basic " + base64(state.token.substr(0, second)));
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.post = refresh.empty()
                       ? "grant_type=client_credentials"
                       : "grant_type=refresh_token&refresh_token=" + url_encoded(refresh);
    auto answer = get_json(http, request, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    session_ = answer->json->root().at("access_token").text();
    if (session_.empty())
      return Error{Error::Kind::format, fmt::format("{}: no access token", shown_url(request.url))};
    Page page = std::move(answer->page);
    page.next_cursor = state.cursor;
    page.more = true;
    return page;
  }

  Result<ApiAnswer> ask(Asking& asking, const std::string& url) const {
    return get_json(asking.http, api_request(config_, url, "Bearer " + session_), asking.now);
  }

  Result<Page> next(Asking& asking) {
    if (lists_.empty() && !walked_) {
      walked_ = true;
      asking.place.threads = {thread_};
    }
    if (!folded_.empty()) return read_folded(asking);
    return walked_ && !asking.place.threads.empty() ? read_thread(asking) : read_list(asking);
  }

  /// A search's index is some minutes behind; what moderators let pass comes in at its old time.
  Count floor_of(const ListPlace& list) const {
    constexpr std::uint64_t delay_s = 600;
    if (!list.newest) return since_;
    return *list.newest - std::min(*list.newest, delay_s);
  }

  Result<Page> read_list(Asking& asking) {
    ListPlace& list = asking.place.lists[asking.place.list];
    const bool searches = !query_.empty();
    const std::string& path = lists_[asking.place.list];
    const std::string url =
        with_query(base_ + path, {{"q", query_},
                                  {"restrict_sr", searches && path != "/search" ? "true" : ""},
                                  {"type", searches ? "link" : ""},
                                  {"sort", lists_.size() == 1 ? "new" : ""},
                                  {"limit", "100"},
                                  {"raw_json", "1"},
                                  {"after", list.page}});
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue data = answer->json->root().at("data");
    if (!data.at("children").is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a listing", shown_url(url))};
    Page page = std::move(answer->page);
    Count last;
    for (const JsonValue child : data.at("children")) {
      ++walk_;
      add(child, asking.now, page);
      const Count time = seconds_of(reddit_time(child.at("data.created_utc")));
      if (!time) continue;
      if (!list.top || *time > *list.top) list.top = time;
      last = time;  // not the least: what an account has pinned stands before what is newer
      if (threads_) note_thread(child, asking.place);
    }
    if (!move_on(list, data.at("after").text(), last)) {
      walked_ = asking.place.list + 1 >= lists_.size();
      asking.place.list = walked_ ? 0 : asking.place.list + 1;
    }
    return page;
  }

  /// True if the walk goes on. A first one without `since` is a single page.
  bool move_on(ListPlace& list, std::string_view after, Count last) {
    const Count floor = floor_of(list);
    const bool arrived = !floor || (last && *last < *floor);
    if (!arrived && !after.empty() && after != list.page) {
      list.page = after;
      return true;
    }
    // There may be a hole if the server's list ended before what is known was reached.
    const bool cut_off = walk_ >= listed || (!last && !list.page.empty());
    if (!arrived && list.newest && cut_off) lost_ = true;
    walk_ = 0;
    if (list.top && (!list.newest || *list.top > *list.newest)) list.newest = list.top;
    list.top.reset();
    list.page.clear();
    return false;
  }

  void add(JsonValue child, Instant now, Page& page) const {
    ++page.rows;
    const JsonValue thing = child.at("data");
    if (auto reason = venue_.add(thing, now, page.posts, page.removed))
      refuse_item(page, std::move(*reason));
  }

  static void note_thread(JsonValue child, Place& place) {
    const JsonValue thing = child.at("data");
    const std::string id = child.at("kind").text() == "t3" ? thread_id(thing.at("id").text()) : "";
    if (id.empty() || thing.at("num_comments").count().value_or(0) == 0) return;
    if (std::ranges::find(place.threads, id) == place.threads.end() &&
        place.threads.size() < most_threads)
      place.threads.push_back(id);
  }

  /// A submission and the comments under it. What can't be shown is passed over.
  Result<Page> read_thread(Asking& asking) {
    const std::string id = asking.place.threads.front();
    const std::string url = with_query(base_ + "/comments/" + id,
                                       {{"sort", "new"}, {"limit", "500"}, {"raw_json", "1"}});
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    const int refused = answer->page.refused_status;
    if (refused == 401 || refused == 429 || refused >= 500 || (refused != 0 && !thread_.empty()))
      return std::move(answer->page);
    asking.place.threads.erase(asking.place.threads.begin());
    if (!answer->json) return Page{};
    const JsonValue parts = answer->json->root();
    if (!parts.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a thread", shown_url(url))};
    folded_.thread = "t3_" + id;
    for (const JsonValue listing : parts) add_tree(listing, asking.now, answer->page);
    return std::move(answer->page);
  }

  void add_tree(JsonValue listing, Instant now, Page& page) {
    for (const JsonValue child : listing.at("data.children")) {
      if (child.at("kind").text() == "more") {
        note_folded(child.at("data"));
        continue;
      }
      add(child, now, page);
      add_tree(child.at("data.replies"), now, page);
    }
  }

  void note_folded(JsonValue more) {
    for (const JsonValue id : more.at("children"))
      if (const std::string clean = thread_id(id.text());
          !clean.empty() && folded_.ids.size() < most_folded)
        folded_.ids.push_back(clean);
  }

  Result<Page> read_folded(Asking& asking) {
    const auto count =
        static_cast<std::ptrdiff_t>(std::min(folded_.ids.size(), most_folded_at_once));
    std::string ids;
    for (auto id = folded_.ids.begin(); id != folded_.ids.begin() + count; ++id)
      ids += (ids.empty() ? "" : ",") + *id;
    const std::string url = with_query(
        base_ + "/api/morechildren",
        {{"api_type", "json"}, {"link_id", folded_.thread}, {"children", ids}, {"raw_json", "1"}});
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    folded_.ids.erase(folded_.ids.begin(), folded_.ids.begin() + count);
    if (!answer->json) return std::move(answer->page);
    const JsonValue things = answer->json->root().at("json.data.things");
    Page page = std::move(answer->page);
    for (const JsonValue child : things)
      if (child.at("kind").text() != "more") add(child, asking.now, page);
    return page;
  }

  const SourceConfig config_;
  const std::string base_;
  const std::string query_;
  const std::string thread_;
  const bool threads_;
  const Count since_;
  const RedditVenue venue_;
  std::vector<std::string> lists_;  ///< Paths. Empty: a thread is all there is.
  std::string session_;             ///< Of this run.
  Folded folded_;
  std::size_t walk_ = 0;  ///< Things seen of the present list.
  bool walked_ = false;   ///< All lists, in this poll.
  bool lost_ = false;     ///< A list ended too early, in this poll.
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_reddit(const SourceConfig& config) {
  const auto subreddit = config.option("subreddit");
  const int wishes = static_cast<int>(!config.option("search").empty()) +
                     static_cast<int>(!config.option("account").empty()) +
                     static_cast<int>(!config.option("thread").empty());
  if (wishes > 1 || (wishes == 0 && subreddit.empty()))
    return fault("reddit needs one of 'subreddit', 'search', 'account' and 'thread'");
  if (!subreddit.empty() && wishes == 1 && config.option("search").empty())
    return fault("'subreddit' goes alone or with 'search'");
  if (config.url.empty()) return fault("reddit needs a 'url'");
  if (const auto thread = config.option("thread"); !thread.empty() && thread_id(thread).empty())
    return fault(fmt::format(
        "'thread' is the address of a submission, https://www.reddit.com/r/..., and not '{}'",
        thread));
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<Reddit>(config)};
}

constexpr SourceOption options[] = {
    {.name = "subreddit",
     .value = "NAME",
     .help = "submissions and comments; name+name for several"},
    {.name = "search",
     .value = "WORDS",
     .help = "submissions that a search finds, there or in all"},
    {.name = "account", .value = "NAME", .help = "what one account posts"},
    {.name = "thread", .value = "ADDRESS", .help = "a submission and the comments under it"},
    {.name = "threads", .value = "", .help = "read the comments under what is found as well"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_reddit() {
  return {.options = options, .url = api_url, .token = TokenUse::needed, .make = make_reddit};
}

}  // namespace earshot
