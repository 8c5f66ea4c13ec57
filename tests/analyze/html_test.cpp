// The page for a browser, read as text. tests/browser opens it in one.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "analyze/html_style.hpp"
#include "analyze/report.hpp"
#include "tests/support/sample_report.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

std::string page_of(const Report& report) {
  const auto page = render_report(report, "html", {});
  REQUIRE(page);
  return *page;
}

bool has(const std::string& page, std::string_view text) {
  return page.find(text) != std::string::npos;
}

std::size_t count_of(const std::string& page, std::string_view text) {
  std::size_t count = 0;
  for (auto at = page.find(text); at != std::string::npos; at = page.find(text, at + 1)) ++count;
  return count;
}

/// All values of an attribute, in order.
std::vector<std::string> values_of(const std::string& page, const std::string& attribute) {
  const auto start = " " + attribute + "=\"";
  std::vector<std::string> values;
  for (auto at = page.find(start); at != std::string::npos; at = page.find(start, at + 1)) {
    const auto begin = at + start.size();
    values.push_back(page.substr(begin, page.find('"', begin) - begin));
  }
  return values;
}

}  // namespace

TEST_CASE("html: the policy allows one style sheet, by its hash, and nothing else") {
  const auto page = page_of(sample_report());
  CHECK(has(page, "content=\"default-src 'none'; style-src 'sha256-" +
                      std::string{report_css_sha256()} +
                      "'; img-src data:; base-uri 'none'; form-action 'none'\""));
  CHECK(count_of(page, "<style>") == 1);
  CHECK(has(page, "<style>" + std::string{report_css()} + "</style>"));
  CHECK(count_of(page, "<script") == 0);
  CHECK(count_of(page, " style=\"") == 0);
  CHECK(count_of(page, " src=\"") == 0);
}

TEST_CASE("html: names are unique, and what refers to one finds it") {
  const auto page = page_of(sample_report());
  const auto ids = values_of(page, "id");
  const std::set<std::string> known{ids.begin(), ids.end()};
  CHECK(known.size() == ids.size());

  for (const auto& href : values_of(page, "href"))
    if (href.starts_with('#')) CHECK_MESSAGE(known.contains(href.substr(1)), href);
  for (const auto& list : values_of(page, "aria-labelledby"))
    for (std::size_t at = 0; at < list.size();) {
      const auto end = std::min(list.find(' ', at), list.size());
      CHECK_MESSAGE(known.contains(list.substr(at, end - at)), list);
      at = end + 1;
    }
  for (const auto& fill : values_of(page, "fill"))
    CHECK_MESSAGE(known.contains(fill.substr(5, fill.size() - 6)), fill);
}

TEST_CASE("html: every element that opens closes") {
  auto page = page_of(sample_report());
  page.erase(page.find("<style>"), page.find("</style>") - page.find("<style>"));
  std::vector<std::string> open;
  for (auto at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const auto end = page.find('>', at);
    const auto tag = page.substr(at + 1, end - at - 1);
    const auto name = tag.substr(0, tag.find(' '));
    if (name == "!DOCTYPE" || tag.ends_with('/')) continue;
    if (!name.starts_with('/')) {
      open.push_back(name);
    } else if (name != "/style") {
      REQUIRE(!open.empty());
      CHECK(open.back() == name.substr(1));
      open.pop_back();
    }
  }
  CHECK(open.empty());
}

TEST_CASE("html: headings go down one level at a time") {
  const auto page = page_of(sample_report());
  int level = 0;
  for (auto at = page.find("<h"); at != std::string::npos; at = page.find("<h", at + 1)) {
    const int next = page[at + 2] - '0';
    if (next < 1 || next > 6) continue;  // html, head, header
    CHECK(next <= level + 1);
    level = next;
  }
  CHECK(count_of(page, "<h1>") == 1);
}

TEST_CASE("html: each criterion says in words whether it is met") {
  const auto page = page_of(sample_report());
  CHECK(has(page, "<b>Listening volume</b> <span class=\"status\">met</span>"));
  CHECK(has(page, "<b>Share of voice</b> <span class=\"status\">not met</span>"));
  CHECK(has(page, "<b>Coverage</b> <span class=\"status\">not measurable</span>"));
  CHECK(has(page, "Result: not evidenced: 1 of 2 measurable criteria is met."));
  CHECK(has(page, "Next step: Share of voice is 6.1 %; the criterion is at least 10.0 %."));
}

TEST_CASE("html: each chart has a name, a description and its numbers as a table") {
  const auto page = page_of(sample_report());
  for (const std::string id : {"chart-listening_volume", "chart-moods", "chart-voice",
                               "chart-topics", "chart-waits", "chart-heat"}) {
    CAPTURE(id);
    CHECK(has(page, "<svg role=\"img\" aria-labelledby=\"" + id + "-title " + id + "-desc\""));
    CHECK(has(page, "<title id=\"" + id + "-title\">"));
    CHECK(has(page, "<desc id=\"" + id + "-desc\">"));
  }
  CHECK(count_of(page, "<svg role=\"img\"") == 6);
  CHECK(count_of(page, "<details class=\"data\">") == 6);
}

TEST_CASE("html: nothing collected is hatched and has no bar") {
  const auto page = page_of(sample_report());
  CHECK(has(page, "<title>13 Jul 2026 to 15 Jul 2026: nothing was collected</title>"));
  CHECK(has(page, "<title>31 Jul 2026: nothing was collected</title>"));
  CHECK(!has(page, "<title>14 Jul 2026:"));
  CHECK(has(page, "<title>1 Jul 2026: 40 posts</title>"));
}

TEST_CASE("html: spikes and breaks are marked and explained") {
  const auto page = page_of(sample_report());
  CHECK(count_of(page, "<svg class=\"spike\"") == 1);  // both are on one day
  CHECK(has(page, "<li>21 Jul 2026, 14:00: 120 posts in an hour, usually 11 (score 9.3)</li>"));
  CHECK(has(page,
            "<li>21 Jul 2026, 15:00: 90 posts about opening hours in an hour, usually 9.5 "
            "(score 8.1)</li>"));
  CHECK(has(page, "<title>9 Jul 2026: source 'local-news' begins</title>"));
  CHECK(has(page, "<b>A</b> 9 Jul 2026: source 'local-news' begins</li>"));
  CHECK(count_of(page, "<line class=\"break\"") == 6);  // three in each of two charts
}

TEST_CASE("html: a small sample is a count without a bar") {
  auto report = sample_report();
  auto& topics = report.metrics[3].breakdown;
  topics.erase(topics.begin(), topics.end() - 1);
  const auto page = page_of(report);
  const auto chart = page.substr(page.find("id=\"chart-topics\""));
  CHECK(has(chart.substr(0, chart.find("</figure>")), ">3 of 7</text>"));
  CHECK(!has(chart.substr(0, chart.find("</figure>")), "class=\"bar\""));
}

TEST_CASE("html: what is not measurable says why in place of a number") {
  CHECK(has(page_of(sample_report()),
            "<td role=\"cell\" colspan=\"4\" class=\"reason\"><strong>not measurable</strong>: no "
            "source was polled on a schedule in the window</td>"));
}

TEST_CASE("html: charts without anything to draw are left out") {
  auto report = sample_report();
  report.charts = {};
  for (auto& metric : report.metrics) {
    metric.series.clear();
    metric.breakdown.clear();
  }
  const auto page = page_of(report);
  CHECK(!has(page, "<figure"));
  CHECK(!has(page, "href=\"#charts\""));
  CHECK(!has(page, "NaN"));
}

TEST_CASE("html: an empty report is still a page") {
  const auto page = page_of({});
  CHECK(has(page, "<main id=\"report\" tabindex=\"-1\">"));
  CHECK(page.ends_with("</html>\n"));
}

TEST_CASE("html: evidence and tables lead to the posts that are shown") {
  const auto page = page_of(sample_report());
  CHECK(has(page, "<a href=\"#post-1\"><code>feed:1</code></a>"));
  CHECK(has(page, "<code>feed:3</code> and 4,708 more</p>"));
  CHECK(!has(page, "#post-3"));
  CHECK(count_of(page, "id=\"post-1\"") == 1);
}

TEST_CASE("html: a post is shown as text, its address as a link only if it is one") {
  const auto page = page_of(sample_report());
  CHECK(has(page,
            "<p class=\"said\" dir=\"auto\">Two lines:\nbread &amp; &lt;b&gt;butter&lt;/b&gt;\tat "
            "&quot;eight&quot;</p>"));
  CHECK(has(page,
            "<a href=\"https://forum.example/1?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">"
            "https://forum.example/1?a=1&amp;b=2</a>"));
  CHECK(has(page, "<span>javascript:alert(1)</span>"));
  CHECK(has(page, "bell\\x07 and \\u202e override"));
  CHECK(!has(page, "\xE2\x80\xAE"));
}

TEST_CASE("html: tables have as many headings as columns, and say so when they are empty") {
  const auto page = page_of(sample_report());
  CHECK(has(page, "<th role=\"columnheader\" scope=\"col\" class=\"digits\">target</th>"));
  CHECK(has(page, "<p>The milestones file names no pilot.</p>"));
  CHECK(has(page, "<p class=\"note\">Gap is target minus actual.</p>"));
}

TEST_CASE("html: all digits are those of the report") {
  auto report = sample_report();
  report.metrics[1].figure.shown = "61.4 % exactly so";
  CHECK(has(page_of(report), "<strong>61.4 % exactly so</strong>"));
  CHECK(page_of(report) == page_of(report));
}
