// ingest, search and sources as a person meets them.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/http_server.hpp"

using earshot::TemporaryFolder;
using earshot::test::run_earshot;

namespace {

const std::string csv =
    "id,channel,author,text,created_at,likes\n"
    "1,forum,ann,the green box came late again,2026-08-01T09:00:00Z,3\n"
    "2,forum,ben,lovely tomatoes,2026-08-02T09:00:00Z,\n"
    "3,forum,cem,=late again,2026-08-03T09:00:00Z,\n";

/// A folder with a config, so that neither --config nor --store is needed.
struct Project : TemporaryFolder {
  Project() {
    write("earshot.toml",
          "[brand]\nquery = 'box'\n"
          "[[source]]\nname = 'page'\ntype = 'csv'\npath = 'page.csv'\n");
    write("page.csv", csv);
  }
};

}  // namespace

TEST_CASE("ingest: the archives of the config, one line each; the same again is all repeats") {
  const Project project;

  const auto first = run_earshot(project, {"ingest"});
  CHECK(first.out == "page: 3 rows, 3 new, 0 repeats\n");
  CHECK(first.err == "");
  CHECK(first.exit_code == 0);

  const auto again = run_earshot(project, {"ingest"});
  CHECK(again.out == "page: 3 rows, 0 new, 3 repeats\n");
  CHECK(again.exit_code == 0);
}

TEST_CASE("ingest: files need no config, and stdin is one") {
  const TemporaryFolder folder;

  const auto ran = run_earshot(folder, {"ingest", "--store", "s", "--format", "csv", "-"}, csv);

  CHECK(ran.out == "stdin: 3 rows, 3 new, 0 repeats\n");
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);
}

TEST_CASE("ingest: a post that Jetstream says is deleted is erased, and does not come back") {
  const auto event = [](const std::string& operation, const std::string& record) {
    return R"({"did":"did:plc:nell","time_us":1785578580000000,"kind":"commit","commit":{"operation":")" +
           operation + R"(","collection":"app.bsky.feed.post","rkey":"3k3")" + record + "}}\n";
  };
  const std::string made =
      event("create", R"(,"record":{"text":"beans","createdAt":"2026-08-01T10:03:00Z"})");
  const TemporaryFolder folder;
  const std::vector<std::string> ingest{"ingest", "--store", "s", "--format", "jetstream", "-"};
  const std::vector<std::string> search{"search", "--store", "s", "beans", "--format", "jsonl"};

  CHECK(run_earshot(folder, ingest, made).out == "stdin: 1 row, 1 new, 0 repeats\n");
  CHECK(run_earshot(folder, search).out.find("at://did:plc:nell/app.bsky.feed.post/3k3") !=
        std::string::npos);
  CHECK(run_earshot(folder, ingest, event("delete", "")).out ==
        "stdin: 1 row, 0 new, 0 repeats, 1 deleted at the source\n");
  CHECK(run_earshot(folder, ingest, made).out == "stdin: 1 row, 0 new, 1 repeat\n");
  CHECK(run_earshot(folder, search).out.empty());
}

TEST_CASE("ingest: dumps of Reddit are known by their names") {
  const TemporaryFolder folder;
  const std::string line =
      R"({"id":"c1","body":"beans","author":"nell","created_utc":1785578580,"link_id":"t3_a",)"
      R"("parent_id":"t3_a","subreddit":"peas"})"
      "\n";
  folder.write("RC_2026-08", line);
  folder.write("peas_comments", line);

  CHECK(run_earshot(folder, {"ingest", "--store", "s", "RC_2026-08", "peas_comments"}).out ==
        "RC_2026-08: 1 row, 1 new, 0 repeats\npeas_comments: 1 row, 0 new, 1 repeat\n");
}

TEST_CASE("ingest: a bad line costs itself, is named, and shows in the exit code") {
  const Project project;
  project.write("page.csv", csv + "4,forum,dan,no date,yesterday,\n");

  const auto ran = run_earshot(project, {"ingest"});

  CHECK(ran.out == "page: 4 rows, 3 new, 0 repeats, 1 bad line\n");
  CHECK(ran.err.starts_with("earshot: page.csv:5: "));
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  CHECK(ran.exit_code == 3);
}

TEST_CASE("ingest: of many bad lines twenty are named") {
  const Project project;
  std::string rows = csv;
  for (int i = 0; i < 25; ++i) rows += "x" + std::to_string(i) + ",forum,dan,no date,yesterday,\n";
  project.write("page.csv", rows);

  const auto ran = run_earshot(project, {"ingest"});

  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 21);
  CHECK(ran.err.ends_with("earshot: page.csv: ... and 5 more\n"));
}

TEST_CASE("ingest: a file that is not there fails alone, and if there is no other, the command") {
  const Project project;

  const auto alone = run_earshot(project, {"ingest", "none.csv"});
  CHECK(alone.out == "");
  CHECK(alone.err == "earshot: none.csv: no such file\n");
  CHECK(alone.exit_code == 1);

  const auto beside = run_earshot(project, {"ingest", "none.csv", "page.csv"});
  CHECK(beside.out == "page.csv: 3 rows, 3 new, 0 repeats\n");
  CHECK(beside.exit_code == 3);
}

TEST_CASE("ingest: a mapping that is not the archive's is an error of the config") {
  const Project project;
  project.write("map.toml",
                "[columns]\nid = 'tweet_id'\ntext = 'text'\nposted_at = 'created_at'\n");

  const auto ran = run_earshot(project, {"ingest", "--mapping", "map.toml", "page.csv"});

  CHECK(ran.err ==
        "earshot: page.csv: no column 'tweet_id' (mapped to id); there are: id, channel, author, "
        "text, "
        "created_at, likes\n");
  CHECK(ran.exit_code == 2);
}

TEST_CASE("ingest: --summary-file says the same as JSON") {
  const Project project;

  REQUIRE(run_earshot(project,
                      {"ingest", "--summary-file", "summary.json", "--now", "2026-09-01T00:00:00Z"})
              .exit_code == 0);

  CHECK(
      project.read("summary.json") ==
      R"({"schema":1,"earshot":"0.1.0","command":"ingest","started":"2026-09-01T00:00:00Z","exit_code":0,"error":null,)"
      R"("sources":[{"name":"page","polled":true,"rows":3,"new":3,"edited":0,"recounted":0,"repeats":0,"bad":0,)"
      R"("error":null,"failures":0,"next_try":null,"erased":0}]})"
      "\n");
}

TEST_CASE("ingest: the store is for its owner only") {
  const Project project;
  REQUIRE(run_earshot(project, {"ingest"}).exit_code == 0);
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{project.file("earshot.store")}) {
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    CHECK((entry.status().permissions() & others) == std::filesystem::perms::none);
  }
}

TEST_CASE("ingest: a folder that can't be written ends with 13") {
  const TemporaryFolder folder;
  const auto ran =
      run_earshot(folder, {"ingest", "--store", "/proc/nowhere", "--format", "csv", "-"}, csv);
  CHECK(ran.exit_code == 13);
  CHECK(ran.err.starts_with("earshot: /proc/nowhere: "));
}

TEST_CASE("ingest: a token is sent to its server, and stands nowhere else") {
  earshot::HttpServer server;
  server.answer("/api/v1/timelines/tag/beans", {.status = 401, .body = "{}"});
  const TemporaryFolder folder;
  folder.write("token", "canary-token");
  folder.write(
      "earshot.toml",
      "[brand]\nquery = 'box'\n[[source]]\nname = 'tag'\ntype = 'mastodon'\ntag = 'beans'\n"
      "url = '" +
          server.url("") + "'\ntoken_file = 'token'\n");

  const auto ran = run_earshot(
      folder, {"ingest", "-v", "--all", "--allow-private", "--summary-file", "summary.json"});
  const auto sources = run_earshot(folder, {"sources", "--format", "json"});

  CHECK(ran.exit_code == 3);
  CHECK(ran.err.find("earshot: tag: HTTP 401") != std::string::npos);
  const auto asked = server.requests("/api/v1/timelines/tag/beans");
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].header("Authorization") == "Bearer canary-token");
  CHECK((ran.out + ran.err + sources.out + sources.err).find("canary") == std::string::npos);
  std::size_t files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator{folder.path()}) {
    const auto name = std::filesystem::relative(file.path(), folder.path()).string();
    if (!file.is_regular_file() || name == "token") continue;
    ++files;
    CHECK_MESSAGE(folder.read(name).find("canary") == std::string::npos, name);
  }
  CHECK(files > 5);
}

TEST_CASE("search: what matches, oldest first, in three formats") {
  const Project project;
  REQUIRE(run_earshot(project, {"ingest"}).exit_code == 0);

  const auto text = run_earshot(project, {"search", "late"});
  CHECK(text.out ==
        "2026-08-01T09:00:00Z  forum  ann\n"
        "  the green box came late again\n"
        "  archive:1\n\n"
        "2026-08-03T09:00:00Z  forum  cem\n"
        "  =late again\n"
        "  archive:3\n\n");
  CHECK(text.err == "");

  const auto table = run_earshot(project, {"search", "late", "--format", "csv", "--limit", "1"});
  CHECK(table.out ==
        "id,posted_at,channel,author,author_id,lang,sentiment,sentiment_p,stance,intents,likes,"
        "shares,replies,"
        "followers,parent,url,text\r\n"
        "archive:3,2026-08-03T09:00:00Z,forum,cem,cem,,,,,,,,,,,,'=late again\r\n");

  const auto jsonl =
      run_earshot(project, {"search", "tomatoes", "--format", "jsonl", "--limit", "0"});
  CHECK(jsonl.out.find(R"("id":"archive:2")") != std::string::npos);
  CHECK(jsonl.out.find(R"("labels":null)") != std::string::npos);
}

TEST_CASE("search: a window cuts, and nothing found is no error") {
  const Project project;
  REQUIRE(run_earshot(project, {"ingest"}).exit_code == 0);

  const auto cut = run_earshot(project, {"search", "late", "--since", "2026-08-02"});
  CHECK(cut.out.starts_with("2026-08-03T09:00:00Z"));

  const auto none = run_earshot(project, {"search", "nobody"});
  CHECK(none.out == "");
  CHECK(none.exit_code == 0);
}

TEST_CASE("sources: new before the first run, ok after it, failing with its reason") {
  const Project project;
  const std::vector<std::string> ask{"sources", "--now", "2026-09-01T00:00:00Z"};
  const std::vector<std::string> pull{"ingest", "--now", "2026-09-01T00:00:00Z"};

  CHECK(run_earshot(project, ask).out ==
        "source  type    state        posts  last ok               next try              failures\n"
        "page    csv     new              0  -                     -                     0\n");

  REQUIRE(run_earshot(project, pull).exit_code == 0);
  CHECK(run_earshot(project, ask).out ==
        "source  type    state        posts  last ok               next try              failures\n"
        "page    csv     ok               3  2026-09-01T00:00:00Z  -                     0\n");
  CHECK(run_earshot(project, {"sources", "--failing"}).out == "");

  std::filesystem::remove(project.file("page.csv"));
  REQUIRE(run_earshot(project, pull).exit_code == 3);
  const auto failing = run_earshot(project, {"sources", "--failing", "--format", "json"});
  CHECK(failing.out.find(R"("state":"failing")") != std::string::npos);
  CHECK(failing.out.find(R"("last_error":"page.csv: no such file")") != std::string::npos);
  CHECK(failing.exit_code == 0);
}
