#include "analyze/marks.hpp"

#include <doctest/doctest.h>

#include "analyze/query.hpp"
#include "tests/support/sample_posts.hpp"

using namespace earshot;

namespace {

/// The marks that a text's words give it.
Marks marks_of(std::string_view text) {
  std::vector<std::string> queries;
  for (const auto& [mark, query] : mark_queries()) queries.emplace_back(query);
  const auto set = QuerySet::compile(queries);
  REQUIRE_MESSAGE(set.has_value(), (set ? "" : set.error().message));
  QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits;
  set->match(sample_post("1", "somebody", text), {}, scratch, hits);
  Marks marks;
  for (std::size_t i = 0; i < queries.size(); ++i)
    if (hits[i] != 0) marks.add(mark_queries()[i].first);
  return marks;
}

Marks only(Mark mark) {
  Marks marks;
  marks.add(mark);
  return marks;
}

bool is_link_only(std::string_view text) {
  WordSplitter splitter;
  return earshot::is_link_only(splitter.split(text));
}

std::uint64_t question_of(std::string_view text) {
  WordSplitter splitter;
  std::vector<std::uint64_t> scratch;
  return earshot::question_of(splitter.split(text), scratch);
}

bool looks_like(std::string_view brand, std::string_view author) {
  std::string scratch;
  return LookAlikes{brand}.match(sample_post("1", author, "hello"), scratch);
}

}  // namespace

TEST_CASE("marks: words tell what is settled, explained, announced and automatic") {
  CHECK(marks_of("It's fixed now, thank you") == only(Mark::solved));
  CHECK(marks_of("All sorted \xF0\x9F\x91\x8D") == only(Mark::solved));
  CHECK(marks_of("Here\xE2\x80\x99s how I store basil") == only(Mark::how_to));
  CHECK(marks_of("FOR IMMEDIATE RELEASE: a new app") == only(Mark::press_release));
  CHECK(marks_of("This is an automated message. Do not reply to this") == only(Mark::automatic));
  CHECK(marks_of("now I have to wait for an automated reply").bits() == 0);
  CHECK(marks_of("I can't solve this, release me").bits() == 0);
  CHECK(marks_of("when will it be fixed?").bits() == 0);
}

TEST_CASE("marks: a post that shares a link has fewer than four words of its own") {
  CHECK(is_link_only("https://a.b/c"));
  CHECK(is_link_only("so good this! @ann @ben https://a.b/c"));
  CHECK_FALSE(is_link_only("so good this one! https://a.b/c"));
  CHECK_FALSE(is_link_only("#so #good #this #one https://a.b/c"));
  CHECK_FALSE(is_link_only("so good"));
  CHECK_FALSE(is_link_only(""));
}

TEST_CASE("marks: a question is what its content words are, in any order") {
  const auto question = question_of("Do you deliver organic boxes?");

  CHECK(question != 0);
  CHECK(question_of("organic boxes: could they DELIVER them? @acme") == question);
  CHECK(question_of("Boxes, boxes, #organic. Deliver?") == question);
  CHECK(question_of("Do you deliver organic boxes on Sunday?") != question);
  CHECK(question_of("Do you deliver boxes?") != question);
}

TEST_CASE("marks: a question of fewer than two content words is like no other") {
  CHECK(question_of("Do you deliver?") == 0);
  CHECK(question_of("why? who would know that?") == 0);
  CHECK(question_of("@organic https://boxes.example when?") == 0);
  CHECK(question_of("") == 0);
  CHECK(question_of("deliver boxes") != 0);
}

TEST_CASE("marks: letters are counted, not bytes, and grammar is dropped") {
  CHECK(question_of("\xC3\xBC\x62\xC3\xA9 caf\xC3\xA9s") == 0);  // three letters, and five
  CHECK(question_of("caf\xC3\xA9 boxes") != 0);
  CHECK(question_of("acme's boxes") == question_of("acme boxes"));
}

TEST_CASE("marks: a look-alike has the brand's letters in its name") {
  CHECK(looks_like("Acme", "acme_offers"));
  CHECK(looks_like("Acme", "Real ACME"));
  CHECK(looks_like("Green Basket", "green.basket.official"));
  CHECK(looks_like("Green Basket", "TheGreen_Basket"));
  CHECK_FALSE(looks_like("Green Basket", "green"));
  CHECK_FALSE(looks_like("Acme", "ac_mine"));
  CHECK(looks_like("Caf\xC3\xA9 \xC3\x89toile", "caf\xC3\xA9_\xC3\xA9toile"));
}

TEST_CASE("marks: a brand of fewer than four letters looks like nobody") {
  CHECK_FALSE(looks_like("UPS", "ups_support"));
  CHECK_FALSE(looks_like("", "anybody"));
  CHECK_FALSE(looks_like("\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9_now"));
}

TEST_CASE("marks: the id or the name of an author may look alike") {
  auto post = sample_post("1", "77", "hello");
  post.author_name = "Acme Deals";
  std::string scratch;

  CHECK(LookAlikes{"Acme"}.match(post, scratch));
}
