// What `parse-feed` prints of hundreds of feeds, each made for one thing that a feed may say or do
// wrong. The README beside them says what a case is and how its values are compared.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "cli/feed_json.hpp"
#include "ingest/date_text.hpp"
#include "ingest/feed_document.hpp"
#include "ingest/html_text.hpp"
#include "store/base/ascii.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

namespace {

namespace dom = simdjson::dom;

std::string_view text_of(dom::element object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

/// The lines of `parse-feed` as one JSON array: the feed, then its entries.
std::string lines_of(const std::string& path, dom::element options) {
  const FeedOrigin origin{.url = text_of(options, "url"),
                          .content_type = text_of(options, "content_type"),
                          .content_location = text_of(options, "content_location"),
                          .content_language = text_of(options, "content_language"),
                          .links = true};
  std::string lines;
  const auto bytes = read_feed_file(path);
  const auto document = bytes ? read_feed(*bytes, origin) : Result<FeedDocument>{bytes.error()};
  append_feed_json(document ? &*document : nullptr, lines);
  return lines;
}

std::string as_array(std::string lines) {
  while (lines.ends_with('\n')) lines.pop_back();
  std::ranges::replace(lines, '\n', ',');
  return "[" + lines + "]";
}

/// Encodings that are read alike have one name here.
std::string codec(std::string_view name) {
  const auto lower = lower_case(name);
  if (lower.starts_with("gb")) return "gb18030";
  if (lower == "us-ascii") return "utf-8";
  if (lower == "iso-8859-1") return "windows-1252";
  return lower;
}

std::string printable(std::string_view text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\xEF\xBF\xBD"))
      i += 2;
    else if (static_cast<unsigned char>(text[i]) >= 0x20)
      kept += text[i];
  }
  return squeezed_text(kept);
}

bool is_empty(dom::element value) {
  dom::array list;
  if (value.get(list) == simdjson::SUCCESS) return list.size() == 0;
  std::string_view text;
  return value.is_null() || (value.get(text) == simdjson::SUCCESS && text.empty());
}

bool any_of(dom::element list, std::string_view wanted) {
  return std::ranges::any_of(list.get_array().value(), [&](dom::element one) {
    std::string_view text;
    return one.get(text) == simdjson::SUCCESS && squeezed_text(text) == squeezed_text(wanted);
  });
}

bool has_members(dom::element list, std::uint64_t at, dom::object wanted) {
  dom::element item;
  if (list.at(at).get(item) != simdjson::SUCCESS) return false;
  return std::ranges::all_of(wanted, [&](dom::key_value_pair one) {
    return text_of(item, one.key) == one.value.get_c_str().value();
  });
}

bool text_holds(std::string_view how, std::string_view have, dom::element want) {
  if (how == "any") return any_of(want, have);
  const std::string_view wanted = want;
  if (how == "text") return squeezed_text(have) == squeezed_text(wanted);
  if (how == "holds") return squeezed_text(have).find(wanted) != std::string::npos;
  if (how == "strip") return printable(have) == printable(wanted);
  if (how == "exact") return trim(have) == trim(wanted);
  if (how == "nocase") return lower_case(trim(have)) == lower_case(trim(wanted));
  if (how == "codec") return codec(have) == codec(wanted);
  if (how == "time") return parse_rfc3339(have) && parse_rfc3339(have) == parse_rfc3339(wanted);
  FAIL("no such comparison: ", how);
  return false;
}

bool holds(dom::element check, dom::array lines, std::size_t bytes) {
  const auto how = text_of(check, "cmp");
  const dom::element want = check["want"];
  if (how == "count") return lines.size() == 1 + std::uint64_t{want};
  if (how == "small") return bytes <= std::uint64_t{want};
  std::uint64_t at = 0;
  if (check["at"].get(at) == simdjson::SUCCESS) ++at;  // else it is "feed"
  dom::element record, have;
  if (lines.at(at).get(record) != simdjson::SUCCESS) return false;
  if (how == "when") {
    const auto published = text_of(record, "published");
    return parse_rfc3339(published.empty() ? text_of(record, "updated") : published) ==
           parse_rfc3339(std::string_view{want});
  }
  if (record[text_of(check, "field")].get(have) != simdjson::SUCCESS) return false;
  if (want.is_null()) return is_empty(have);
  if (have.is_null()) return want.is_string() && std::string_view{want}.empty();
  if (how == "has") return any_of(have, want);
  if (how == "item") return has_members(have, check["n"], want);
  return have.is_string() && text_holds(how, have, want);
}

}  // namespace

TEST_CASE("parse-feed: each case of a damaged, odd or plain feed") {
  EARSHOT_TEST_DATA_OR_SKIP(folder);
  const auto feeds = folder + "/feeds/";
  dom::parser parser, line_parser;
  dom::array cases;
  REQUIRE(parser.load(feeds + "cases.json")["cases"].get(cases) == simdjson::SUCCESS);
  int checked = 0;
  for (const dom::element one : cases) {
    CAPTURE(text_of(one, "name"));
    const auto lines = lines_of(feeds + std::string{text_of(one, "file")}, one["opts"]);
    const std::string array = as_array(lines);
    dom::array records;
    REQUIRE(line_parser.parse(array).get(records) == simdjson::SUCCESS);
    for (const dom::element check : one["checks"].get_array()) {
      CAPTURE(simdjson::minify(check));
      CHECK(holds(check, records, lines.size()));
      ++checked;
    }
  }
  CHECK(checked > 2900);
}
