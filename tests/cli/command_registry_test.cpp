#include <doctest/doctest.h>
#include <fmt/format.h>

#include "cli/command.hpp"
#include "tests/cli/run_earshot.hpp"

using namespace earshot;

TEST_CASE(
    "command registry: an option refuses a word that is none of its choices, and names them") {
  const TemporaryFolder folder;
  int checked = 0;
  for (const auto& command : commands())
    for (const auto& option : command.details.options) {
      // What is measured has messages of its own, with a did-you-mean.
      if (option.choices == nullptr || option.name == "metric" || option.name == "view") continue;
      CAPTURE(command.name);
      CAPTURE(option.name);

      std::vector<std::string> words{std::string{command.name},
                                     "--" + std::string{option.name} + "=xyzzy"};
      if (command.details.operands.starts_with("QUERY")) words.emplace_back("late");
      if (command.details.operands.find("FILE") != std::string_view::npos)
        words.emplace_back("posts.csv");
      const auto ran = test::run_earshot(folder, words);

      CHECK(ran.exit_code == 2);
      CHECK(
          ran.err.starts_with(fmt::format("earshot {}: --{} must be ", command.name, option.name)));
      for (const auto choice : option.choices())
        CHECK_MESSAGE(ran.err.find(choice, ran.err.find("must be")) != std::string::npos, choice);
      ++checked;
    }
  CHECK(checked >= 6);
}

TEST_CASE("command registry: a name that is near a command's is suggested") {
  CHECK(unknown_command("repot").message == "unknown command 'repot', did you mean 'report'?");
  CHECK(unknown_command("xyzzy").message == "unknown command 'xyzzy'; see `earshot --help`");
}
