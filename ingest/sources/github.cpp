#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/own_markdown.hpp"
#include "ingest/time_walk.hpp"
#include "ingest/url.hpp"

namespace earshot {

namespace {

// Issues (pull requests are issues, too) and the comments on them, in the order in which they were
// changed last. Source: https://docs.github.com/en/rest/issues
//
// A comment names its issue by address only, so that posts are called by what an address says:
// "owner/name#13" and "owner/name#issuecomment-987".

constexpr std::string_view public_url = "https://api.github.com";
constexpr std::string_view page_size = "100";
constexpr std::uint64_t most_pages = 10;  // of a search; more is refused

/// "owner/name" and "13" of ".../repos/owner/name/issues/13".
struct IssueName {
  std::string_view repository;
  std::string_view number;
};

std::optional<IssueName> issue_name(std::string_view address) {
  constexpr std::string_view before = "/repos/";
  constexpr std::string_view between = "/issues/";
  const auto repos = address.find(before);
  if (repos == std::string_view::npos) return {};
  address.remove_prefix(repos + before.size());
  const auto issues = address.rfind(between);
  if (issues == std::string_view::npos) return {};
  const IssueName name{address.substr(0, issues), address.substr(issues + between.size())};
  if (name.repository.empty() || name.number.empty()) return {};
  return name;
}

bool is_repository(std::string_view name) {
  const auto slash = name.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < name.size() &&
         name.find_first_of("/ ?#", slash + 1) == std::string_view::npos &&
         name.find_first_of(" ?#") == std::string_view::npos;
}

class GitHub final : public Source {
 public:
  explicit GitHub(const SourceConfig& config)
      : config_{config},
        network_{config.network},
        repository_{config.option("repository")},
        query_{config.option("search")},
        since_{unix_seconds(parse_rfc3339(config.option("since")))} {
    if (network_.empty())
      network_ = config.url == public_url ? "github" : std::string{host_of(config.url)};
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    TimeWalk issues = TimeWalk::read(state.cursor, "issues");
    TimeWalk comments = TimeWalk::read(state.cursor, "comments");
    TimeWalk& walk = reads_comments_ ? comments : issues;
    walk.begin(since_);
    auto request = request_for(url_of(walk), state);
    if (!state.etag.empty() && !reads_comments_)
      request.headers.emplace_back("If-None-Match", state.etag);
    auto answer = get_json(http, request, now);
    if (!answer) return answer.error();
    if (answer->page.refused_status != 0) {
      reads_comments_ = false;
      return std::move(answer->page);
    }
    auto goes_on = read(*answer, request, walk, now);
    if (!goes_on) return goes_on.error();
    Page page = std::move(answer->page);
    const bool to_comments = !*goes_on && !reads_comments_ && !repository_.empty();
    if (!*goes_on) reads_comments_ = to_comments;
    page.more = *goes_on || to_comments;
    page.gapless = true;
    issues.add_to(page.next_cursor, "issues");
    comments.add_to(page.next_cursor, "comments");
    return page;
  }

  std::size_t rereads() const override { return 1; }

  bool can_reread(const Post& post) const override { return !url_of(post.native_id).empty(); }

  /// What went to another repository is another post there, and stays as it is here.
  Result<Page> reread(HttpClient& http, const FetchState& state, std::span<const Post> posts,
                      Instant now) override {
    const auto asked = posts[0].native_id;
    auto answer = get_json(http, request_for(url_of(asked), state), now);
    if (!answer) return answer.error();
    Page page = std::move(answer->page);
    const int refused = page.refused_status;
    if (refused == 404 || refused == 410 || refused == 451) {
      page.refused_status = 0;
      note_missing(page, network_, {&asked, 1});
    } else if (answer->json) {
      ++page.rows;
      add(answer->json->root(), now, page);
      std::erase_if(page.posts.posts, [&](const Post& post) { return post.native_id != asked; });
    }
    return page;
  }

 private:
  /// Where an issue, "owner/name#13", or a comment, "owner/name#issuecomment-987", is asked for;
  /// empty if the id is neither.
  std::string url_of(std::string_view id) const {
    constexpr std::string_view comment = "issuecomment-";
    const auto hash = id.rfind('#');
    if (hash == std::string_view::npos || !is_repository(id.substr(0, hash))) return {};
    auto number = id.substr(hash + 1);
    const bool is_comment = number.starts_with(comment);
    if (is_comment) number.remove_prefix(comment.size());
    if (number.empty() || number.find_first_not_of("0123456789") != std::string_view::npos)
      return {};
    return fmt::format("{}/repos/{}/issues{}/{}", without_slash(config_.url), id.substr(0, hash),
                       is_comment ? "/comments" : "", number);
  }

  std::string url_of(const TimeWalk& walk) const {
    const std::string base{without_slash(config_.url)};
    const std::string_view order = walk.only_newest() ? "desc" : "asc";
    const std::string page = walk.page > 1 ? std::to_string(walk.page) : std::string{};
    const std::string since =
        walk.from ? format_instant(from_unix(static_cast<std::int64_t>(*walk.from))) : "";
    if (!query_.empty())
      return with_query(base + "/search/issues",
                        {{"q", walk.from ? fmt::format("{} updated:>={}", query_, since) : query_},
                         {"sort", "updated"},
                         {"order", order},
                         {"per_page", page_size},
                         {"page", page}});
    return with_query(
        fmt::format("{}/repos/{}/issues{}", base, repository_, reads_comments_ ? "/comments" : ""),
        {{"state", reads_comments_ ? "" : "all"},
         {"sort", "updated"},
         {"direction", order},
         {"since", since},
         {"per_page", page_size},
         {"page", page}});
  }

  HttpRequest request_for(std::string url, const FetchState& state) const {
    const std::string authorization =
        state.token.empty() ? std::string{} : fmt::format("Bearer {}", state.token);
    auto request = api_request(config_, std::move(url), authorization);
    request.headers.emplace_back("X-GitHub-Api-Version", "2022-11-28");
    return request;
  }

  /// True if the walk goes on.
  Result<bool> read(ApiAnswer& answer, const HttpRequest& request, TimeWalk& walk,
                    Instant now) const {
    if (!answer.json) return walk.move_on({}, {}, false, most_pages);  // nothing has changed
    const JsonValue root = answer.json->root();
    const JsonValue items = query_.empty() ? root : root.at("items");
    if (!items.is_list())
      return Error{Error::Kind::format,
                   fmt::format("{}: not a list of issues", shown_url(request.url))};
    if (root.at("incomplete_results").is_true())
      return Error{Error::Kind::network,
                   fmt::format("{}: GitHub gave up the search before its end; ask for less",
                               shown_url(request.url))};
    Page& page = answer.page;
    Count last;
    Count latest;
    for (const JsonValue item : items) {
      ++page.rows;
      add(item, now, page);
      const Count time = unix_seconds(parse_rfc3339(item.at("updated_at").text()));
      if (time) last = time;
      if (time && (!latest || *time > *latest)) latest = time;
    }
    const bool more = !link_target(answer.header("link"), "next").empty();
    if (more || reads_comments_)
      page.etag.clear();  // stands for a whole list of issues, or nothing
    return walk.move_on(last, latest, more, most_pages);
  }

  void add(JsonValue item, Instant now, Page& page) const {
    const JsonValue issue = item.at("issue_url");
    const bool is_comment = static_cast<bool>(issue);
    const auto name = issue_name(is_comment ? issue.text() : item.at("url").text());
    const auto number = is_comment ? item.at("id").text() : std::string_view{};
    if (!name || (is_comment && number.empty()))
      return refuse_item(page, "an issue or comment without address");
    const std::string thread = fmt::format("{}#{}", name->repository, name->number);
    const std::string id =
        is_comment ? fmt::format("{}#issuecomment-{}", name->repository, number) : thread;
    const auto posted_at = parse_rfc3339(item.at("created_at").text());
    if (!posted_at) return refuse_item(page, fmt::format("{}: no date that can be read", id));
    std::string text{item.at("title").text()};
    append_line(text, own_markdown_text(item.at("body").text()));
    if (text.empty()) return refuse_item(page, fmt::format("{}: no text", id));

    const auto changed = parse_rfc3339(item.at("updated_at").text());
    const auto address = item.at("html_url").text();
    add_post(page.posts, {.network = network_,
                          .native_id = id,
                          .channel = config_.channel.empty() ? name->repository : config_.channel,
                          .author_id = item.at("user.id").text(),
                          .author_name = item.at("user.login").text(),
                          .text = text,
                          .parent_id = is_comment ? std::string_view{thread} : std::string_view{},
                          .root_id = is_comment ? std::string_view{thread} : std::string_view{},
                          .url = address.starts_with("http") ? address : std::string_view{},
                          .source = config_.name,
                          .posted_at = *posted_at,
                          .edited_at = changed && *changed > *posted_at ? *changed : Instant{},
                          .engagement = {.likes = item.at("reactions.total_count").count(),
                                         .replies = item.at("comments").count(),
                                         .observed_at = now},
                          .filtered = config_.filtered || !query_.empty()});
  }

  const SourceConfig config_;
  std::string network_;
  const std::string repository_;
  const std::string query_;
  const Count since_;
  bool reads_comments_ = false;  ///< In this run.
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_github(const SourceConfig& config) {
  const auto repository = config.option("repository");
  if (repository.empty() == config.option("search").empty())
    return fault("github needs either 'repository' or 'search'");
  if (config.url.empty()) return fault("github needs a 'url'");
  if (!repository.empty() && !is_repository(repository))
    return fault(fmt::format("'repository' is owner/name, and not '{}'", repository));
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<GitHub>(config)};
}

constexpr SourceOption options[] = {
    {.name = "repository",
     .value = "OWNER/NAME",
     .help = "issues, pull requests and the comments on them"},
    {.name = "search", .value = "WORDS", .help = "issues that a search finds, as GitHub spells it"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_github() {
  return {.options = options, .url = public_url, .token = TokenUse::optional, .make = make_github};
}

}  // namespace earshot
