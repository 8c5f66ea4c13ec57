#include "analyze/triage.hpp"

#include <doctest/doctest.h>

#include "analyze/project.hpp"

using namespace earshot;

namespace {

/// What is suggested for a text with these labels, as "private: REASON".
struct Case {
  std::string_view text;
  std::vector<Intent> intents = {};
  Sentiment sentiment = Sentiment::neutral;
  std::vector<Mark> marks = {};
};

std::string suggested(const Case& one, const Triage::Standing& standing = {},
                      const std::string& in_private = {}) {
  Project project;
  project.inbox.in_private = in_private;
  const auto triage = Triage::create(project);
  REQUIRE(triage);
  StoredPost stored;
  stored.post.text = one.text;
  stored.labels.sentiment = one.sentiment;
  for (const auto intent : one.intents) stored.labels.intents.add(intent);
  for (const auto mark : one.marks) stored.labels.marks.add(mark);
  const auto suggestion = triage->suggest(stored, standing);
  return std::string{name_of(suggestion.advice)} + ": " + std::string{suggestion.reason};
}

}  // namespace

TEST_CASE("triage: what the project's query matches goes to private, asked for or not") {
  CHECK(suggested({"is my wedding order in?"}, {}, "wedding") ==
        "private: it matches your query for private answers");
  CHECK(suggested({"is my wedding order in?", {Intent::question}}) ==
        "public: others may have the same question");
}

TEST_CASE("triage: complaints and requests about personal matters go to private") {
  const auto complaint = [](std::string_view text) {
    return suggested({text, {Intent::complaint}});
  };
  CHECK(complaint("still no refund") == "private: it is about somebody's money");
  CHECK(complaint("you charged me twice") == "private: it is about somebody's money");
  CHECK(complaint("what is with my account") == "private: it is about somebody's order or account");
  CHECK(complaint("these made my son sick") == "private: it is about somebody's health");
  CHECK(complaint("order #48213 never came") ==
        "private: it names a number, perhaps of an order or a phone");
  CHECK(suggested({"please refund me", {Intent::request}}) ==
        "private: it is about somebody's money");
  CHECK(suggested({"a refund took weeks", {}, Sentiment::negative}) ==
        "private: it is about somebody's money");
}

TEST_CASE("triage: the same words are for the public where nobody complains") {
  CHECK(suggested({"do you give refunds?", {Intent::question}}) ==
        "public: others may have the same question");
  CHECK(suggested({"any nuts in it? I am allergic", {Intent::question}}) ==
        "public: others may have the same question");
  CHECK(suggested({"sick of waiting in 2026", {Intent::complaint}}) ==
        "public: others read the complaint, and should read the reply");
  CHECK(suggested({"late again https://x.example/123456", {Intent::complaint}}) ==
        "public: others read the complaint, and should read the reply");
}

TEST_CASE("triage: who only says hello is thanked in public") {
  CHECK(suggested({"proud of you two"}) == "public: it asks nothing; a word of thanks will do");
  CHECK(suggested({"you could sell leeks", {Intent::suggestion}}) ==
        "public: others may want the same");
}

TEST_CASE("triage: machines, press releases and bare links are left, unless a person asks") {
  CHECK(suggested({"automatic reply: back on Monday", {Intent::question}, {}, {Mark::automatic}}) ==
        "leave: it was written by a machine");
  CHECK(suggested({"for immediate release", {}, {}, {Mark::press_release}}) ==
        "leave: it is a press release");
  CHECK(suggested({"look https://x.example", {}, {}, {Mark::link_only}}) ==
        "leave: it is a link and hardly a word");
  CHECK(suggested({"this? https://x.example", {Intent::question}, {}, {Mark::link_only}}) ==
        "public: others may have the same question");
}

TEST_CASE("triage: competitors are left, and anger only where it repeats itself and asks nothing") {
  CHECK(suggested({"we are cheaper"}, {.competitor = true}) ==
        "leave: a competitor's account wrote it");
  const Case angry{"you are the worst", {}, Sentiment::negative};
  CHECK(suggested(angry) == "public: others read it, too");
  CHECK(suggested(angry, {.repeats = true}) ==
        "leave: its author was answered before, and this repeats the anger without asking "
        "anything");
  CHECK(
      suggested({"where is my box", {Intent::complaint}, Sentiment::negative}, {.repeats = true}) ==
      "public: others read the complaint, and should read the reply");
}
