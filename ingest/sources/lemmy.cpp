#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/own_markdown.hpp"
#include "ingest/url.hpp"

namespace earshot {

namespace {

// Two versions of one API (https://join-lemmy.org/api): in the newer one lists are called `items`,
// counts stand in the post itself, and times end in `_at`. Both are read wherever they come from.
//
// A post is called by `ap_id`, the same on every server. Which comment a comment answers is told by
// a number of the server that is asked, for which the source finds out the `ap_id`.

constexpr std::string_view page_size = "50";
constexpr std::size_t most_lookups = 20;  // of parents, for one page

/// How far the source is in one of its two lists, which go from new to old.
struct Walk {
  Count newest;      ///< All up to this number is read.
  Count top;         ///< On a walk: where it began,
  std::string page;  ///< and the next page: "#2", or the server's own word.
};

struct Place {
  Walk posts;
  Walk comments;

  static Place read(std::string_view cursor);
  std::string text() const;
};

Place Place::read(std::string_view cursor) {
  const auto walk = [&](const std::string& name) {
    return Walk{cursor_number(cursor, name), cursor_number(cursor, name + "_top"),
                std::string{cursor_value(cursor, name + "_page")}};
  };
  return {walk("posts"), walk("comments")};
}

std::string Place::text() const {
  std::string text;
  const auto add = [&](const std::string& name, const Walk& walk) {
    if (walk.newest) add_to_cursor(text, name, std::to_string(*walk.newest));
    if (walk.top) add_to_cursor(text, name + "_top", std::to_string(*walk.top));
    add_to_cursor(text, name + "_page", walk.page);
  };
  add("posts", posts);
  add("comments", comments);
  return text;
}

/// The first of two members that is there.
JsonValue either(JsonValue value, std::string_view newer, std::string_view older) {
  const JsonValue found = value.member(newer);
  return found ? found : value.member(older);
}

/// A comment, or else the post of an element of a list.
JsonValue said_of(JsonValue view) {
  return view.at("comment") ? view.at("comment") : view.at("post");
}

std::optional<Instant> time_of(JsonValue said) {
  return parse_rfc3339(either(said, "published_at", "published").text());
}

/// The number of the comment that a comment answers, of its `path` "0.71.94"; empty if it answers
/// the post.
std::string_view parent_number(JsonValue comment) {
  auto path = comment.at("path").text();
  path = path.substr(0, std::min(path.rfind('.'), path.size()));
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
}

class Lemmy final : public Source {
 public:
  explicit Lemmy(const SourceConfig& config)
      : config_{config},
        base_{without_slash(config.url)},
        network_{config.network.empty() ? "lemmy" : config.network},
        query_{config.option("search")},
        newer_{config.option("api") == "v4"},
        since_{parse_rfc3339(config.option("since"))} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Step step{http, now, Place::read(state.cursor), false};
    auto page = waiting_ ? look_up_parent(step) : read_list(step);
    if (!page || page->refused_status != 0) {
      waiting_.reset();
      reads_comments_ = false;
      return page;
    }
    page->gapless = true;
    // A page that waits for its parents comes again if this run ends here.
    page->next_cursor = waiting_ ? std::string{state.cursor} : step.place.text();
    page->more = true;
    if (waiting_ || step.goes_on) return page;
    page->more = !reads_comments_;
    reads_comments_ = !reads_comments_;
    return page;
  }

  std::size_t rereads() const override { return 1; }

  /// If it was written on this server: the rest has a number on it, too, but it is not stored.
  bool can_reread(const Post& post) const override { return !url_of(post.native_id).empty(); }

  Result<Page> reread(HttpClient& http, const FetchState&, std::span<const Post> posts,
                      Instant now) override {
    const Post& known = posts[0];
    auto answer = get_json(http, api_request(config_, url_of(known.native_id), {}), now);
    if (!answer) return answer.error();
    Page page = std::move(answer->page);
    if (is_unknown(*answer, page.refused_status)) {
      page.refused_status = 0;
      const std::string_view asked[] = {known.native_id};
      note_missing(page, network_, asked);
    }
    if (!answer->json) return page;
    const JsonValue root = answer->json->root();
    const JsonValue view = root.at("comment_view") ? root.at("comment_view") : root.at("post_view");
    if (said_of(view).at("ap_id").text() != known.native_id) return page;
    ++page.rows;
    add(view, now, page);
    // Whom it answers is known by a number only, and stays as it was.
    for (Post& post : page.posts.posts) post.parent_id = page.posts.texts.keep(known.parent_id);
    return page;
  }

 private:
  /// Where "https://elm.example/post/40" or ".../comment/71" is asked for; empty if it is neither,
  /// or on another server.
  std::string url_of(std::string_view id) const {
    for (const std::string_view kind : {"post", "comment"}) {
      const std::string before = fmt::format("{}/{}/", base_, kind);
      if (!id.starts_with(before)) continue;
      const auto number = id.substr(before.size());
      if (number.find_first_not_of("0123456789") == std::string_view::npos)
        return with_query(method(kind), {{"id", number}});
    }
    return {};
  }

  /// Older servers say 400 of what they do not know.
  static bool is_unknown(const ApiAnswer& answer, int status) {
    if (status == 404) return true;
    return status == 400 && answer.refusal &&
           answer.refusal->root().at("error").text().starts_with("couldnt_find_");
  }

  struct Step {
    HttpClient& http;
    Instant now;
    Place place;   ///< Moved on by what was read.
    bool goes_on;  ///< There is more of this list.
  };

  /// A page of comments some of whose parents are still to be looked up.
  struct Waiting {
    Page page;
    JsonDocument json;
    Place place;
    bool goes_on;
    Count known;                       ///< Up to this number all was read by an earlier poll.
    std::vector<std::string> parents;  ///< Numbers on the server.
    std::size_t lookups = 0;
  };

  Result<ApiAnswer> ask(const Step& step, const std::string& url) const {
    return get_json(step.http, api_request(config_, url, {}), step.now);
  }

  std::string method(std::string_view name) const {
    return fmt::format("{}/api/{}/{}", base_, newer_ ? "v4" : "v3", name);
  }

  /// A word of the API, which the newer one writes in small letters.
  std::string_view word(std::string_view newer, std::string_view older) const {
    return newer_ ? newer : older;
  }

  std::string list_url(const Walk& walk) const {
    const auto number = cursor_value(walk.page, "#");
    const auto cursor = number.empty() ? std::string_view{walk.page} : std::string_view{};
    const bool local = config_.option("local") == "true";
    const auto listing = local ? word("local", "Local") : word("all", "All");
    auto community = config_.option("community");
    if (community.starts_with('!')) community.remove_prefix(1);
    // The newer API has not always called these two the same.
    const auto newer_community = newer_ ? community : std::string_view{};
    const auto newer_query = newer_ ? std::string_view{query_} : std::string_view{};
    if (query_.empty())
      return with_query(method(reads_comments_ ? "comment/list" : "post/list"),
                        {{"type_", listing},
                         {"sort", word("new", "New")},
                         {"community_name", community},
                         {"community_name_or_id", newer_community},
                         {"limit", page_size},
                         {"page", number},
                         {"page_cursor", cursor}});
    return with_query(method("search"), {{"q", query_},
                                         {"search_term", newer_query},
                                         {"type_", reads_comments_ ? word("comments", "Comments")
                                                                   : word("posts", "Posts")},
                                         {"listing_type", listing},
                                         {"sort", word("new", "New")},
                                         {"community_name", community},
                                         {"community_name_or_id", newer_community},
                                         {"limit", page_size},
                                         {"page", number},
                                         {"page_cursor", cursor}});
  }

  JsonValue list_of(JsonValue root) const {
    for (const auto name : {std::string_view{"items"}, std::string_view{"search"},
                            std::string_view{reads_comments_ ? "comments" : "posts"}})
      if (root.member(name).is_list()) return root.member(name);
    return {};
  }

  Result<Page> read_list(Step& step) {
    Walk& walk = reads_comments_ ? step.place.comments : step.place.posts;
    const std::string url = list_url(walk);
    auto answer = ask(step, url);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue root = answer->json->root();
    const JsonValue items = list_of(root);
    if (!items.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of posts", shown_url(url))};
    const Count known = walk.newest;
    step.goes_on = move_on(walk, items, root.member("next_page"));
    for (const JsonValue item : items) note_id(item.at("comment"));
    auto parents = unknown_parents(items, known);
    if (parents.empty() || answer->page.wait) {
      add_all(items, known, step.now, answer->page);
      return std::move(answer->page);
    }
    waiting_.emplace(Waiting{std::move(answer->page), std::move(*answer->json), step.place,
                             step.goes_on, known, std::move(parents), 0});
    return Page{};
  }

  /// True if the walk goes on. What is on top of a list for good, or reaches this server late, is
  /// not in the order of its numbers, so that a walk ends with a page on which nothing is new.
  bool move_on(Walk& walk, JsonValue items, JsonValue next) const {
    bool has_new = false;
    for (const JsonValue item : items) {
      const JsonValue said = said_of(item);
      const Count number = said.at("id").count();
      const auto time = time_of(said);
      if (!number) continue;
      if (!walk.top || *number > *walk.top) walk.top = number;
      has_new |= walk.newest ? *number > *walk.newest : since_ && time && *time >= *since_;
    }
    const bool by_cursor = !next.name().empty();  // also where it is null, at the end
    const std::string page = by_cursor ? std::string{next.text()} : next_number(walk.page);
    if (has_new && !page.empty() && page != walk.page) {
      walk.page = page;
      return true;
    }
    if (walk.top && (!walk.newest || *walk.top > *walk.newest)) walk.newest = walk.top;
    walk.top.reset();
    walk.page.clear();
    return false;
  }

  /// "#=2" after no page at all, "#=3" after "#=2".
  static std::string next_number(std::string_view page) {
    const Count number = page.empty() ? Count{1} : cursor_number(page, "#");
    return number ? fmt::format("#={}", *number + 1) : std::string{};
  }

  void note_id(JsonValue comment) {
    const auto number = comment.at("id").text();
    const auto id = comment.at("ap_id").text();
    if (!number.empty() && !id.empty()) ids_.emplace(number, id);
  }

  bool lacks_parent(JsonValue view) const {
    const auto parent = parent_number(view.at("comment"));
    return !parent.empty() && ids_.find(parent) == ids_.end();
  }

  static bool is_known(JsonValue view, Count known) {
    const Count number = said_of(view).at("id").count();
    return known && number && *number <= *known;
  }

  std::vector<std::string> unknown_parents(JsonValue items, Count known) const {
    std::vector<std::string> parents;
    for (const JsonValue item : items)
      if (lacks_parent(item) && !is_known(item, known))
        parents.emplace_back(parent_number(item.at("comment")));
    std::ranges::sort(parents);
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    return parents;
  }

  /// One parent a request: there is no way to ask for many.
  Result<Page> look_up_parent(Step& step) {
    auto& parents = waiting_->parents;
    auto answer = ask(step, with_query(method("comment"), {{"id", parents.back()}}));
    if (!answer && answer.error().kind == Error::Kind::network) return answer.error();
    const int refused = answer ? answer->page.refused_status : 0;
    if (refused == 429 || refused == 503) return std::move(answer->page);
    if (answer && answer->json) note_id(answer->json->root().at("comment_view.comment"));
    parents.pop_back();
    if (++waiting_->lookups >= most_lookups) parents.clear();
    const auto wait = answer ? answer->page.wait : std::nullopt;
    if (!parents.empty() && !wait) return Page{};

    Page page = std::move(waiting_->page);
    page.wait = wait;
    add_all(list_of(waiting_->json.root()), waiting_->known, step.now, page);
    step.place = std::move(waiting_->place);
    step.goes_on = waiting_->goes_on;
    waiting_.reset();
    return page;
  }

  /// A comment that comes again has its parent from the first time, and is no reason to ask for
  /// that once more.
  void add_all(JsonValue items, Count known, Instant now, Page& page) const {
    for (const JsonValue item : items) {
      ++page.rows;
      if (!is_known(item, known) || !lacks_parent(item)) add(item, now, page);
    }
  }

  void add(JsonValue view, Instant now, Page& page) const {
    const JsonValue said = said_of(view);
    const auto id = said.at("ap_id").text();
    if (id.empty()) return refuse_item(page, "a post without ap_id");
    if (said.at("deleted").is_true() || said.at("removed").is_true()) {
      page.removed.push_back({page.posts.texts.keep(network_), page.posts.texts.keep(id)});
      return;
    }
    const auto posted_at = time_of(said);
    if (!posted_at) return refuse_item(page, fmt::format("{}: no date that can be read", id));
    const bool is_comment = static_cast<bool>(view.at("comment"));
    const std::string text =
        is_comment ? own_markdown_text(said.at("content").text()) : text_of_post(said);
    if (text.empty()) return refuse_item(page, fmt::format("{}: no text", id));
    const std::string parent = is_comment ? parent_id(view) : std::string{};
    const auto channel =
        config_.channel.empty()
            ? without_scheme_and_query(either(view.at("community"), "ap_id", "actor_id").text())
            : std::string_view{config_.channel};
    const JsonValue creator = view.at("creator");
    const JsonValue counts = view.at("counts") ? view.at("counts") : said;
    add_post(page.posts,
             {.network = network_,
              .native_id = id,
              .channel = channel,
              .author_id = either(creator, "ap_id", "actor_id").text(),
              .author_name = creator.at("name").text(),
              .text = text,
              .parent_id = parent,
              .root_id = is_comment ? view.at("post.ap_id").text() : std::string_view{},
              .url = id.starts_with("http") ? id : std::string_view{},
              .source = config_.name,
              .posted_at = *posted_at,
              .edited_at =
                  parse_rfc3339(either(said, "updated_at", "updated").text()).value_or(Instant{}),
              .engagement = {.likes = counts.at("score").count(),
                             .replies = either(counts, "comments", "child_count").count(),
                             .observed_at = now},
              .filtered = config_.filtered || !query_.empty()});
  }

  /// Title, words and the link that was shared, a line each.
  static std::string text_of_post(JsonValue post) {
    std::string text{post.at("name").text()};
    append_line(text, own_markdown_text(post.at("body").text()));
    append_line(text, post.at("url").text());
    return text;
  }

  std::string parent_id(JsonValue view) const {
    const auto number = parent_number(view.at("comment"));
    if (number.empty()) return std::string{view.at("post.ap_id").text()};
    const auto known = ids_.find(number);
    // So are comments called that were written on this server.
    return known != ids_.end() ? known->second : fmt::format("{}/comment/{}", base_, number);
  }

  const SourceConfig config_;
  const std::string base_;
  const std::string network_;
  const std::string query_;
  const bool newer_;
  const std::optional<Instant> since_;
  std::map<std::string, std::string, std::less<>> ids_;  ///< Of all comments seen in this run.
  std::optional<Waiting> waiting_;
  bool reads_comments_ = false;  ///< In this run; posts come first.
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_lemmy(const SourceConfig& config) {
  if (config.url.empty()) return fault("lemmy needs the 'url' of a server");
  if (const auto api = config.option("api"); !api.empty() && api != "v3" && api != "v4")
    return fault(fmt::format("'api' is v3 or v4, and not '{}'", api));
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<Lemmy>(config)};
}

constexpr SourceOption options[] = {
    {.name = "community",
     .value = "NAME",
     .help = "only posts of one community: name, or name@server"},
    {.name = "search", .value = "WORDS", .help = "only posts and comments with these words"},
    {.name = "local", .value = "", .help = "only what was written on this server"},
    {.name = "api", .value = "VERSION", .help = "v3, which all servers know, or v4; default: v3"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_lemmy() {
  return {.options = options, .make = make_lemmy};
}

}  // namespace earshot
