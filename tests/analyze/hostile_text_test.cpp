#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "analyze/sentiment.hpp"
#include "tests/support/tiny_model.hpp"

using namespace earshot;

namespace {
/// `piece` over and over, at least `size` bytes of it.
std::string repeated(std::string_view piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

std::string hashtags(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "#tag" + std::to_string(i) + " ";
  return text;
}

constexpr std::string_view zalgo =
    "Z\u0363\u0311\u034c\u0353\u031ea\u0306\u0489l\u0328g\u0315o\u0358";
constexpr std::string_view right_to_left = "\u202eمرحبا\u202c\u200f אני אוהב ";
constexpr std::string_view family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\U0001F3FD\uFE0F";
constexpr std::string_view broken = "\xff\xc3\xe2\x82\xf0\x9f\xed\xa0\x80\xc0\xaf ok ";
}  // namespace

TEST_CASE("hostile texts: a megabyte of anything is scored in a moment, and always alike") {
  constexpr std::size_t size = 1 << 20;
  const std::vector<std::string> texts{repeated("a", size),
                                       repeated("love hate ", size),
                                       repeated("not ", size),
                                       repeated("!?.,;: ", size),
                                       repeated(family, size),
                                       repeated(zalgo, size),
                                       repeated(right_to_left, size),
                                       repeated(broken, size),
                                       repeated(std::string_view{"\0\x01\x02", 3}, size),
                                       hashtags(100000)};
  SentimentModel::Scratch used;
  for (const std::string& text : texts) {
    const auto start = std::chrono::steady_clock::now();
    const SentimentScore score = tiny_model().score(text, used);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
    CHECK(score.permille >= 333);
    CHECK(score.permille <= 1000);

    SentimentModel::Scratch fresh;
    const SentimentScore again = tiny_model().score(text, fresh);
    CHECK(again.negative_permille == score.negative_permille);
    CHECK(again.positive_permille == score.positive_permille);
  }
}

TEST_CASE("hostile texts: time grows as the text does") {
  SentimentModel::Scratch scratch;
  const auto seconds_of = [&](const std::string& text) {
    const auto start = std::chrono::steady_clock::now();
    tiny_model().score(text, scratch);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  for (const std::string_view piece : {std::string_view{"#a1 "}, zalgo, family}) {
    const std::string small = repeated(piece, 1 << 18), large = repeated(piece, 1 << 21);
    seconds_of(large);  // makes the room
    CHECK(seconds_of(large) < 8 * 10 * (seconds_of(small) + 0.001));
  }
}
