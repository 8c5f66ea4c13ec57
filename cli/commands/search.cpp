#include <deque>
#include <map>

#include <fmt/format.h>

#include "analyze/language.hpp"
#include "analyze/query.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/post_writers.hpp"
#include "cli/window.hpp"
#include "store/base/parallel.hpp"

namespace earshot {

namespace {

constexpr std::size_t batch_size = 20'000;
constexpr std::size_t grain = 1'000;

constexpr std::string_view formats[] = {"text", "jsonl", "csv"};

constexpr Option options[] = {
    {.name = "since",
     .value = "DATE",
     .help = "first day, as 2026-08-01 in the project's time zone, or an RFC 3339 time"},
    {.name = "until", .value = "DATE", .help = "the day or time before which the window ends"},
    {.name = "last", .value = "LENGTH", .help = "so long back from the end: 12h, 30d, 8w"},
    {.name = "limit", .value = "N", .help = "the newest N posts (default: 50); 0 for all"},
    {.name = "format",
     .value = "NAME",
     .help = "text (default), jsonl or csv",
     .choices = listed<formats>},
};

/// The last `limit` posts that were found, already written; with no limit they go straight out.
class Found {
 public:
  Found(std::string_view format, std::size_t limit, const PostStore& store, Output& out)
      : write_{post_writer(format)}, limit_{limit}, store_{store}, out_{out} {
    out_.write(post_header(format));
  }

  void add(const StoredPost& post) {
    std::string text;
    if (limit_ > 0 && kept_.size() == limit_) {
      text = std::move(kept_.front());
      text.clear();
      kept_.pop_front();
    }
    write_(text, post, generation(post.labels.generation));
    if (limit_ == 0)
      out_.write(text);
    else
      kept_.push_back(std::move(text));
  }

  void finish() {
    for (const auto& text : kept_) out_.write(text);
  }

 private:
  const Generation* generation(std::uint64_t id) {
    if (id == 0) return nullptr;
    auto found = generations_.find(id);
    if (found == generations_.end()) {
      auto generation = store_.generation(id);
      found = generations_.emplace(id, generation ? std::move(*generation) : Generation{}).first;
    }
    return &found->second;
  }

  PostWriter write_;
  std::size_t limit_;
  const PostStore& store_;
  Output& out_;
  std::deque<std::string> kept_;
  std::map<std::uint64_t, Generation> generations_;
};

/// `matches[i]` says whether the query matches `posts[i]`.
void match(const QuerySet& query, const std::vector<StoredPost>& posts,
           std::vector<std::uint8_t>& matches) {
  matches.assign(posts.size(), 0);
  parallel_slices(posts.size(), grain, [&](std::size_t begin, std::size_t end) {
    QuerySet::Scratch scratch;
    std::vector<std::uint8_t> hits(query.size());
    for (std::size_t i = begin; i < end; ++i) {
      const auto& stored = posts[i];
      const auto labelled = text_of(stored.labels.lang);
      query.match(stored.post, labelled.empty() ? stored.post.lang : labelled, scratch, hits);
      matches[i] = hits.front();
    }
  });
}

Result<Done> search(const PostStore& store, const QuerySet& query, const ScanFilter& filter,
                    Found& found, const Output& out) {
  StoredBatch batch;
  std::vector<std::uint8_t> matches;
  ScanCursor cursor;
  while (!out.closed()) {
    batch.clear();
    const auto scanned = store.scan(filter, cursor, batch_size, batch);
    if (!scanned) return scanned.error();
    if (batch.posts.empty()) break;
    match(query, batch.posts, matches);
    for (std::size_t i = 0; i < batch.posts.size(); ++i)
      if (matches[i] != 0) found.add(batch.posts[i]);
  }
  found.finish();
  return Done{};
}

Result<std::optional<Window>> chosen_window(const Arguments& arguments,
                                            const std::optional<Config>& config,
                                            const Context& context) {
  const WindowWords words{arguments.value("since"), arguments.value("until"),
                          arguments.value("last")};
  if (words.empty()) return std::optional<Window>{};
  const auto calendar = Calendar::create(config ? config->project.timezone : "UTC", 1);
  if (!calendar) return calendar.error();
  const auto window = parse_window(words, *calendar, Instant{}, context.clock());
  if (!window) return window.error();
  return std::optional<Window>{*window};
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  if (arguments.operands().empty() ||
      arguments.operands().front().find_first_not_of(" \t\n") == std::string::npos)
    return Error{Error::Kind::usage,
                 "what to search for is missing: earshot search 'late AND deliver*'"};
  const auto limit = arguments.number("limit", 50);
  if (!limit) return limit.error();
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  const auto query = QuerySet::compile({arguments.operands()});
  if (!query) return Error{Error::Kind::usage, query.error().message};
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto window = chosen_window(arguments, *config, context);
  if (!window) return window.error();
  const auto path = store_path(context, *config);
  if (!path) return path.error();

  const auto store = open_store(*path, StoreUse::read);
  if (!store) return store.error();
  Found found{*format, *limit, **store, context.out};
  const auto searched = search(**store, *query, {.window = *window}, found, context.out);
  if (!searched) return searched.error();
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_search() {
  return {.operands = "QUERY",
          .max_operands = 1,
          .description =
              "Shows the stored posts that match a boolean query, the newest last: words, "
              "\"phrases\", prefix*, @name, #tag,\n"
              "author:name, channel:name, lang:en, with AND, OR, NOT and parentheses. Without "
              "--since, --until or --last it\n"
              "looks at all posts. In text and csv what could harm a terminal or a spreadsheet is "
              "made visible; jsonl has\n"
              "the true text.",
          .example = "earshot search '\"green basket\" AND (late OR cold)' --last 30d",
          .options = options,
          .run = run};
}

}  // namespace earshot
