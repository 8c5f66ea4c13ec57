#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyze/calendar.hpp"
#include "analyze/inbox.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/digest_state.hpp"
#include "cli/inbox_wording.hpp"
#include "cli/inbox_writers.hpp"
#include "cli/mail.hpp"
#include "cli/window.hpp"
#include "store/base/file.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"text", "md", "json", "mail"};
constexpr int mail_width = 72;
constexpr std::chrono::days first_digest{1};

constexpr Option options[] = {
    {.name = "since",
     .value = "DATE",
     .help =
         "posts from this day on, as 2026-08-01 in the project's time zone, or an RFC 3339 time"},
    {.name = "last",
     .value = "LENGTH",
     .help = "posts of so long until now: 12h, 7d, 2w (default: the horizon of [inbox])"},
    {.name = "limit", .value = "N", .help = "posts a list (default: 20); 0 for all"},
    {.name = "format",
     .value = "NAME",
     .help = "text (default), md, json; for a digest also mail",
     .choices = listed<formats>},
    {.name = "output",
     .value = "FILE",
     .help = "write to this file in place of stdout, all or nothing"},
    {.name = "digest",
     .value = "",
     .help = "only what no digest before has told; nothing if nothing"},
    {.name = "state",
     .value = "FILE",
     .help = "what the digests before have told; made if missing"},
    {.name = "to", .value = "ADDRESS", .help = "who a mail is for", .repeats = true},
    {.name = "from", .value = "ADDRESS", .help = "who a mail is from (default: the first --to)"},
};

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// What was asked for, as far as the command line tells.
struct Asked {
  std::string format;
  std::size_t limit = 20;
  std::optional<std::string> state;  ///< For a digest, and only then.
  std::optional<std::string> output;
  std::vector<std::string> to;
  std::string from;
};

Result<Done> check_addresses(const Arguments& arguments, Asked& asked) {
  if (asked.format != "mail") {
    for (const auto* option : {"to", "from"})
      if (arguments.has(option))
        return usage(fmt::format("--{} is for a mail; add --format mail", option));
    return Done{};
  }
  asked.to = arguments.values("to");
  if (asked.to.empty()) return usage("who the mail is for is missing: --to ADDRESS");
  asked.from = arguments.value_or("from", asked.to.front());
  const auto check = [](std::string_view option, const std::string& address) -> Result<Done> {
    if (is_mail_address(address)) return Done{};
    return usage(fmt::format("{} '{}' is not an address like owner@example.org", option, address));
  };
  for (const auto& address : asked.to)
    if (auto checked = check("--to", address); !checked) return checked;
  return check("--from", asked.from);
}

Result<Asked> read_arguments(const Arguments& arguments) {
  Asked asked;
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  const auto limit = arguments.number("limit", asked.limit);
  if (!limit) return limit.error();
  asked.format = *format;
  asked.limit = *limit;
  asked.output = arguments.value("output");
  asked.state = arguments.value("state");
  if (asked.output && asked.output == asked.state)
    return usage("--output and --state must be two files");
  if (arguments.has("digest")) {
    if (!asked.state)
      return usage("where the digest remembers what it has told is missing: --state FILE");
    if (arguments.has("last") || arguments.has("since"))
      return usage("--digest tells what is new since the last one; leave out --since and --last");
  } else if (asked.state) {
    return usage("--state is for a digest; add --digest");
  } else if (asked.format == "mail") {
    return usage("--format mail is for a digest; add --digest");
  }
  if (const auto checked = check_addresses(arguments, asked); !checked) return checked.error();
  return asked;
}

std::string written(const Inbox& inbox, const Asked& asked, const Context& context) {
  if (asked.format == "json") return inbox_json(inbox);
  if (asked.format == "md") return inbox_markdown(inbox);
  if (asked.format == "mail")
    return format_mail({.from = asked.from,
                        .to = asked.to,
                        .subject = inbox_summary(inbox),
                        .body = inbox_text(inbox, {.width = mail_width}),
                        .date = inbox.window.end});
  return inbox_text(inbox, asked.output ? Terminal{} : context.terminal);
}

/// True if all of it is where it was to go, and not with a reader who has left.
Result<bool> deliver(const std::string& text, const Asked& asked, Context& context) {
  if (asked.output) {
    const auto wrote = write_file(*asked.output, text);
    if (!wrote) return wrote.error();
    return true;
  }
  context.out.write(text);
  const auto flushed = context.out.flush();
  if (!flushed) return flushed.error();
  return !context.out.closed();
}

/// Where an old archive is looked at from today, there is nothing to see: says how to go back.
void hint_at_now(const PostStore& store, const Context& context, const Calendar& calendar,
                 Window window) {
  const auto span = store.span();
  if (!span || !*span || (**span).second >= window.begin) return;
  context.console.say(fmt::format("nothing is newer than {}; --now says what counts as now",
                                  calendar.iso_day((**span).second)));
}

Result<ExitCode> show_inbox(const PostStore& store, const Project& project, Window window,
                            const Calendar& calendar, const Asked& asked, Context& context) {
  const auto inbox = make_inbox(store, project, {.window = window, .limit = asked.limit});
  if (!inbox) return inbox.error();
  if (inbox->empty()) hint_at_now(store, context, calendar, window);
  const bool in_words = asked.format != "json" && inbox->empty();
  std::string text = in_words ? empty_inbox_line(*inbox) + "\n" : written(*inbox, asked, context);
  if (in_words)
    for (const auto& note : closing_notes(*inbox)) text += note + "\n";
  const auto delivered = deliver(text, asked, context);
  if (!delivered) return delivered.error();
  return ExitCode::done;
}

/// Tells what is new and, once that has been written, remembers it. Killed in between it tells it
/// again: twice is better than never.
Result<ExitCode> show_digest(const PostStore& store, const Project& project, const Asked& asked,
                             Context& context) {
  const Instant now = context.clock();
  auto read = read_digest_state(*asked.state);
  if (!read) return read.error();
  DigestState state = read->value_or(DigestState{now - first_digest, now - first_digest, {}});
  if (state.last > now)
    return usage(fmt::format("{}: the last digest told until {}, which is later than now, {}",
                             *asked.state, format_instant(state.last), format_instant(now)));
  // Posts may come late by the horizon, and the last digest may be longer ago than that.
  state.from = std::max(state.from, std::min(state.last, now - project.inbox.horizon));
  InboxRequest request{.window = {state.from, now},
                       .limit = asked.limit,
                       .known = state.told,
                       .since = state.last,
                       .overdue_first = true};
  const auto inbox = make_inbox(store, project, request);
  if (!inbox) return inbox.error();
  const auto delivered =
      deliver(inbox->empty() ? std::string{} : written(*inbox, asked, context), asked, context);
  if (!delivered) return delivered.error();
  if (!*delivered) return ExitCode::done;

  state.last = now;
  state.told.insert(state.told.end(), inbox->listed.begin(), inbox->listed.end());
  std::erase_if(state.told, [&](PostKey key) { return key.posted_at < state.from; });
  std::ranges::sort(state.told);
  const auto kept = write_file(*asked.state, format_digest_state(state));
  if (!kept) return kept.error();
  return ExitCode::done;
}

Result<Window> chosen_window(const Arguments& arguments, const Project& project,
                             const Calendar& calendar, Instant now) {
  const WindowWords words{arguments.value("since"), std::nullopt, arguments.value("last")};
  if (words.since && !words.last) {
    const auto since = parse_moment("--since", *words.since, calendar);
    if (!since) return since.error();
    if (*since >= now)
      return usage(
          fmt::format("--since '{}' is not before now, {}", *words.since, format_instant(now)));
  }
  return parse_window(words, calendar, now - project.inbox.horizon, now);
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto asked = read_arguments(arguments);
  if (!asked) return asked.error();
  const auto config = require_project(context);
  if (!config) return config.error();
  const auto& project = config->project;
  const auto calendar = Calendar::create(project.timezone, project.week_start);
  if (!calendar) return calendar.error();
  const auto window = chosen_window(arguments, project, *calendar, context.clock());
  if (!window) return window.error();
  for (const auto& file : {asked->state, asked->output})
    if (file)
      if (const auto checked = check_writable(*file); !checked) return checked.error();

  const auto store = open_store(config->store_path, StoreUse::read);
  if (!store) return store.error();
  if (asked->state) return show_digest(**store, project, *asked, context);
  return show_inbox(**store, project, *window, *calendar, *asked, context);
}

}  // namespace

CommandDetails describe_inbox() {
  return {
      .operands = "",
      .max_operands = 0,
      .description =
          "Shows what needs an answer and has none yet, by priority, the overdue first, then by "
          "age: when it is due, why it\n"
          "needs one, and whether to answer in public, take it private or leave it; then whom to "
          "thank, who plans to buy,\n"
          "and what people ask for by topic. Reads only.\n\n"
          "A digest (--digest --state FILE) has only what no digest before has told; the first "
          "one looks at the last 24\n"
          "hours. It prints nothing where nothing is new, so that cron can mail it; with --output "
          "the file is then empty.\n"
          "FILE is written once the digest is. --format mail makes a message for `sendmail -t`.",
      .example = "earshot inbox --digest --state digest.state --format mail --to me@example.org",
      .options = options,
      .run = run};
}

}  // namespace earshot
