#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "cli/collecting.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/mapping_file.hpp"
#include "cli/run_summary.hpp"
#include "cli/signals.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"csv", "jsonl", "feed", "jetstream"};

constexpr Option options[] = {
    {.name = "mapping",
     .value = "FILE",
     .help = "which column or field is what, for the archives named"},
    {.name = "format",
     .value = "NAME",
     .help = "csv, jsonl, feed or jetstream; default: the mapping's, else by the file's ending",
     .choices = listed<formats>},
    {.name = "name",
     .value = "NAME",
     .help = "what the source is called; default: the file's name"},
    {.name = "all",
     .value = "",
     .help = "poll all sources of the config, also those that are not due"},
    {.name = "allow-private", .value = "", .help = "connect to private and local addresses too"},
    {.name = "summary-file", .value = "PATH", .help = "write what was done as JSON to this file"},
};

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// "jsonl" for "posts.jsonl.zst"; empty if the ending says nothing.
std::string format_of(const std::string& path) {
  std::filesystem::path name{path};
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  const auto ending = name.extension();
  if (ending == ".csv") return "csv";
  if (ending == ".jsonl" || ending == ".ndjson") return "jsonl";
  if (ending == ".xml" || ending == ".rss" || ending == ".atom") return "feed";
  return {};
}

/// Names the sources after their files, by the whole path where two files have the same name.
void name_sources(std::vector<SourceConfig>& sources) {
  std::map<std::string, int> uses;
  for (auto& source : sources) {
    source.name =
        source.path == "-" ? "stdin" : std::filesystem::path{source.path}.filename().string();
    ++uses[source.name];
  }
  for (auto& source : sources)
    if (uses[source.name] > 1) source.name = source.path;
}

/// The files named on the command line as sources.
Result<std::vector<SourceConfig>> archives(const Arguments& arguments) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  MappingFile mapping{"", default_mapping()};
  if (const auto path = arguments.value("mapping")) {
    auto loaded = load_mapping(*path);
    if (!loaded) return loaded.error();
    mapping = std::move(*loaded);
  }
  std::vector<SourceConfig> sources;
  for (const auto& path : arguments.operands()) {
    auto& source = sources.emplace_back();
    source.path = path;
    source.mapping = mapping.mapping;
    source.type = arguments.has("format")   ? *format
                  : !mapping.format.empty() ? mapping.format
                                            : format_of(path);
    if (source.type.empty())
      return usage(fmt::format(
          "'{}' does not end like a csv, jsonl or feed; say which with --format", path));
  }
  name_sources(sources);
  if (const auto name = arguments.value("name")) {
    if (sources.size() != 1) return usage("--name names one archive, and only one");
    sources.front().name = *name;
  }
  return sources;
}

Result<std::vector<SourceConfig>> chosen_sources(const Arguments& arguments,
                                                 const std::optional<Config>& config) {
  if (!arguments.operands().empty()) {
    if (arguments.has("all"))
      return usage("--all is for the sources of the config, not for archives named here");
    return archives(arguments);
  }
  for (const auto* option : {"mapping", "format", "name"})
    if (arguments.has(option))
      return usage(fmt::format("--{} is for an archive; name its file", option));
  if (!config)
    return Error{Error::Kind::config,
                 "there is no earshot.toml here to name sources; `earshot init` writes one"};
  if (config->sources.empty())
    return Error{Error::Kind::config,
                 fmt::format("{}: there is no [[source]]; add one, or name archives to import",
                             config->file)};
  return config->sources;
}

/// An import of which nothing could be read has not reached its end, for its worst reason; a run
/// over the config's sources has.
ExitCode exit_code(const std::vector<SourceOutcome>& outcomes, bool import) {
  const auto failed = [](const auto& outcome) { return outcome.error && outcome.rows == 0; };
  if (!import || !std::ranges::all_of(outcomes, failed)) return exit_code_of(outcomes);
  auto code = ExitCode::done;
  for (const auto& outcome : outcomes) code = worse(code, exit_code_of(*outcome.error));
  return code;
}

void show(const std::vector<SourceOutcome>& outcomes, const std::vector<SourceConfig>& sources,
          Context& context) {
  bool polled = false;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    polled = polled || outcomes[i].polled;
    complain(outcomes[i], sources[i], context.console);
    if (outcomes[i].polled && (!outcomes[i].error || outcomes[i].rows > 0))
      context.out.write(summary_line(outcomes[i]) + "\n");
    if (!outcomes[i].polled && context.verbose)
      context.console.say(fmt::format("{}: not due until {}", outcomes[i].name,
                                      format_instant(outcomes[i].state.next_try)));
  }
  if (!polled && context.talkative())
    context.console.say("no source is due; --all polls them nevertheless");
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto sources = chosen_sources(arguments, *config);
  if (!sources) return sources.error();
  const auto path = store_path(context, *config);
  if (!path) return path.error();
  RunSummary summary{"ingest", arguments.value("summary-file"), context};

  watch_signals();
  const auto store = open_store(*path, StoreUse::create);
  if (!store) return summary.finish(store.error());
  const bool import = !arguments.operands().empty();
  const CollectingOptions collecting{!import && !arguments.has("all"),
                                     arguments.has("allow-private")};
  const auto outcomes = collect_sources(**store, *sources, collecting, context);
  if (!outcomes) return summary.finish(outcomes.error());
  show(*outcomes, *sources, context);
  summary.add(*outcomes);
  return summary.finish(exit_code(*outcomes, import));
}

}  // namespace

CommandDetails describe_ingest() {
  return {
      .operands = "[FILE...|-]",
      .max_operands = any_number,
      .description =
          "Without files: polls every source of the config that is due, and reads its "
          "archives. With files: imports them;\n"
          "csv, jsonl (also .ndjson), feed (.xml, .rss, .atom) and jetstream, plain, .gz or .zst; "
          "- is standard input. Without\n"
          "--mapping the columns are id, channel, author, followers, text, created_at, "
          "in_reply_to, likes, shares,\n"
          "replies, url, lang. Importing the same posts again changes nothing. Makes the store "
          "if there is none.\n"
          "Prints one line a source; bad lines cost themselves only, and are named on stderr.",
      .example = "earshot ingest --mapping configs/mappings/support_2017.toml support_2017.csv",
      .options = options,
      .run = run};
}

}  // namespace earshot
