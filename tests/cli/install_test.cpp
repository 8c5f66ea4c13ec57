// `cmake --install` into a folder, and the program that is there.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "cli/completion.hpp"
#include "cli/man_page.hpp"
#include "tests/support/shell.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

/// Installs into `prefix` in the folder.
void install(const TemporaryFolder& folder) {
  const auto ran = run_shell(fmt::format("{} --prefix {}", EARSHOT_INSTALL, folder / "prefix"));
  CAPTURE(ran.output);
  REQUIRE(ran.exit_code == 0);
}

/// Runs an installed program, with nothing in the environment that names a config or a model.
ShellRun run(const TemporaryFolder& folder, const std::string& words, const std::string& prefix) {
  return run_shell(fmt::format("cd {0} && echo 'I love it' | env -i HOME={0} {1}/bin/earshot {2}",
                               folder.path(), prefix, words));
}

}  // namespace

TEST_CASE(
    "install: program, model, configs, manual, completions and pages go where they are looked "
    "for") {
  const TemporaryFolder folder;
  install(folder);

  for (const auto* file :
       {"bin/earshot", "share/earshot/models/sentiment.model", "share/earshot/models/sentiment.md",
        "share/earshot/models/sentiment.recipe.toml", "share/earshot/earshot.toml",
        "share/earshot/mappings/support_2017.toml", "share/earshot/examples/support_2017.toml",
        "share/earshot/demo/earshot.toml", "share/earshot/demo/facebook.csv",
        "share/doc/earshot/README.md", "share/doc/earshot/LICENSE",
        "share/doc/earshot/CHANGELOG.md"})
    CHECK_MESSAGE(folder.has(std::string{"prefix/"} + file), file);
  CHECK(folder.read("prefix/share/man/man1/earshot.1") == man_page());
  CHECK(folder.read("prefix/share/bash-completion/completions/earshot") == bash_completion());
  CHECK(folder.read("prefix/share/zsh/site-functions/_earshot") == zsh_completion());
  CHECK(folder.read("prefix/share/fish/vendor_completions.d/earshot.fish") == fish_completion());
}

TEST_CASE("install: the program reads the model that is installed with it, also after a move") {
  const TemporaryFolder folder;
  install(folder);
  std::filesystem::create_directories(folder / "else where");
  std::filesystem::rename(folder / "prefix", folder / "else where/moved");
  std::filesystem::create_symlink("else where/moved/bin", folder / "bin");

  const auto good = run(folder, "classify", "'else where/moved'");
  CHECK(good.exit_code == 0);
  CHECK(good.output.find("\"sentiment\":\"positive\"") != std::string::npos);

  // Of several models in reach, the one that is broken is the one that was read.
  const auto model = folder.write("else where/moved/share/earshot/models/sentiment.model", "none");
  for (const auto* prefix : {"'else where/moved'", "."}) {
    const auto bad = run(folder, "classify", prefix);
    CHECK(bad.exit_code == 2);
    CHECK(bad.output.starts_with("earshot: " + model + ": "));
  }
}

TEST_CASE("install: a model named by the config comes before the installed one") {
  const TemporaryFolder folder;
  install(folder);
  folder.write("earshot.toml", "[brand]\nquery = 'x'\n[model]\nsentiment = 'own.model'\n");
  folder.write("own.model", "none");

  const auto ran = run(folder, "--config earshot.toml classify", "prefix");

  CHECK(ran.exit_code == 2);
  CHECK(ran.output.find("own.model: ") != std::string::npos);
}

TEST_CASE("install: the installed demo runs, and writes nothing beside its config") {
  const TemporaryFolder folder;
  install(folder);
  const auto installed = "find prefix | sort";
  const auto before = run_shell(fmt::format("cd {} && {}", folder.path(), installed)).output;

  const std::string demo = "--config prefix/share/earshot/demo/earshot.toml --store demo.store ";
  CHECK(run(folder, demo + "ingest", "prefix").exit_code == 0);
  CHECK(run(folder, demo + "analyze", "prefix").output.starts_with("1,175 posts labelled"));
  const auto report =
      run(folder, demo + "report engagement --since 2026-08-24 --until 2026-09-21", "prefix");

  CHECK(report.exit_code == 0);
  CHECK(report.output.starts_with("Larkrow Greens\n"));
  CHECK(run_shell(fmt::format("cd {} && {}", folder.path(), installed)).output == before);
}
