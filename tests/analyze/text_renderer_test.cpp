#include <sstream>

#include <doctest/doctest.h>

#include "analyze/text_page.hpp"
#include "store/base/terminal_text.hpp"
#include "tests/analyze/formats_report.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

std::string rendered(const Report& report, int width) {
  auto text = render_report(report, "text", {.width = width});
  REQUIRE(text);
  return *text;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string table_at(int width, const ReportTable& table) {
  TextPage page{{.width = width}};
  print_table(page, table);
  return page.take();
}

}  // namespace

TEST_CASE("text report: begins with what is most worth reading") {
  const auto text = rendered(formats_report(), 80);
  const auto highlights = text.find("\nIn short\n  - Of every 100 mentions, 34 were of you.\n");
  CHECK(highlights < text.find("\nPlanning: "));
}

TEST_CASE("text report: spikes, breaks, tables and posts come after the metrics") {
  const auto text = rendered(formats_report(), 80);
  CHECK(contains(text,
                 "\nSpikes and breaks\n"
                 "  - 3 Aug 2026 11:00: 14 posts about delivery, usually 1.5 (robust z 6.4)\n"
                 "  - 2026-08-02: source 'local-news' begins\n"));
  CHECK(contains(text,
                 "\nObjectives\n"
                 "  Gap is target minus actual.\n"
                 "  objective                                      actual          gap\n"
                 "  Answer more                                    76.9 %  -3.1 points\n"));
  CHECK(contains(text, "\nPilots\n  The config declares no pilots.\n"));
  CHECK(contains(text, "\nPosts\n  1 Aug 2026 12:00, @ann, forum\n    <script>alert(1)</script> "));
  CHECK(contains(text, "    test:p1 https://example.org/p1\n"));
  CHECK(contains(text, "  posts       00000000000000dd\n"));
}

TEST_CASE("text report: lines of a post stay lines, and can't drive the terminal") {
  auto report = formats_report();
  report.posts[0].text = "one\ntwo\x1b[31m\n\nthree";
  CHECK(contains(rendered(report, 80), "    one\n    two\\x1b[31m\n    three\n"));
}

TEST_CASE("text report: everything keeps to the width of the terminal") {
  for (const int width : {40, 60, 80, 120}) {
    std::istringstream lines{rendered(formats_report(), width)};
    for (std::string line; std::getline(lines, line);)
      CHECK_MESSAGE((display_width(line) <= static_cast<std::size_t>(width) ||
                     line.find_first_of(' ', 6) == std::string::npos),  // one long word
                    line);
  }
}

TEST_CASE("text page: a table folds its widest cells, then lists its rows") {
  ReportTable table{
      .columns = {{"who", ""}, {"share", "percent"}, {"said", ""}},
      .rows = {{{"ann", ""}, {"12.5 %", "12.5"}, {"this is rather a lot of text", ""}}}};
  CHECK(table_at(80, table) ==
        "  who   share  said\n"
        "  ann  12.5 %  this is rather a lot of text\n");
  CHECK(table_at(40, table) ==
        "  who   share  said\n"
        "  ann  12.5 %  this is rather a lot of\n"
        "               text\n");
  for (const auto title : {"a wide title", "another title", "a third title"}) {
    table.columns.push_back({title, ""});
    table.rows[0].push_back({"x", ""});
  }
  CHECK(table_at(40, table) ==
        "  who: ann\n"
        "    share: 12.5 %\n"
        "    said: this is rather a lot of text\n"
        "    a wide title: x\n"
        "    another title: x\n"
        "    a third title: x\n");
}

TEST_CASE("text page: a word that is too long is broken, wide characters counted twice") {
  CHECK(fold_text("abcdef gh", 4) == std::vector<std::string>{"abcd", "ef", "gh"});
  CHECK(fold_text("字字字", 4) == std::vector<std::string>{"字字", "字"});
}
