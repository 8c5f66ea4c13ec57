#include "analyze/toward.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/labeller.hpp"
#include "analyze/train.hpp"
#include "tests/support/sample_posts.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

/// Knows a dozen words of feeling, each in a few short sentences.
const SentimentModel& plain_model() {
  static const SentimentModel model = [] {
    const TemporaryFolder folder;
    std::ofstream lines{folder / "lines.tsv"};
    for (const char* start : {"it is ", "they are ", "what a ", "so ", "the shop was ", ""}) {
      for (const char* word : {"great", "wonderful", "love it", "lovely", "love them", "the best"})
        lines << "positive\t" << start << word << "\n";
      for (const char* word : {"terrible", "awful", "hate it", "horrible", "hate them", "rubbish"})
        lines << "negative\t" << start << word << "\n";
      for (const char* word :
           {"open on Monday", "in town", "here today", "at nine", "a shop", "over there"})
        lines << "neutral\t" << start << word << "\n";
    }
    lines.close();
    const TrainRequest request{.train = {{.file = {folder / "lines.tsv"}}},
                               .calibrate = {folder / "lines.tsv"},
                               .name = "plain",
                               .output = folder / "plain.model"};
    const auto trained = train_sentiment(request, [](std::string_view) {});
    REQUIRE_MESSAGE(trained.has_value(), (trained ? "" : trained.error().message));
    auto loaded = SentimentModel::load(request.output);
    REQUIRE_MESSAGE(loaded.has_value(), (loaded ? "" : loaded.error().message));
    return *std::move(loaded);
  }();
  return model;
}

const Labeller& labeller() {
  static const Labeller made = [] {
    Project project;
    project.brand = {"Acme", "acme OR \"acme foods\"", {{"acmehelp", "", "", ""}}, {"jane"}};
    project.competitors = {{"Bolt", "bolt NOT usain", {{"bolt", "", "", ""}}, {}},
                           {"Core", "core", {}, {}}};
    project.topics = {{"delivery", "deliver*", ""}, {"price", "price OR prices", ""}};
    auto labeller = Labeller::create(project, plain_model());
    REQUIRE(labeller.has_value());
    return *std::move(labeller);
  }();
  return made;
}

Labels label_of(std::string_view text, std::string_view author = "somebody") {
  const std::vector<Post> posts{sample_post("1", author, text)};
  std::vector<Labels> labels(1);
  labeller().label(posts, labels);
  return labels[0];
}

/// "Acme -d Bolt +a": each row's sentiment (+ - 0), and its stance where it takes one.
std::string toward(std::string_view text) {
  const auto& entities = labeller().generation().entities;
  std::string out;
  for (const EntityLabel& row : label_of(text).entities) {
    out += (out.empty() ? "" : " ") + entities[row.entity].name + " ";
    out += row.sentiment == Sentiment::positive   ? '+'
           : row.sentiment == Sentiment::negative ? '-'
                                                  : '0';
    if (row.stance == Stance::advocate) out += 'a';
    if (row.stance == Stance::detractor) out += 'd';
  }
  return out;
}

/// "Acme d Bolt a": the stances alone.
std::string stances(std::string_view text) {
  const auto& entities = labeller().generation().entities;
  std::string out;
  for (const EntityLabel& row : label_of(text).entities) {
    out += (out.empty() ? "" : " ") + entities[row.entity].name;
    if (row.stance == Stance::advocate) out += " a";
    if (row.stance == Stance::detractor) out += " d";
  }
  return out;
}

struct Sentence {
  const char* text;
  const char* toward;
};

void check(const std::vector<Sentence>& sentences) {
  for (const Sentence& sentence : sentences) {
    CAPTURE(sentence.text);
    CHECK(toward(sentence.text) == std::string{sentence.toward});
  }
}

}  // namespace

TEST_CASE("toward: of two compared one is advocated, and the other the opposite") {
  check({
      {"left Acme for Bolt and love it", "Acme -d Bolt +a"},
      {"Bolt is better than Acme", "Acme -d Bolt +a"},
      {"I prefer Bolt to Acme", "Acme -d Bolt +a"},
      {"Just switched from Acme to Bolt", "Acme -d Bolt +a"},
      {"We moved to Bolt from Acme last week", "Acme -d Bolt +a"},
      {"Acme is much worse than Bolt", "Acme -d Bolt +a"},
      {"Acme is way faster than Bolt", "Acme +a Bolt -d"},
      {"Acme is more reliable than Bolt", "Acme +a Bolt -d"},
      {"Acme is more expensive than Bolt", "Acme -d Bolt +a"},
      {"Bolt is less reliable than Acme", "Acme +a Bolt -d"},
      {"I like Acme more than Bolt", "Acme +a Bolt -d"},
      {"I hate Acme more than Bolt", "Acme -d Bolt +a"},
      {"I'd rather have Bolt than Acme", "Acme -d Bolt +a"},
      {"Acme over Bolt any day", "Acme +a Bolt -d"},
      {"always choose Acme over Bolt", "Acme +a Bolt -d"},
      {"buy Bolt instead of Acme", "Acme -d Bolt +a"},
      {"Acme beats Bolt", "Acme +a Bolt -d"},
      {"ditched my old Acme for a Bolt", "Acme -d Bolt +a"},
      {"replaced Acme with Bolt", "Acme -d Bolt +a"},
      {"Acme foods tastes better than Bolt", "Acme +a Bolt -d"},
      {"@bolt is so much nicer than @acmehelp", "Acme -d Bolt +a"},
      {"Switching to Bolt. Bye Acme", "Acme -d Bolt +a"},
      {"I left Acme and went to Bolt", "Acme -d Bolt +a"},
      {"Bolt is so much better. Sorry, Acme", "Acme -d Bolt +a"},
      {"Better service at Core than at Acme", "Acme -d Core +a"},
      {"would choose Bolt over Acme", "Acme -d Bolt +a"},
  });
}

TEST_CASE("toward: a comparison that is denied is turned round or says nothing") {
  const std::vector<Sentence> sentences{
      {"I'd never leave Acme for Bolt", "Acme a Bolt d"},
      {"wouldn't trade Acme for Bolt", "Acme a Bolt d"},
      {"Acme isn't better than Bolt", "Acme Bolt"},
      {"Is Bolt better than Acme?", "Acme Bolt"},
      {"should I switch from Acme to Bolt?", "Acme Bolt"},
      {"thinking of switching from Acme to Bolt", "Acme Bolt"},
      {"if Bolt is better than Acme tell me", "Acme Bolt"},
      {"my friend left Acme for Bolt", "Acme Bolt"},
      {"he says \"Bolt is better than Acme\"", "Acme Bolt"},
      {"Acme is next to Bolt in town", "Acme Bolt"},
      {"they moved from Acme to Bolt", "Acme Bolt"},
  };
  for (const Sentence& sentence : sentences) {
    CAPTURE(sentence.text);
    CHECK(stances(sentence.text) == std::string{sentence.toward});
  }
}

TEST_CASE("toward: each clause is about whom it names") {
  check({
      {"Acme is terrible but Bolt is wonderful", "Acme - Bolt +"},
      {"I love Bolt. Acme is awful", "Acme - Bolt +"},
      {"Acme is great, Bolt is horrible", "Acme + Bolt -"},
      {"love Acme while Bolt is rubbish", "Acme + Bolt -"},
      {"I hate Acme I love Bolt", "Acme - Bolt +"},
      {"Acme is open on Monday. Bolt is terrible", "Acme 0 Bolt -"},
      {"Stay away from Acme. I highly recommend Bolt, it is great", "Acme 0d Bolt +a"},
      {"Avoid Acme, they are horrible; get yours from Bolt, they are wonderful", "Acme -d Bolt +a"},
      {"Acme and Bolt are both terrible", "Acme - Bolt -"},
      {"I highly recommend Acme and Bolt, both are wonderful", "Acme +a Bolt +a"},
      {"Acme is terrible, Bolt is great and Core is awful", "Acme - Bolt + Core -"},
  });
}

TEST_CASE("toward: a clause without a name is about the one named last") {
  check({
      {"Tried Acme at nine. It is terrible. Bolt is great", "Acme - Bolt +"},
      {"Acme is open. Went by Bolt today. They are wonderful", "Acme 0 Bolt +"},
      {"Awful, just awful, Acme. Bolt is great", "Acme - Bolt +"},
      {"left Acme for Bolt and hate it", "Acme -d Bolt -"},
      {"Bolt is better than Acme and they are lovely", "Acme -d Bolt +a"},
  });
}

TEST_CASE("toward: a topic has the sentiment of its clause and no stance") {
  check({
      {"Acme is great but the delivery was terrible", "Acme + delivery -"},
      {"Ordered at Acme. The delivery was terrible", "Acme - delivery -"},
      {"The price is great. The delivery is awful", "delivery - price +"},
      {"Acme is great, I highly recommend them. The delivery was wonderful", "Acme +a delivery +"},
      {"Acme is here. Its delivery is awful. Bolt is great", "Acme - Bolt + delivery -"},
  });
}

TEST_CASE("toward: the author's own party gets no stance, the other does") {
  const auto labels = label_of("left Acme for Bolt", "jane");
  REQUIRE(labels.entities.size() == 2);
  CHECK(labels.entities[0].stance == Stance::none);
  CHECK(labels.entities[1].stance == Stance::advocate);
}

TEST_CASE("toward: hostile texts take time in proportion to their length") {
  for (const std::string_view piece :
       {"acme bolt ", "acme. bolt ", "left acme for bolt ", "the the acme the bolt ", "acme, ",
        "\"acme bolt\" ", "not acme but bolt ", "bolt is better than acme and "}) {
    std::string text;
    while (text.size() < (1U << 19)) text += piece;
    const auto start = std::chrono::steady_clock::now();
    label_of(text);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{10});
  }
}
