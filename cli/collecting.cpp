#include "cli/collecting.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "cli/json_object.hpp"
#include "cli/numbers.hpp"
#include "cli/signals.hpp"
#include "store/base/curl_http.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

constexpr std::size_t bad_lines_shown = 20;

bool is_archive(const SourceConfig& source) {
  return !source.path.empty();
}

/// How a person calls the place of a bad line: the file as it was named.
std::string_view place(const SourceConfig& source) {
  if (!is_archive(source)) return source.name;
  return source.path == "-" ? std::string_view{"stdin"} : std::string_view{source.path};
}

std::string ordinal(std::uint32_t number) {
  const bool teen = number % 100 / 10 == 1;
  const std::uint32_t last = teen ? 0 : number % 10;
  return fmt::format("{}{}", number, last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

/// "; 3rd failure since 2026-08-01T10:00:00Z, next try 2026-08-01T14:00:00Z" of a source that is
/// polled again.
std::string standing(const SourceState& state) {
  if (state.interval.count() == 0 || state.gone || state.failures == 0) return {};
  const auto next = format_instant(state.next_try);
  if (state.failures == 1) return fmt::format("; next try {}", next);
  return fmt::format("; {} failure since {}, next try {}", ordinal(state.failures),
                     format_instant(state.failing_since), next);
}

}  // namespace

Result<std::vector<SourceOutcome>> collect_sources(PostStore& store,
                                                   std::span<const SourceConfig> sources,
                                                   const CollectingOptions& options,
                                                   Context& context) {
  const auto stop = [] { return pending_signal() != 0; };
  const auto http = make_curl_http(curl_options(options.fetch, options.allow_private));
  CollectorOptions collector;
  collector.now = context.clock();
  collector.due_only = options.due_only;
  collector.connections = options.fetch.connections;
  const auto progress = [&](const CollectProgress& now) {
    context.console.show({now.source, now.rows, "rows", now.bytes_read, now.bytes_total});
  };
  auto outcomes = collect(store, *http, sources, collector, progress, stop);
  context.console.finish_progress();
  return outcomes;
}

std::string summary_line(const SourceOutcome& outcome) {
  std::string line =
      fmt::format("{}: {}, {} new", printable(outcome.name), counted(outcome.rows, "row", "rows"),
                  grouped(outcome.posts.added));
  if (outcome.posts.edited > 0)
    fmt::format_to(std::back_inserter(line), ", {} edited", grouped(outcome.posts.edited));
  if (outcome.posts.recounted > 0)
    fmt::format_to(std::back_inserter(line), ", {} recounted", grouped(outcome.posts.recounted));
  line.append(", ").append(counted(outcome.posts.repeated, "repeat", "repeats"));
  if (outcome.posts.erased > 0)
    fmt::format_to(std::back_inserter(line), ", {} deleted at the source",
                   grouped(outcome.posts.erased));
  if (outcome.bad_rows > 0)
    line.append(", ").append(counted(outcome.bad_rows, "bad line", "bad lines"));
  return line;
}

void complain(const SourceOutcome& outcome, const SourceConfig& source, Console& console) {
  const std::size_t shown = std::min(outcome.bad.size(), bad_lines_shown);
  for (const auto& bad : std::span{outcome.bad}.first(shown))
    console.say(bad.line == 0 ? fmt::format("{}: {}", place(source), bad.reason)
                              : fmt::format("{}:{}: {}", place(source), bad.line, bad.reason));
  if (outcome.bad_rows > shown)
    console.say(
        fmt::format("{}: ... and {} more", place(source), grouped(outcome.bad_rows - shown)));
  if (!outcome.note.empty()) console.say(fmt::format("{}: {}", outcome.name, outcome.note));
  if (!outcome.error) return;
  // Errors of files begin with the path already.
  const std::string& message = outcome.error->message;
  const bool placed =
      is_archive(source) && (message.starts_with(source.path) || source.path == "-");
  console.say(placed ? message
                     : fmt::format("{}: {}{}", outcome.name, message, standing(outcome.state)));
}

ExitCode exit_code_of(std::span<const SourceOutcome> outcomes) {
  const bool failed = std::ranges::any_of(
      outcomes, [](const auto& outcome) { return outcome.error || outcome.bad_rows > 0; });
  return failed ? ExitCode::partly : ExitCode::done;
}

void append_summary(std::string& out, const SourceOutcome& outcome) {
  JsonObject object{out};
  object.text("name", outcome.name).boolean("polled", outcome.polled).number("rows", outcome.rows);
  object.number("new", outcome.posts.added)
      .number("edited", outcome.posts.edited)
      .number("recounted", outcome.posts.recounted);
  object.number("repeats", outcome.posts.repeated).number("bad", outcome.bad_rows);
  object.text_or_null("error", outcome.error ? outcome.error->message : "");
  object.number("failures", outcome.state.failures).time("next_try", outcome.state.next_try);
  object.number("erased", outcome.posts.erased);
  object.end();
}

}  // namespace earshot
