#include <doctest/doctest.h>

#include "cli/verify_writers.hpp"
#include "tests/cli/run_earshot.hpp"

namespace earshot::test {

TEST_CASE("verify: what it says of a sound store and of one with faults") {
  CHECK(verify_line({.posts = 1'000'000}) == "1,000,000 posts, nothing amiss\n");
  CHECK(verify_line({.posts = 1, .faults = {"one thing"}}) ==
        "1 post, 1 fault; restore the store from a copy\n");
  CHECK(verify_json({.posts = 1'000'000}) == "{\"posts\":1000000,\"sound\":true,\"faults\":[]}\n");
  CHECK(verify_json({.posts = 2, .faults = {"a \"b\"", "c"}}) ==
        "{\"posts\":2,\"sound\":false,\"faults\":[\"a \\\"b\\\"\",\"c\"]}\n");
}

TEST_CASE("verify: without a store there is nothing to check") {
  const TemporaryFolder folder;

  const auto ran = run_earshot(folder, {"verify", "--store", "none"});

  CHECK(ran.exit_code == 10);
  CHECK(ran.out == "");
  CHECK(ran.err == "earshot: none: no store there; `earshot ingest` makes one\n");
  CHECK(run_earshot(folder, {"verify", "--format", "xml"}).err ==
        "earshot verify: --format must be text or json, not 'xml'\n");
}

TEST_CASE("verify: a sound store is read and said to be sound") {
  const TemporaryFolder folder;
  const std::string csv =
      "id,author,text,created_at\n"
      "1,ann,hello,2026-08-01T09:00:00Z\n2,ben,hi,2026-08-02T09:00:00Z\n";
  CHECK(run_earshot(folder, {"ingest", "--store", "s", "--format", "csv", "-"}, csv).exit_code ==
        0);

  const auto ran = run_earshot(folder, {"verify", "--store", "s"});

  CHECK(ran.out == "2 posts, nothing amiss\n");
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);
  CHECK(run_earshot(folder, {"verify", "--store", "s", "--format", "json"}).out ==
        "{\"posts\":2,\"sound\":true,\"faults\":[]}\n");
}

}  // namespace earshot::test
