#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "analyze/audit.hpp"
#include "analyze/calendar.hpp"
#include "cli/audit_file.hpp"
#include "cli/audit_sheet.hpp"
#include "cli/audit_writers.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/labelling.hpp"
#include "cli/numbers.hpp"
#include "cli/post_lookup.hpp"
#include "cli/window.hpp"
#include "store/base/file.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"text", "json"};
constexpr std::string_view verbs[] = {"draw", "score"};

constexpr Option options[] = {
    {.name = "since",
     .value = "DATE",
     .help = "draw: first day, as 2026-08-01 in the project's time zone, or an RFC 3339 time"},
    {.name = "until", .value = "DATE", .help = "draw: the day or time before which it ends"},
    {.name = "seed", .value = "N", .help = "draw: another number draws other posts (default: 1)"},
    {.name = "format",
     .value = "NAME",
     .help = "score: text (default) or json",
     .choices = listed<formats>},
};

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

Result<std::size_t> sample_size(const std::string& word) {
  std::size_t size = 0;
  const char* end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, size);
  if (read.ec == std::errc{} && read.ptr == end && size > 0) return size;
  return usage(fmt::format("'{:.40}' is not a number of posts, as in 300", word));
}

/// What was asked for, or all that is stored.
Result<Window> chosen_window(const WindowWords& words, const PostStore& store,
                             const Context& context, const Calendar& calendar) {
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span) return parse_window(words, calendar, std::nullopt, context.clock());
  const auto all = whole_days((**span).first, (**span).second, calendar);
  if (words.empty()) return all;
  return parse_window(words, calendar, all.begin, all.end);
}

Result<Done> check_sample(const AuditSample& sample, const PostStore& store, std::size_t asked,
                          const Window& window, const Context& context) {
  if (sample.posts.empty()) {
    const auto generations = store.generations();
    if (!generations) return generations.error();
    bool stale = false;
    for (const auto& [id, posts] : *generations) stale |= id != sample.frame.generation;
    return usage(fmt::format(
        "no post from {} to {} that is about the brand, a competitor or a topic has labels of the "
        "present model and config; run `earshot analyze{}`",
        format_instant(window.begin), format_instant(window.end), stale ? " --all" : ""));
  }
  if (sample.posts.size() < asked)
    context.console.say(fmt::format("there are only {} to draw from",
                                    counted(sample.posts.size(), "post", "posts")));
  return Done{};
}

Result<ExitCode> draw(std::size_t size, const Arguments& arguments, Context& context) {
  const auto seed = arguments.number("seed", 1);
  if (!seed) return seed.error();
  const auto config = require_project(context);
  if (!config) return config.error();
  const auto calendar = Calendar::create(config->project.timezone, config->project.week_start);
  if (!calendar) return calendar.error();
  const WindowWords words{arguments.value("since"), arguments.value("until"), std::nullopt};
  if (const auto checked = parse_window(words, *calendar, Instant::min(), Instant::max()); !checked)
    return checked.error();
  const auto labelling = prepare_labelling(context, *config);
  if (!labelling) return labelling.error();
  const auto store = open_store(config->store_path, StoreUse::read);
  if (!store) return store.error();
  const auto window = chosen_window(words, **store, context, *calendar);
  if (!window) return window.error();

  const auto sample = draw_audit(**store, labelling->labeller.generation(), {*window, size, *seed},
                                 [&](std::uint64_t posts) {
                                   context.console.show({"drawing", posts, "posts", 0, 0});
                                 });
  context.console.finish_progress();
  if (!sample) return sample.error();
  const auto checked = check_sample(*sample, **store, size, *window, context);
  if (!checked) return checked.error();
  StoredBatch posts;
  auto sorted = sample->posts;
  std::ranges::sort(sorted);
  if (auto read = (*store)->posts(sorted, posts); !read) return read.error();
  context.out.write(write_audit_sheet(*sample, posts));
  return ExitCode::done;
}

Result<ExitCode> score(const std::string& path, std::string_view format, Context& context) {
  const auto config = require_project(context);
  if (!config) return config.error();
  const auto calendar = Calendar::create(config->project.timezone, config->project.week_start);
  if (!calendar) return calendar.error();
  const auto bytes = read_file(path == "-" ? "/dev/stdin" : path);
  if (!bytes) return bytes.error();
  const auto sheet = parse_audit_sheet(*bytes, path == "-" ? "stdin" : path);
  if (!sheet) return sheet.error();
  const auto store = open_store(config->store_path, StoreUse::read);
  if (!store) return store.error();

  std::vector<std::string> ids;
  for (const auto& row : sheet->rows) ids.push_back(row.id);
  StoredBatch posts;
  if (auto found = find_posts(**store, ids, posts); !found) return found.error();
  auto findings = match_audit_sheet(*sheet, posts);
  if (!findings) return findings.error();
  findings->audit.at = context.clock();
  auto result = result_of(findings->audit);
  result.unlabelled = sheet->empty;
  result.by_hand = findings->by_hand;
  if (auto kept = keep_audit(config->store_path, findings->audit); !kept) return kept.error();
  const auto& window = sheet->frame.window;
  context.out.write(format == "json"
                        ? audit_json(result)
                        : audit_text(result, calendar->format_day(window.begin),
                                     calendar->format_day(window.end - std::chrono::seconds{1})));
  return ExitCode::done;
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  const auto& words = arguments.operands();
  if (words.empty())
    return usage("what to do is missing: earshot audit draw N, or earshot audit score FILE");
  const bool draws = words.front() == "draw";
  if (!draws && words.front() != "score") {
    const auto hint = did_you_mean(words.front(), verbs);
    return usage(fmt::format("unknown '{:.40}'{}", words.front(),
                             hint.empty() ? "; it is draw or score" : hint));
  }
  if (words.size() < 2)
    return usage(draws ? "how many posts is missing: earshot audit draw 300"
                       : "which sheet is missing: earshot audit score FILE");
  if (!draws) {
    for (const auto* option : {"since", "until", "seed"})
      if (arguments.has(option)) return usage(fmt::format("--{} goes with draw", option));
    return score(words[1], *format, context);
  }
  if (arguments.has("format")) return usage("--format goes with score");
  const auto size = sample_size(words[1]);
  if (!size) return size.error();
  return draw(*size, arguments, context);
}

}  // namespace

CommandDetails describe_audit() {
  return {.operands = "draw N | score FILE",
          .max_operands = 2,
          .description =
              "Measures the errors of the sentiment labels on posts of your own. `draw` writes a "
              "sheet of N posts, drawn at\n"
              "random so that rare labels have enough of them, as CSV to stdout: fill in negative, "
              "neutral or positive in the\n"
              "column label, as many rows as you like from the top. It never shows what the model "
              "says. `score` reads the\n"
              "filled sheet, shows how often the labels are right, and keeps the result: reports "
              "on labels of the same model and\n"
              "config then correct their shares of sentiment for these errors. Without --since and "
              "--until it is about all posts.",
          .example = "earshot audit draw 300 --since 2026-08-01 > sheet.csv",
          .options = options,
          .run = run,
          .operand_choices = listed<verbs>};
}

}  // namespace earshot
