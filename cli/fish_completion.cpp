#include <fmt/format.h>

#include "cli/completion.hpp"
#include "cli/help.hpp"

namespace earshot {

namespace {

constexpr std::string_view head =
    R"(# fish completion for earshot, printed by `earshot help --completion fish`

# Whether the line's command is this one; '' while there is none.
function __earshot_command_is
    set -l words (commandline -opc)
    set -l command ''
    set -l value false
    for word in $words[2..]
        if test $value = true
            set value false
            continue
        end
        switch $word
            case @VALUED@
                set value true
            case '-*'
            case '*'
                set command $word
                break
        end
    end
    test "$command" = "$argv[1]"
end

complete -c earshot -f
)";

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

/// "complete -c earshot -n '...' -s v -l verbose -d 'say more on stderr'"; with no condition,
/// wherever the cursor is.
void append_option(std::string& out, std::string_view condition, const Option& option) {
  fmt::format_to(std::back_inserter(out), "complete -c earshot{}", condition);
  if (option.letter != 0) fmt::format_to(std::back_inserter(out), " -s {}", option.letter);
  fmt::format_to(std::back_inserter(out), " -l {}", option.name);
  if (!option.value.empty()) {
    const auto candidates = candidates_for(option);
    out += candidates.files ? " -rF" : " -x";
    if (!candidates.words.empty()) out += " -a " + quoted(joined(candidates.words));
  }
  out += " -d " + quoted(option.help) + "\n";
}

void append_command(std::string& out, const Command& command) {
  const auto& details = command.details;
  const auto condition = fmt::format(" -n '__earshot_command_is {}'", command.name);
  for (const auto& option : details.options) append_option(out, condition, option);
  const auto candidates = candidates_for(details);
  if (candidates.files)
    fmt::format_to(std::back_inserter(out), "complete -c earshot{} -F\n", condition);
  if (!candidates.words.empty())
    fmt::format_to(std::back_inserter(out), "complete -c earshot{} -a {}\n", condition,
                   quoted(joined(candidates.words)));
}

}  // namespace

std::string fish_completion() {
  std::vector<std::string> valued;
  for (const auto& option : global_options())
    if (!option.value.empty()) valued.push_back(fmt::format("--{}", option.name));
  std::string out{head};
  const std::string_view mark = "@VALUED@";
  out.replace(out.find(mark), mark.size(), fmt::format("{}", fmt::join(valued, " ")));

  for (const auto& option : global_options()) append_option(out, "", option);
  const std::string_view none = " -n '__earshot_command_is \"\"'";
  append_option(out, none, {.name = "version", .help = "print the version"});
  for (const auto& command : commands())
    fmt::format_to(std::back_inserter(out), "complete -c earshot{} -a {} -d {}\n", none,
                   command.name, quoted(command.summary));
  for (const auto& command : commands()) append_command(out, command);
  return out;
}

}  // namespace earshot
