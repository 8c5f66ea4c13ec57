// `earshot sources` beyond the list of health.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/http_server.hpp"

namespace earshot::test {
namespace {

constexpr auto config =
    "# by hand   \n[brand]\nquery = 'box'\n\n[[source]]\nname = 'town-hall'\ntype = 'feed'\n"
    "url = 'https://www.town.example/feed/'  # the one with pictures";  // no line end

constexpr auto opml =
    "<opml version='1.0'><body>"
    "<outline text='Town Hall'><outline text='Their feed' xmlUrl='http://town.example/feed'/>"
    "</outline>"
    "<outline text='Farms &amp; Food'><outline text='Local'>"
    "<outline text='Town Hall' xmlURL='https://hall.example/rss'/>"
    "<outline title='\"Ann&apos;s\" box' xmlUrl='https://ann.example/rss?a=1&amp;b=2'/>"
    "</outline></outline>"
    "<outline text='again' xmlUrl='https://hall.example/rss#top'/>"
    "<outline text='secret' xmlUrl='file:///etc/passwd'/>"
    "</body></opml>";

constexpr auto added =
    "\n# Town Hall\n[[source]]\nname = \"town-hall-2\"\ntype = \"feed\"\n"
    "url = \"https://hall.example/rss\"\nchannel = \"Farms & Food / Local\"\n"
    "\n# \"Ann's\" box\n[[source]]\nname = \"anns-box\"\ntype = \"feed\"\n"
    "url = \"https://ann.example/rss?a=1&b=2\"\nchannel = \"Farms & Food / Local\"\n";

struct Project : TemporaryFolder {
  Project() {
    write("earshot.toml", config);
    write("feeds.opml", opml);
  }
};

/// A site with a feed, and a page that names it and one that robots.txt keeps away.
struct Town {
  earshot::HttpServer server;

  Town() {
    server.answer("/robots.txt", {.body = "User-agent: *\nDisallow: /private\n"});
    server.answer("/home", {.headers = {{"Content-Type", "text/html"}},
                            .body = "<link rel=alternate type=application/rss+xml href=/private>"
                                    "<link rel=alternate type=application/rss+xml title='Town "
                                    "News' href='/feed?x=1'>"});
    server.answer(
        "/feed",
        {.headers = {{"Content-Type", "application/rss+xml"}},
         .body = "<rss version='2.0'><channel><title>Town News</title><ttl>90</ttl>"
                 "<item><guid>1</guid><title>The green box came late again</title>"
                 "<pubDate>Mon, 31 Aug 2026 10:00:00 GMT</pubDate></item>"
                 "<item><link>https://town.example/2</link><title>The market was open</title>"
                 "<description>It was a good day for all of us.</description>"
                 "<pubDate>Mon, 31 Aug 2026 11:00:00 GMT</pubDate></item></channel></rss>"});
    server.redirect("/old", 301, server.url("/feed"));
    server.answer("/gone", {.status = 410});
    server.answer("/busy", {.status = 429, .headers = {{"Retry-After", "7200"}}, .body = "busy"});
  }
};

void check_error(const Ran& ran, int exit_code, const std::string& err) {
  CHECK(ran.exit_code == exit_code);
  CHECK(ran.out == "");
  CHECK(ran.err == err + "\n");
}

}  // namespace

TEST_CASE("sources import: appends what is new, and leaves the rest of the config as it is") {
  const Project project;

  const auto ran = run_earshot(project, {"sources", "import", "feeds.opml"});

  CHECK(ran.exit_code == 3);
  CHECK(ran.out == added);
  CHECK(ran.err ==
        "earshot: feeds.opml: secret: not an http address: file:///etc/passwd\n"
        "earshot: earshot.toml: 2 sources added, 2 there already\n");
  CHECK(project.read("earshot.toml") == std::string{config} + "\n" + added);
  const auto again = run_earshot(project, {"sources", "import", "-"}, opml);
  CHECK(again.out == "");
  CHECK(again.err ==
        "earshot: stdin: secret: not an http address: file:///etc/passwd\n"
        "earshot: earshot.toml: 0 sources added, 4 there already\n");
}

TEST_CASE("sources import: --dry-run shows the same and writes nothing, with or without a config") {
  const Project project;

  const auto ran = run_earshot(project, {"sources", "import", "--dry-run", "feeds.opml"});

  CHECK(ran.out == added);
  CHECK(project.read("earshot.toml") == config);
  const TemporaryFolder bare;
  const auto alone = run_earshot(bare, {"sources", "import", "--dry-run", "-"}, opml);
  CHECK(alone.out.find("name = \"their-feed\"") != std::string::npos);
  CHECK(alone.err.find("earshot: stdin: 3 sources to add, 1 there already\n") != std::string::npos);
  check_error(run_earshot(bare, {"sources", "import", "-"}, opml), 2,
              "earshot: there is no earshot.toml here; `earshot init` writes one, --config names "
              "one elsewhere");
}

TEST_CASE("sources import: a list that can't be read, and a config that can't be added to") {
  const Project project;
  project.write("page.html", "<p>no list</p>");
  check_error(run_earshot(project, {"sources", "import", "page.html"}), 1,
              "earshot: page.html: not a list of feeds: there is no outline in it");
  check_error(run_earshot(project, {"sources", "import", "none.opml"}), 1,
              "earshot: none.opml: No such file or directory");

  project.write(
      "earshot.toml",
      "source = [{name = 'a', type = 'feed', url = 'https://a.example'}]\n[brand]\nquery = 'b'\n");
  const auto ran = run_earshot(project, {"sources", "import", "feeds.opml"});
  check_error(ran, 2,
              "earshot: earshot.toml:6: error while parsing table header: cannot redefine existing "
              "array 'source' as array-of-tables; nothing is added");
  CHECK(project.read("earshot.toml").find("hall.example") == std::string::npos);
}

TEST_CASE("sources export: the feeds of the config, which import reads back") {
  const Project project;
  REQUIRE(run_earshot(project, {"sources", "import", "feeds.opml"}).exit_code == 3);
  project.write("earshot.toml", project.read("earshot.toml") +
                                    "\n[[source]]\nname = 'tag'\ntype = 'mastodon'\ntag = 'beans'\n"
                                    "url = 'https://mastodon.example'\n");

  const auto exported = run_earshot(project, {"sources", "export", "--format", "opml"});

  CHECK(exported.exit_code == 0);
  CHECK(exported.err == "earshot: not in the list, which is of feeds: tag\n");
  CHECK(exported.out ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<opml version=\"2.0\">\n"
        "  <head>\n"
        "    <title>earshot</title>\n"
        "  </head>\n"
        "  <body>\n"
        "    <outline type=\"rss\" text=\"town-hall\" xmlUrl=\"https://www.town.example/feed/\"/>\n"
        "    <outline text=\"Farms &amp; Food\">\n"
        "      <outline text=\"Local\">\n"
        "        <outline type=\"rss\" text=\"town-hall-2\" xmlUrl=\"https://hall.example/rss\"/>\n"
        "        <outline type=\"rss\" text=\"anns-box\" "
        "xmlUrl=\"https://ann.example/rss?a=1&amp;b=2\"/>\n"
        "      </outline>\n"
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n");
  const Project other;
  other.write("earshot.toml", "[brand]\nquery = 'box'\n");
  REQUIRE(run_earshot(other, {"sources", "import", "-"}, exported.out).exit_code == 0);
  CHECK(run_earshot(other, {"sources", "export"}).out == exported.out);
}

TEST_CASE("sources add: a page leads to its feed, which is polled and appended") {
  Project project;
  const Town town;

  const auto ran =
      run_earshot(project, {"sources", "add", "--allow-private", town.server.url("/home")});

  const std::string table =
      "\n# Town News\n[[source]]\nname = \"town-news\"\ntype = \"feed\"\nurl = \"" +
      town.server.url("/feed?x=1") + "\"\n";
  CHECK(ran.exit_code == 0);
  CHECK(ran.out == table);
  CHECK(ran.err == "earshot: " + town.server.url("/private") +
                       ": its robots.txt asks to leave it alone\n"
                       "earshot: feed " +
                       town.server.url("/feed?x=1") +
                       ": 2 posts, newest 2026-08-31T11:00:00Z, in en\n"
                       "earshot:   1 of 2 entries have no id: their link stands in for it\n"
                       "earshot: earshot.toml: 'town-news' added\n");
  CHECK(project.read("earshot.toml") == std::string{config} + "\n" + table);
  CHECK(town.server.requests("/private").empty());
  CHECK(town.server.requests("/feed").size() == 1);

  const auto again = run_earshot(
      project, {"sources", "add", "--allow-private", "--name", "x", town.server.url("/feed?x=1")});
  CHECK(again.out == "");
  CHECK(again.err == "earshot: feed " + town.server.url("/feed?x=1") +
                         " is in the config already, as 'town-news'\n");
}

TEST_CASE("sources add: --dry-run and --name; nothing is added that can't be polled") {
  Project project;
  const Town town;

  const auto dry = run_earshot(project, {"sources", "add", "--dry-run", "--allow-private", "--name",
                                         "news", town.server.url("/feed")});
  CHECK(dry.exit_code == 0);
  CHECK(dry.out.find("name = \"news\"\n") != std::string::npos);
  CHECK(dry.err.find("added") == std::string::npos);

  check_error(run_earshot(project, {"sources", "add", "--name", "town-hall", "https://x.example"}),
              2,
              "earshot sources: there is a source named 'town-hall' already; give another --name");
  check_error(run_earshot(project, {"sources", "add", town.server.url("/feed")}), 1,
              "earshot: " + town.server.url("/feed") +
                  ": refuses to connect to the private address 127.0.0.1 (allow it with "
                  "--allow-private)");
  check_error(run_earshot(project, {"sources", "add", "--allow-private", town.server.url("/gone")}),
              1, "earshot: " + town.server.url("/gone") + ": HTTP 410");
  CHECK(project.read("earshot.toml") == config);
}

TEST_CASE("sources test: one poll of a source of the config, in text and JSON") {
  Project project;
  const Town town;
  project.write("earshot.toml",
                "[brand]\nquery = 'box'\n[[source]]\nname = 'news'\ntype = "
                "'feed'\nurl = '" +
                    town.server.url("/old") + "'\n");

  const auto text = run_earshot(
      project, {"sources", "test", "--allow-private", "news", "--now", "2026-09-01T00:00:00Z"});
  const auto json = run_earshot(project, {"sources", "test", "--allow-private", "news", "--now",
                                          "2026-09-01T00:00:00Z", "--format", "json"});

  CHECK(text.exit_code == 0);
  CHECK(text.err == "");
  CHECK(text.out == "source  news (feed) " + town.server.url("/old") +
                        "\nanswer  200, application/rss+xml, 389 bytes from " +
                        town.server.url("/feed") + "\n        moved there for good: put " +
                        town.server.url("/feed") +
                        " in the config\n"
                        "format  rss20, utf-8: Town News\n"
                        "posts   2, 2026-08-31T10:00:00Z to 2026-08-31T11:00:00Z, in en\n"
                        "        2026-08-31T11:00:00Z  The market was open\n"
                        "        2026-08-31T10:00:00Z  The green box came late again\n"
                        "next    not before 2026-09-01T01:30:00Z\n"
                        "fault   1 of 2 entries have no id: their link stands in for it\n");
  CHECK(json.out.starts_with(R"({"name":"news","type":"feed","url":")" + town.server.url("/old") +
                             R"(","error":null,"exchanges":[{"asked":)"));
  CHECK(json.out.find(R"("languages":{"en":2},"posts":[{"id":")") != std::string::npos);
  CHECK(json.out.ends_with(R"("faults":["1 of 2 entries have no id: their link stands in for it"],)"
                           R"("next_try":"2026-09-01T01:30:00Z"})"
                           "\n"));
  CHECK_FALSE(std::filesystem::exists(project.file("earshot.store")));
}

TEST_CASE("sources test: a refusal, an unknown name, an archive") {
  Project project;
  const Town town;
  project.write("earshot.toml",
                "[brand]\nquery = 'box'\n[[source]]\nname = 'news'\ntype = "
                "'feed'\nurl = '" +
                    town.server.url("/busy") +
                    "'\n[[source]]\nname = 'old'\ntype = 'csv'\npath = 'x.csv'\n");

  const auto busy = run_earshot(
      project, {"sources", "test", "--allow-private", "news", "--now", "2026-09-01T00:00:00Z"});
  CHECK(busy.exit_code == 1);
  CHECK(busy.err == "earshot: news: HTTP 429, asked to wait 7200 s\n");
  CHECK(busy.out == "source  news (feed) " + town.server.url("/busy") +
                        "\nanswer  429, 4 bytes from " + town.server.url("/busy") +
                        "\nnext    not before 2026-09-01T02:00:00Z\n");
  check_error(run_earshot(project, {"sources", "test", "newz"}), 2,
              "earshot sources: there is no source 'newz', did you mean 'news'?");
  check_error(run_earshot(project, {"sources", "test", "old"}), 2,
              "earshot sources: 'old' is an archive, which `earshot ingest` reads");
}

TEST_CASE("sources: verbs and options that don't fit are named") {
  const Project project;
  check_error(run_earshot(project, {"sources", "imprt", "x"}), 2,
              "earshot sources: unknown 'imprt', did you mean 'import'?");
  check_error(run_earshot(project, {"sources", "import"}), 2,
              "earshot sources: which list is missing: earshot sources import FILE.opml, or - for "
              "stdin");
  check_error(run_earshot(project, {"sources", "export", "x.opml"}), 2,
              "earshot sources: export takes no file: earshot sources export > feeds.opml");
  check_error(run_earshot(project, {"sources", "export", "--format", "json"}), 2,
              "earshot sources: export writes opml, and nothing else");
  check_error(run_earshot(project, {"sources", "--format", "opml"}), 2,
              "earshot sources: opml goes with export: earshot sources export");
  check_error(run_earshot(project, {"sources", "import", "--failing", "x"}), 2,
              "earshot sources: --failing goes with the list of sources");
  check_error(run_earshot(project, {"sources", "test", "--dry-run", "x"}), 2,
              "earshot sources: --dry-run goes with add and import");
  check_error(run_earshot(project, {"sources", "add"}), 2,
              "earshot sources: which address is missing: earshot sources add URL");
  check_error(run_earshot(project, {"sources", "add", "ftp://town.example"}), 2,
              "earshot sources: 'ftp://town.example' is not an address like https://example.org, "
              "nor an account like @name@server");
}

}  // namespace earshot::test
