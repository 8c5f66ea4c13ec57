#include <doctest/doctest.h>

#include "cli/feed_json.hpp"
#include "tests/cli/run_earshot.hpp"

using namespace earshot;
using test::run_earshot;

TEST_CASE("parse-feed: a feed is one line for itself and one for each entry") {
  const TemporaryFolder folder;
  folder.write("feed.xml",
               "<rss version='2.0' xml:base='https://x.example/'><channel><title>T</title>"
               "<item><title>a</title><link>/1</link><author>ann@x.example (Ann)</author>"
               "<pubDate>Mon, 06 Sep 2021 16:45:00 GMT</pubDate><category>c</category>"
               "<description>&lt;a href='2'>d&lt;/a></description>"
               "<enclosure url='3.mp3' type='audio/mpeg'/></item></channel></rss>");

  const auto ran = run_earshot(folder, {"parse-feed", "feed.xml"});

  CHECK(ran.exit_code == 0);
  CHECK(ran.err.empty());
  CHECK(ran.out ==
        R"({"kind":"feed","id":null,"link":null,"title":"T","summary":null,"author":null,)"
        R"("author_email":null,"author_url":null,"lang":null,"published":null,"updated":null,)"
        R"("version":"rss20","encoding":"utf-8"})"
        "\n"
        R"({"kind":"entry","id":null,"link":"https://x.example/1","title":"a","summary":"d",)"
        R"("author":"Ann","author_email":"ann@x.example","author_url":null,"lang":null,)"
        R"("published":"2021-09-06T16:45:00Z","updated":null,"content":null,"comments":null,)"
        R"("in_reply_to":null,"links":["https://x.example/2"],"tags":["c"],)"
        R"("enclosures":[{"url":"https://x.example/3.mp3","type":"audio/mpeg","length":null}]})"
        "\n");
}

TEST_CASE("parse-feed: what the transport said is believed") {
  const TemporaryFolder folder;
  folder.write("feed.xml", "<rss><channel><title>\xCF</title><link>/a</link></channel></rss>");

  const auto ran =
      run_earshot(folder, {"parse-feed", "--url", "https://x.example/feed", "--content-type",
                           "application/rss+xml; charset=windows-1251", "--content-location", "/b/",
                           "--content-language", "ru", "feed.xml"});

  CHECK(ran.exit_code == 0);
  CHECK(ran.out.find(R"("link":"https://x.example/a","title":"П")") != std::string::npos);
  CHECK(ran.out.find(R"("lang":"ru")") != std::string::npos);
  CHECK(ran.out.find(R"("encoding":"windows-1251")") != std::string::npos);
}

TEST_CASE("parse-feed: a file that is no feed has an empty line, a message and exit code 3") {
  const TemporaryFolder folder;
  folder.write("page.html", "<html></html>");

  const auto ran =
      run_earshot(folder, {"parse-feed", "page.html", "none.xml", "-"}, "{\"items\":[{\"id\":7}]}");

  std::string nothing;
  append_feed_json(nullptr, nothing);
  CHECK(ran.exit_code == 3);
  CHECK(ran.err ==
        "earshot: page.html: neither RSS nor Atom: the document is <html>\n"
        "earshot: none.xml: no such file\n");
  CHECK(ran.out.starts_with(nothing + nothing));
  CHECK(ran.out.find(R"("kind":"entry","id":"7")") != std::string::npos);
}

TEST_CASE("parse-feed: without a file it says so") {
  const TemporaryFolder folder;
  const auto ran = run_earshot(folder, {"parse-feed"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err == "earshot parse-feed: which file is missing: earshot parse-feed FILE...\n");
}
