// Archives as they come from a download, zips and tars, as a person meets them.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/packed.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const std::string csv =
    "id,channel,author,text,created_at,likes\n"
    "1,forum,ann,the green box came late again,2026-08-01T09:00:00Z,3\n"
    "2,forum,ben,lovely tomatoes,2026-08-02T09:00:00Z,\n";

std::string fixture(const std::string& name) {
  return std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/" + name;
}

Ran ingest(const TemporaryFolder& folder, const std::vector<std::string>& words) {
  std::vector<std::string> all{"ingest", "--store", "s"};
  all.insert(all.end(), words.begin(), words.end());
  return run_earshot(folder, all);
}

}  // namespace

TEST_CASE("packed archives: the only CSV of a zip is read, and a bad line costs itself") {
  const TemporaryFolder folder;
  folder.write("export.zip", zip_of({{"readme.txt", "x"}, {"posts.csv", csv}}));
  folder.write("bad.zip", zip_of({{"bad.csv", csv + "3,forum,cem,x,yesterday,\n"}}));

  const auto good = ingest(folder, {"export.zip"});
  CHECK(good.out == "export.zip: 2 rows, 2 new, 0 repeats\n");
  CHECK(good.err == "");
  CHECK(ingest(folder, {"export.zip/posts.csv"}).out == "posts.csv: 2 rows, 0 new, 2 repeats\n");
  const auto bad = ingest(folder, {"bad.zip"});
  CHECK(bad.out == "bad.zip: 3 rows, 0 new, 2 repeats, 1 bad line\n");
  CHECK(bad.err.starts_with("earshot: bad.zip:4: "));
  CHECK(bad.exit_code == 3);
}

TEST_CASE("packed archives: those of Twitter, Mastodon and Facebook need no more than their name") {
  const TemporaryFolder folder;
  folder.write("twitter-2024-08-01.zip", zip_of(files_below(fixture("twitter_archive"))));
  folder.write("archive-20240801.tar.gz", tar_of(files_below(fixture("outbox")), "gzip"));
  const auto facebook = [](const std::string& name) {
    const auto files = files_below(fixture("mappings"));
    return std::ranges::find(files, name, &PackFiles::value_type::first)->second;
  };
  folder.write("facebook-ann.zip",
               zip_of({{"your_facebook_activity/posts/your_posts__check_ins_1.json",
                        facebook("facebook.json")},
                       {"your_facebook_activity/comments_and_reactions/comments.json",
                        facebook("facebook_comments.json")},
                       {"your_facebook_activity/posts/media/a.jpg", "x"}}));

  CHECK(ingest(folder, {"twitter-2024-08-01.zip"}).out ==
        "twitter-2024-08-01.zip: 7 rows, 4 new, 0 repeats, 3 bad lines\n");
  CHECK(ingest(folder, {"archive-20240801.tar.gz"})
            .out.starts_with("archive-20240801.tar.gz: 11 rows, 5 new, 0 repeats"));
  const auto both = ingest(folder, {"facebook-ann.zip"});
  const auto posts = ingest(folder, {"--mapping", "facebook", fixture("mappings/facebook.json"),
                                     fixture("mappings/facebook_comments.json")});
  CHECK(
      both.err ==
      "earshot: facebook-ann.zip: read by the mapping 'facebook', as its columns are called so\n");
  CHECK(both.exit_code == 0);
  CHECK(both.out == "facebook-ann.zip: 4 rows, 4 new, 0 repeats\n");
  CHECK(posts.out ==
        "facebook.json: 3 rows, 0 new, 3 repeats\n"
        "facebook_comments.json: 1 row, 0 new, 1 repeat\n");
}

TEST_CASE("packed archives: a source of the config may be one") {
  const TemporaryFolder folder;
  folder.write("twitter.zip", zip_of(files_below(fixture("twitter_archive"))));
  folder.write("earshot.toml",
               "[brand]\nquery = 'box'\n"
               "[[source]]\nname = 'tweets'\ntype = 'twitter_archive'\npath = 'twitter.zip'\n");

  const auto ran = run_earshot(folder, {"ingest"});

  CHECK(ran.out == "tweets: 7 rows, 4 new, 0 repeats, 3 bad lines\n");
  CHECK(
      ran.err.starts_with("earshot: twitter.zip:40: 925486700000000004: no date that can be "
                          "read (in tweets.js)\n"));
}

TEST_CASE("packed archives: what can't be read is one clear line") {
  const TemporaryFolder folder;
  const auto zip = zip_of({{"a.json", "[]"}});
  auto damaged = zip_of({{"a.json", std::string(100'000, '[')}});
  damaged.replace(damaged.find("a.json") + 40, 20, std::string(20, '\xFF'));
  folder.write("cut.zip", zip.substr(0, 30));
  folder.write("locked.zip", encrypted_zip_of({{"a.json", "[]"}}));
  folder.write("damaged.zip", damaged);
  folder.write("pictures.zip", zip_of({{"a.jpg", "x"}, {"b\n\x1b[31m.jpg", "x"}}));
  folder.write("page.zip", zip_of({{"a.htm", "x"}}));
  folder.write("two.zip", zip_of({{"a.csv", csv}, {"b.csv", csv}}));
  struct Case {
    std::string name, message;
    int exit_code = 1;
  };
  const Case cases[] = {
      {"none.zip", "earshot: none.zip: no such file"},
      {"cut.zip",
       "earshot: cut.zip: no zip or tar file, or one that is cut off; load it down again"},
      {"locked.zip", "earshot: locked.zip/a.json: is encrypted; unpack it with its password first"},
      {"pictures.zip",
       "earshot: pictures.zip: name one of the files in it: pictures.zip/a.jpg, pictures.zip/b"},
      {"page.zip",
       "earshot ingest: 'page.zip/a.htm' does not end like a csv, jsonl or feed; say which", 2},
      {"two.zip", "earshot: two.zip: name one of the files in it: two.zip/a.csv, two.zip/b.csv\n"},
      {"two.zip/c.csv", "earshot: two.zip/c.csv: no such file"},
      {"damaged.zip", "earshot: damaged.zip/a.json: can't be unpacked ("},
  };
  for (const auto& [name, message, exit_code] : cases) {
    const auto ran = ingest(folder, {name});
    CAPTURE(name);
    CHECK(ran.out == "");
    CHECK(ran.err.substr(0, message.size()) == message);
    CHECK(std::ranges::count(ran.err, '\n') == 1);
    CHECK(ran.err.find('\x1b') == std::string::npos);
    CHECK(ran.exit_code == exit_code);
  }
}

TEST_CASE("packed archives: one that can't be read costs itself, and the others are imported") {
  const TemporaryFolder folder;
  folder.write("cut.zip", zip_of({{"a.json", "[]"}}).substr(0, 30));
  folder.write("two.zip", zip_of({{"a.csv", csv}, {"b.csv", csv}}));
  folder.write("good.zip", zip_of({{"posts.csv", csv}}));
  folder.write("plain.csv", csv);
  const std::string cut =
      "earshot: cut.zip: no zip or tar file, or one that is cut off; load it down again\n";
  const std::string two =
      "earshot: two.zip: name one of the files in it: two.zip/a.csv, two.zip/b.csv\n";

  const auto some = ingest(
      folder, {"--summary-file", "summary.json", "cut.zip", "good.zip", "two.zip", "plain.csv"});
  CHECK(some.out == "good.zip: 2 rows, 2 new, 0 repeats\nplain.csv: 2 rows, 0 new, 2 repeats\n");
  CHECK(some.err == cut + two);
  CHECK(some.exit_code == 3);
  CHECK(folder.read("summary.json").find("load it down again") != std::string::npos);
  const auto none = ingest(folder, {"cut.zip", "two.zip"});
  CHECK(none.out == "");
  CHECK(none.err == cut + two);
  CHECK(none.exit_code == 1);
}
