#include "analyze/places.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

/// The region of a place by these rules; "" for none.
std::string region_of(std::string_view place, const std::vector<PlaceRule>& rules) {
  const auto table = PlaceTable::create(rules);
  REQUIRE_MESSAGE(table.has_value(), (table ? "" : table.error().message));
  PlaceTable::Scratch scratch;
  const auto found = table->find(place, scratch);
  return found ? rules[*found].region : "";
}

std::string error_of(const std::vector<PlaceRule>& rules) {
  const auto table = PlaceTable::create(rules);
  if (table) return "no error";
  CHECK(table.error().kind == Error::Kind::config);
  return table.error().message;
}

const std::vector<PlaceRule> states{{"\"new york\" OR ny OR nyc", "New York"},
                                    {"box:40.4,-74.3,41.0,-73.6", "New York"},
                                    {"york", "England"},
                                    {"ca OR california", "California"},
                                    {"br", "Brazil"}};

}  // namespace

TEST_CASE("places: free text and country codes are found by queries, whatever their case") {
  CHECK(region_of("Manhattan Beach, CA", states) == "California");
  CHECK(region_of("NEW YORK, New York", states) == "New York");
  CHECK(region_of("BR", states) == "Brazil");
  CHECK(region_of("Canada", states) == "");
  CHECK(region_of("", states) == "");
}

TEST_CASE("places: the first rule that matches names the region") {
  CHECK(region_of("New York", states) == "New York");
  CHECK(region_of("York", states) == "England");
}

TEST_CASE("places: coordinates are looked up in boxes, their edges are inside") {
  CHECK(region_of("40.7,-74.0", states) == "New York");
  CHECK(region_of(" 40.7 ,  -74.0 ", states) == "New York");
  CHECK(region_of("40.4,-74.3", states) == "New York");
  CHECK(region_of("41.0,-73.6", states) == "New York");
  CHECK(region_of("41.001,-73.6", states) == "");
  CHECK(region_of("-40.7,-74.0", states) == "");
}

TEST_CASE("places: a box may lie across the date line") {
  const std::vector<PlaceRule> fiji{{"box:-21,176,-12,-178", "Fiji"}};
  CHECK(region_of("-18,178", fiji) == "Fiji");
  CHECK(region_of("-18,-179", fiji) == "Fiji");
  CHECK(region_of("-18,0", fiji) == "");
}

TEST_CASE("places: numbers that are no coordinates are text") {
  const std::vector<PlaceRule> rules{{"box:-90,-180,90,180", "somewhere"},
                                     {"90210", "Beverly Hills"}};
  CHECK(region_of("90210", rules) == "Beverly Hills");
  CHECK(region_of("90210, 1", rules) == "Beverly Hills");
  CHECK(region_of("1,2,3", rules) == "");
  CHECK(region_of("nan,1", rules) == "");
  CHECK(region_of("90,180", rules) == "somewhere");
  CHECK(region_of("90.5,10", rules) == "");
}

TEST_CASE("places: no rules, no regions") {
  CHECK(region_of("40.7,-74.0", {}) == "");
  CHECK(region_of("New York", {}) == "");
}

TEST_CASE("places: what is wrong with a rule is named, counted from 1") {
  CHECK(error_of({{"ny", "a"}, {"(ca", "b"}}) == "place 2, '(ca': column 1: missing ')'");
  CHECK(error_of({{"NOT ca", "a"}}) ==
        "place 1, 'NOT ca': column 1: a query needs at least one word that must be there");
  CHECK(error_of({{"", "a"}}) == "place 1, '': a pattern is missing");
  CHECK(error_of({{"ny", ""}}) == "place 1, 'ny': its region has no name");
  const std::string box = ": a box is box:SOUTH,WEST,NORTH,EAST in degrees";
  for (const std::string pattern :
       {"box:", "box:1,2,3", "box:1,2,3,4,5", "box:a,2,3,4", "box:3,2,1,4", "box:-91,0,0,0",
        "box:0,0,0,181", "box:nan,0,0,0"})
    CHECK(error_of({{pattern, "a"}}) == "place 1, '" + pattern + "'" + box);
}
