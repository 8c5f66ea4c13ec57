#include "ingest/date_text.hpp"

#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::string shown(std::optional<Instant> at) {
  return at ? format_instant(*at) : "none";
}

std::string shown(std::string_view format, std::string_view text) {
  return shown(DateFormat::compile(format)->parse(text));
}

}  // namespace

TEST_CASE("an RFC 3339 date is read with any offset, and without a zone as UTC") {
  for (const auto& [text, want] : std::vector<std::pair<std::string, std::string>>{
           {"2026-08-01T09:30:00Z", "2026-08-01T09:30:00Z"},
           {"2026-08-01T09:30:00+10:00", "2026-07-31T23:30:00Z"},
           {"2026-08-01 09:30:00 -0800", "2026-08-01T17:30:00Z"},
           {"2026-08-01t09:30:00.123456z", "2026-08-01T09:30:00Z"},
           {"2026-08-01T09:30Z", "2026-08-01T09:30:00Z"},
           {"2026-08-01T09:30:00", "2026-08-01T09:30:00Z"},
           {"2026-08-01 09:30:00 UTC", "2026-08-01T09:30:00Z"},
           {" 2026-08-01 ", "2026-08-01T00:00:00Z"},
           {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
           {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
           {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"}}) {
    CAPTURE(text);
    CHECK(shown(parse_rfc3339(text)) == want);
  }
}

TEST_CASE("an RFC 3339 date that does not exist or is not whole is none") {
  for (const auto* text : {"2026-02-31T00:00:00Z",
                           "2023-02-29",
                           "2026-13-01",
                           "2026-00-01",
                           "2026-08-00",
                           "2026-08-01T24:00:00Z",
                           "2026-08-01T09:60:00Z",
                           "2026-08-01T09:30:61Z",
                           "2026-08-01T",
                           "2026-08-01T09",
                           "2026-08-01T09:30:00+",
                           "2026-08-01T09:30:00+25:00",
                           "2026-8-1",
                           "26-08-01",
                           "",
                           "yesterday",
                           "2026-08-01T09:30:00Zx",
                           "2026-08-01T09:30:00 ABCD",
                           "2026/08/01T09:30:00Z",
                           "2026-08-01X09:30:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("an RFC 822 date may lack weekday, seconds and century, and name its zone") {
  for (const auto& [text, want] : std::vector<std::pair<std::string, std::string>>{
           {"Sat, 01 Aug 2026 09:30:00 +1000", "2026-07-31T23:30:00Z"},
           {"1 Aug 2026 09:30 GMT", "2026-08-01T09:30:00Z"},
           {"Saturday, 1 August 2026 09:30:00 EST", "2026-08-01T14:30:00Z"},
           {"Sat 01 Aug 26 09:30:00 Z", "2026-08-01T09:30:00Z"},
           {"Sun, 01 Aug 99 09:30:00 PDT", "1999-08-01T16:30:00Z"},
           {"Sat, 01-Aug-2026 09:30:00 GMT", "2026-08-01T09:30:00Z"},
           {"Sat, 01 Aug 2026", "2026-08-01T00:00:00Z"},
           {"Sat, 01 Aug 2026 09:30:00 GMT+0100", "2026-08-01T08:30:00Z"},
           {"Sat, 01 Sept 2026 09:30:00 +01:00", "2026-09-01T08:30:00Z"}}) {
    CAPTURE(text);
    CHECK(shown(parse_rfc822(text)) == want);
  }
}

TEST_CASE("an RFC 822 date with an unknown word or an impossible day is none") {
  for (const auto* text : {"Sat, 31 Feb 2026 09:30:00 GMT", "Foo, 01 Aug 2026 09:30:00 GMT",
                           "01 Agosto 2026", "01 Au 2026", "Sat, 01 Aug 2026 09:30:00 XYZ",
                           "Sat, 01 Aug 2026 09:30:00 +9999", "Sat, 01 Aug", "Sat,", "",
                           "Sat, 01 Aug 2026 25:30:00 GMT", "01 Aug 2026 09:30:00 GMT later"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc822(text).has_value());
  }
}

TEST_CASE("a pattern may have years of two digits and hours of twelve") {
  CHECK(shown("%m/%d/%y %I:%M %p", "8/1/26 9:30 PM") == "2026-08-01T21:30:00Z");
  CHECK(shown("%m/%d/%y %I:%M %p", "8/1/99 12:05 am") == "1999-08-01T00:05:00Z");
  CHECK(shown("%d-%b-%Y %I:%M%p", "01-Aug-2026 12:30PM") == "2026-08-01T12:30:00Z");
  CHECK(shown("%Y-%m-%d %I:%M %p", "2026-08-01 9:30 a.m.") == "2026-08-01T09:30:00Z");
  CHECK(shown("%Y-%m-%d %I:%M %p", "2026-08-01 13:30 PM") == "none");
  CHECK(shown("%Y-%m-%d %I:%M %p", "2026-08-01 9:30 xm") == "none");
}

TEST_CASE("a date follows the pattern that a mapping declares") {
  CHECK(shown("%a %b %d %H:%M:%S %z %Y", "Tue Oct 31 22:10:47 +0000 2017") ==
        "2017-10-31T22:10:47Z");
  CHECK(shown("%Y-%m-%d %H:%M:%S %z", "2015-02-24 11:35:52 -0800") == "2015-02-24T19:35:52Z");
  CHECK(shown("%d/%m/%Y", "3/2/2015") == "2015-02-03T00:00:00Z");
  CHECK(shown("%d.%m.%Y %H:%M", "03.02.2015   07:05") == "2015-02-03T07:05:00Z");
  CHECK(shown("%Y-%m-%dT%H:%M:%S%z", "2015-02-03T07:05:09.250+01:00") == "2015-02-03T06:05:09Z");
  CHECK(shown("100%% %Y%m%d", "100% 20150203") == "2015-02-03T00:00:00Z");
  CHECK(shown("%d/%m/%Y", "31/2/2015") == "none");
  CHECK(shown("%d/%m/%Y", "3-2-2015") == "none");
  CHECK(shown("%d/%m/%Y", "3/2/2015 10:00") == "none");
  CHECK(shown("%Y-%m-%d %z", "2015-02-03 ") == "none");
}

TEST_CASE("seconds and milliseconds since 1970 are dates") {
  CHECK(shown("unix", "1438387200") == "2015-08-01T00:00:00Z");
  CHECK(shown("unix", "1438387200.75") == "2015-08-01T00:00:00Z");
  CHECK(shown("unix", "-1") == "1969-12-31T23:59:59Z");
  CHECK(shown("unix_ms", "1438387200999") == "2015-08-01T00:00:00Z");
  CHECK(shown("unix_ms", "-1") == "1969-12-31T23:59:59Z");
  CHECK(shown("unix", "1438387200999") == "none");
  CHECK(shown("unix", "-9223372036854775808") == "none");
  CHECK(shown("unix", "99999999999999999999") == "none");
  CHECK(shown("unix", "now") == "none");
  CHECK(shown("unix", "") == "none");
}

TEST_CASE("a pattern that leaves the day open, or has an unknown letter, is no date format") {
  for (const auto* format : {"", "%Y-%m", "%Y", "%m/%d", "%Y-%m-%d %Q", "%Y-%m-%d %", "iso8601"}) {
    CAPTURE(format);
    CHECK_FALSE(DateFormat::compile(format).has_value());
  }
}
