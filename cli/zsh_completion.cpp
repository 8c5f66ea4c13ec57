#include <fmt/format.h>

#include "cli/completion.hpp"
#include "cli/help.hpp"

namespace earshot {

namespace {

/// Within single quotes; with `also`, those letters get a backslash, as specs of _arguments want.
std::string quoted(std::string_view text, std::string_view also = {}) {
  std::string out;
  for (const char c : text) {
    if (also.find(c) != also.npos) out += '\\';
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out;
}

std::string action(const Candidates& candidates) {
  if (candidates.files) return "_files";
  if (!candidates.words.empty()) return "(" + joined(candidates.words) + ")";
  return " ";
}

/// One option as _arguments wants it: '--format=[text (default) or json]:NAME:(text json)'.
std::string spec(const Option& option) {
  std::string value;
  if (!option.value.empty())
    value = fmt::format(":{}:{}", option.value, action(candidates_for(option)));
  const auto help = quoted(option.help, "\\[]");
  const std::string_view equals = option.value.empty() ? "" : "=";
  if (option.letter == 0)
    return fmt::format("'{}--{}{}[{}]{}'", option.repeats ? "*" : "", option.name, equals, help,
                       value);
  return fmt::format("'(-{0} --{1})'{{-{0},--{1}{2}}}'[{3}]{4}'", option.letter, option.name,
                     equals, help, value);
}

void append_command(std::string& out, const Command& command) {
  fmt::format_to(std::back_inserter(out), "        {})\n          _arguments $everywhere",
                 command.name);
  for (const auto& option : command.details.options) out += " \\\n            " + spec(option);
  if (!command.details.operands.empty())
    fmt::format_to(std::back_inserter(out), " \\\n            '*:{}:{}'",
                   quoted(command.details.operands, "\\:"),
                   action(candidates_for(command.details)));
  out += " ;;\n";
}

}  // namespace

std::string zsh_completion() {
  std::string out =
      "#compdef earshot\n"
      "# zsh completion for earshot, printed by `earshot help --completion zsh`\n\n"
      "_earshot() {\n"
      "  local curcontext=$curcontext context state state_descr line\n"
      "  local -A opt_args\n"
      "  local -a all=(\n";
  for (const auto& command : commands())
    fmt::format_to(std::back_inserter(out), "    '{}:{}'\n", command.name, quoted(command.summary));
  out += "  )\n  local -a everywhere=(\n";
  for (const auto& option : global_options()) out += "    " + spec(option) + "\n";
  out +=
      "  )\n"
      "  _arguments -C $everywhere '--version[print the version]' '1:COMMAND:->command' "
      "'*::argument:->arguments'\n"
      "  case $state in\n"
      "    command) _describe -t commands command all ;;\n"
      "    arguments)\n"
      "      case $words[1] in\n";
  for (const auto& command : commands()) append_command(out, command);
  return out +
         "      esac ;;\n"
         "  esac\n"
         "}\n\n"
         // Sourced, it registers itself; found by compinit as _earshot, it is called at once.
         "if [[ $funcstack[1] == _earshot ]]; then _earshot \"$@\"; else compdef _earshot earshot; "
         "fi\n";
}

}  // namespace earshot
