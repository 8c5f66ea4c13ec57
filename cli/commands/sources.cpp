#include <algorithm>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/source_health.hpp"
#include "cli/source_verbs.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"text", "json", "opml"};
constexpr std::string_view verbs[] = {"add", "test", "import", "export"};

constexpr Option options[] = {
    {.name = "failing", .value = "", .help = "only those that are failing, late, gone or silent"},
    {.name = "types", .value = "", .help = "list the types that a [[source]] can have, and exit"},
    {.name = "dry-run",
     .value = "",
     .help = "add, import: show what would be added, and write nothing"},
    {.name = "name", .value = "NAME", .help = "add: what the source is called"},
    {.name = "allow-private",
     .value = "",
     .help = "add, test: connect to private and local addresses too"},
    {.name = "format",
     .value = "NAME",
     .help = "text (default) or json; opml goes with export",
     .choices = listed<formats>},
};

/// The types, and under each the keys that only it has.
void list_types(Output& out) {
  const auto key = [&](std::string_view name, std::string_view value, std::string_view help) {
    const std::string shown = fmt::format("{} = {}", name, value.empty() ? "true" : value);
    out.write(fmt::format("  {:<24}{}\n", shown, help));
  };
  for (const auto& [name, summary, archive, details] : source_types()) {
    out.write(fmt::format("{:<20}{}\n", name, summary));
    for (const auto& option : details.options)
      key(option.name, option.value,
          fmt::format("{}{}", option.help, option.needed ? " (needed)" : ""));
    if (details.token != TokenUse::none)
      key("token_env", "NAME",
          fmt::format("the variable that has the token, or token_file, or token_cmd{}",
                      details.token == TokenUse::needed ? " (needed)" : ""));
  }
}

/// What the store has kept of sources.
struct Kept {
  std::vector<SourceState> states;
  std::vector<Poll> polls;  ///< Of `silence_memory`.
};

/// Nothing where no run has made the store yet but the config has `expected` sources to fill it.
Result<Kept> kept_of_sources(const std::string& path, bool expected, Instant now) {
  const auto store = open_store(path, StoreUse::read);
  if (!store && expected && store.error().kind == Error::Kind::store_missing) return Kept{};
  if (!store) return store.error();
  auto states = (*store)->sources();
  if (!states) return states.error();
  auto polls = (*store)->polls({now - silence_memory, now + std::chrono::seconds{1}});
  if (!polls) return polls.error();
  return Kept{std::move(*states), std::move(*polls)};
}

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

Result<ExitCode> show_health(std::string_view format, const Arguments& arguments,
                             Context& context) {
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto path = store_path(context, *config);
  if (!path) return path.error();

  const std::vector<SourceConfig> configured =
      *config ? (*config)->sources : std::vector<SourceConfig>{};
  auto kept = kept_of_sources(*path, !configured.empty(), context.clock());
  if (!kept) return kept.error();
  auto all = health_of(configured, std::move(kept->states), kept->polls, context.clock());
  if (arguments.has("failing"))
    std::erase_if(all, [](const SourceHealth& health) { return !health.is_failing(); });
  context.out.write(format == "json" ? health_json(all) : health_text(all));
  return ExitCode::done;
}

/// That an option is given to the verb it is for, `verb` being empty for the list of health.
Result<Done> check_options(std::string_view verb, const Arguments& arguments) {
  struct Belongs {
    std::string_view option;
    std::string_view where;
    bool here;
  };
  const bool list = verb.empty();
  const Belongs all[] = {{"failing", "the list of sources", list},
                         {"types", "no verb", list},
                         {"dry-run", "add and import", verb == "import" || verb == "add"},
                         {"name", "add", verb == "add"},
                         {"allow-private", "add and test", verb == "add" || verb == "test"},
                         {"format", "the list of sources, test and export",
                          list || verb == "test" || verb == "export"}};
  for (const auto& [option, where, here] : all)
    if (!here && arguments.has(option))
      return usage(fmt::format("--{} goes with {}", option, where));
  const bool opml = arguments.value_or("format", "") == "opml";
  if (opml && verb != "export") return usage("opml goes with export: earshot sources export");
  if (!opml && verb == "export" && arguments.has("format"))
    return usage("export writes opml, and nothing else");
  return Done{};
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  const auto& words = arguments.operands();
  const std::string verb = words.empty() ? std::string{} : words.front();
  if (!verb.empty() && std::ranges::find(verbs, verb) == std::end(verbs)) {
    const auto hint = did_you_mean(verb, verbs);
    return usage(
        fmt::format("unknown '{:.40}'{}", verb,
                    hint.empty() ? "; it is add, test, import or export, or nothing" : hint));
  }
  if (const auto checked = check_options(verb, arguments); !checked) return checked.error();
  if (verb == "add") return add_source(arguments, context);
  if (verb == "test") return test_source(*format, arguments, context);
  if (verb == "import") return import_sources(arguments, context);
  if (verb == "export") return export_sources(arguments, context);
  if (arguments.has("types")) return list_types(context.out), ExitCode::done;
  return show_health(*format, arguments, context);
}

}  // namespace

CommandDetails describe_sources() {
  return {
      .operands = "[add URL | test NAME|URL | import FILE | export]",
      .max_operands = 2,
      .description =
          "Shows how each source has been faring: ok; silent, if nothing new came for more than "
          "three times the gap that\n"
          "19 of 20 of its gaps don't exceed, and two intervals; late, if it should have been "
          "asked an interval ago; failing,\n"
          "with the last error; gone, if the server says so; new, if it was never read; removed, "
          "if only the store knows it.\n"
          "What may have been missed because a feed holds less than comes between two polls is "
          "said below.\n"
          "`add` finds what can be followed at an address (a page, a feed, an account, "
          "@name@server), polls it once and appends\n"
          "it to the config. `test` polls once, stores nothing, and shows what came, what will "
          "go wrong and when the next\n"
          "poll may be. Neither asks anything; of what was not typed, only what robots.txt "
          "allows is fetched.\n"
          "`import` appends the feeds of an OPML list (- for stdin) to the config, folders as "
          "channels, and prints what it has\n"
          "added; what stands in the config stays as it is. `export` prints the feeds of the "
          "config as OPML.",
      .example = "earshot sources --failing --format json",
      .options = options,
      .run = run,
      .operand_choices = listed<verbs>};
}

}  // namespace earshot
