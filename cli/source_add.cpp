#include <algorithm>

#include <fmt/format.h>

#include "cli/fetching.hpp"
#include "cli/source_tables.hpp"
#include "cli/source_verbs.hpp"
#include "cli/trial_writers.hpp"
#include "ingest/discovery.hpp"
#include "store/base/curl_http.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

constexpr std::chrono::seconds host_gap{1};
constexpr std::size_t most_tried = 5;

/// "feed https://town.example/feed", "mastodon https://elm.example, tag beans".
std::string called(const SourceConfig& source) {
  std::string name = fmt::format("{} {}", source.type, source.url);
  for (const auto& [option, value] : source.options)
    name.append(", ").append(option).append(" ").append(value);
  return name;
}

/// What a source is named after if nothing has a title: "beans on mastodon".
std::string title_of(const FoundSource& found, const SourceTrial& trial) {
  if (!found.title.empty()) return found.title;
  if (!trial.title.empty()) return trial.title;
  if (found.source.options.empty()) return {};
  return fmt::format("{} on {}", found.source.options.begin()->second, found.source.type);
}

bool needs_token(const SourceConfig& source) {
  const auto* type = find_source_type(source.type);
  return type != nullptr && type->details.token == TokenUse::needed;
}

/// The first of what was found that a poll gets posts or an empty list from.
struct Choice {
  FoundSource found;
  SourceTrial trial;
};

/// Errors: of the last that was tried.
Result<Choice> choose(Discovery& discovery, PoliteHttp& http, Context& context) {
  Error last{Error::Kind::network, {}};
  std::size_t tried = 0;
  for (auto& found : discovery.found) {
    if (tried++ == most_tried) break;
    if (needs_token(found.source)) {
      last = {Error::Kind::config,
              fmt::format("{}: needs a token; write its [[source]] by hand, see `earshot sources "
                          "--types`",
                          called(found.source))};
    } else {
      found.source.name = "trial";
      auto trial = try_source(found.source, http, context.clock());
      if (!trial.error) return Choice{std::move(found), std::move(trial)};
      last = {trial.error->kind, fmt::format("{}: {}", called(found.source), trial.error->message)};
    }
    if (tried < std::min(discovery.found.size(), most_tried)) context.console.say(last.message);
  }
  return Error{last.kind, last.message + "; nothing is added"};
}

void show_found(const Discovery& discovery, Context& context) {
  for (const auto& passed : discovery.passed) context.console.say(passed);
  if (discovery.found.size() < 2) return;
  context.console.say("found, of which the first that works is taken:");
  for (const auto& [source, title] : discovery.found)
    context.console.say(fmt::format("  {}{}{}", called(source), title.empty() ? "" : ": ", title));
}

/// The source of the config that is the same as one of those found, or null.
const SourceConfig* known_source(const Discovery& discovery, const Config& config) {
  for (const auto& found : discovery.found)
    for (const auto& source : config.sources)
      if (same_source(source, found.source)) return &source;
  return nullptr;
}

/// The name asked for, if it is free, else one made of the title. Error: `usage`.
Result<std::string> choose_name(const Arguments& arguments, const Config& config,
                                std::string_view title, std::string_view url) {
  std::set<std::string> taken;
  for (const auto& source : config.sources) taken.insert(source.name);
  const auto named = arguments.value("name");
  if (!named) return source_name(title, url, taken);
  if (named->empty()) return Error{Error::Kind::usage, "--name is empty"};
  if (!taken.contains(*named)) return *named;
  return Error{Error::Kind::usage,
               fmt::format("there is a source named '{}' already; give another --name", *named)};
}

Result<Config> config_to_add_to(const Arguments& arguments, const Context& context) {
  if (!arguments.has("dry-run")) return require_project(context);
  auto config = find_project(context);
  if (!config) return config.error();
  return *config ? std::move(**config) : Config{};
}

/// The source of that name, or what is at that address. Errors: `usage`, and those of discovery.
Result<SourceConfig> source_to_test(const std::string& word, const std::optional<Config>& config,
                                    PoliteHttp& http, Context& context) {
  std::vector<std::string_view> names;
  if (config)
    for (const auto& source : config->sources) {
      if (source.name == word) return source;
      names.push_back(source.name);
    }
  const auto hint = did_you_mean(word, names);
  if (!hint.empty() || word.find_first_of(".@:") == std::string::npos)
    return Error{Error::Kind::usage, fmt::format("there is no source '{:.100}'{}", word, hint)};
  auto discovery = discover_sources(http, word, context.clock());
  if (!discovery) return discovery.error();
  show_found(*discovery, context);
  auto source = std::move(discovery->found.front().source);
  source.name = word;
  return source;
}

}  // namespace

Result<ExitCode> add_source(const Arguments& arguments, Context& context) {
  if (arguments.operands().size() != 2)
    return Error{Error::Kind::usage, "which address is missing: earshot sources add URL"};
  const auto config = config_to_add_to(arguments, context);
  if (!config) return config.error();
  if (const auto name = choose_name(arguments, *config, "", ""); !name) return name.error();
  const auto client = make_curl_http(curl_options(config->fetch, arguments.has("allow-private")));
  PoliteHttp http{*client, host_gap};
  auto discovery = discover_sources(http, arguments.operands()[1], context.clock());
  if (!discovery) return discovery.error();
  if (const auto* known = known_source(*discovery, *config); known != nullptr) {
    context.console.say(
        fmt::format("{} is in the config already, as '{}'", called(*known), known->name));
    return ExitCode::done;
  }
  show_found(*discovery, context);
  auto choice = choose(*discovery, http, context);
  if (!choice) return choice.error();

  auto& [found, trial] = *choice;
  const auto title = title_of(found, trial);
  auto name = choose_name(arguments, *config, title, found.source.url);
  if (!name) return name.error();
  found.source.name = std::move(*name);
  std::string table;
  append_source_table(table, found.source, title == found.source.name ? "" : title);
  if (!arguments.has("dry-run"))
    if (auto done = append_to_config(config->file, table); !done) return done.error();
  context.out.write(table);
  context.console.say(fmt::format("{}: {}", called(found.source), trial_summary(trial)));
  for (const auto& fault : trial.faults) context.console.say("  " + fault);
  if (!arguments.has("dry-run"))
    context.console.say(fmt::format("{}: '{}' added", config->file, found.source.name));
  return ExitCode::done;
}

Result<ExitCode> test_source(std::string_view format, const Arguments& arguments,
                             Context& context) {
  if (arguments.operands().size() != 2)
    return Error{Error::Kind::usage, "which source is missing: earshot sources test NAME, or URL"};
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto client = make_curl_http(
      curl_options(*config ? (*config)->fetch : FetchConfig{}, arguments.has("allow-private")));
  PoliteHttp http{*client, host_gap};
  const auto source = source_to_test(arguments.operands()[1], *config, http, context);
  if (!source) return source.error();
  if (source->url.empty())
    return Error{Error::Kind::usage,
                 fmt::format("'{}' is an archive, which `earshot ingest` reads", source->name)};

  const auto trial = try_source(*source, http, context.clock());
  context.out.write(format == "json" ? trial_json(*source, trial) : trial_text(*source, trial));
  if (!trial.error) return ExitCode::done;
  context.console.say(fmt::format("{}: {}", source->name, trial.error->message));
  return exit_code_of(*trial.error);
}

}  // namespace earshot
