#include "analyze/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "tests/support/sample_posts.hpp"
#include "tests/support/tiny_model.hpp"

using namespace earshot;

namespace {

constexpr SentimentScore pleased{.sentiment = Sentiment::positive,
                                 .permille = 900,
                                 .negative_permille = 20,
                                 .positive_permille = 900};

std::string clauses_of(const AdvocacyReasons& reasons) {
  std::string all;
  for (const auto& [label, clause] : reasons.clauses) all += label + ": " + clause + "\n";
  return all;
}

std::vector<std::string> words_of(const std::string& query, const Post& post) {
  Project project;
  project.brand = {"Acme", query, {}, {}};
  const auto reason = explain_match(project, {EntityKind::brand, "Acme"}, post, "en");
  REQUIRE(reason);
  CHECK(reason->query == query);
  return reason->words;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("explain: words are weighed by what the score is without them") {
  const std::string text = "I love this terrible shop";
  const auto reasons = explain_sentiment(tiny_model(), text);

  SentimentModel::Scratch scratch;
  const auto whole = tiny_model().logits(text, scratch);
  const auto rest = tiny_model().logits("I  this terrible shop", scratch);
  REQUIRE_FALSE(reasons.toward_positive.empty());
  CHECK(reasons.toward_positive[0].word == "love");
  CHECK(reasons.toward_positive[0].weight ==
        doctest::Approx((whole[1] - whole[0]) - (rest[1] - rest[0])));
  REQUIRE_FALSE(reasons.toward_negative.empty());
  CHECK(reasons.toward_negative[0].word == "terrible");
  CHECK(reasons.toward_negative[0].weight < 0);
  CHECK(reasons.probabilities[0] + reasons.probabilities[1] + reasons.probabilities[2] ==
        doctest::Approx(1));
  CHECK(reasons.score.sentiment == tiny_model().score(text, scratch).sentiment);
}

TEST_CASE("explain: the heaviest words come first, and no more than eight") {
  std::string text = "I love this wonderful shop and its great service, I love it, love it. ";
  for (int i = 0; i < 20; ++i) text += "lovely" + std::to_string(i) + " ";
  const auto reasons = explain_sentiment(tiny_model(), text);
  CHECK(reasons.toward_positive.size() <= most_reasons);
  CHECK(std::ranges::is_sorted(reasons.toward_positive, std::greater{}, &WordWeight::weight));
  CHECK(std::ranges::count(reasons.toward_positive, "love", &WordWeight::word) == 1);
}

TEST_CASE("explain: the words of scripts without spaces and emoji are words too") {
  const auto reasons = explain_sentiment(tiny_model(), "\u5f88\u597d\u5403 \U0001F60D\U0001F60D");
  for (const auto& list : {reasons.toward_positive, reasons.toward_negative})
    for (const auto& [word, weight] : list) CHECK(word.size() <= 8);
}

TEST_CASE("explain: an empty text has no reasons, and a long one is cut at 300 words") {
  CHECK(explain_sentiment(tiny_model(), "").toward_positive.empty());
  CHECK(explain_advocacy("", SentimentScore{}).clauses.empty());
  std::string text;
  for (int i = 0; i < 310; ++i) text += "love" + std::to_string(i) + " ";
  CHECK(explain_sentiment(tiny_model(), text).words_passed_over == 10);
  CHECK(explain_sentiment(tiny_model(), "\xFF\xFE love").words_passed_over == 0);
}

TEST_CASE("explain: a stance and an intent are told by their clauses") {
  const auto reasons = explain_advocacy(
      "The box came today. I highly recommend it to everyone! Thank you so much.", pleased);
  REQUIRE(reasons.labels.stance == Stance::advocate);
  REQUIRE(reasons.labels.intents.has(Intent::thanks));
  const auto all = clauses_of(reasons);
  CHECK(all.starts_with("advocate: I highly recommend it to everyone!\n"));
  CHECK(all.find("thanks: Thank you so much.\n") != std::string::npos);
  CHECK(all.find("The box came") == std::string::npos);
}

TEST_CASE("explain: two clauses that say the same are both reasons") {
  const auto reasons = explain_advocacy("Thank you so much! Thanks a lot.", pleased);
  REQUIRE(reasons.labels.intents.has(Intent::thanks));
  CHECK(clauses_of(reasons) == "thanks: Thank you so much!\nthanks: Thanks a lot.\n");
}

TEST_CASE("explain: a query is told by the words that it needs, or by those that are enough") {
  const auto post = sample_post("1", "jane", "The green box, and the crate of Acme");
  CHECK(words_of("box", post) == Words{"box"});
  CHECK(words_of("\"box green\"", post).empty());
  CHECK(words_of("\"green box\"", post) == Words{"green", "box"});
  CHECK(words_of("acme box", post) == Words{"box", "acme"});
  CHECK(words_of("box OR crate", post) == Words{"box", "crate"});
  CHECK(words_of("author:jane", post).empty());
  CHECK(words_of("globex", post).empty());
}

TEST_CASE("explain: a feeling that was not judged has no reasons") {
  const auto reasons = explain_sentiment(tiny_model(), "I love it", Lang{'n', 'l'});
  CHECK(reasons.score.sentiment == Sentiment::unsupported);
  CHECK(reasons.toward_positive.empty());
}

TEST_CASE("explain: what is found without a query has none") {
  const auto reason =
      explain_match({}, {EntityKind::region, "Town"}, sample_post("1", "jane", "x"), "en");
  REQUIRE(reason);
  CHECK(reason->query.empty());
  CHECK(reason->words.empty());
}

TEST_CASE("explain: the heaviest n-grams are named") {
  const auto reasons = explain_sentiment(tiny_model(), "I love this terrible shop");
  REQUIRE_FALSE(reasons.features.empty());
  CHECK(reasons.features.size() <= most_reasons);
  CHECK(std::ranges::is_sorted(reasons.features, std::greater{},
                               [](const FeatureWeight& each) { return std::abs(each.weight); }));
}

TEST_CASE("explain: rules are named with what they met, also where it does not count") {
  const auto reasons = explain_advocacy(
      "@acme I highly recommend it. He said \"never again\", it's great. Can you fix my order?",
      pleased);
  std::string all;
  for (const auto& [rule, phrase, counts] : reasons.rules)
    all += rule + ": " + phrase + (counts ? "\n" : " (no)\n");
  CHECK(all.find("commend: highly recommend\n") != std::string::npos);
  CHECK(all.find("leave: never again (no)\n") != std::string::npos);
  CHECK(all.find("mention: @\n") != std::string::npos);
  CHECK(all.find("request_form: can you fix my order\n") != std::string::npos);
  CHECK(reasons.complaint_log_odds < 0);
}

TEST_CASE("explain: a rule counts only where nothing takes it back") {
  const auto counts = [](std::string_view text) {
    for (const auto& rule : explain_advocacy(text, pleased).rules)
      if (rule.rule == "vow") return rule.counts ? 1 : 0;
    return -1;
  };
  CHECK(counts("I am loyal to them, and loyal to them I stay") == 1);
  CHECK(counts("I was never loyal to them") == 0);
  CHECK(counts("it is a box") == -1);
}
