#include "cli/completion.hpp"

#include <cassert>

#include <fmt/format.h>

namespace earshot {

namespace {

Candidates candidates_for(std::string_view value, Choices choices) {
  Candidates candidates;
  if (choices != nullptr)
    candidates.words = choices();
  else
    candidates.files = value.find("FILE") != value.npos || value.find("PATH") != value.npos;
  return candidates;
}

}  // namespace

std::string completion(std::string_view shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "zsh") return zsh_completion();
  assert(shell == "fish");
  return fish_completion();
}

Candidates candidates_for(const Option& option) {
  return candidates_for(option.value, option.choices);
}

Candidates candidates_for(const CommandDetails& details) {
  return candidates_for(details.operands, details.operand_choices);
}

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for (const auto& command : commands()) names.push_back(command.name);
  return names;
}

std::string joined(const std::vector<std::string_view>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

}  // namespace earshot
