#include "cli/completion.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/shell.hpp"

using namespace earshot;

namespace {

/// What bash offers at the end of a line of these words, after sourcing the script.
std::string in_bash(const TemporaryFolder& folder, const std::string& words) {
  folder.write("complete.bash",
               fmt::format("cd {0}\nsource {0}/earshot.bash\n"
                           "COMP_WORDS=({1}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
                           "_earshot\necho \"${{COMPREPLY[*]}}\"\n",
                           folder.path(), words));
  folder.write("earshot.bash", bash_completion());
  const auto ran = run_shell("bash --norc " + folder.file("complete.bash"));
  CHECK(ran.exit_code == 0);
  return ran.output;
}

/// What fish offers at the end of the line, without the descriptions.
std::string in_fish(const TemporaryFolder& folder, const std::string& line) {
  folder.write("earshot.fish", fish_completion());
  const auto ran = run_shell(fmt::format(
      "cd {0} && HOME={0} fish --no-config -c 'source earshot.fish; complete -C \"{1}\" "
      "| string replace -r \"\\t.*\" \"\"; true'",
      folder.path(), line));
  CHECK(ran.exit_code == 0);
  return ran.output;
}

}  // namespace

TEST_CASE("completion: bash offers commands, a command's options, choices and views") {
  const TemporaryFolder folder;
  CHECK(in_bash(folder, "earshot re") == "report\n");
  CHECK(in_bash(folder, "earshot --ver") == "--verbose --version\n");
  CHECK(in_bash(folder, "earshot report --ev") == "--evidence --evidence-limit\n");
  CHECK(in_bash(folder, "earshot report --conf") == "--config\n");
  CHECK(in_bash(folder, "earshot search --format ''") == "text jsonl csv\n");
  CHECK(in_bash(folder, "earshot search --format = js") == "jsonl\n");
  CHECK(in_bash(folder, "earshot search --format =") == "text jsonl csv\n");
  CHECK(in_bash(folder, "earshot report --metric cad") == "cadence\n");
  CHECK(in_bash(folder, "earshot report --format json plan") == "planning\n");
  CHECK(in_bash(folder, "earshot help eva") == "evaluate\n");
}

TEST_CASE("completion: bash finds the command behind options of all commands") {
  const TemporaryFolder folder;
  CHECK(in_bash(folder, "earshot --config report anal") == "analyze\n");
  CHECK(in_bash(folder, "earshot -v --config = x.toml sources --fa") == "--failing\n");
}

TEST_CASE("completion: bash offers files where a file is asked for, and nothing for free text") {
  const TemporaryFolder folder;
  folder.write("posts.csv", "");
  CHECK(in_bash(folder, "earshot ingest po") == "posts.csv\n");
  CHECK(in_bash(folder, "earshot --config po") == "posts.csv\n");
  CHECK(in_bash(folder, "earshot train --output po") == "posts.csv\n");
  CHECK(in_bash(folder, "earshot report --since po") == "\n");
  CHECK(in_bash(folder, "earshot search po") == "\n");
  CHECK(in_bash(folder, "earshot xyzzy po") == "\n");
}

TEST_CASE("completion: fish offers the same") {
  const TemporaryFolder folder;
  folder.write("posts.csv", "");
  CHECK(in_fish(folder, "earshot re") == "report\n");
  CHECK(in_fish(folder, "earshot report --ev") == "--evidence\n--evidence-limit\n");
  CHECK(in_fish(folder, "earshot search --format j") == "jsonl\n");
  CHECK(in_fish(folder, "earshot search --format=c") == "--format=csv\n");
  CHECK(in_fish(folder, "earshot --config report anal") == "analyze\n");
  CHECK(in_fish(folder, "earshot ingest po") == "posts.csv\n");
  CHECK(in_fish(folder, "earshot search po") == "");
  CHECK(in_fish(folder, "earshot report --since po") == "");
}

TEST_CASE("completion: every shell takes its script, and it has every command and option") {
  const TemporaryFolder folder;
  for (const auto shell : shells) {
    CAPTURE(shell);
    const auto script = completion(shell);
    const auto ran = run_shell(fmt::format("{} -n {}", shell, folder.write("script", script)));
    CHECK(ran.output == "");
    CHECK(ran.exit_code == 0);
    for (const auto& command : commands()) {
      CHECK_MESSAGE(script.find(command.name) != std::string::npos, command.name);
      for (const auto& option : command.details.options)
        CHECK_MESSAGE(script.find(option.name) != std::string::npos, option.name);
    }
  }
}

TEST_CASE("completion: the help command prints the script of a shell") {
  const TemporaryFolder folder;
  CHECK(test::run_earshot(folder, {"help", "--completion", "bash"}).out == bash_completion());
  CHECK(test::run_earshot(folder, {"help", "--completion", "zsh"}).out == zsh_completion());
  CHECK(test::run_earshot(folder, {"help", "--completion=fish"}).out == fish_completion());
}
