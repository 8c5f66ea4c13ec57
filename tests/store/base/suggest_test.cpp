#include "store/base/suggest.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace earshot;

namespace {
constexpr std::array<std::string_view, 4> sources{"feed", "csv", "jsonl", "mastodon"};
}

TEST_CASE("suggest: a slip of the finger names the word that was meant") {
  CHECK(did_you_mean("mastodn", sources) == ", did you mean 'mastodon'?");
  CHECK(did_you_mean("jsnol", sources) == ", did you mean 'jsonl'?");
  CHECK(did_you_mean("FEED", sources) == ", did you mean 'feed'?");
}

TEST_CASE("suggest: a word that is near none suggests nothing") {
  CHECK(did_you_mean("sqlite", sources).empty());
  CHECK(did_you_mean("", sources).empty());
  CHECK(did_you_mean(std::string(5000, 'x'), sources).empty());
}

TEST_CASE("suggest: of equally near candidates the first wins") {
  constexpr std::array<std::string_view, 2> both{"bat", "cat"};
  CHECK(did_you_mean("rat", both) == ", did you mean 'bat'?");
}
