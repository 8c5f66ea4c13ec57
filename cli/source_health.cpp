#include "cli/source_health.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/json_object.hpp"
#include "cli/numbers.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

/// Late: it answers, but has not been asked for more than twice its interval, and an interval after
/// it should have been.
std::string_view status_of(const SourceState& state, bool configured, Instant now) {
  if (!configured && state.interval.count() > 0) return "removed";
  if (state.gone) return "gone";
  if (state.failures > 0) return "failing";
  if (state.last_poll == Instant{}) return "new";
  const bool late = state.interval.count() > 0 && state.last_ok + 2 * state.interval < now &&
                    state.next_try + state.interval < now;
  return late ? "late" : "ok";
}

/// What the ledger says of a source.
void add_polls(SourceHealth& health, std::span<const Poll> polls, Instant now) {
  health.usual_gap = usual_gap(polls);
  health.silence = silence_of(health.state.interval, polls);
  if (health.status == "ok" && health.silence) health.status = "silent";
  for (const Poll& poll : polls) {
    if (!poll.ok || poll.at < now - std::chrono::days{7}) continue;
    ++health.polls;
    if (poll.overflow) ++health.overflows;
  }
}

std::string moment(Instant at) {
  return at == Instant{} ? "-" : format_instant(at);
}

void append_json(std::string& out, const SourceHealth& health) {
  const auto& state = health.state;
  JsonObject object{out};
  object.text("name", state.name)
      .text("type", state.type)
      .text("state", health.status)
      .boolean("configured", health.configured);
  object.time("last_ok", state.last_ok)
      .time("last_try", state.last_poll)
      .time("last_new", state.last_new);
  object.time("next_try", state.next_try).time("failing_since", state.failing_since);
  object.number("failures", state.failures)
      .text_or_null("last_error", state.failures > 0 ? state.last_error : "");
  object.number("interval_s", static_cast<std::uint64_t>(state.interval.count()))
      .number("posts", state.posts);
  if (health.usual_gap)
    object.number("usual_gap_s", static_cast<std::uint64_t>(health.usual_gap->count()));
  else
    object.raw("usual_gap_s", "null");
  object.number("polls_7d", health.polls).number("overflows_7d", health.overflows);
  object.end();
}

/// What the columns don't say.
void append_notes(const SourceHealth& health, std::string& out) {
  if (health.status == "silent") out += fmt::format("  {}\n", silence_text(*health.silence));
  if (health.overflows > 0)
    out += fmt::format("  {} of {} in seven days may have missed posts; poll it more often\n",
                       grouped(health.overflows), counted(health.polls, "poll", "polls"));
}

}  // namespace

bool SourceHealth::is_failing() const {
  return status == "failing" || status == "late" || status == "gone" || status == "silent";
}

std::vector<SourceHealth> health_of(const std::vector<SourceConfig>& sources,
                                    std::vector<SourceState> states, std::span<const Poll> polls,
                                    Instant now) {
  std::vector<SourceHealth> all;
  const auto add = [&](SourceState state, bool configured) {
    const auto status = status_of(state, configured, now);
    all.push_back({.state = std::move(state), .status = status, .configured = configured});
    add_polls(all.back(), polls_of(polls, all.back().state.name), now);
  };
  for (const auto& source : sources) {
    const auto found = std::ranges::find(states, source.name, &SourceState::name);
    SourceState state;
    if (found != states.end()) {
      state = std::move(*found);
      states.erase(found);
    }
    state.name = source.name;
    state.type = source.type;
    add(std::move(state), true);
  }
  for (auto& state : states) add(std::move(state), false);
  return all;
}

std::span<const Poll> polls_of(std::span<const Poll> ledger, std::string_view source) {
  const auto first = std::ranges::lower_bound(ledger, source, {}, &Poll::source);
  const auto last = std::ranges::upper_bound(ledger, source, {}, &Poll::source);
  return {first, last};
}

std::string silence_text(const Silence& silence) {
  const auto hours = std::chrono::ceil<std::chrono::hours>(silence.usual).count();
  const auto usual = hours % 24 == 0 ? fmt::format("{} d", hours / 24) : fmt::format("{} h", hours);
  return fmt::format("nothing new since {}; it used to have something within {}",
                     format_instant(silence.since), usual);
}

std::string health_text(const std::vector<SourceHealth>& all) {
  std::string out;
  std::size_t width = 6;
  std::size_t type_width = 6;
  for (const auto& health : all) {
    width = std::max(width, printable(health.state.name).size());
    type_width = std::max(type_width, printable(health.state.type).size());
  }
  if (!all.empty())
    out += fmt::format("{:<{}}  {:<{}}  {:<7}  {:>9}  {:<20}  {:<20}  {}\n", "source", width,
                       "type", type_width, "state", "posts", "last ok", "next try", "failures");
  for (const auto& health : all) {
    const auto& state = health.state;
    out += fmt::format("{:<{}}  {:<{}}  {:<7}  {:>9}  {:<20}  {:<20}  {}\n", printable(state.name),
                       width, printable(state.type), type_width, health.status,
                       grouped(state.posts), moment(state.last_ok),
                       state.interval.count() == 0 ? "-" : moment(state.next_try), state.failures);
    if (!state.last_error.empty() && state.failures > 0)
      out += fmt::format("  {} (since {})\n", printable(state.last_error),
                         moment(state.failing_since));
    append_notes(health, out);
  }
  return out;
}

std::string health_json(const std::vector<SourceHealth>& all) {
  std::string json = "[";
  for (const auto& health : all) {
    json += json.size() > 1 ? ",\n " : "\n ";
    append_json(json, health);
  }
  return json + (all.empty() ? "]\n" : "\n]\n");
}

}  // namespace earshot
