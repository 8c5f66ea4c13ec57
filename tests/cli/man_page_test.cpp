#include "cli/man_page.hpp"

#include <doctest/doctest.h>

#include "cli/command.hpp"
#include "cli/help.hpp"
#include "tests/cli/run_earshot.hpp"
#include "tests/support/shell.hpp"

using namespace earshot;

namespace {

/// The page as a reader sees it, in lines too long to be broken.
std::string rendered(const TemporaryFolder& folder) {
  const auto page = folder.write("earshot.1", man_page());
  const auto ran = run_shell("groff -man -Tascii -P-cbou -rLL=2000n " + page);
  REQUIRE(ran.exit_code == 0);
  return ran.output;
}

}  // namespace

TEST_CASE("man page: groff has no warning about it") {
  const TemporaryFolder folder;
  const auto page = folder.write("earshot.1", man_page());

  const auto ran = run_shell("groff -man -ww -Tutf8 -z " + page);

  CHECK(ran.output == "");
  CHECK(ran.exit_code == 0);
}

TEST_CASE("man page: it has the sections that man(7) asks for") {
  const TemporaryFolder folder;
  const auto page = rendered(folder);

  std::size_t from = 0;
  for (const auto* section :
       {"\nNAME\n", "\nSYNOPSIS\n", "\nDESCRIPTION\n", "\nOPTIONS OF ALL COMMANDS\n",
        "\nCOMMANDS\n", "\nEXIT STATUS\n", "\nENVIRONMENT\n", "\nFILES\n", "\nSEE ALSO\n"}) {
    const auto at = page.find(section, from);
    CHECK_MESSAGE(at != std::string::npos, section);
    if (at != std::string::npos) from = at;
  }
  CHECK(page.find("earshot - self-hosted social listening\n") != std::string::npos);
}

TEST_CASE("man page: it has every command, option and example, as a shell wants them typed") {
  const TemporaryFolder folder;
  const auto page = rendered(folder);
  const auto has = [&](std::string_view text) { return page.find(text) != std::string::npos; };

  for (const auto& command : commands()) {
    CHECK_MESSAGE(has("\n       earshot " + std::string{command.name} + " [options]"),
                  command.name);
    CHECK_MESSAGE(has("\n           " + std::string{command.details.example} + "\n"), command.name);
    for (const auto& option : command.details.options)
      CHECK_MESSAGE(has("\n       --" + std::string{option.name}), option.name);
  }
  for (const auto& option : global_options())
    CHECK_MESSAGE(has("--" + std::string{option.name}), option.name);
  for (const auto& listing : exit_codes()) CHECK_MESSAGE(has(listing.meaning), listing.code);
}

TEST_CASE("man page: the help command prints it") {
  const TemporaryFolder folder;
  const auto ran = test::run_earshot(folder, {"help", "--man"});
  CHECK(ran.out == man_page());
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);
}
