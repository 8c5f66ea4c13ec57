#include "analyze/triage.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analyze/language.hpp"

namespace earshot {

namespace {

/// What is nobody else's business, by the words that give it away.
struct PersonalMatter {
  std::string_view query;
  std::string_view reason;
};
constexpr std::array<PersonalMatter, 3> personal_matters{{
    {R"(refund* OR reimburse* OR "money back" OR chargeback OR invoice OR invoices OR overcharged OR "charged twice" OR "double charged" OR "charged me" OR "bank details" OR "credit card" OR "my card")",
     "it is about somebody's money"},
    {R"("order number" OR "order no" OR "tracking number" OR "booking number" OR "customer number" OR "my account" OR "my address" OR "my phone" OR "my number" OR "my email" OR password)",
     "it is about somebody's order or account"},
    {R"(allerg* OR (sick AND NOT "sick of") OR hospital OR doctor OR vomit* OR poisoned OR poisoning OR injured OR injury)",
     "it is about somebody's health"},
}};

constexpr std::ptrdiff_t least_digits = 5;

bool names_a_number(std::span<const Word> words) {
  return std::ranges::any_of(words, [](const Word& word) {
    return (word.kind == WordKind::plain || word.kind == WordKind::hashtag) &&
           std::ranges::count_if(word.text, [](char c) { return c >= '0' && c <= '9'; }) >=
               least_digits;
  });
}

std::string_view why_to_leave(const Labels& labels, const Triage::Standing& standing) {
  if (standing.competitor) return "a competitor's account wrote it";
  if (labels.marks.has(Mark::automatic)) return "it was written by a machine";
  if (asks_something(labels.intents)) return {};
  if (labels.marks.has(Mark::press_release)) return "it is a press release";
  if (labels.marks.has(Mark::link_only)) return "it is a link and hardly a word";
  if (standing.repeats && labels.sentiment == Sentiment::negative)
    return "its author was answered before, and this repeats the anger without asking anything";
  return {};
}

std::string_view why_in_public(const Labels& labels) {
  const auto intents = labels.intents;
  if (intents.has(Intent::complaint)) return "others read the complaint, and should read the reply";
  if (intents.has(Intent::question)) return "others may have the same question";
  if (intents.has(Intent::request) || intents.has(Intent::suggestion))
    return "others may want the same";
  if (labels.sentiment != Sentiment::negative) return "it asks nothing; a word of thanks will do";
  return "others read it, too";
}

}  // namespace

std::string_view name_of(Advice advice) {
  switch (advice) {
    case Advice::in_public:
      return "public";
    case Advice::in_private:
      return "private";
    case Advice::leave:
      return "leave";
  }
  return {};
}

bool asks_something(Intents intents) {
  return intents.has(Intent::question) || intents.has(Intent::complaint) ||
         intents.has(Intent::request);
}

Result<Triage> Triage::create(const Project& project) {
  const std::array own{project.inbox.in_private};
  if (const auto checked = QuerySet::compile(own); !checked)
    return Error{Error::Kind::config, fmt::format("'private': {}", checked.error().message)};
  std::vector<std::string> queries{project.inbox.in_private};
  for (const auto& matter : personal_matters) queries.emplace_back(matter.query);
  auto compiled = QuerySet::compile(queries);
  if (!compiled) return compiled.error();
  return Triage{std::move(*compiled)};
}

Suggestion Triage::suggest(const StoredPost& stored, const Standing& standing) const {
  const auto& labels = stored.labels;
  if (const auto why = why_to_leave(labels, standing); !why.empty()) return {Advice::leave, why};

  QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits(queries_.size());
  queries_.match(stored.post, text_of(labels.lang), scratch, hits);
  if (hits.front() != 0) return {Advice::in_private, "it matches your query for private answers"};
  const bool touchy = labels.intents.has(Intent::complaint) ||
                      labels.intents.has(Intent::request) ||
                      labels.sentiment == Sentiment::negative;
  if (touchy) {
    for (std::size_t i = 0; i < personal_matters.size(); ++i)
      if (hits[i + 1] != 0) return {Advice::in_private, personal_matters[i].reason};
    if (names_a_number(scratch.words()))
      return {Advice::in_private, "it names a number, perhaps of an order or a phone"};
  }
  return {Advice::in_public, why_in_public(labels)};
}

}  // namespace earshot
