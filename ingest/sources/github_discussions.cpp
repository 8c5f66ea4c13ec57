#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/own_markdown.hpp"
#include "ingest/time_walk.hpp"
#include "ingest/url.hpp"
#include "store/base/json_text.hpp"

namespace earshot {

namespace {

// Discussions have no REST API, only GraphQL, which is for accounts only. Source:
// https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
//
// Of the replies to one comment the first 50 are read. Discussions share their numbers with issues,
// and are called like them: "owner/name#13", and "owner/name#discussioncomment-987" for comments
// and the replies to these.

constexpr std::string_view public_url = "https://api.github.com";
constexpr std::size_t most_threads = 100;  // whose comments are still to be read

constexpr std::string_view post_fields =
    "databaseId url body createdAt lastEditedAt upvoteCount author { login ... on User "
    "{ databaseId } }";

/// A discussion that has more comments than come with it.
struct Thread {
  std::string node;    ///< GitHub's own id of it.
  std::string cursor;  ///< Behind the last comment that was read.
};

/// How far the source is; discussions go from those changed last to those changed long ago.
struct Place {
  Count newest;      ///< All up to this time is read.
  Count top;         ///< On a walk: where it began,
  std::string page;  ///< and the server's own cursor.
  std::vector<Thread> threads;

  static Place read(std::string_view cursor);
  std::string text() const;
};

Place Place::read(std::string_view cursor) {
  Place place{cursor_number(cursor, "newest"),
              cursor_number(cursor, "top"),
              std::string{cursor_value(cursor, "page")},
              {}};
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
  if (newest) add_to_cursor(text, "newest", std::to_string(*newest));
  if (top) add_to_cursor(text, "top", std::to_string(*top));
  add_to_cursor(text, "page", page);
  for (std::size_t i = 0; i < threads.size(); ++i)
    add_to_cursor(text, fmt::format("thread{}", i), threads[i].node + " " + threads[i].cursor);
  return text;
}

std::string comments_of(std::string_view arguments) {
  return fmt::format(
      "comments({0}) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {1} "
      "replies(first: 50) {{ totalCount nodes {{ {1} }} }} }} }}",
      arguments, post_fields);
}

/// What stands around a post; the post itself is told of in the same words everywhere.
struct Said {
  JsonValue post;
  std::string_view repository;
  std::string id;
  std::string_view parent;
  std::string_view root;
  Count replies;
};

class GitHubDiscussions final : public Source {
 public:
  explicit GitHubDiscussions(const SourceConfig& config)
      : config_{config},
        url_{without_slash(config.url)},
        network_{config.network},
        repository_{config.option("repository")},
        since_{unix_seconds(parse_rfc3339(config.option("since")))} {
    const auto slash = repository_.find('/');
    owner_ = repository_.substr(0, slash);
    name_ = repository_.substr(slash + 1);
    if (network_.empty()) network_ = url_ == public_url ? "github" : std::string{host_of(url_)};
    // A server of one's own has both APIs side by side: /api/v3 and /api/graphql.
    constexpr std::string_view rest = "/v3";
    if (url_.ends_with(rest)) url_.resize(url_.size() - rest.size());
    url_ += "/graphql";
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Place place = Place::read(state.cursor);
    const bool lists = place.threads.empty();
    auto request = api_request(config_, url_, fmt::format("Bearer {}", state.token));
    request.headers.emplace_back("Content-Type", "application/json");
    request.post = lists ? list_query(place) : thread_query(place.threads.front());
    auto answer = get_json(http, request, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    Page page = std::move(answer->page);
    const JsonValue root = answer->json->root();
    if (limited(root, page)) return page;
    const bool read = lists ? read_list(root.at("data.repository.discussions"), place, now, page)
                            : read_thread(root, place, now, page);
    if (!read)
      return Error{Error::Kind::format, fmt::format("{}: {}", shown_url(url_), fault_of(root))};
    page.gapless = true;
    page.next_cursor = place.text();
    page.more = !place.page.empty() || !place.threads.empty();
    return page;
  }

 private:
  std::string query(
      std::string_view text,
      std::initializer_list<std::pair<std::string_view, std::string_view>> variables) const {
    std::string body = "{\"query\":";
    append_json_string(body, text);
    body += ",\"variables\":{";
    for (const auto& [name, value] : variables) {
      if (body.back() != '{') body += ',';
      append_json_string(body, name);
      body += ':';
      if (value.empty())
        body += "null";
      else
        append_json_string(body, value);
    }
    return body += "}}";
  }

  std::string list_query(const Place& place) const {
    return query(
        fmt::format(
            "query($owner: String!, $name: String!, $after: String) {{ repository(owner: $owner, "
            "name: $name) {{ discussions(first: 25, after: $after, orderBy: {{field: UPDATED_AT, "
            "direction: DESC}}) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ id number title "
            "updatedAt repository {{ nameWithOwner }} {} {} }} }} }} }}",
            post_fields, comments_of("first: 50")),
        {{"owner", owner_}, {"name", name_}, {"after", place.page}});
  }

  std::string thread_query(const Thread& thread) const {
    return query(fmt::format("query($id: ID!, $after: String) {{ node(id: $id) {{ ... on "
                             "Discussion {{ id number repository {{ nameWithOwner }} {} }} }} }}",
                             comments_of("first: 50, after: $after")),
                 {{"id", thread.node}, {"after", thread.cursor}});
  }

  /// A used-up budget is told with status 200.
  static bool limited(JsonValue root, Page& page) {
    for (const JsonValue error : root.at("errors")) {
      if (error.at("type").text() != "RATE_LIMITED") continue;
      page.refused_status = 429;
      return true;
    }
    return false;
  }

  static std::string fault_of(JsonValue root) {
    for (const JsonValue error : root.at("errors"))
      if (!error.at("message").text().empty())
        return fmt::format("GitHub says '{}'", error.at("message").text());
    return "not a list of discussions";
  }

  bool read_list(JsonValue discussions, Place& place, Instant now, Page& page) const {
    const JsonValue nodes = discussions.at("nodes");
    if (!nodes.is_list()) return false;
    const Count floor = floor_of(place);
    bool arrived = !floor;
    for (const JsonValue node : nodes) {
      const Count time = unix_seconds(parse_rfc3339(node.at("updatedAt").text()));
      if (time && (!place.top || *time > *place.top)) place.top = time;
      arrived |= time && floor && *time < *floor;
      add_discussion(node, place, now, page);
    }
    const auto next = discussions.at("pageInfo.endCursor").text();
    const bool more = discussions.at("pageInfo.hasNextPage").is_true();
    if (!arrived && more && !next.empty() && next != place.page) {
      place.page = next;
      return true;
    }
    if (place.top && (!place.newest || *place.top > *place.newest)) place.newest = place.top;
    place.top.reset();
    place.page.clear();
    return true;
  }

  Count floor_of(const Place& place) const {
    constexpr auto late = static_cast<std::uint64_t>(TimeWalk::overlap.count());
    return place.newest ? Count{*place.newest - std::min(*place.newest, late)} : since_;
  }

  /// A discussion that is gone by now has no node.
  bool read_thread(JsonValue root, Place& place, Instant now, Page& page) const {
    if (!root.at("data").is_object()) return false;
    place.threads.erase(place.threads.begin());
    const JsonValue node = root.at("data.node");
    if (node) add_comments(node, place, now, page);
    return true;
  }

  void add_discussion(JsonValue node, Place& place, Instant now, Page& page) const {
    const auto number = node.at("number").text();
    if (number.empty()) {
      ++page.rows;
      return refuse_item(page, "a discussion without number");
    }
    const std::string_view repository = repository_of(node);
    add({.post = node,
         .repository = repository,
         .id = fmt::format("{}#{}", repository, number),
         .parent = {},
         .root = {},
         .replies = node.at("comments.totalCount").count()},
        now, page);
    add_comments(node, place, now, page);
  }

  void add_comments(JsonValue node, Place& place, Instant now, Page& page) const {
    const std::string_view repository = repository_of(node);
    const std::string thread = fmt::format("{}#{}", repository, node.at("number").text());
    const JsonValue comments = node.at("comments");
    for (const JsonValue comment : comments.at("nodes")) {
      const std::string id = comment_id(repository, comment);
      add({.post = comment,
           .repository = repository,
           .id = id,
           .parent = thread,
           .root = thread,
           .replies = comment.at("replies.totalCount").count()},
          now, page);
      for (const JsonValue reply : comment.at("replies.nodes"))
        add({.post = reply,
             .repository = repository,
             .id = comment_id(repository, reply),
             .parent = id,
             .root = thread,
             .replies = {}},
            now, page);
    }
    const auto id = node.at("id").text();
    const auto next = comments.at("pageInfo.endCursor").text();
    if (comments.at("pageInfo.hasNextPage").is_true() && !id.empty() && !next.empty() &&
        id.find_first_of(" \n") == std::string_view::npos && place.threads.size() < most_threads)
      place.threads.push_back({std::string{id}, std::string{next}});
  }

  /// As GitHub spells it now, whatever the config does.
  std::string_view repository_of(JsonValue discussion) const {
    const auto name = discussion.at("repository.nameWithOwner").text();
    return name.empty() ? std::string_view{repository_} : name;
  }

  /// Empty if it has none.
  static std::string comment_id(std::string_view repository, JsonValue comment) {
    const auto number = comment.at("databaseId").text();
    return number.empty() ? std::string{}
                          : fmt::format("{}#discussioncomment-{}", repository, number);
  }

  void add(const Said& said, Instant now, Page& page) const {
    ++page.rows;
    if (said.id.empty()) return refuse_item(page, "a comment without databaseId");
    const auto posted_at = parse_rfc3339(said.post.at("createdAt").text());
    if (!posted_at) return refuse_item(page, fmt::format("{}: no date that can be read", said.id));
    std::string text{said.post.at("title").text()};
    append_line(text, own_markdown_text(said.post.at("body").text()));
    if (text.empty()) return refuse_item(page, fmt::format("{}: no text", said.id));
    const auto address = said.post.at("url").text();
    add_post(
        page.posts,
        {.network = network_,
         .native_id = said.id,
         .channel = config_.channel.empty() ? said.repository : std::string_view{config_.channel},
         .author_id = said.post.at("author.databaseId").text(),
         .author_name = said.post.at("author.login").text(),
         .text = text,
         .parent_id = said.parent,
         .root_id = said.root,
         .url = address.starts_with("http") ? address : std::string_view{},
         .source = config_.name,
         .posted_at = *posted_at,
         .edited_at = parse_rfc3339(said.post.at("lastEditedAt").text()).value_or(Instant{}),
         .engagement = {.likes = said.post.at("upvoteCount").count(),
                        .replies = said.replies,
                        .observed_at = now},
         .filtered = config_.filtered});
  }

  const SourceConfig config_;
  std::string url_;
  std::string network_;
  const std::string repository_;
  std::string owner_;
  std::string name_;
  const Count since_;
};

bool is_repository(std::string_view name) {
  const auto slash = name.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < name.size() &&
         name.find('/', slash + 1) == std::string_view::npos &&
         name.find_first_of(" ?#") == std::string_view::npos;
}

Result<std::unique_ptr<Source>> make_github_discussions(const SourceConfig& config) {
  const auto fault = [](std::string message) {
    return Error{Error::Kind::config, std::move(message)};
  };
  if (config.url.empty()) return fault("github_discussions needs a 'url'");
  if (const auto name = config.option("repository"); !is_repository(name))
    return fault(fmt::format("'repository' is owner/name, and not '{}'", name));
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<GitHubDiscussions>(config)};
}

constexpr SourceOption options[] = {
    {.name = "repository",
     .value = "OWNER/NAME",
     .help = "its discussions, the comments on them and the replies to these",
     .needed = true},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_github_discussions() {
  return {.options = options,
          .url = public_url,
          .token = TokenUse::needed,
          .make = make_github_discussions};
}

}  // namespace earshot
