#include "ingest/feed_date.hpp"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::string shown(std::string_view text) {
  const auto at = parse_feed_date(text);
  return at ? format_instant(*at) : "none";
}

using Spellings = std::vector<std::pair<std::string, std::string>>;

void check_all(const Spellings& spellings) {
  for (const auto& [text, want] : spellings) {
    CAPTURE(text);
    CHECK(shown(text) == want);
  }
}

}  // namespace

TEST_CASE("a feed's date may be of any kind that ISO 8601 knows") {
  check_all({{"2021-09-06T16:45:00Z", "2021-09-06T16:45:00Z"},
             {"20210906T164500Z", "2021-09-06T16:45:00Z"},
             {"2021-09-06T164500+0200", "2021-09-06T14:45:00Z"},
             {"2021-09-06T16Z", "2021-09-06T16:00:00Z"},
             {"2021-9-6 9:45", "2021-09-06T09:45:00Z"},
             {"2017-06-13T03:18:00+01:3", "2017-06-13T01:48:00Z"},
             {"2003-12", "2003-12-01T00:00:00Z"},
             {"2003", "2003-01-01T00:00:00Z"},
             {"20031231", "2003-12-31T00:00:00Z"},
             {"2003-335", "2003-12-01T00:00:00Z"},
             {"2003335", "2003-12-01T00:00:00Z"},
             {"03335", "2003-12-01T00:00:00Z"},
             {"03-12-31", "2003-12-31T00:00:00Z"},
             {"031231", "2003-12-31T00:00:00Z"},
             {"-0312", "2003-12-01T00:00:00Z"},
             {"-03-12", "2003-12-01T00:00:00Z"}});
}

TEST_CASE("a feed's date may have the parts of RFC 822 in another order, and more of them") {
  check_all({{"Mon, 06 Sep 2021 16:45:00 +0000 (UTC)", "2021-09-06T16:45:00Z"},
             {"Mon, 13 Feb, 2012 06:28:00 UTC", "2012-02-13T06:28:00Z"},
             {"Fri,24 Nov 2023 18:28:36 -0000", "2023-11-24T18:28:36Z"},
             {"Thu Aug 30 2012 17:26:16 +0200", "2012-08-30T15:26:16Z"},
             {"September 6th, 2021", "2021-09-06T00:00:00Z"},
             {"Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z"},
             {"Tue Oct 31 22:10:47 +0100 2017", "2017-10-31T21:10:47Z"},
             {"6-Sep-2021 16:45", "2021-09-06T16:45:00Z"},
             {"Lunes, 06 Sep 2021 16:45:00 GMT", "2021-09-06T16:45:00Z"},
             {"06 Sep 2021 4:45 PM", "2021-09-06T16:45:00Z"},
             {"06 Sep 2021 12:05 am", "2021-09-06T00:05:00Z"},
             {"Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"}});
}

TEST_CASE("zones are read by any name, and an unknown one is UTC") {
  check_all({{"Mon, 26 January 2004 16:31:00 AT", "2004-01-26T20:31:00Z"},
             {"Mon, 26 January 2004 16:31:00 PT", "2004-01-27T00:31:00Z"},
             {"Thu, 30 Apr 2015 08:57:00 MEST", "2015-04-30T06:57:00Z"},
             {"Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00Z"},
             {"Wed, 19 Feb 2012 22:40:00 GMT-01:01", "2012-02-19T23:41:00Z"},
             {"Wed, 19 Feb 2012 22:40:00 XYZT", "2012-02-19T22:40:00Z"}});
}

TEST_CASE("dates of Korean, Greek and Hungarian weblogs are read") {
  check_all({{"2004년 05월 28일  01:31:15", "2004-05-27T16:31:15Z"},
             {"2004-05-25 오후 11:23:17", "2004-05-25T14:23:17Z"},
             {"2004-05-25 오전 09:23:17", "2004-05-25T00:23:17Z"},
             {"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"},
             {"2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"}});
}

TEST_CASE("a date that does not exist, or is none, is none") {
  for (const auto* text : {"Sun, 16 Dec 2012 11:47:32 +zz:00",
                           "Sun, 16 Dec 2012 11:47:32 +00:zz",
                           "Sun, 16 Dec 2012 1:2:3:4 GMT",
                           "Sun, 16 Dec zz 11:47:32 GMT",
                           "Sun, 16 zzz 2012 11:47:32 GMT",
                           "Sun, x Dec 2012 11:47:32 GMT",
                           "2012-13-01",
                           "2012-02-30",
                           "2012-366-1",
                           "2012-000",
                           "201",
                           "1",
                           "",
                           " ",
                           "yesterday",
                           "Mon",
                           "Sep 2021",
                           "2021-09-06T1Z9",
                           "2012/13/01",
                           "----",
                           "2021-09-06Tnoon",
                           "년",
                           "00:00"}) {
    CAPTURE(text);
    CHECK(shown(text) == "none");
  }
  CHECK(shown(std::string(200, '1')) == "none");
}
