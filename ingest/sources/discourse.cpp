#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/html_text.hpp"
#include "ingest/url.hpp"

namespace earshot {

namespace {

// Source: https://docs.discourse.org, and the answers of sites.
//
// A post says which number of its topic it answers. So posts are called by topic and number,
// "57/14", as in their addresses, and replies join without another request.

constexpr std::size_t most_wanted = 100;

/// An element that has nothing of the author's.
struct Foreign {
  std::string_view open;
  std::string_view tag;
  std::string_view close;
};
constexpr Foreign foreign_elements[] = {{"<aside", "<aside", "</aside>"},
                                        {"<div class=\"meta\"", "<div", "</div>"}};

/// Without `<aside>`s (what is quoted from others, previews of links) and the sizes of pictures.
std::string own_words(std::string_view cooked) {
  std::string words;
  const Foreign* foreign = nullptr;
  int open = 0;
  std::size_t begin = 0;  // of what is kept, while nothing foreign is open
  for (auto at = cooked.find('<'); at != std::string_view::npos; at = cooked.find('<', at + 1)) {
    const auto rest = cooked.substr(at);
    if (foreign == nullptr) {
      const auto* const found = std::ranges::find_if(
          foreign_elements, [&](const Foreign& each) { return rest.starts_with(each.open); });
      if (found == std::end(foreign_elements)) continue;
      words += cooked.substr(begin, at - begin);
      foreign = found;
      open = 1;
    } else if (rest.starts_with(foreign->tag)) {
      ++open;
    } else if (rest.starts_with(foreign->close) && --open == 0) {
      begin = at + foreign->close.size();
      foreign = nullptr;
    }
  }
  if (foreign == nullptr) words += cooked.substr(begin);
  return words;
}

/// With pictures replaced by what they are said to show: those that stand for a face, or all.
std::string with_pictures(std::string_view html, bool all) {
  constexpr std::string_view before = " alt=\"";
  std::string words;
  for (auto open = html.find("<img "); open != std::string_view::npos; open = html.find("<img ")) {
    const auto close = std::min(html.find('>', open), html.size());
    const auto tag = html.substr(open, close - open);
    words += html.substr(0, open);
    html.remove_prefix(close);
    if (html.starts_with('>')) html.remove_prefix(1);
    const auto alt = tag.find(before);
    if (alt == std::string_view::npos) continue;
    const auto text = tag.substr(alt + before.size());
    if (all || tag.find("class=\"emoji") != std::string_view::npos)
      words += text.substr(0, text.find('"'));
  }
  return words += html;
}

std::string text_of(std::string_view cooked) {
  const std::string own = own_words(cooked);
  std::string text = html_text(with_pictures(own, false));
  if (text.empty()) text = html_text(with_pictures(own, true));
  return text.empty() ? html_text(cooked) : text;
}

Count likes_of(JsonValue post) {
  const JsonValue actions = post.at("actions_summary");
  for (const JsonValue action : actions)
    if (action.at("id").text() == "2") return action.at("count").count().value_or(0);
  return actions.is_list() ? Count{0} : Count{};  // what nobody did is left out
}

/// A post that a search has found and that is still to be read.
struct Wanted {
  std::string topic;
  std::string number;
};

/// How far the source is. The cursor has a line for each of these that is known.
struct Place {
  Count newest;  ///< All up to this id is read.
  Count top;     ///< On a walk from new to old: where it began,
  Count back;    ///< and the id, or the page of a search, that it is at.
  std::vector<Wanted> wanted;

  static Place read(std::string_view cursor);
  std::string text() const;
  void arrive();
};

Place Place::read(std::string_view cursor) {
  Place place{.newest = cursor_number(cursor, "newest"),
              .top = cursor_number(cursor, "top"),
              .back = cursor_number(cursor, "back"),
              .wanted = {}};
  for (std::size_t i = 0; i < most_wanted; ++i) {
    const auto post = cursor_value(cursor, fmt::format("post{}", i));
    const auto slash = post.find('/');
    if (slash == std::string_view::npos) break;
    place.wanted.push_back(
        {std::string{post.substr(0, slash)}, std::string{post.substr(slash + 1)}});
  }
  return place;
}

std::string Place::text() const {
  std::string text;
  if (newest) add_to_cursor(text, "newest", std::to_string(*newest));
  if (top) add_to_cursor(text, "top", std::to_string(*top));
  if (back) add_to_cursor(text, "back", std::to_string(*back));
  for (std::size_t i = 0; i < wanted.size(); ++i)
    add_to_cursor(text, fmt::format("post{}", i), wanted[i].topic + "/" + wanted[i].number);
  return text;
}

void Place::arrive() {
  if (top && (!newest || *top > *newest)) newest = top;
  top.reset();
  back.reset();
}

/// What a list of posts reaches from and to.
struct Span {
  Count highest;
  Count lowest;
  std::optional<Instant> oldest;  ///< When the lowest was posted.
};

Span span_of(JsonValue posts) {
  Span span;
  for (const JsonValue post : posts) {
    const Count id = post.at("id").count();
    if (!id) continue;
    if (!span.highest || *id > *span.highest) span.highest = id;
    if (span.lowest && *id >= *span.lowest) continue;
    span.lowest = id;
    span.oldest = parse_rfc3339(post.at("created_at").text());
  }
  return span;
}

/// What an answer says of a topic apart from its posts.
struct Topic {
  std::string_view title;
  std::string_view category;
};

class Discourse final : public Source {
 public:
  explicit Discourse(const SourceConfig& config)
      : config_{config},
        base_{without_slash(config.url)},
        host_{host_of(config.url)},
        network_{config.network.empty() ? host_ : config.network},
        query_{config.option("search")},
        category_{config.option("category")},
        since_{parse_rfc3339(config.option("since"))} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Place place = Place::read(state.cursor);
    auto page = !place.wanted.empty() ? read_topic(http, place, now)
                : query_.empty()      ? read_latest(http, place, now)
                                      : search(http, place, now);
    if (!page || page->refused_status != 0) return page;
    page->gapless = true;
    page->next_cursor = place.text();
    page->more = place.back || !place.wanted.empty();
    return page;
  }

  std::size_t rereads() const override { return 1; }

  bool can_reread(const Post& post) const override {
    return post.native_id.find('/') != std::string_view::npos &&
           post.native_id.find_first_not_of("0123456789/") == std::string_view::npos;
  }

  /// With its topic, as a post alone does not say in which category it is.
  Result<Page> reread(HttpClient& http, const FetchState&, std::span<const Post> posts,
                      Instant now) override {
    const auto asked = posts[0].native_id;
    const auto slash = asked.find('/');
    const Wanted wanted{std::string{asked.substr(0, slash)}, std::string{asked.substr(slash + 1)}};
    auto answer = ask(http, topic_url(wanted), now);
    if (!answer) return answer.error();
    Page page = std::move(answer->page);
    const bool gone = is_hidden(page.refused_status);
    if (!gone && !answer->json) return page;
    page.refused_status = 0;
    bool shown = false;
    if (answer->json) {
      const JsonValue root = answer->json->root();
      if (!root.at("post_stream.posts").is_list()) return not_posts(topic_url(wanted));
      for (const JsonValue post : root.at("post_stream.posts")) {
        if (post.at("post_number").text() != wanted.number) continue;
        shown = true;
        add(post, topic_of(root), now, page);
      }
    }
    if (!shown) note_missing(page, network_, {&asked, 1});
    return page;
  }

 private:
  std::string topic_url(const Wanted& wanted) const {
    return fmt::format("{}/t/{}/{}.json", base_, url_encoded(wanted.topic),
                       url_encoded(wanted.number));
  }

  /// True if that answer means that a topic is not to be seen, by us or by anybody.
  static bool is_hidden(int status) { return status == 403 || status == 404 || status == 410; }

  static Topic topic_of(JsonValue root) {
    return {root.at("title").text(), root.at("category_id").text()};
  }

  Result<ApiAnswer> ask(HttpClient& http, const std::string& url, Instant now) const {
    return get_json(http, api_request(config_, url, {}), now);
  }

  static Error not_posts(std::string_view url) {
    return {Error::Kind::format, fmt::format("{}: not a list of posts", shown_url(url))};
  }

  Result<Page> read_latest(HttpClient& http, Place& place, Instant now) const {
    const std::string before = place.back ? std::to_string(*place.back) : std::string{};
    const std::string url = with_query(base_ + "/posts.json", {{"before", before}});
    auto answer = ask(http, url, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue posts = answer->json->root().at("latest_posts");
    if (!posts.is_list()) return not_posts(url);
    for (const JsonValue post : posts) {
      const Topic topic{post.at("topic_title").text(), post.at("category_id").text()};
      add(post, topic, now, answer->page);
    }
    move_on(place, span_of(posts));
    return std::move(answer->page);
  }

  /// Older servers give the 50 ids before `before`, which may all be hidden, and that one too;
  /// newer ones the 50 posts before it.
  void move_on(Place& place, const Span& span) const {
    constexpr std::uint64_t page_ids = 50;
    if (!place.top) place.top = span.highest;
    if (!span.lowest) {
      if (!place.newest || !place.back || *place.back <= *place.newest + page_ids)
        return place.arrive();
      place.back = *place.back - page_ids;
      return;
    }
    const bool known = place.newest && *span.lowest <= *place.newest;
    const bool floor = place.newest || (since_ && span.oldest && *span.oldest > *since_);
    if (known || !floor || *span.lowest <= 1) return place.arrive();
    const bool nearer = !place.back || *span.lowest < *place.back;
    place.back = nearer ? *span.lowest : *place.back - std::min<std::uint64_t>(*place.back, 1);
    if (*place.back == 0) place.arrive();
  }

  /// Finds out which posts are new. A search shows only the beginning of their words.
  Result<Page> search(HttpClient& http, Place& place, Instant now) const {
    const std::string number = place.back ? std::to_string(*place.back) : std::string{};
    const std::string url =
        with_query(base_ + "/search.json", {{"q", query_ + " order:latest"}, {"page", number}});
    auto answer = ask(http, url, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue root = answer->json->root();
    const JsonValue result = root.at("grouped_search_result");
    const JsonValue posts = root.at("posts");
    // A site that finds nothing leaves the list out.
    if (!posts.is_list() && !result.is_object()) return not_posts(url);
    for (const JsonValue post : posts) want(post, place);
    const Span span = span_of(posts);
    if (!place.top) place.top = span.highest;
    const bool known = place.newest && span.lowest && *span.lowest <= *place.newest;
    const bool floor = place.newest || (since_ && span.oldest && *span.oldest > *since_);
    const bool more = result.at("more_full_page_results").is_true() && span.lowest;
    if (more && floor && !known)
      place.back = place.back.value_or(1) + 1;
    else
      place.arrive();
    return std::move(answer->page);
  }

  void want(JsonValue post, Place& place) const {
    const Count id = post.at("id").count();
    const Count topic = post.at("topic_id").count();
    const Count number = post.at("post_number").count();
    const auto time = parse_rfc3339(post.at("created_at").text());
    const bool known = place.newest && id && *id <= *place.newest;
    const bool early = since_ && time && *time < *since_;
    if (!id || !topic || !number || known || early || place.wanted.size() >= most_wanted) return;
    place.wanted.push_back({std::to_string(*topic), std::to_string(*number)});
  }

  /// Reads the first post that is wanted with those around it. What is not shown any more is passed
  /// over.
  Result<Page> read_topic(HttpClient& http, Place& place, Instant now) const {
    const Wanted wanted = place.wanted.front();
    const std::string url = topic_url(wanted);
    auto answer = ask(http, url, now);
    if (!answer) return answer.error();
    const int refused = answer->page.refused_status;
    if (refused != 0 && !is_hidden(refused)) return std::move(answer->page);
    place.wanted.erase(place.wanted.begin());
    if (!answer->json) return Page{};
    const JsonValue root = answer->json->root();
    const JsonValue posts = root.at("post_stream.posts");
    if (!posts.is_list()) return not_posts(url);
    const Topic topic = topic_of(root);
    const bool threads = config_.option("threads") == "true";
    for (const JsonValue post : posts) {
      const auto number = post.at("post_number").text();
      const auto same = [&](const Wanted& other) {
        return other.topic == wanted.topic && other.number == number;
      };
      const bool was_wanted = number == wanted.number || std::erase_if(place.wanted, same) > 0;
      if (was_wanted || threads) add(post, topic, now, answer->page);
    }
    return std::move(answer->page);
  }

  void add(JsonValue post, const Topic& topic, Instant now, Page& page) const {
    ++page.rows;
    const auto thread = post.at("topic_id").text();
    const auto number = post.at("post_number").text();
    if (thread.empty() || number.empty())
      return refuse_item(page, "a post without topic or number");
    if (!category_.empty() && topic.category != category_) return;
    const std::string id = fmt::format("{}/{}", thread, number);
    if (post.at("deleted_at") || post.at("user_deleted").is_true()) {
      page.removed.push_back({page.posts.texts.keep(network_), page.posts.texts.keep(id)});
      return;
    }
    // Notes of moderators and of the site itself, whispers, and what is hidden until it is looked
    // at.
    const auto type = post.at("post_type").text();
    if ((!type.empty() && type != "1") || post.at("hidden").is_true()) return;
    const auto posted_at = parse_rfc3339(post.at("created_at").text());
    if (!posted_at) return refuse_item(page, fmt::format("{}: no date that can be read", id));
    std::string text = number == "1" ? squeezed_text(topic.title) : std::string{};
    append_line(text, text_of(post.at("cooked").text()));
    if (text.empty()) return refuse_item(page, fmt::format("{}: no text", id));
    add_words(post, topic, {.native_id = id, .text = text, .posted_at = *posted_at}, now, page);
  }

  void add_words(JsonValue post, const Topic& topic, Post made, Instant now, Page& page) const {
    const auto thread = post.at("topic_id").text();
    const auto answered = post.at("reply_to_post_number").text();
    const bool first = post.at("post_number").text() == "1";
    const std::string root = fmt::format("{}/1", thread);
    const std::string parent = answered.empty() ? root : fmt::format("{}/{}", thread, answered);
    const std::string channel = !config_.channel.empty() ? config_.channel
                                : topic.category.empty()
                                    ? host_
                                    : fmt::format("{}/c/{}", host_, topic.category);
    const auto slug = post.at("topic_slug").text();
    const std::string url =
        fmt::format("{}/t/{}{}{}", base_, slug, slug.empty() ? "" : "/", made.native_id);
    made.network = network_;
    made.channel = channel;
    made.author_id = post.at("user_id").text();
    made.author_name = post.at("username").text();
    if (!first) made.parent_id = parent;
    if (!first) made.root_id = root;
    made.url = url;
    made.source = config_.name;
    if (post.at("version").count().value_or(1) > 1)
      made.edited_at = parse_rfc3339(post.at("updated_at").text()).value_or(Instant{});
    made.engagement = {
        .likes = likes_of(post), .replies = post.at("reply_count").count(), .observed_at = now};
    made.filtered = config_.filtered || !query_.empty();
    add_post(page.posts, made);
  }

  const SourceConfig config_;
  const std::string base_;
  const std::string host_;
  const std::string network_;
  const std::string query_;
  const std::string category_;
  const std::optional<Instant> since_;
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_discourse(const SourceConfig& config) {
  if (config.url.empty()) return fault("discourse needs the 'url' of a forum");
  const auto category = config.option("category");
  if (category.find_first_not_of("0123456789") != std::string_view::npos)
    return fault(
        fmt::format("'category' is the number in its address, /c/NAME/7, and not '{}'", category));
  if (config.option("threads") == "true" && config.option("search").empty())
    return fault("'threads' is for a 'search'; without one all posts are read");
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<Discourse>(config)};
}

constexpr SourceOption options[] = {
    {.name = "search",
     .value = "WORDS",
     .help = "only posts that a search finds: words, \"tags:beans\", \"@nell\""},
    {.name = "category", .value = "NUMBER", .help = "only posts of the category /c/NAME/NUMBER"},
    {.name = "threads", .value = "", .help = "with a search, read what stands around a post too"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_discourse() {
  return {.options = options, .make = make_discourse};
}

}  // namespace earshot
