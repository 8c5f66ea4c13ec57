// Erasing posts as a person does it.
#include <doctest/doctest.h>

#include <filesystem>

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

/// A feed without a network of its own, whose posts are of "feed:ADDRESS".
const std::string feed =
    "<rss version='2.0'><channel><title>Shop</title><link>https://town.example/</link>"
    "<item><guid>https://town.example/1</guid><title>zebra one</title>"
    "<pubDate>Sat, 01 Aug 2026 09:00:00 GMT</pubDate></item></channel></rss>";

/// A folder with a store of three posts, all of them labelled, in a store called "s".
struct Shop : TemporaryFolder {
  Shop() {
    write("earshot.toml", "[brand]\nquery = 'box'\n[store]\npath = 's'\n");
    write("posts.csv",
          "id,channel,author,text,created_at\n"
          "1,forum,ann walrus,the green box of ann came late,2026-08-01T09:00:00Z\n"
          "2,forum,ben,lovely box,2026-08-02T09:00:00Z\n"
          "3,forum,cem,the box is late again,2026-08-03T09:00:00Z\n");
    CHECK(run_earshot(*this, {"ingest", "posts.csv"}).exit_code == 0);
    CHECK(run_earshot(*this, {"analyze"}).exit_code == 0);
  }

  std::string found(const std::string& query) const {
    const auto ran = run_earshot(*this, {"search", query, "--format", "csv"});
    CHECK(ran.exit_code == 0);
    return ran.out;
  }

  /// The row of a report that says how many posts were about the shop.
  std::string volume() const {
    const auto report =
        run_earshot(*this, {"report", "--metric", "listening_volume", "--since", "2026-08-01",
                            "--until", "2026-09-01", "--format", "csv"})
            .out;
    const auto begin = report.find("\nmetric,");
    return report.substr(begin, report.find('\n', begin + 1) - begin);
  }
};

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

TEST_CASE("forget: a post is gone, stays gone, and is still counted") {
  const Shop shop;
  const auto before = shop.volume();
  CHECK(before.find(",3,") != std::string::npos);
  CHECK(shop.found("green").find("walrus") != std::string::npos);

  const auto ran = run_earshot(shop, {"forget", "archive:1"});

  CHECK(ran.out == "1 post erased\n");
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);
  CHECK(shop.found("green").find("walrus") == std::string::npos);
  CHECK(run_earshot(shop, {"ingest", "posts.csv"}).out == "posts.csv: 3 rows, 0 new, 3 repeats\n");
  CHECK(shop.found("green").find("walrus") == std::string::npos);
  CHECK(shop.volume() == before);
  CHECK(run_earshot(shop, {"analyze", "--all"}).err == "");  // nothing that can't be labelled
  CHECK(run_earshot(shop, {"verify"}).out == "3 posts, nothing amiss\n");
}

TEST_CASE("forget: nothing of the post can be read in any file of the store") {
  const Shop shop;

  CHECK(run_earshot(shop, {"forget", "archive:1"}).exit_code == 0);

  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{shop / "s"}) {
    if (!entry.is_regular_file()) continue;
    const auto name = std::filesystem::relative(entry.path(), shop.path()).string();
    const auto bytes = shop.read(name);
    CHECK_MESSAGE(bytes.find("walrus") == std::string::npos, name);
    CHECK_MESSAGE(bytes.find("the green box of ann") == std::string::npos, name);
    ++files;
  }
  CHECK(files > 3);
}

TEST_CASE("forget: ids of the command line and of a list, each once, stored or not") {
  const Shop shop;
  shop.write("ids.txt", "archive:1\r\n\narchive:3\n");

  const auto ran = run_earshot(shop, {"forget", "archive:1", "--from", "ids.txt", "archive:99",
                                      "--format", "json", "--now", "2026-10-01T00:00:00Z"});

  CHECK(ran.out == "{\"at\":\"2026-10-01T00:00:00Z\",\"ids\":3,\"erased\":2,\"passed_over\":1}\n");
  CHECK(ran.exit_code == 0);
  CHECK(run_earshot(shop, {"forget", "archive:1", "archive:3"}).out ==
        "0 posts erased, 2 ids passed over: not stored, or erased before\n");
  CHECK(shop.found("box").find("lovely box") != std::string::npos);
}

TEST_CASE("forget: an id is taken as search shows it, with all its colons") {
  const Shop shop;
  shop.write("shop.rss", feed);
  CHECK(run_earshot(shop, {"ingest", "shop.rss"}).exit_code == 0);
  const auto listed = run_earshot(shop, {"search", "zebra", "--format", "jsonl"}).out;
  const auto begin = listed.find("\"id\":\"") + 6;
  const auto id = listed.substr(begin, listed.find('"', begin) - begin);
  CHECK(id == "feed:town.example/:https://town.example/1");

  CHECK(run_earshot(shop, {"forget", id}).out == "1 post erased\n");

  CHECK(shop.found("zebra").find("zebra") == std::string::npos);
}

}  // namespace earshot::test
