#include "cli/inbox_writers.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "cli/inbox_wording.hpp"
#include "store/base/terminal_text.hpp"
#include "tests/analyze/green_basket.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

Inbox green_basket_inbox() {
  const InboxRequest request{.window = this_fortnight()};
  auto inbox = make_inbox(*green_basket_store(), green_basket(), request);
  REQUIRE(inbox);
  return std::move(*inbox);
}

/// Compares with tests/golden/inbox/<name>, or writes it with EARSHOT_UPDATE_GOLDEN=1.
void check_golden(const std::string& name, const std::string& actual) {
  const auto path = std::string{EARSHOT_SOURCE_DIR} + "/tests/golden/inbox/" + name;
  if (std::getenv("EARSHOT_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{path, std::ios::binary} << actual;
    return;
  }
  std::ifstream file{path, std::ios::binary};
  REQUIRE_MESSAGE(file, path);
  std::stringstream expected;
  expected << file.rdbuf();
  CHECK_MESSAGE(expected.str() == actual, path);
}

/// An inbox with one post to answer, all of whose texts are `text`.
Inbox inbox_with(const std::string& text) {
  Inbox inbox{.project = text, .timezone = "UTC"};
  InboxEntry entry;
  entry.post.id = entry.post.author = entry.post.channel = entry.post.url = entry.post.text = text;
  entry.why = {"asks"};
  entry.suggestion = {Advice::in_public, "others may have the same question"};
  inbox.to_answer = {{entry}, 1};
  inbox.to_thank = inbox.leads = {{entry.post}, 1};
  inbox.topics = {{.name = text, .questions = 1, .posts = {{entry.post}, 1}}};
  return inbox;
}

std::string as_markdown(std::string_view text) {
  std::string out;
  append_markdown_text(out, text);
  return out;
}

}  // namespace

TEST_CASE("inbox writers: text, Markdown and JSON of the small corpus are the golden ones") {
  const auto inbox = green_basket_inbox();
  check_golden("expected.txt", inbox_text(inbox, {}));
  check_golden("expected.md", inbox_markdown(inbox));
  check_golden("expected.json", inbox_json(inbox));
}

TEST_CASE("inbox writers: text keeps to the width of the terminal") {
  auto inbox = green_basket_inbox();
  for (const int width : {40, 60, 200}) {
    std::istringstream lines{inbox_text(inbox, {.width = width})};
    for (std::string line; std::getline(lines, line);)
      CHECK_MESSAGE(display_width(line) <= static_cast<std::size_t>(width), line);
  }
}

TEST_CASE("inbox writers: colour is the only source of escape sequences") {
  const auto inbox = inbox_with("\x1b[2J\x07 a\r\nb \xe2\x80\xae \xff");
  const auto text = inbox_text(inbox, {});
  CHECK(std::ranges::none_of(text, [](char c) { return c != '\n' && c >= 0 && c < ' '; }));
  CHECK(text.find("\"\\x1b[2J\\x07 a\\r\\nb \\u202e \\xff\"") != std::string::npos);
  CHECK(text.find("\xe2\x80\xae") == std::string::npos);

  const auto coloured = inbox_text(inbox, {.width = 80, .colour = true});
  CHECK(coloured.find("\x1b[1m") != std::string::npos);
  CHECK(coloured.find("\x1b[2J") == std::string::npos);
}

TEST_CASE("inbox writers: in Markdown a post is text, whatever it says") {
  CHECK(as_markdown("<img src=x onerror=alert(1)>") == "&lt;img src=x onerror=alert\\(1\\)&gt;");
  CHECK(as_markdown("[click](https://evil.example) ![x](y)") ==
        "\\[click\\]\\(https\\://evil.example\\) \\!\\[x\\]\\(y\\)");
  CHECK(as_markdown("WWW.evil.example www.x") == "WWW\\.evil.example www\\.x");
  CHECK(as_markdown("@acme joe@x.example &amp; `a` *b* _c_ ~d~ |e|") ==
        "&#64;acme joe&#64;x.example &amp;amp; \\`a\\` \\*b\\* \\_c\\_ \\~d\\~ \\|e\\|");
  CHECK(as_markdown("a\n# b") == "a\\\\n\\# b");
}

TEST_CASE("inbox writers: no line of Markdown begins with what a post says") {
  for (const std::string text : {"# x", "- x", "1. x", "> x", "===", "    x", "```", "+ x"}) {
    std::istringstream lines{inbox_markdown(inbox_with(text))};
    for (std::string line; std::getline(lines, line);) {
      const auto begin = std::min(line.find_first_not_of(' '), line.size());
      const auto after_mark = line.substr(begin, 2) == "- " ? begin + 2 : begin;
      CHECK_MESSAGE(!line.substr(after_mark).starts_with(text), line);
    }
  }
}

TEST_CASE("inbox writers: only addresses of the web become links, and nothing gets out of them") {
  const auto linked = [](const std::string& url) {
    return inbox_markdown(inbox_with(url)).find("<" + url.substr(0, 4)) != std::string::npos;
  };
  CHECK(linked("https://x.example/1"));
  CHECK(linked("HTTP://x.example/1"));
  CHECK_FALSE(linked("javascript:alert(1)"));
  CHECK_FALSE(linked("data:text/html,x"));
  const auto page = inbox_markdown(inbox_with("https://x.example/> <b>\"\n[a](b)"));
  CHECK(page.find("<https://x.example/%3E%20%3Cb%3E%22%0A[a](b)>") != std::string::npos);
  CHECK(page.find("<b>") == std::string::npos);
}

TEST_CASE("inbox writers: JSON parses, and has the true text") {
  const std::string text = "\"quoted\" \\ \x1b[2J \xe2\x80\xae \n<b>";
  simdjson::dom::parser parser;
  const simdjson::padded_string json{inbox_json(inbox_with(text))};
  simdjson::dom::element root;
  REQUIRE(parser.parse(json).get(root) == simdjson::SUCCESS);

  std::string_view found;
  REQUIRE(root["to_answer"]["posts"].at(0)["text"].get(found) == simdjson::SUCCESS);
  CHECK(found == text);
  std::int64_t total = 0;
  REQUIRE(root["leads"]["total"].get(total) == simdjson::SUCCESS);
  CHECK(total == 1);
}

TEST_CASE("inbox writers: the summary names what there is") {
  auto inbox = inbox_with("Acme");
  CHECK(inbox_summary(inbox) == "Acme: 1 to answer, 1 to thank, 1 lead");
  inbox.overdue = 1;
  inbox.to_thank = inbox.leads = {};
  CHECK(inbox_summary(inbox) == "Acme: 1 to answer (1 overdue)");
  inbox.to_answer = {};
  CHECK(inbox_summary(inbox) == "Acme: what people ask about Acme");
}
