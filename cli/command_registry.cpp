#include <algorithm>

#include "cli/command.hpp"

namespace earshot {

#define EARSHOT_COMMAND(name, summary) CommandDetails describe_##name();
#include "cli/commands.def"
#undef EARSHOT_COMMAND

const std::vector<Command>& commands() {
  static const std::vector<Command> all{
#define EARSHOT_COMMAND(name, summary) {#name, summary, describe_##name()},
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

}  // namespace earshot
