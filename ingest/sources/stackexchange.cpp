#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/html_text.hpp"
#include "ingest/time_walk.hpp"

namespace earshot {

namespace {

// Questions in the order of their last activity, then the answers and comments of those on a page.
// A comment is no activity: late ones are read when the question moves again. Source:
// https://api.stackexchange.com/docs

constexpr std::string_view public_url = "https://api.stackexchange.com/2.3";
constexpr std::size_t page_size = 40;
constexpr std::uint64_t most_pages = 25;  // the service gives no page behind it without a key
constexpr std::size_t most_tasks = 100;

/// A post whose answers or comments are to be read, and the question that it belongs to.
struct Item {
  std::string id;
  std::string question;
};

/// A list that is still to be read: "answers 2 71:71;94:94".
struct Task {
  bool comments = false;
  std::uint64_t page = 1;
  std::vector<Item> items;

  static Task read(std::string_view text);
  std::string text() const;
  std::string ids() const;
};

Task Task::read(std::string_view text) {
  Task task;
  task.comments = text.starts_with("comments ");
  text.remove_prefix(std::min(text.find(' ') + 1, text.size()));
  std::from_chars(text.data(), text.data() + text.size(), task.page);
  text.remove_prefix(std::min(text.find(' ') + 1, text.size()));
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    const auto pair = text.substr(0, end);
    const auto colon = std::min(pair.find(':'), pair.size());
    task.items.push_back({std::string{pair.substr(0, colon)},
                          std::string{pair.substr(std::min(colon + 1, pair.size()))}});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return task;
}

std::string Task::text() const {
  std::string text = fmt::format("{} {} ", comments ? "comments" : "answers", page);
  for (const auto& [id, question] : items) text += fmt::format("{}:{};", id, question);
  return text;
}

std::string Task::ids() const {
  std::string ids;
  for (const Item& item : items) ids += (ids.empty() ? "" : ";") + url_encoded(item.id);
  return ids;
}

struct Place {
  TimeWalk questions;
  std::vector<Task> tasks;

  static Place read(std::string_view cursor) {
    Place place{TimeWalk::read(cursor, "questions"), {}};
    for (std::size_t i = 0; i < most_tasks; ++i) {
      const auto task = cursor_value(cursor, fmt::format("task{}", i));
      if (task.empty()) break;
      place.tasks.push_back(Task::read(task));
    }
    return place;
  }
  std::string text() const {
    std::string text;
    questions.add_to(text, "questions");
    for (std::size_t i = 0; i < tasks.size(); ++i)
      add_to_cursor(text, fmt::format("task{}", i), tasks[i].text());
    return text;
  }
  void add(Task task) {
    if (!task.items.empty() && tasks.size() < most_tasks) tasks.push_back(std::move(task));
  }
};

/// "stackoverflow.com" of the name that the API has for it.
std::string domain_of(std::string_view site) {
  std::string domain{site};
  for (const std::string_view suffix : {".com", ".net"})
    if (site.ends_with(suffix)) return domain;
  for (const std::string_view alone :
       {"stackoverflow", "superuser", "serverfault", "askubuntu", "stackapps"})
    if (site.ends_with(alone)) return domain + ".com";
  return domain + ".stackexchange.com";
}

std::optional<Instant> time_of(Count seconds) {
  constexpr std::uint64_t latest = 253'402'300'799;  // year 9999
  if (!seconds || *seconds > latest) return {};
  return from_unix(static_cast<std::int64_t>(*seconds));
}

/// The service names its waits in the answer: between requests, and until the next day.
void heed_waits(JsonValue root, Instant now, Page& page) {
  constexpr std::uint64_t longest = 86'400;
  const auto wait = [&](std::chrono::seconds time) {
    page.wait = std::max(page.wait.value_or(std::chrono::seconds{0}), time);
  };
  if (const Count backoff = root.at("backoff").count(); backoff && *backoff > 0)
    wait(std::chrono::seconds{std::min(*backoff, longest)});
  if (root.at("quota_remaining").count() == Count{0})
    wait(std::chrono::ceil<std::chrono::days>(now + std::chrono::seconds{1}) - now);
}

/// Too many requests have a status of their own here: 400, "more requests available in 82 seconds".
void read_refusal(ApiAnswer& answer) {
  constexpr std::string_view before = "available in ";
  if (!answer.refusal) return;
  const JsonValue said = answer.refusal->root();
  if (said.at("error_name").text() != "throttle_violation") return;
  answer.page.refused_status = 429;
  const auto message = said.at("error_message").text();
  const auto at = message.find(before);
  if (at == std::string_view::npos) return;
  std::uint32_t seconds = 0;
  const char* const digits = message.data() + at + before.size();
  if (std::from_chars(digits, message.data() + message.size(), seconds).ec == std::errc{})
    answer.page.wait = std::chrono::seconds{seconds};
}

class StackExchange final : public Source {
 public:
  explicit StackExchange(const SourceConfig& config)
      : config_{config},
        base_{without_slash(config.url)},
        network_{config.network.empty() ? "stackexchange" : config.network},
        domain_{domain_of(config.option("site"))},
        channel_{config.channel.empty() ? domain_ : config.channel},
        tag_{config.option("tag")},
        query_{config.option("search")},
        since_{unix_seconds(parse_rfc3339(config.option("since")))} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Place place = Place::read(state.cursor);
    const bool begins = place.tasks.empty();
    if (begins) place.questions.begin(since_);
    auto answer = ask(http, begins ? questions_url(place.questions) : task_url(place.tasks.front()),
                      state, now);
    if (!answer) return answer.error();
    const int refused = answer->page.refused_status;
    const bool passed_over = !begins && (refused == 400 || refused == 404);
    if (refused != 0 && !passed_over) {
      has_asked_ = false;
      return std::move(answer->page);
    }
    Page page = passed_over ? Page{} : std::move(answer->page);
    if (passed_over) place.tasks.erase(place.tasks.begin());
    if (answer->json) {
      const JsonValue root = answer->json->root();
      if (begins)
        read_questions(root, place, now, page);
      else
        read_task(root, place, now, page);
      heed_waits(root, now, page);
    }
    has_asked_ |= begins;
    page.gapless = true;
    page.next_cursor = place.text();
    page.more = place.questions.from || !place.tasks.empty() || !has_asked_;
    if (!page.more) has_asked_ = false;
    return page;
  }

  std::size_t rereads() const override { return most_ids; }

  bool can_reread(const Post& post) const override { return !number_of(post.native_id).empty(); }

  /// Questions, answers and comments are asked for apart.
  Result<Page> reread(HttpClient& http, const FetchState& state, std::span<const Post> posts,
                      Instant now) override {
    const std::size_t kind = next_kind(posts, cursor_number(state.cursor, "kind").value_or(0));
    if (kind == std::size(kinds)) return Page{};
    std::string numbers;
    std::vector<std::string_view> asked;
    std::vector<Item> items;
    for (const Post& post : posts) {
      if (kind_of(post) != kinds[kind]) continue;
      numbers += fmt::format("{}{}", asked.empty() ? "" : ";", number_of(post.native_id));
      asked.push_back(post.native_id);
      items.push_back(
          {std::string{number_of(post.parent_id)}, std::string{number_of(post.root_id)}});
    }
    const std::string url = with_query(fmt::format("{}/{}/{}", base_, kinds[kind], numbers),
                                       {{"site", config_.option("site")},
                                        {"pagesize", std::to_string(most_ids)},
                                        {"filter", "withbody"}});
    auto answer = ask(http, url, state, now);
    if (!answer) return answer.error();
    Page page = std::move(answer->page);
    if (!answer->json) return page;
    const JsonValue root = answer->json->root();
    for (const JsonValue item : root.at("items")) {
      add(item, items, now, page);
      std::erase(asked, id_of(item));
    }
    heed_waits(root, now, page);
    note_missing(page, network_, asked);
    const std::size_t next = next_kind(posts, kind + 1);
    page.more = next < std::size(kinds);
    add_to_cursor(page.next_cursor, "kind", std::to_string(next));
    return page;
  }

 private:
  static constexpr std::size_t most_ids = 100;
  static constexpr std::string_view kinds[] = {"questions", "answers", "comments"};

  /// One of `kinds`. Questions and answers have the same form of ids.
  static std::string_view kind_of(const Post& post) {
    if (post.native_id.find("/comment/") != std::string_view::npos) return kinds[2];
    return post.root_id.empty() ? kinds[0] : kinds[1];
  }

  /// The first kind from this one on that some of the posts are of.
  static std::size_t next_kind(std::span<const Post> posts, std::uint64_t kind) {
    const auto none = [&](std::string_view name) {
      return std::ranges::none_of(posts, [&](const Post& post) { return kind_of(post) == name; });
    };
    while (kind < std::size(kinds) && none(kinds[kind])) ++kind;
    return std::min<std::size_t>(kind, std::size(kinds));
  }

  /// "94" of "gardening.stackexchange.com/94", and "456" of ".../comment/456".
  std::string_view number_of(std::string_view id) const {
    constexpr std::string_view comment = "comment/";
    if (!id.starts_with(domain_ + "/")) return {};
    id.remove_prefix(domain_.size() + 1);
    if (id.starts_with(comment)) id.remove_prefix(comment.size());
    return id.find_first_not_of("0123456789") == std::string_view::npos ? id : std::string_view{};
  }

  Result<ApiAnswer> ask(HttpClient& http, std::string url, const FetchState& state,
                        Instant now) const {
    if (!state.token.empty()) url.append("&key=").append(url_encoded(state.token));
    auto answer = get_json(http, api_request(config_, url, {}), now);
    if (!answer) return answer;
    read_refusal(*answer);
    if (answer->json && !answer->json->root().at("items").is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of posts", shown_url(url))};
    return answer;
  }

  std::string questions_url(const TimeWalk& walk) const {
    const std::string from = walk.from ? std::to_string(*walk.from) : std::string{};
    const std::string page = walk.page > 1 ? std::to_string(walk.page) : std::string{};
    return with_query(base_ + (query_.empty() ? "/questions" : "/search/advanced"),
                      {{"site", config_.option("site")},
                       {"q", query_},
                       {"tagged", tag_},
                       {"sort", "activity"},
                       {"order", walk.only_newest() ? "desc" : "asc"},
                       {"min", from},
                       {"pagesize", std::to_string(page_size)},
                       {"page", page},
                       {"filter", "withbody"}});
  }

  std::string task_url(const Task& task) const {
    return with_query(fmt::format("{}/{}/{}", base_, task.comments ? "posts" : "questions",
                                  task.ids() + (task.comments ? "/comments" : "/answers")),
                      {{"site", config_.option("site")},
                       {"sort", "creation"},
                       {"order", "asc"},
                       {"pagesize", std::to_string(page_size)},
                       {"page", task.page > 1 ? std::to_string(task.page) : std::string{}},
                       {"filter", "withbody"}});
  }

  void read_questions(JsonValue root, Place& place, Instant now, Page& page) const {
    Task answers;
    Task comments{.comments = true, .page = 1, .items = {}};
    const Count known = place.questions.newest;
    Count last;
    Count latest;
    for (const JsonValue question : root.at("items")) {
      const Count id = question.at("question_id").count();
      const Count time = question.at("last_activity_date").count();
      add(question, {}, now, page);
      if (time) last = time;
      if (time && (!latest || *time > *latest)) latest = time;
      const bool comes_again = known && time && *time <= *known;
      if (!id || comes_again || comments.items.size() >= page_size) continue;
      const Item item{std::to_string(*id), std::to_string(*id)};
      comments.items.push_back(item);
      if (question.at("answer_count").count() != Count{0}) answers.items.push_back(item);
    }
    place.questions.move_on(last, latest, root.at("has_more").is_true(), most_pages);
    place.add(std::move(answers));
    place.add(std::move(comments));
  }

  void read_task(JsonValue root, Place& place, Instant now, Page& page) const {
    const Task task = place.tasks.front();
    Task comments{.comments = true, .page = 1, .items = {}};
    for (const JsonValue item : root.at("items")) {
      add(item, task.items, now, page);
      const Count answer = item.at("answer_id").count();
      const Count question = item.at("question_id").count();
      if (answer && question && comments.items.size() < page_size)
        comments.items.push_back({std::to_string(*answer), std::to_string(*question)});
    }
    if (root.at("has_more").is_true() && task.page < most_pages)
      ++place.tasks.front().page;
    else
      place.tasks.erase(place.tasks.begin());
    place.add(std::move(comments));
  }

  /// A question, an answer or a comment; `items` are those that were asked about.
  void add(JsonValue item, const std::vector<Item>& items, Instant now, Page& page) const {
    ++page.rows;
    const std::string id = id_of(item);
    if (id.empty()) return refuse_item(page, "a post without id");
    const auto comment = item.at("comment_id").text();
    const auto answer = item.at("answer_id").text();
    const auto question = item.at("question_id").text();
    const auto posted_at = time_of(item.at("creation_date").count());
    if (!posted_at) return refuse_item(page, fmt::format("{}: no date that can be read", id));
    std::string text = html_text(item.at("title").text());
    append_line(text, html_text(item.at("body").text()));
    if (text.empty()) return refuse_item(page, fmt::format("{}: no text", id));

    const auto over = item.at("post_id").text();
    const auto found = std::ranges::find(items, over, &Item::id);
    const std::string_view root = comment.empty() ? (answer.empty() ? std::string_view{} : question)
                                  : found == items.end() ? std::string_view{}
                                                         : std::string_view{found->question};
    const std::string parent_id = name_of(comment.empty() ? root : over);
    const std::string root_id = name_of(root);
    const auto link = item.at("link").text();
    const std::string url = link.starts_with("http")
                                ? std::string{link}
                                : fmt::format("https://{}/{}/{}", domain_,
                                              !comment.empty() ? "posts/comments"
                                              : answer.empty() ? "q"
                                                               : "a",
                                              number_of(id));
    const std::string author = html_text(item.at("owner.display_name").text());
    add_post(page.posts,
             {.network = network_,
              .native_id = id,
              .channel = channel_,
              .author_id = item.at("owner.user_id").text(),
              .author_name = author,
              .text = text,
              .parent_id = parent_id,
              .root_id = root_id,
              .url = url,
              .source = config_.name,
              .posted_at = *posted_at,
              .edited_at = time_of(item.at("last_edit_date").count()).value_or(Instant{}),
              .engagement = {.likes = item.at("score").count(),
                             .replies = item.at("answer_count").count(),
                             .observed_at = now},
              .filtered = config_.filtered || !tag_.empty() || !query_.empty()});
  }

  /// The native id of a question, answer or comment; empty if it has no number.
  std::string id_of(JsonValue item) const {
    const auto comment = item.at("comment_id").text();
    if (!comment.empty()) return fmt::format("{}/comment/{}", domain_, comment);
    const auto answer = item.at("answer_id").text();
    return name_of(answer.empty() ? item.at("question_id").text() : answer);
  }

  /// The native id of a question or an answer.
  std::string name_of(std::string_view number) const {
    return number.empty() ? std::string{} : fmt::format("{}/{}", domain_, number);
  }

  const SourceConfig config_;
  const std::string base_;
  const std::string network_;
  const std::string domain_;
  const std::string channel_;
  const std::string tag_;
  const std::string query_;
  const Count since_;
  bool has_asked_ = false;  ///< For questions, in this run.
};

Result<std::unique_ptr<Source>> make_stackexchange(const SourceConfig& config) {
  const auto fault = [](std::string message) {
    return Error{Error::Kind::config, std::move(message)};
  };
  if (config.option("site").empty()) return fault("stackexchange needs a 'site'");
  if (config.url.empty()) return fault("stackexchange needs a 'url'");
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<StackExchange>(config)};
}

constexpr SourceOption options[] = {
    {.name = "site",
     .value = "NAME",
     .help = "stackoverflow, superuser, gardening, ...",
     .needed = true},
    {.name = "tag", .value = "TAG", .help = "only questions with this tag; or several: \"a;b\""},
    {.name = "search", .value = "WORDS", .help = "only questions that a search finds"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_stackexchange() {
  return {.options = options,
          .url = public_url,
          .token = TokenUse::optional,
          .make = make_stackexchange};
}

}  // namespace earshot
