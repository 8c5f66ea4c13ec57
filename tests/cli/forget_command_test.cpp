// Erasing posts as a person does it.
#include <doctest/doctest.h>

#include "tests/cli/run_earshot.hpp"

namespace earshot::test {
namespace {

/// Checks that the command ends with this code and line, before it has touched anything.
void check_error(const TemporaryFolder& folder, const std::vector<std::string>& words,
                 int exit_code, const std::string& message) {
  const auto ran = run_earshot(folder, words);
  CHECK(ran.err == message + "\n");
  CHECK(ran.out == "");
  CHECK(ran.exit_code == exit_code);
}

}  // namespace

TEST_CASE("forget: what is asked for must be ids, all of them") {
  const TemporaryFolder folder;
  folder.write("ids.txt", "net:1\nann\n");

  check_error(folder, {"forget"}, 2,
              "earshot forget: which posts is missing: earshot forget NETWORK:ID..., or --from "
              "FILE");
  check_error(folder, {"forget", "--store", "s", "net:1", "ann"}, 2,
              "earshot forget: 'ann' is not the id of a post, as in mastodon:123");
  check_error(folder, {"forget", "--store", "s", "--from", "ids.txt"}, 2,
              "earshot forget: ids.txt:2: 'ann' is not the id of a post, as in mastodon:123");
  check_error(folder, {"forget", "--store", "s", "--from", "none.txt"}, 1,
              "earshot: none.txt: No such file or directory");
  CHECK(run_earshot(folder, {"forget", "--store", "s", "--from", "-"}, "net:1\nann\n").err ==
        "earshot forget: stdin:2: 'ann' is not the id of a post, as in mastodon:123\n");
  CHECK_FALSE(folder.has("s"));
}

TEST_CASE("forget: a store is not made for it") {
  const TemporaryFolder folder;
  check_error(folder, {"forget", "--store", "s", "net:1"}, 10,
              "earshot: s: no store there; `earshot ingest` makes one");
  check_error(folder, {"forget", "net:1"}, 2,
              "earshot: there is no earshot.toml here to say where the store is; name it with "
              "--store PATH");
}

}  // namespace earshot::test
