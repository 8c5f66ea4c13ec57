#include <algorithm>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

#define EARSHOT_COMMAND(name, summary) CommandDetails describe_##name();
#include "cli/commands.def"
#undef EARSHOT_COMMAND

namespace {

std::string with_hyphens(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all{
#define EARSHOT_COMMAND(name, summary) {with_hyphens(#name), summary, describe_##name()},
#include "cli/commands.def"
#undef EARSHOT_COMMAND
  };
  return all;
}

const Command* find_command(std::string_view name) {
  const auto& all = commands();
  const auto found = std::ranges::find(all, name, &Command::name);
  return found == all.end() ? nullptr : &*found;
}

Error unknown_command(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& command : commands()) names.push_back(command.name);
  const auto hint = did_you_mean(name, names);
  return {Error::Kind::usage, fmt::format("unknown command '{}'{}", name,
                                          hint.empty() ? "; see `earshot --help`" : hint)};
}

}  // namespace earshot
