// Real feeds, and what at least two of three unrelated parsers agree on for each entry of them.
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "ingest/feed_document.hpp"
#include "ingest/html_text.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

namespace {

namespace dom = simdjson::dom;

std::string text_of(dom::element object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

/// What a parser should have said, if anything was agreed on.
void check_text(dom::element wanted, std::string_view key, std::string_view have, int& checked) {
  const auto want = squeezed_text(text_of(wanted, key));
  if (want.empty()) return;
  CAPTURE(key);
  // Summaries are cut to 400 characters there.
  const auto squeezed = squeezed_text(have);
  CHECK(squeezed.substr(0, key == "summary" ? want.size() : squeezed.size()) == want);
  ++checked;
}

void check_entry(dom::element wanted, const FeedEntry& entry, int& checked) {
  check_text(wanted, "id", entry.id, checked);
  check_text(wanted, "title", entry.title, checked);
  check_text(wanted, "link", entry.link, checked);
  check_text(wanted, "author", entry.author.name, checked);
  check_text(wanted, "summary", entry.summary, checked);
  const auto at = entry.published ? entry.published : entry.updated;
  check_text(wanted, "published", at ? format_instant(*at) : "none", checked);
}

}  // namespace

TEST_CASE("real feeds are read as other parsers agree that they should be") {
  EARSHOT_TEST_DATA_OR_SKIP(folder);
  const auto real = folder + "/feeds/real/";
  dom::parser parser;
  dom::array feeds;
  REQUIRE(parser.load(real + "consensus.json").get(feeds) == simdjson::SUCCESS);
  int checked = 0;
  for (const auto wanted : feeds) {
    const auto file = text_of(wanted, "file");
    CAPTURE(file);
    const auto body = read_feed_file(real + file);
    REQUIRE(body);
    const auto feed = read_feed(*body, {});
    REQUIRE(feed);
    check_text(wanted, "title", feed->title, checked);
    dom::array entries;
    REQUIRE(wanted["entries"].get(entries) == simdjson::SUCCESS);
    REQUIRE(feed->entries.size() >= entries.size());
    std::size_t i = 0;
    for (const auto entry : entries) check_entry(entry, feed->entries[i++], checked);
  }
  CHECK(checked > 1700);
}
