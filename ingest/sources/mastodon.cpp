#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/mastodon_status.hpp"
#include "ingest/url.hpp"

namespace earshot {

namespace {

constexpr std::size_t page_size = 40;
constexpr std::size_t most_statuses_at_once = 20;  // what the server takes in one request
constexpr std::size_t most_lookups = 20;           // of parents, for one page
constexpr std::size_t most_threads = 200;          // that wait to be read

/// A conversation that is still to be read.
struct Thread {
  std::string id;
  std::string uri;
};

/// How far the source is. The cursor has a line for each of these that is known: "newest=5".
struct Place {
  std::string account;  ///< Number of the account on the server, once it is known.
  std::string newest;   ///< All up to this one is read.
  std::string top;      ///< On a walk from new to old: where it began,
  std::string back;     ///< and how far it is.
  std::vector<Thread> threads;

  static Place read(std::string_view cursor);
  std::string text() const;
};

Place Place::read(std::string_view cursor) {
  Place place;
  place.account = cursor_value(cursor, "account");
  place.newest = cursor_value(cursor, "newest");
  place.top = cursor_value(cursor, "top");
  place.back = cursor_value(cursor, "back");
  for (std::size_t i = 0; i < most_threads; ++i) {
    const auto thread = cursor_value(cursor, fmt::format("thread{}", i));
    const auto space = thread.find(' ');
    if (space == std::string_view::npos) break;
    place.threads.push_back(
        {std::string{thread.substr(0, space)}, std::string{thread.substr(space + 1)}});
  }
  return place;
}

std::string Place::text() const {
  std::string text;
  add_to_cursor(text, "account", account);
  add_to_cursor(text, "newest", newest);
  add_to_cursor(text, "top", top);
  add_to_cursor(text, "back", back);
  for (std::size_t i = 0; i < threads.size(); ++i)
    add_to_cursor(text, fmt::format("thread{}", i), threads[i].id + " " + threads[i].uri);
  return text;
}

/// What of a server is read.
struct Wish {
  std::string tag;
  std::string timeline;  ///< "local", "remote" or "federated".
  std::string account;   ///< "name" or "name@server".
  std::string query;
  bool threads = false;
  std::optional<Instant> since;  ///< The first poll goes back to it.
};

class Mastodon final : public Source {
 public:
  Mastodon(const SourceConfig& config, Wish wish)
      : config_{config},
        wish_{std::move(wish)},
        server_{.url = std::string{without_slash(config.url)},
                .host = std::string{host_of(config.url)},
                .network = config.network.empty() ? "mastodon" : config.network,
                .channel = config.channel,
                .source = config.name,
                .filtered = config.filtered || !wish_.tag.empty() || !wish_.query.empty()} {
    if (server_.channel.empty()) server_.channel = server_.host;
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Asking asking{http, state, now, Place::read(state.cursor)};
    auto page = next(asking);
    if (!page || page->refused_status != 0) {
      waiting_.reset();
      caught_up_ = false;
      return page;
    }
    page->gapless = true;
    // A page that waits for its parents comes again if this run ends here.
    page->next_cursor = waiting_ ? std::string{state.cursor} : asking.place.text();
    page->more = waiting_ || !caught_up_ || !asking.place.threads.empty();
    if (!page->more) caught_up_ = false;
    return page;
  }

  std::size_t rereads() const override { return one_by_one_ ? 1 : most_statuses_at_once; }

  /// If it was written on this server: the others have a number on it, too, but it is not stored.
  bool can_reread(const Post& post) const override { return !number_of(post.native_id).empty(); }

  Result<Page> reread(HttpClient& http, const FetchState& state, std::span<const Post> posts,
                      Instant now) override {
    Asking asking{http, state, now, {}};
    if (!one_by_one_) return reread_many(asking, posts);
    const std::uint64_t done = cursor_number(state.cursor, "done").value_or(0);
    auto page = reread_one(asking, posts[std::min<std::size_t>(done, posts.size() - 1)]);
    if (!page || page->refused_status != 0) return page;
    page->more = done + 1 < posts.size();
    add_to_cursor(page->next_cursor, "done", std::to_string(done + 1));
    return page;
  }

 private:
  struct Asking {
    HttpClient& http;
    const FetchState& state;
    Instant now;
    Place place;  ///< Moved on by what was read.
  };

  /// A page of statuses some of whose parents are still to be looked up.
  struct Waiting {
    Page page;
    JsonDocument json;
    Place place;
    std::vector<std::string> parents;  ///< Numbers on the server.
    std::size_t lookups = 0;
  };

  Result<Page> next(Asking& asking) {
    if (!wish_.account.empty() && asking.place.account.empty()) return look_up_account(asking);
    if (waiting_) return look_up_parents(asking);
    return caught_up_ && !asking.place.threads.empty() ? read_thread(asking) : read_list(asking);
  }

  Result<ApiAnswer> ask(Asking& asking, std::string url) const {
    const std::string authorization =
        asking.state.token.empty() ? std::string{} : fmt::format("Bearer {}", asking.state.token);
    return get_json(asking.http, api_request(config_, std::move(url), authorization), asking.now);
  }

  Result<Page> look_up_account(Asking& asking) {
    const std::string url =
        with_query(server_.url + "/api/v1/accounts/lookup", {{"acct", wish_.account}});
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    asking.place.account = answer->json->root().at("id").text();
    if (asking.place.account.empty() ||
        asking.place.account.find_first_of("\n=") != std::string::npos)
      return Error{Error::Kind::format, fmt::format("{}: not an account", shown_url(url))};
    return std::move(answer->page);
  }

  /// Timelines are caught up with from old to new, so that a stop leaves no hole. A first poll, and
  /// every search (which knows no such order), walks from new to old, and is done when it arrives.
  bool walks_back(const Place& place) const { return !wish_.query.empty() || place.newest.empty(); }

  std::string list_url(const Place& place) const {
    const bool back = walks_back(place);
    const std::string limit = std::to_string(page_size);
    const std::string_view min_id = place.newest;
    const std::string_view max_id = back ? std::string_view{place.back} : std::string_view{};
    const std::string api = server_.url + "/api/";
    if (!wish_.tag.empty())
      return with_query(api + "v1/timelines/tag/" + url_encoded(wish_.tag),
                        {{"limit", limit}, {"min_id", min_id}, {"max_id", max_id}});
    if (!wish_.account.empty())
      return with_query(api + "v1/accounts/" + url_encoded(place.account) + "/statuses",
                        {{"limit", limit}, {"min_id", min_id}, {"max_id", max_id}});
    if (!wish_.query.empty())
      return with_query(api + "v2/search", {{"q", wish_.query},
                                            {"type", "statuses"},
                                            {"limit", limit},
                                            {"min_id", min_id},
                                            {"max_id", max_id}});
    return with_query(api + "v1/timelines/public",
                      {{"local", wish_.timeline == "local" ? "true" : ""},
                       {"remote", wish_.timeline == "remote" ? "true" : ""},
                       {"limit", limit},
                       {"min_id", min_id},
                       {"max_id", max_id}});
  }

  JsonValue statuses_of(const JsonDocument& json) const {
    return wish_.query.empty() ? json.root() : json.root().at("statuses");
  }

  Result<Page> read_list(Asking& asking) {
    const std::string url = list_url(asking.place);
    auto answer = ask(asking, url);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue statuses = statuses_of(*answer->json);
    if (!statuses.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of statuses", shown_url(url))};
    move_on(asking.place, statuses, link_target(answer->header("link"), "prev"));
    for (const JsonValue status : statuses) note_uris(status);
    if (wish_.threads) note_threads(asking.place, statuses);
    auto parents = unknown_parents(statuses);
    if (parents.empty() || answer->page.wait) {
      add_all(statuses, asking.now, answer->page);
      return std::move(answer->page);
    }
    waiting_.emplace(Waiting{std::move(answer->page), std::move(*answer->json), asking.place,
                             std::move(parents), 0});
    return Page{};
  }

  void move_on(Place& place, JsonValue statuses, std::string_view newer) {
    const bool back = walks_back(place);
    std::string first;
    std::string last;
    std::optional<Instant> oldest;
    for (const JsonValue status : statuses) {
      if (first.empty()) first = clean_id(status.at("id").text());
      last = clean_id(status.at("id").text());
      oldest = parse_rfc3339(status.at("created_at").text());
    }
    if (!back) {
      const std::string next = clean_id(query_value(newer, "min_id"));
      const std::string& newest = next.empty() ? first : next;
      caught_up_ = newest.empty() || newest == place.newest;
      if (!newest.empty()) place.newest = newest;
      return;
    }
    if (place.top.empty()) place.top = first;
    const bool has_floor =
        !place.newest.empty() || (wish_.since && oldest && *oldest > *wish_.since);
    caught_up_ = last.empty() || last == place.back || !has_floor;
    place.back = last;
    if (!caught_up_) return;
    if (!place.top.empty()) place.newest = place.top;
    place.top.clear();
    place.back.clear();
  }

  /// An id as it may stand in a cursor.
  static std::string clean_id(std::string_view id) {
    return id.find_first_of(" \n=") == std::string_view::npos ? std::string{id} : std::string{};
  }

  void note_uris(JsonValue status) {
    const auto id = status.at("id").text();
    if (!id.empty()) uris_.emplace(id, status_uri(status));
  }

  static void note_threads(Place& place, JsonValue statuses) {
    for (const JsonValue status : statuses) {
      const bool talked_about =
          status.at("replies_count").count().value_or(0) > 0 || status.at("in_reply_to_id");
      const std::string id = clean_id(status.at("id").text());
      const auto uri = status_uri(status);
      if (talked_about && !id.empty() && uri.find('\n') == std::string_view::npos &&
          place.threads.size() < most_threads)
        place.threads.push_back({id, std::string{uri}});
    }
  }

  std::vector<std::string> unknown_parents(JsonValue statuses) const {
    std::vector<std::string> parents;
    for (const JsonValue status : statuses) {
      const auto parent = status.at("in_reply_to_id").text();
      if (!parent.empty() && uris_.find(parent) == uris_.end()) parents.emplace_back(parent);
    }
    std::ranges::sort(parents);
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    return parents;
  }

  void add_all(JsonValue statuses, Instant now, Page& page) const {
    for (const JsonValue status : statuses) {
      ++page.rows;
      if (auto reason = server_.add(status, uris_, now, page.posts))
        refuse_item(page, std::move(*reason));
    }
  }

  /// Takes the next parents off the list: many in one request, or one of a server that does not
  /// know how to give many.
  std::string parents_url() {
    const auto& parents = waiting_->parents;
    if (one_by_one_) return status_url(parents[0]);
    const std::size_t count = std::min(parents.size(), most_statuses_at_once);
    return statuses_url({parents.begin(), parents.begin() + static_cast<std::ptrdiff_t>(count)});
  }

  std::string status_url(std::string_view number) const {
    return server_.url + "/api/v1/statuses/" + url_encoded(number);
  }

  std::string statuses_url(const std::vector<std::string>& numbers) const {
    std::string url = server_.url + "/api/v1/statuses";
    for (const std::string& number : numbers)
      url += fmt::format("{}id[]={}", &number == numbers.data() ? '?' : '&', url_encoded(number));
    return url;
  }

  Result<Page> look_up_parents(Asking& asking) {
    auto answer = ask(asking, parents_url());
    if (!answer && answer.error().kind == Error::Kind::network) return answer.error();
    const int refused = answer ? answer->page.refused_status : 0;
    if (refused == 429 || refused == 503) return std::move(answer->page);
    auto& parents = waiting_->parents;
    const bool told = answer && answer->json && (one_by_one_ || answer->json->root().is_list());
    if (!told && !one_by_one_) {
      one_by_one_ = true;
      return Page{};
    }
    if (told && one_by_one_) note_uris(answer->json->root());
    if (told && !one_by_one_)
      for (const JsonValue status : answer->json->root()) note_uris(status);
    const std::size_t asked = one_by_one_ ? 1 : std::min(parents.size(), most_statuses_at_once);
    parents.erase(parents.begin(), parents.begin() + static_cast<std::ptrdiff_t>(asked));
    if (++waiting_->lookups >= most_lookups) parents.clear();
    const auto wait = answer ? answer->page.wait : std::nullopt;
    if (!parents.empty() && !wait) return Page{};

    Page page = std::move(waiting_->page);
    page.wait = wait;
    add_all(statuses_of(waiting_->json), asking.now, page);
    asking.place = std::move(waiting_->place);
    waiting_.reset();
    return page;
  }

  /// The posts above and below one that was found. What can't be shown is passed over.
  Result<Page> read_thread(Asking& asking) {
    const Thread thread = asking.place.threads.front();
    auto answer =
        ask(asking, server_.url + "/api/v1/statuses/" + url_encoded(thread.id) + "/context");
    if (!answer) return answer.error();
    const int refused = answer->page.refused_status;
    if (refused == 429 || refused == 503) return std::move(answer->page);
    auto& threads = asking.place.threads;
    threads.erase(threads.begin());
    if (!answer->json) return Page{};
    uris_.emplace(thread.id, thread.uri);
    const JsonValue context = answer->json->root();
    const JsonValue below = context.at("descendants");
    for (const JsonValue part : {context.at("ancestors"), below})
      for (const JsonValue status : part) note_uris(status);
    for (const JsonValue part : {context.at("ancestors"), below})
      add_all(part, asking.now, answer->page);
    for (const JsonValue status : below)  // what is below them has come with this one
      std::erase_if(threads,
                    [&](const Thread& other) { return other.id == status.at("id").text(); });
    return std::move(answer->page);
  }

  // --- statuses that are read again ---

  /// "502" of ".../users/nell/statuses/502", if that is on this server.
  std::string_view number_of(std::string_view uri) const {
    constexpr std::string_view before = "/statuses/";
    const auto at = uri.rfind(before);
    if (at == std::string_view::npos || !uri.starts_with(server_.url + "/")) return {};
    const auto number = uri.substr(at + before.size());
    return number.find_first_of("/?#") == std::string_view::npos ? number : std::string_view{};
  }

  /// Finds out, too, whether the server knows how to give many.
  Result<Page> reread_many(Asking& asking, std::span<const Post> posts) {
    std::vector<std::string> numbers;
    std::vector<std::string_view> asked;
    for (const Post& post : posts) {
      numbers.emplace_back(number_of(post.native_id));
      asked.push_back(post.native_id);
    }
    auto answer = ask(asking, statuses_url(numbers));
    if (!answer && answer.error().kind == Error::Kind::network) return answer.error();
    const int refused = answer ? answer->page.refused_status : 0;
    if (refused != 0 && refused != 404 && refused != 405) return std::move(answer->page);
    one_by_one_ = !answer || !answer->json || !answer->json->root().is_list();
    if (one_by_one_) {
      Page page;
      page.more = true;
      return page;
    }
    for (const JsonValue status : answer->json->root())
      for (const Post& post : posts)
        if (status.at("id").text() == number_of(post.native_id)) {
          add_again(status, post, asking.now, answer->page);
          std::erase(asked, post.native_id);
        }
    note_missing(answer->page, server_.network, asked);
    return std::move(answer->page);
  }

  Result<Page> reread_one(Asking& asking, const Post& post) {
    auto answer = ask(asking, status_url(number_of(post.native_id)));
    if (!answer) return answer.error();
    Page page = std::move(answer->page);
    if (answer->json) add_again(answer->json->root(), post, asking.now, page);
    if (page.refused_status != 404 && page.refused_status != 410) return page;
    page.refused_status = 0;
    const std::string_view asked[] = {post.native_id};
    note_missing(page, server_.network, asked);
    return page;
  }

  /// Whom it answers is known by a number only, and stays as it was.
  void add_again(JsonValue status, const Post& known, Instant now, Page& page) const {
    if (status_uri(status) != known.native_id) return;
    ++page.rows;
    const std::size_t count = page.posts.posts.size();
    if (auto reason = server_.add(status, uris_, now, page.posts))
      refuse_item(page, std::move(*reason));
    if (page.posts.posts.size() > count)
      page.posts.posts.back().parent_id = page.posts.texts.keep(known.parent_id);
  }

  const SourceConfig config_;
  const Wish wish_;
  MastodonServer server_;
  StatusUris uris_;  ///< Of all that was seen in this run.
  std::optional<Waiting> waiting_;
  bool one_by_one_ = false;
  bool caught_up_ = false;  ///< With the list, in this run.
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_mastodon(const SourceConfig& config) {
  if (config.url.empty()) return fault("mastodon needs the 'url' of a server");
  Wish wish{.tag = std::string{config.option("tag")},
            .timeline = std::string{config.option("public")},
            .account = std::string{config.option("account")},
            .query = std::string{config.option("search")},
            .threads = config.option("threads") == "true",
            .since = {}};
  const auto said = [](const std::string* text) { return !text->empty(); };
  const std::initializer_list<const std::string*> choices{&wish.tag, &wish.timeline, &wish.account,
                                                          &wish.query};
  if (std::ranges::count_if(choices, said) != 1)
    return fault("mastodon needs one of 'tag', 'public', 'account' and 'search'");
  if (!wish.timeline.empty() && wish.timeline != "local" && wish.timeline != "remote" &&
      wish.timeline != "federated")
    return fault(
        fmt::format("'public' is local, remote or federated, and not '{}'", wish.timeline));
  if (!wish.query.empty() && config.token.kind == TokenPlace::Kind::none)
    return fault("'search' needs a token of an account on that server; see token_env");
  if (wish.tag.starts_with('#')) wish.tag.erase(0, 1);
  if (wish.account.starts_with('@')) wish.account.erase(0, 1);
  if (const auto since = config.option("since"); !since.empty()) {
    wish.since = parse_rfc3339(since);
    if (!wish.since)
      return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  }
  return std::unique_ptr<Source>{std::make_unique<Mastodon>(config, std::move(wish))};
}

constexpr SourceOption options[] = {
    {.name = "tag", .value = "TAG", .help = "posts with this hashtag"},
    {.name = "public", .value = "WHICH", .help = "the timeline of all: local, remote or federated"},
    {.name = "account", .value = "NAME", .help = "what one account posts: name, or name@server"},
    {.name = "search", .value = "WORDS", .help = "posts that the server finds; needs a token"},
    {.name = "threads", .value = "", .help = "read the conversations around the posts as well"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_mastodon() {
  return {.options = options, .token = TokenUse::optional, .make = make_mastodon};
}

}  // namespace earshot
