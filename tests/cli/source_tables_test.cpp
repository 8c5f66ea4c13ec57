#include "cli/source_tables.hpp"

#include <doctest/doctest.h>

#include "cli/config.hpp"

using namespace earshot;

namespace {

std::string name(std::string_view title, std::string_view url = "https://www.town.example/f") {
  std::set<std::string> taken;
  return source_name(title, url, taken);
}

}  // namespace

TEST_CASE("names of sources: letters and digits with hyphens, whatever the title holds") {
  CHECK(name("Town Hall: News & Views!") == "town-hall-news-views");
  CHECK(name("  Ann's \xE2\x80\x9C"
             "box\xE2\x80\x9D  ") == "anns-box");
  CHECK(name("Café Zürich") == "café-zürich");
  CHECK(name("日本の　豆") == "日本の-豆");
  CHECK(name("\x1b[31m\xE2\x80\xAEred\xff") == "31m-red");
  CHECK(name("") == "town-example");
  CHECK(name("!?", "https://") == "source");
  CHECK(name("one two three four five six seven eight nine") ==
        "one-two-three-four-five-six-seven-eight");
}

TEST_CASE("names of sources: no two are the same") {
  std::set<std::string> taken{"town-hall", "town-hall-2"};
  CHECK(source_name("Town Hall", "", taken) == "town-hall-3");
  CHECK(source_name("town hall", "", taken) == "town-hall-4");
}

TEST_CASE("addresses are the same whatever their scheme, www, case of host, slash and fragment") {
  const auto key = address_key("https://town.example/Feed?x=1");
  CHECK(address_key("http://WWW.Town.example/Feed?x=1#top") == key);
  CHECK(address_key("https://town.example/feed?x=1") != key);
  CHECK(address_key("https://town.example:8080/Feed?x=1") != key);
  CHECK(address_key("https://town.example") == address_key("http://town.example/"));
}

TEST_CASE("a table of a source is read back as the source that it was written from") {
  SourceConfig source;
  source.name = "quote\"d \\ \x7f";
  source.type = "mastodon";
  source.url = "https://elm.example";
  source.channel = "a = 'b'\n[[source]]";
  source.interval = std::chrono::minutes{90};
  source.options = {{"tag", "beans"}, {"threads", "true"}};

  std::string table;
  append_source_table(table, source, "a title\nwith a line end");

  CHECK(table.starts_with("\n# a title\\nwith a line end\n[[source]]\n"));
  const auto config = parse_config("[brand]\nquery = 'box'\n" + table, "earshot.toml");
  REQUIRE(config);
  REQUIRE(config->sources.size() == 1);
  const auto& read = config->sources[0];
  CHECK(read.name == source.name);
  CHECK(read.url == source.url);
  CHECK(read.channel == source.channel);
  CHECK(read.interval == source.interval);
  CHECK(read.options == source.options);
  CHECK(same_source(read, source));
}

TEST_CASE("a table names no url where the type knows it") {
  SourceConfig source;
  source.name = "news";
  source.type = "bluesky";
  source.url = "https://public.api.bsky.app";
  source.options = {{"account", "ann.example"}};

  std::string table;
  append_source_table(table, source, "");

  CHECK(table == "\n[[source]]\nname = \"news\"\ntype = \"bluesky\"\naccount = \"ann.example\"\n");
}
