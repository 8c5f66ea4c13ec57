#include <fmt/format.h>

#include "cli/completion.hpp"
#include "cli/help.hpp"

namespace earshot {

namespace {

constexpr std::string_view head =
    R"(# bash completion for earshot, printed by `earshot help --completion bash`

_earshot_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_earshot_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

)";

// Bash hands over "--format=te" as three words, which is why "=" is looked at.
constexpr std::string_view main_function = R"(
_earshot() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= i
  COMPREPLY=()
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      @VALUED@)
        if [[ ${COMP_WORDS[i+1]} == = ]]; then ((i += 2)); else ((i += 1)); fi ;;
      -*) ;;
      *) command=${COMP_WORDS[i]}; break ;;
    esac
  done
  _earshot_value "$command" "$prev" && return
  if [[ $cur == -* ]]; then _earshot_options "$command"; else _earshot_operands "$command"; fi
}

complete -F _earshot earshot
)";

std::string action(const Candidates& candidates) {
  if (candidates.files) return "_earshot_files";
  if (!candidates.words.empty())
    return fmt::format("_earshot_words '{}'", joined(candidates.words));
  return ":";
}

/// "-v --verbose -h --help"
std::string names(std::span<const Option> options) {
  std::vector<std::string> all;
  for (const auto& option : options) {
    if (option.letter != 0) all.push_back(fmt::format("-{}", option.letter));
    all.push_back(fmt::format("--{}", option.name));
  }
  return fmt::format("{}", fmt::join(all, " "));
}

/// "--config|--store"
std::string valued_options() {
  std::vector<std::string> valued;
  for (const auto& option : global_options())
    if (!option.value.empty()) valued.push_back(fmt::format("--{}", option.name));
  return fmt::format("{}", fmt::join(valued, "|"));
}

/// One case of a shell function: "    report) ACTION ;;".
void append_case(std::string& out, std::string_view pattern, std::string_view action) {
  fmt::format_to(std::back_inserter(out), "    {}) {} ;;\n", pattern, action);
}

/// Completes the value of an option, known by the command and the option before it.
std::string value_function() {
  std::string out = "_earshot_value() {\n  case $1:$2 in\n";
  const auto append = [&](std::string_view command, std::span<const Option> options) {
    for (const auto& option : options)
      if (!option.value.empty())
        append_case(out, fmt::format("{}:--{}", command, option.name),
                    action(candidates_for(option)));
  };
  for (const auto& command : commands()) append(command.name, command.details.options);
  append("*", global_options());
  return out + "    *) return 1 ;;\n  esac\n}\n\n";
}

std::string options_function() {
  std::string out = "_earshot_options() {\n  case $1 in\n";
  append_case(out, "''", fmt::format("_earshot_words '{} --version'", names(global_options())));
  for (const auto& command : commands()) {
    std::vector<Option> options{command.details.options.begin(), command.details.options.end()};
    options.insert(options.end(), global_options().begin(), global_options().end());
    append_case(out, command.name, fmt::format("_earshot_words '{}'", names(options)));
  }
  return out + "  esac\n}\n\n";
}

/// Completes a word that is neither option nor value; of a line without command, the command.
std::string operands_function() {
  std::string out = "_earshot_operands() {\n  case $1 in\n";
  append_case(out, "''", fmt::format("_earshot_words '{}'", joined(command_names())));
  for (const auto& command : commands())
    append_case(out, command.name, action(candidates_for(command.details)));
  return out + "  esac\n}\n";
}

}  // namespace

std::string bash_completion() {
  std::string last{main_function};
  const std::string_view mark = "@VALUED@";
  last.replace(last.find(mark), mark.size(), valued_options());
  return std::string{head} + value_function() + options_function() + operands_function() + last;
}

}  // namespace earshot
