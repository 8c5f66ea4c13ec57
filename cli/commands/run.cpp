#include <algorithm>

#include <fmt/format.h>

#include "cli/collecting.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/labelling.hpp"
#include "cli/run_summary.hpp"
#include "cli/signals.hpp"
#include "cli/source_health.hpp"
#include "ingest/date_text.hpp"
#include "ingest/silence.hpp"

namespace earshot {

namespace {

constexpr Option options[] = {
    {.name = "allow-private", .value = "", .help = "connect to private and local addresses too"},
    {.name = "summary-file", .value = "PATH", .help = "write what was done as JSON to this file"},
};

constexpr std::uint32_t patience = 3;  // failures in a row before cron's owner gets a mail

/// Whether a source that fails, or whose items can't be read, is worth a line where nobody is
/// watching: a failure when it is the third in a row, then either once a day.
bool worth_a_line(const SourceOutcome& outcome, const SourceState& before) {
  const SourceState& now = outcome.state;
  if (now.interval.count() == 0) return true;  // an archive: it will not mend itself
  const auto day = [](Instant at) { return std::chrono::floor<std::chrono::days>(at); };
  const bool first_today = day(now.last_poll) != day(before.last_poll);
  if (!outcome.error) return first_today;
  return now.failures == patience || now.gone || (now.failures > patience && first_today);
}

SourceState state_of(const std::string& name, const std::vector<SourceState>& states) {
  const auto found = std::ranges::find(states, name, &SourceState::name);
  return found == states.end() ? SourceState{} : *found;
}

void show(const std::vector<SourceOutcome>& outcomes, const std::vector<SourceState>& before,
          const Config& config, Context& context) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& outcome = outcomes[i];
    if (!outcome.polled && !outcome.error) continue;
    const auto earlier = state_of(outcome.name, before);
    if (context.talkative() || !outcome.note.empty() || worth_a_line(outcome, earlier))
      complain(outcome, config.sources[i], context.console);
    if (!outcome.error && earlier.failures >= patience)
      context.console.say(
          fmt::format("{}: answers again after {} failures", outcome.name, earlier.failures));
    if (context.talkative()) context.out.write(summary_line(outcome) + "\n");
  }
}

/// Names the sources that have fallen silent since this was last looked at. That is in the first
/// run of each day, so that the ledger is not read by each.
Result<Done> show_silent(const PostStore& store, const std::vector<SourceState>& before,
                         const Config& config, Context& context) {
  const auto day = [](Instant at) { return std::chrono::floor<std::chrono::days>(at); };
  Instant last_run{};
  for (const auto& state : before) last_run = std::max(last_run, state.last_poll);
  const Instant now = context.clock();
  if (last_run == Instant{} || day(last_run) >= day(now)) return Done{};
  const auto ledger = store.polls({now - silence_memory, now + std::chrono::seconds{1}});
  if (!ledger) return ledger.error();
  Instant looked = last_run;  // the first run of that day
  for (const auto& poll : *ledger)
    if (day(poll.at) == day(last_run)) looked = std::min(looked, poll.at);
  for (const auto& source : config.sources) {
    const auto polls = polls_of(*ledger, source.name);
    const auto then = polls.first(static_cast<std::size_t>(
        std::ranges::upper_bound(polls, looked, {}, &Poll::at) - polls.begin()));
    const auto silence = silence_of(source.interval, polls);
    if (silence && !silence_of(source.interval, then))
      context.console.say(fmt::format("{}: {}", source.name, silence_text(*silence)));
  }
  return Done{};
}

Result<ExitCode> ingest_and_analyze(const Config& config, const Labelling& labelling,
                                    const CollectingOptions& collecting, RunSummary& summary,
                                    Context& context) {
  const auto store = open_store(config.store_path, StoreUse::create);
  if (!store) return store.error();
  const auto before = (*store)->sources();
  if (!before) return before.error();
  const auto outcomes = collect_sources(**store, config.sources, collecting, context);
  if (!outcomes) return outcomes.error();
  show(*outcomes, *before, config, context);
  if (auto shown = show_silent(**store, *before, config, context); !shown) return shown.error();
  summary.add(*outcomes);
  if (pending_signal() != 0) return exit_code_of(*outcomes);

  const auto labelled = label_store(**store, config.project, labelling.labeller, {}, context);
  if (!labelled) return labelled.error();
  summary.add_labelled(labelled->labelled, labelled->stale);
  if (context.talkative()) context.out.write(summary_line(*labelled, labelling) + "\n");
  return exit_code_of(*outcomes);
}

/// How long another run may be at work before that is worth a mail: two intervals of the most
/// frequent source.
std::chrono::seconds longest_run(const Config& config) {
  std::chrono::seconds shortest = std::chrono::hours{1};
  for (const auto& source : config.sources) shortest = std::min(shortest, source.interval);
  return 2 * shortest;
}

/// Whether the store's words about who holds it ("process 812, since 2026-08-01T09:30:00Z, is
/// writing") speak of a run that began longer ago than that.
bool held_too_long(const Error& locked, const Config& config, Instant now) {
  static constexpr std::string_view mark = "since ";
  const auto at = locked.message.rfind(mark);
  if (at == std::string::npos) return true;
  const auto since = parse_rfc3339(std::string_view{locked.message}.substr(at + mark.size(), 20));
  return !since || *since + longest_run(config) < now;
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto config = require_project(context);
  if (!config) return config.error();
  if (config->sources.empty())
    return Error{Error::Kind::config,
                 fmt::format("{}: there is no [[source]] to listen to", config->file)};
  const auto labelling = prepare_labelling(context, *config);
  if (!labelling) return labelling.error();
  RunSummary summary{"run", arguments.value("summary-file"), context};

  watch_signals();
  const CollectingOptions collecting{true, arguments.has("allow-private"), config->fetch};
  const auto result = ingest_and_analyze(*config, *labelling, collecting, summary, context);
  const bool locked = !result && result.error().kind == Error::Kind::store_locked;
  // Two runs that meet are nothing to write home about.
  if (locked && !context.talkative() && !held_too_long(result.error(), *config, clock_now()))
    return ExitCode::store_locked;
  return summary.finish(result);
}

}  // namespace

CommandDetails describe_run() {
  return {.operands = "",
          .max_operands = 0,
          .description =
              "Polls the sources that are due, reads the archives of the config, labels what is "
              "new. Made for cron: says nothing\n"
              "when all is well, unless on a terminal or with -v. A source that fails is named at "
              "the third failure in a row,\n"
              "then once a day, and when it answers again; one that falls silent is named once. "
              "While another run is at work it\n"
              "exits with 11 and is silent, unless the other one is suspiciously old.",
          .example = "*/10 * * * * cd /srv/acme && earshot run",
          .options = options,
          .run = run};
}

}  // namespace earshot
