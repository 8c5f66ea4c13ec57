#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/collecting.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/ready_mappings.hpp"
#include "cli/run_summary.hpp"
#include "cli/signals.hpp"
#include "ingest/input.hpp"
#include "ingest/packed.hpp"
#include "ingest/packed_files.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"csv",         "jsonl",           "json",
                                        "feed",        "jetstream",       "outbox",
                                        "reddit_dump", "twitter_archive", "mbox"};

constexpr Option options[] = {
    {.name = "mapping",
     .value = "NAME",
     .help = "which column or field is what: a mapping of earshot's, or a file; default: by the "
             "archive's columns"},
    {.name = "format",
     .value = "NAME",
     .help = "csv, jsonl, json, feed, jetstream, outbox, reddit_dump, twitter_archive or mbox; "
             "default: the mapping's, else by the file itself",
     .choices = listed<formats>},
    {.name = "name",
     .value = "NAME",
     .help = "what the source is called; default: the file's name"},
    {.name = "network",
     .value = "NAME",
     .help = "whose ids the posts have: twitter, reddit, ...; default: the mapping's"},
    {.name = "all",
     .value = "",
     .help = "poll all sources of the config, also those that are not due"},
    {.name = "allow-private", .value = "", .help = "connect to private and local addresses too"},
    {.name = "summary-file", .value = "PATH", .help = "write what was done as JSON to this file"},
};

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// "RS_2026-08" and "beans_comments": how dumps of Reddit are called, without their ending.
bool is_reddit_dump(const std::string& name) {
  return name.starts_with("RS_") || name.starts_with("RC_") || name.ends_with("_submissions") ||
         name.ends_with("_comments");
}

/// "jsonl" for "posts.jsonl.zst"; empty if the name says nothing.
std::string format_of(const std::string& path) {
  std::filesystem::path name{path};
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  const auto ending = name.extension();
  if (ending == ".csv") return "csv";
  if (ending == ".jsonl" || ending == ".ndjson") return "jsonl";
  if (ending.empty() && is_reddit_dump(name.filename())) return "reddit_dump";
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

/// True if the default layout is meant, as far as names tell.
bool has_default_columns(const ArchiveLook& look) {
  const auto mapping = default_mapping();
  return look.has({mapping.column(PostField::id), mapping.column(PostField::text),
                   mapping.column(PostField::posted_at)});
}

/// Chooses the mapping for an archive about which nobody has said anything, and tells which; where
/// none fits, names those that might.
Result<MappingFile> choose_mapping(const std::string& path, const ArchiveLook& look,
                                   Console& console) {
  MappingFile chosen;
  chosen.format = look.type;
  chosen.mapping = default_mapping();
  if (look.layouts.empty() || has_default_columns(look)) return chosen;
  if (const auto name = recognised_mapping(look); !name.empty()) {
    console.say(
        fmt::format("{}: read by the mapping '{}', as its columns are called so", path, name));
    return find_mapping({}, std::string{name});
  }
  const auto likely = likely_mappings(look);
  if (!likely.empty())
    console.say(
        fmt::format("{}: its columns are most like those of '{}'; name a mapping with "
                    "--mapping",
                    path, fmt::join(likely, "' or '")));
  return chosen;
}

/// The file that tells what an archive is: itself, or one of those that are read of a packed one.
Result<std::string> telling_file(const std::string& path, std::string_view type) {
  const auto packed = packed_path(path);
  if (!packed || !packed->member.empty()) return path;
  const auto files = packed_files(path, type);
  if (!files) return files.error();
  return files->front().path;
}

/// A file named on the command line as a source; `format` and `named` are what was said about it.
Result<SourceConfig> archive(const std::string& path, const std::string& format,
                             const std::optional<MappingFile>& named, Console& console) {
  const auto telling = telling_file(path, format.empty() && named ? named->format : format);
  if (!telling) return telling.error();
  const auto by_name = format_of(*telling);
  ArchiveLook look;
  if (by_name != "feed") look = look_at_archive(*telling);
  if (!format.empty())
    look.type = format;
  else if (!by_name.empty())
    look.type = by_name;
  auto mapping = named ? *named : choose_mapping(path, look, console);
  if (!mapping) return mapping.error();
  SourceConfig source;
  source.path = path;
  source.mapping = std::move(mapping->mapping);
  source.type = !format.empty() || mapping->format.empty() ? look.type : mapping->format;
  if (!source.type.empty()) return source;
  // What can't be read does not tell what it is.
  if (packed_path(path))
    if (const auto read = read_beginning(*telling, 1); !read) return read.error();
  return usage(fmt::format("'{}' does not end like a csv, jsonl or feed; say which with --format",
                           *telling));
}

/// What a run reads. Of the sources the last ones can't be read, each for its reason.
struct Chosen {
  std::vector<SourceConfig> sources;
  std::vector<Error> unreadable;

  std::span<const SourceConfig> readable() const {
    return std::span{sources}.first(sources.size() - unreadable.size());
  }
};

/// The files named on the command line as sources. One that can't be read costs itself.
Result<Chosen> archives(const Arguments& arguments, Console& console) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  std::optional<MappingFile> named;
  if (const auto name = arguments.value("mapping")) {
    auto found = find_mapping(*name, *name);
    if (!found) return found.error();
    named = std::move(*found);
  }
  Chosen chosen;
  auto& sources = chosen.sources;
  std::vector<SourceConfig> unreadable;
  for (const auto& path : arguments.operands()) {
    auto source =
        archive(path, arguments.has("format") ? std::string{*format} : "", named, console);
    if (source) {
      source->network = arguments.value("network").value_or("");
      sources.push_back(std::move(*source));
      continue;
    }
    const Error& error = source.error();
    if (error.kind != Error::Kind::io && error.kind != Error::Kind::format) return error;
    unreadable.emplace_back().path = path;
    chosen.unreadable.push_back(error);
  }
  std::ranges::move(unreadable, std::back_inserter(sources));
  name_sources(sources);
  if (const auto name = arguments.value("name")) {
    if (sources.size() != 1) return usage("--name names one archive, and only one");
    sources.front().name = *name;
  }
  return chosen;
}

Result<Chosen> chosen_sources(const Arguments& arguments, const std::optional<Config>& config,
                              Console& console) {
  if (!arguments.operands().empty()) {
    if (arguments.has("all"))
      return usage("--all is for the sources of the config, not for archives named here");
    return archives(arguments, console);
  }
  for (const auto* option : {"mapping", "format", "name", "network"})
    if (arguments.has(option))
      return usage(fmt::format("--{} is for an archive; name its file", option));
  if (!config)
    return Error{Error::Kind::config,
                 "there is no earshot.toml here to name sources; `earshot init` writes one"};
  if (config->sources.empty())
    return Error{Error::Kind::config,
                 fmt::format("{}: there is no [[source]]; add one, or name archives to import",
                             config->file)};
  return Chosen{config->sources, {}};
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
    context.console.say(
        "no source is due; --all polls them nevertheless, but for servers that asked for rest");
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto chosen = chosen_sources(arguments, *config, context.console);
  if (!chosen) return chosen.error();
  const auto path = store_path(context, *config);
  if (!path) return path.error();
  RunSummary summary{"ingest", arguments.value("summary-file"), context};

  watch_signals();
  const auto store = open_store(*path, StoreUse::create);
  if (!store) return summary.finish(store.error());
  const bool import = !arguments.operands().empty();
  const CollectingOptions collecting{!import && !arguments.has("all"),
                                     arguments.has("allow-private"),
                                     *config ? (*config)->fetch : FetchConfig{}};
  auto outcomes = collect_sources(**store, chosen->readable(), collecting, context);
  if (!outcomes) return summary.finish(outcomes.error());
  for (const auto& error : chosen->unreadable) {
    auto& outcome = outcomes->emplace_back();
    outcome.name = chosen->sources[outcomes->size() - 1].name;
    outcome.polled = true;
    outcome.error = error;
  }
  show(*outcomes, chosen->sources, context);
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
          "csv, jsonl (also .ndjson), json, feed (.xml, .rss, .atom), jetstream, outbox, "
          "reddit_dump "
          "(RS_*.zst, RC_*.zst),\n"
          "twitter_archive (also a folder) and mbox, plain, .gz or .zst; - is standard input.\n"
          "What Twitter, Mastodon, Facebook and tools let one download is read packed, as .zip, "
          ".tar, .tar.gz, .tgz or .tar.zst;\n"
          "a.zip/NAME is one file in it.\n"
          "Without --mapping the columns are id, channel, author, followers, text, created_at, "
          "in_reply_to, likes, shares,\n"
          "replies, url, lang, unless they are those of an export that earshot knows. Its mappings "
          "are the files in\n"
          "configs/mappings/: brandwatch, meltwater, sprout, talkwalker, 4cat, facebook, reviews, "
          "... Importing the same\n"
          "posts again changes nothing. Makes the store if there is none.\n"
          "Prints one line a source; bad lines cost themselves only, and are named on stderr.",
      .example = "earshot ingest --mapping brandwatch mentions.csv",
      .options = options,
      .run = run};
}

}  // namespace earshot
