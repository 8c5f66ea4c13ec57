#include "analyze/sentiment.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string>

#include "analyze/evaluate.hpp"
#include "analyze/lexicon.hpp"
#include "analyze/sentiment_file.hpp"
#include "tests/support/labelled_posts.hpp"

using namespace earshot;

namespace {
const std::string shipped = EARSHOT_SOURCE_DIR "/configs/models/sentiment.model";

SentimentModel shipped_model() {
  auto model = SentimentModel::load(shipped);
  REQUIRE(model);
  return std::move(*model);
}

std::string shipped_bytes() {
  std::ifstream file{shipped, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string error_of(std::string_view bytes) {
  const auto model = SentimentModel::parse(bytes, "m.model");
  REQUIRE_FALSE(model);
  CHECK(model.error().kind == Error::Kind::config);
  return model.error().message;
}

Sentiment feeling(const SentimentModel& model, std::string_view text) {
  SentimentModel::Scratch scratch;
  return model.score(text, scratch).sentiment;
}
}  // namespace

TEST_CASE("sentiment: plain feelings are told") {
  const SentimentModel model = shipped_model();
  CHECK(feeling(model, "I love this shop, everything is so fresh and tasty!") ==
        Sentiment::positive);
  CHECK(feeling(model, "Worst service ever, I am so angry") == Sentiment::negative);
  CHECK(feeling(model, "The meeting is on Tuesday at the town hall") == Sentiment::neutral);
  CHECK(feeling(model, "not good at all, I am really not happy") == Sentiment::negative);
}

TEST_CASE("sentiment: probabilities add up, and the label has the largest") {
  const SentimentModel model = shipped_model();
  SentimentModel::Scratch scratch;
  for (const std::string_view text :
       {"I love it", "I hate it", "it is a box", "", "\xff\xff", "!!!"}) {
    const SentimentScore score = model.score(text, scratch);
    const int neutral = 1000 - score.negative_permille - score.positive_permille;
    CHECK(score.permille >= score.negative_permille);
    CHECK(score.permille >= score.positive_permille);
    CHECK(score.permille >= neutral - 1);
    CHECK(score.permille <= 1000);
  }
}

TEST_CASE("sentiment: a score depends on the text alone") {
  const SentimentModel model = shipped_model();
  SentimentModel::Scratch used, fresh;
  model.score(std::string(10000, 'a') + " terrible awful!!!", used);
  const SentimentScore first = model.score("fine, I guess", used),
                       second = model.score("fine, I guess", fresh);
  CHECK(first.negative_permille == second.negative_permille);
  CHECK(first.positive_permille == second.positive_permille);
}

TEST_CASE("sentiment: the shipped model keeps its floor on posts of our own") {
  const auto evaluation = evaluate_sentiment(
      shipped_model(), EARSHOT_SOURCE_DIR "/tests/fixtures/labels/sentiment.tsv");
  REQUIRE(evaluation);
  MESSAGE("macro recall on our own posts: ", evaluation->macro_recall);
  CHECK(evaluation->macro_recall >= 0.80);
}

TEST_CASE("sentiment: the shipped model keeps its floors on the public sets") {
  const std::string folder = test_data_folder();
  if (folder.empty()) {
    MESSAGE("skipped: EARSHOT_TEST_DATA is not set");
    return;
  }
  const SentimentModel model = shipped_model();
  struct Floor {
    std::string file;
    double macro_recall;
  };
  for (const Floor& floor : {Floor{"tweeteval_dev", 0.69}, Floor{"brand_dev", 0.54},
                             Floor{"goemotions_dev", 0.61}, Floor{"umsab_english_dev", 0.69}}) {
    const auto evaluation = evaluate_sentiment(model, folder + "/sentiment/" + floor.file + ".tsv");
    REQUIRE(evaluation);
    MESSAGE(floor.file, ": macro recall ", evaluation->macro_recall);
    CHECK(evaluation->macro_recall >= floor.macro_recall);
  }
}

TEST_CASE("sentiment: a missing model is a config error") {
  const auto model = SentimentModel::load("/nowhere/m.model");
  REQUIRE_FALSE(model);
  CHECK(model.error().kind == Error::Kind::config);
  CHECK(model.error().message ==
        "/nowhere/m.model: No such file or directory; `earshot train` makes a model");
}

TEST_CASE("sentiment: a damaged model says what is wrong with it") {
  const std::string good = shipped_bytes();
  REQUIRE(SentimentModel::parse(good, "m.model"));

  std::string flipped = good;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
  std::string older = good;
  older[8] = 7;
  std::string bloated = good;
  bloated[20] = '\xff';  // slots of the lexicon
  bloated[23] = '\xff';

  CHECK(error_of("") == "m.model: not a sentiment model of earshot");
  CHECK(error_of("label,text\n") == "m.model: not a sentiment model of earshot");
  CHECK(error_of(good.substr(0, 12)) == "m.model: the model is cut short, copy it again");
  CHECK(error_of(good.substr(0, good.size() - 1)) ==
        "m.model: the model is cut short, copy it again");
  CHECK(error_of(good + "x") == "m.model: the model is damaged (its size is wrong), copy it again");
  CHECK(error_of(flipped) == "m.model: the model is damaged (its checksum differs), copy it again");
  CHECK(error_of(bloated) == "m.model: the model is damaged (its head is wrong), copy it again");
  CHECK(error_of(older) ==
        "m.model: the model is of format 7.2.18 and this earshot reads 4.2.18, train it again");
}

TEST_CASE("sentiment: a model keeps its name and its bytes") {
  const SentimentModel model = shipped_model();
  CHECK(model.name().starts_with("sentiment-"));
  CHECK(SentimentModel::parse(shipped_bytes(), "other")->hash() == model.hash());
}
