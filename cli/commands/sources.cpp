#include <algorithm>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/json_object.hpp"
#include "cli/numbers.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"text", "json"};

constexpr Option options[] = {
    {.name = "failing", .value = "", .help = "only those that are failing, late or gone"},
    {.name = "types", .value = "", .help = "list the types that a [[source]] can have, and exit"},
    {.name = "format",
     .value = "NAME",
     .help = "text (default) or json",
     .choices = listed<formats>},
};

/// A source as it stands: in the config, in the store, or in both.
struct Health {
  SourceState state;
  std::string_view status;
  bool configured = false;
};

/// Late: it answers, but has not been asked for more than twice its interval.
std::string_view status_of(const SourceState& state, Instant now) {
  if (state.gone) return "gone";
  if (state.failures > 0) return "failing";
  if (state.last_poll == Instant{}) return "new";
  if (state.interval.count() > 0 && state.last_ok + 2 * state.interval < now) return "late";
  return "ok";
}

bool is_failing(const Health& health) {
  return health.status == "failing" || health.status == "late" || health.status == "gone";
}

/// The sources of the config in its order, then those that only the store knows, by name.
std::vector<Health> all_health(const std::vector<SourceConfig>& sources,
                               std::vector<SourceState> states, Instant now) {
  std::vector<Health> all;
  for (const auto& source : sources) {
    const auto found = std::ranges::find(states, source.name, &SourceState::name);
    SourceState state;
    if (found != states.end()) {
      state = *found;
      states.erase(found);
    }
    state.name = source.name;
    state.type = source.type;
    all.push_back({state, status_of(state, now), true});
  }
  for (const auto& state : states) all.push_back({state, status_of(state, now), false});
  return all;
}

std::string moment(Instant at) {
  return at == Instant{} ? "-" : format_instant(at);
}

void write_text(const std::vector<Health>& all, Output& out) {
  std::size_t width = 6;
  std::size_t type_width = 6;
  for (const auto& health : all) {
    width = std::max(width, printable(health.state.name).size());
    type_width = std::max(type_width, printable(health.state.type).size());
  }
  if (!all.empty())
    out.write(fmt::format("{:<{}}  {:<{}}  {:<7}  {:>9}  {:<20}  {:<20}  {}\n", "source", width,
                          "type", type_width, "state", "posts", "last ok", "next try", "failures"));
  for (const auto& [state, status, configured] : all) {
    out.write(fmt::format(
        "{:<{}}  {:<{}}  {:<7}  {:>9}  {:<20}  {:<20}  {}\n", printable(state.name), width,
        printable(state.type), type_width, status, grouped(state.posts), moment(state.last_ok),
        state.interval.count() == 0 ? "-" : moment(state.next_try), state.failures));
    if (!state.last_error.empty() && state.failures > 0)
      out.write(fmt::format("  {} (since {})\n", printable(state.last_error),
                            moment(state.failing_since)));
  }
}

void append_json(std::string& out, const Health& health) {
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
  object.end();
}

void write_json(const std::vector<Health>& all, Output& out) {
  std::string json = "[";
  for (const auto& health : all) {
    json += json.size() > 1 ? ",\n " : "\n ";
    append_json(json, health);
  }
  out.write(json + (all.empty() ? "]\n" : "\n]\n"));
}

/// The types, and under each the keys that only it has.
void list_types(Output& out) {
  const auto key = [&](std::string_view name, std::string_view value, std::string_view help) {
    const std::string shown = fmt::format("{} = {}", name, value.empty() ? "true" : value);
    out.write(fmt::format("  {:<22}{}\n", shown, help));
  };
  for (const auto& [name, summary, archive, details] : source_types()) {
    out.write(fmt::format("{:<12}{}\n", name, summary));
    for (const auto& option : details.options)
      key(option.name, option.value,
          fmt::format("{}{}", option.help, option.needed ? " (needed)" : ""));
    if (details.token != TokenUse::none)
      key("token_env", "NAME",
          fmt::format("the variable that has the token, or token_file, or token_cmd{}",
                      details.token == TokenUse::needed ? " (needed)" : ""));
  }
}

/// The states in the store; none where no run has made the store yet but the config has `expected`
/// sources to fill it.
Result<std::vector<SourceState>> stored_states(const std::string& path, bool expected) {
  const auto store = open_store(path, StoreUse::read);
  if (store) return (*store)->sources();
  if (expected && store.error().kind == Error::Kind::store_missing)
    return std::vector<SourceState>{};
  return store.error();
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  if (arguments.has("types")) return list_types(context.out), ExitCode::done;
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto path = store_path(context, *config);
  if (!path) return path.error();

  const std::vector<SourceConfig> configured =
      *config ? (*config)->sources : std::vector<SourceConfig>{};
  auto states = stored_states(*path, !configured.empty());
  if (!states) return states.error();
  auto all = all_health(configured, std::move(*states), context.clock());
  if (arguments.has("failing"))
    std::erase_if(all, [](const Health& health) { return !is_failing(health); });
  if (*format == "json")
    write_json(all, context.out);
  else
    write_text(all, context.out);
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_sources() {
  return {.operands = "",
          .max_operands = 0,
          .description =
              "Shows how each source has been faring: ok; late, if it has not answered for two "
              "intervals; failing, with the\n"
              "last error; gone, if the server says so; new, if it was never read. Sources that "
              "only the store knows, like\n"
              "archives imported by name, come last.",
          .example = "earshot sources --failing --format json",
          .options = options,
          .run = run};
}

}  // namespace earshot
