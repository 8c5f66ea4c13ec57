#include <algorithm>

#include <fmt/format.h>

#include "cli/numbers.hpp"
#include "cli/source_tables.hpp"
#include "cli/source_verbs.hpp"
#include "ingest/opml.hpp"
#include "store/base/file.hpp"

namespace earshot {

namespace {

constexpr std::size_t most_shown = 20;

/// What an import comes to.
struct Import {
  std::string tables;
  std::uint64_t added = 0;
  std::uint64_t known = 0;  ///< In the config already, or twice in the list.
};

Import plan_import(const OpmlList& list, const std::vector<SourceConfig>& configured) {
  Import import;
  std::set<std::string> names;
  std::set<std::string> addresses;
  for (const auto& source : configured) {
    names.insert(source.name);
    if (source.type == "feed") addresses.insert(address_key(source.url));
  }
  for (const auto& feed : list.feeds) {
    if (!addresses.insert(address_key(feed.url)).second) {
      ++import.known;
      continue;
    }
    SourceConfig source;
    source.name = source_name(feed.title, feed.url, names);
    source.type = "feed";
    source.url = feed.url;
    source.channel = feed.folder;
    append_source_table(import.tables, source, feed.title == source.name ? "" : feed.title);
    ++import.added;
  }
  return import;
}

void say_what_is_left_out(const OpmlList& list, const std::string& path, Console& console) {
  const std::size_t shown = std::min(list.left_out.size(), most_shown);
  for (const auto& why : std::span{list.left_out}.first(shown))
    console.say(fmt::format("{}: {}", path, why));
  if (list.left_out.size() > shown)
    console.say(fmt::format("{}: ... and {} more", path, list.left_out.size() - shown));
}

}  // namespace

Result<ExitCode> import_sources(const Arguments& arguments, Context& context) {
  if (arguments.operands().size() != 2)
    return Error{Error::Kind::usage,
                 "which list is missing: earshot sources import FILE.opml, or - for stdin"};
  const auto& path = arguments.operands()[1];
  const bool stdin_named = path == "-";
  const bool dry_run = arguments.has("dry-run");
  const auto config = find_project(context);
  if (!config) return config.error();
  if (!*config && !dry_run) return require_project(context).error();
  const auto bytes = read_file(stdin_named ? "/dev/stdin" : path);
  if (!bytes) return bytes.error();
  const std::string called = stdin_named ? "stdin" : path;
  const auto list = parse_opml(*bytes);
  if (!list) return Error{list.error().kind, fmt::format("{}: {}", called, list.error().message)};

  const auto import =
      plan_import(*list, *config ? (*config)->sources : std::vector<SourceConfig>{});
  if (!dry_run && import.added > 0)
    if (auto done = append_to_config((*config)->file, import.tables); !done) return done.error();
  context.out.write(import.tables);
  say_what_is_left_out(*list, called, context.console);
  const std::string where = dry_run ? called : (*config)->file;
  context.console.say(fmt::format(
      "{}: {} {}{}", where, counted(import.added, "source", "sources"),
      dry_run ? "to add" : "added",
      import.known > 0 ? fmt::format(", {} there already", grouped(import.known)) : ""));
  return list->left_out.empty() ? ExitCode::done : ExitCode::partly;
}

Result<ExitCode> export_sources(const Arguments& arguments, Context& context) {
  if (arguments.operands().size() > 1)
    return Error{Error::Kind::usage, "export takes no file: earshot sources export > feeds.opml"};
  const auto config = require_project(context);
  if (!config) return config.error();
  std::vector<OpmlFeed> feeds;
  std::string others;
  for (const auto& source : config->sources) {
    if (source.type == "feed" && !source.url.empty())
      feeds.push_back({source.name, source.url, "", source.channel});
    else
      others.append(others.empty() ? "" : ", ").append(source.name);
  }
  context.out.write(write_opml(feeds, config->project.name));
  if (!others.empty())
    context.console.say(fmt::format("not in the list, which is of feeds: {}", others));
  return ExitCode::done;
}

}  // namespace earshot
