// Whole commands: what they print, word for word, and how they end.
#include <doctest/doctest.h>

#include "tests/cli/run_earshot.hpp"

using earshot::TemporaryFolder;
using earshot::test::run_earshot;

namespace {

/// Checks that the command ends with this code and one line on stderr, and prints nothing else.
void check_error(const TemporaryFolder& folder, const std::vector<std::string>& words,
                 int exit_code, const std::string& message) {
  const auto ran = run_earshot(folder, words);
  CHECK(ran.err == message + "\n");
  CHECK(ran.out == "");
  CHECK(ran.exit_code == exit_code);
}

}  // namespace

TEST_CASE("program: --version and --help") {
  const TemporaryFolder folder;
  CHECK(run_earshot(folder, {"--version"}).out == "earshot 0.1.0\n");

  const auto help = run_earshot(folder, {"--help"});
  CHECK(help.exit_code == 0);
  CHECK(help.err == "");
  for (const auto* command : {"init", "run", "ingest", "analyze", "report", "inbox", "search",
                              "explain", "sources", "audit", "label", "forget", "verify",
                              "parse-feed", "classify", "train", "evaluate", "help"}) {
    CHECK(help.out.find("\n  " + std::string{command} + " ") != std::string::npos);
    const auto own = run_earshot(folder, {command, "--help"});
    CHECK(own.exit_code == 0);
    CHECK(own.out.find("usage: earshot " + std::string{command} + " [options]") !=
          std::string::npos);
    CHECK(own.out.find("\nexample:\n  ") != std::string::npos);
  }
}

TEST_CASE("program: help says what --help says") {
  const TemporaryFolder folder;
  CHECK(run_earshot(folder, {"help"}).out == run_earshot(folder, {"--help"}).out);
  CHECK(run_earshot(folder, {"help", "report"}).out ==
        run_earshot(folder, {"report", "--help"}).out);
  check_error(folder, {"help", "repot"}, 2,
              "earshot help: unknown command 'repot', did you mean 'report'?");
  check_error(folder, {"help", "--man", "report"}, 2,
              "earshot help: ask for one of --man, --completion and a command");
}

TEST_CASE("program: --help ends with the exit codes, in lines that fit") {
  const TemporaryFolder folder;
  const auto help = run_earshot(folder, {"--help"}).out;

  CHECK(help.ends_with(
      "exit codes: 0 done, 1 did not reach its end, 2 usage or config,\n"
      "            3 some source or line failed, 10 no store, 11 store locked, 12 damaged,\n"
      "            13 disk full or read-only, 14 other format, 128+n signal\n"));
}

TEST_CASE("program: a wrong command line is one line that says what was meant, and exit code 2") {
  const TemporaryFolder folder;
  check_error(folder, {}, 2, "earshot: no command given; see `earshot --help`");
  check_error(folder, {"repot"}, 2, "earshot: unknown command 'repot', did you mean 'report'?");
  check_error(folder, {"xyzzy"}, 2, "earshot: unknown command 'xyzzy'; see `earshot --help`");
  check_error(folder, {"--versoin"}, 2,
              "earshot: unknown option '--versoin', did you mean '--version'?");
  check_error(folder, {"report", "--sinse", "2026-08-01"}, 2,
              "earshot report: unknown option '--sinse', did you mean '--since'?");
  check_error(folder, {"analyze", "posts.csv"}, 2,
              "earshot analyze: unexpected argument 'posts.csv'");
  check_error(folder, {"sources", "--now", "noon"}, 2,
              "earshot sources: --now 'noon' is not a time like 2026-08-01T09:30:00Z");
  check_error(folder, {"sources", "--threads", "0"}, 2,
              "earshot sources: --threads must be a whole number from 1 up, not '0'");
  check_error(folder, {"search"}, 2,
              "earshot search: what to search for is missing: earshot search 'late AND deliver*'");
  check_error(folder, {"search", "(late"}, 2, "earshot search: column 1: missing ')'");
  check_error(folder, {"train", "x.tsv"}, 2,
              "earshot train: where the model goes is missing: --output FILE");
  check_error(folder, {"classify", "--input", "csv"}, 2,
              "earshot classify: --input must be text or jsonl, not 'csv'");
  check_error(folder, {"ingest", "--name", "a"}, 2,
              "earshot ingest: --name is for an archive; name its file");
  check_error(folder, {"ingest", "posts.dat"}, 2,
              "earshot ingest: 'posts.dat' does not end like a csv, jsonl or feed; say which with "
              "--format");
}

TEST_CASE("program: options of all commands may stand before the command") {
  const TemporaryFolder folder;
  check_error(folder, {"--config", "none.toml", "analyze"}, 2,
              "earshot: none.toml: No such file or directory");
}

TEST_CASE("program: without a config, commands that need one say how to get one") {
  const TemporaryFolder folder;
  const std::string none =
      "earshot: there is no earshot.toml here; `earshot init` writes one, --config names one "
      "elsewhere";
  check_error(folder, {"run"}, 2, none);
  check_error(folder, {"report"}, 2, none);
  check_error(folder, {"ingest"}, 2,
              "earshot: there is no earshot.toml here to name sources; `earshot init` writes one");
  check_error(folder, {"search", "x"}, 2,
              "earshot: there is no earshot.toml here to say where the store is; name it with "
              "--store PATH");
}

TEST_CASE("program: init writes the example once, and never over a file") {
  const TemporaryFolder folder;

  const auto first = run_earshot(folder, {"init"});
  CHECK(first.exit_code == 0);
  CHECK(first.err == "");
  CHECK(first.out ==
        "earshot.toml: written; put your name, your queries and your sources in it, then try "
        "`earshot run`\n");
  CHECK(folder.read("earshot.toml").starts_with("# earshot.toml: what earshot listens to"));

  check_error(
      folder, {"init"}, 2,
      "earshot init: earshot.toml is already there and is left as it is; name another file");
  CHECK(run_earshot(folder, {"init", "other.toml"}).exit_code == 0);
}

TEST_CASE("program: a mistake in the config is named with its line, and nothing is touched") {
  const TemporaryFolder folder;
  folder.write("earshot.toml", "[brand]\nname = 'x'\nquary = 'y'\n");

  check_error(folder, {"ingest"}, 2,
              "earshot: earshot.toml:3: unknown key 'quary' in [brand], did you mean 'query'?");

  CHECK_FALSE(folder.has("earshot.store"));
}

TEST_CASE("program: a store that is not there has an exit code of its own") {
  const TemporaryFolder folder;
  folder.write("earshot.toml", "[brand]\nquery = 'acme'\n");
  check_error(folder, {"search", "x"}, 10,
              "earshot: earshot.store: no store there; `earshot ingest` makes one");
}

TEST_CASE("program: sources --types lists what the registry has") {
  const TemporaryFolder folder;
  const auto types = run_earshot(folder, {"sources", "--types"});
  CHECK(types.exit_code == 0);
  CHECK(types.out.find("csv                 CSV archives with a declared column mapping, plain, "
                       ".gz or .zst\n") != std::string::npos);
  CHECK(types.out.find("  tag = TAG               posts with this hashtag\n") != std::string::npos);
  CHECK(types.out.find(
            "  threads = true          read the conversations around the posts as well\n") !=
        std::string::npos);
}

TEST_CASE("program: a reader that goes away is no error") {
  const TemporaryFolder folder;
  const std::string command =
      std::string{EARSHOT_BINARY} + " --help | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}";
  const auto status = std::system(("bash -c '" + command + "'").c_str());
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("program: a full disk under stdout is") {
  const TemporaryFolder folder;
  const auto status = std::system(
      (std::string{EARSHOT_BINARY} + " --help > /dev/full 2> " + folder.file("err")).c_str());
  CHECK(WEXITSTATUS(status) == 1);
  CHECK(folder.read("err") ==
        "earshot: cannot write to standard output: No space left on device\n");
}
