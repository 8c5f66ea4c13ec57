#include "analyze/explain.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <span>

#include "analyze/normalise.hpp"
#include "analyze/query.hpp"
#include "analyze/softmax.hpp"
#include "analyze/words.hpp"

namespace earshot {

namespace {

constexpr std::size_t most_clauses = 100, most_rules = 100;

/// What is smaller is noise of the arithmetic, or shown as 0.
constexpr double least_weight = 0.0005;

/// A part of a text, in bytes.
struct Part {
  std::size_t begin = 0, end = 0;
};

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool ends_clause(char c) {
  return std::string_view{".!?;,\n"}.find(c) != std::string_view::npos;
}

/// What stands between blanks; where that is several words of a script without spaces, each word,
/// and what is between them.
std::vector<Part> words_of(std::string_view text) {
  std::vector<Part> parts;
  WordSplitter splitter;
  for (std::size_t at = 0; at < text.size();) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    const auto blank =
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_blank);
    const auto end = static_cast<std::size_t>(blank - text.begin());
    const auto token = text.substr(at, end - at);
    const bool ascii =
        std::ranges::all_of(token, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    auto begin = at;
    if (!ascii) {
      for (const Word& word : splitter.split(token)) {
        if (at + word.begin > begin) parts.push_back({begin, at + word.begin});
        parts.push_back({at + word.begin, at + word.end});
        begin = at + word.end;
      }
    }
    if (begin < end) parts.push_back({begin, end});
    at = end;
  }
  return parts;
}

/// Clauses with what ends them; blanks around them belong to none.
std::vector<Part> clauses_of(std::string_view text) {
  std::vector<Part> parts;
  for (std::size_t at = 0; at < text.size() && parts.size() < most_clauses;) {
    auto end = at;
    while (end < text.size() && !ends_clause(text[end])) ++end;
    while (end < text.size() && ends_clause(text[end])) ++end;
    Part part{at, end};
    while (part.begin < part.end && is_blank(text[part.begin])) ++part.begin;
    while (part.begin < part.end && is_blank(text[part.end - 1])) --part.end;
    if (part.begin < part.end) parts.push_back(part);
    at = end;
  }
  return parts;
}

std::string_view text_of(std::string_view text, Part part) {
  return text.substr(part.begin, part.end - part.begin);
}

/// The text without these parts, which rise.
std::string without(std::string_view text, std::span<const Part> parts) {
  std::string rest;
  std::size_t begin = 0;
  for (const auto part : parts) {
    rest.append(text.substr(begin, part.begin - begin));
    begin = part.end;
  }
  return rest.append(text.substr(begin));
}

/// Where each word stands, in the order in which words first come.
std::vector<std::vector<Part>> places_of_words(std::string_view text) {
  std::vector<std::vector<Part>> places;
  std::map<std::string_view, std::size_t> known;  // looked up only
  for (const auto part : words_of(text)) {
    const auto [found, is_new] = known.try_emplace(text_of(text, part), places.size());
    if (is_new) places.emplace_back();
    places[found->second].push_back(part);
  }
  return places;
}

template <class Weighed>
void keep_heaviest(std::vector<Weighed>& weighed) {
  std::ranges::stable_sort(weighed, std::greater{},
                           [](const Weighed& each) { return std::abs(each.weight); });
  if (weighed.size() > most_reasons) weighed.resize(most_reasons);
}

/// The words that the rules count, as `ClauseWords` does.
std::vector<std::string> words_of_rules(const TokenisedText& text) {
  std::vector<std::string> words;
  for (const Token& token : text.tokens()) {
    if (token.kind == TokenKind::mention) words.emplace_back("@");
    if (token.kind != TokenKind::word) continue;
    std::string bare{text.text_of(token)};
    if (token.apostrophe) std::erase(bare, '\'');
    if (!bare.empty()) words.push_back(std::move(bare));
  }
  return words;
}

std::vector<RuleReason> reasons_of(const AdvocacyTrace& trace, const TokenisedText& text) {
  const auto words = words_of_rules(text);
  std::vector<RuleReason> reasons;
  for (const FoundRule& rule : trace.rules) {
    RuleReason reason{std::string{rule.name}, {}, rule.counts};
    for (auto at = rule.begin; at < rule.end; ++at)
      reason.phrase.append(reason.phrase.empty() ? "" : " ").append(words[at]);
    const auto same = [&](const RuleReason& other) {
      return other.rule == reason.rule && other.phrase == reason.phrase &&
             other.counts == reason.counts;
    };
    if (std::ranges::none_of(reasons, same)) reasons.push_back(std::move(reason));
    if (reasons.size() == most_rules) break;
  }
  return reasons;
}

/// A stance or an intent, and whether labels have it.
struct Finding {
  std::string_view name;
  std::function<bool(const AdvocacyLabels&)> is_in;
};

std::vector<Finding> findings_of(const AdvocacyLabels& labels) {
  std::vector<Finding> findings;
  if (labels.stance != Stance::none)
    findings.push_back({name_of(labels.stance), [stance = labels.stance](const AdvocacyLabels& of) {
                          return of.stance == stance;
                        }});
  for (std::size_t i = 0; i < intent_count; ++i) {
    const auto intent = static_cast<Intent>(i);
    if (labels.intents.has(intent))
      findings.push_back(
          {name_of(intent), [intent](const AdvocacyLabels& of) { return of.intents.has(intent); }});
  }
  return findings;
}

/// The post's words, each once, in the order of the text.
std::vector<std::string> distinct_words(std::string_view text) {
  WordSplitter splitter;
  std::vector<std::string> words;
  for (const Word& word : splitter.split(text)) {
    if (words.size() == most_words) break;
    if (word.kind != WordKind::link && std::ranges::find(words, word.text) == words.end())
      words.emplace_back(word.text);
  }
  return words;
}

/// The text without a word, wherever it stands.
std::string without_word(std::string_view text, std::string_view word) {
  WordSplitter splitter;
  std::string rest;
  std::size_t begin = 0;
  for (const Word& each : splitter.split(text)) {
    if (each.text != word) continue;
    rest.append(text.substr(begin, each.begin - begin)).append(" ");
    begin = each.end;
  }
  return rest.append(text.substr(begin));
}

}  // namespace

SentimentReasons explain_sentiment(const SentimentModel& model, std::string_view text,
                                   const Lang& lang) {
  SentimentModel::Scratch scratch;
  SentimentReasons reasons;
  reasons.score = model.score(text, lang, scratch);
  if (reasons.score.sentiment == Sentiment::unsupported) return reasons;
  const auto [negative, positive] = model.logits(text, scratch);
  reasons.probabilities = softmax(negative, positive);
  auto words = places_of_words(text);
  if (words.size() > most_words) {
    reasons.words_passed_over = words.size() - most_words;
    words.resize(most_words);
  }
  for (const auto& places : words) {
    const auto [less_negative, less_positive] = model.logits(without(text, places), scratch);
    const double weight = (positive - negative) - (less_positive - less_negative);
    if (std::abs(weight) < least_weight) continue;
    auto& side = weight > 0 ? reasons.toward_positive : reasons.toward_negative;
    side.push_back({std::string{text_of(text, places.front())}, weight});
  }
  keep_heaviest(reasons.toward_positive);
  keep_heaviest(reasons.toward_negative);
  reasons.features = weigh_features(model.view(), text);
  std::erase_if(reasons.features, [](const FeatureWeight& feature) {
    return std::abs(feature.weight) < least_weight;
  });
  keep_heaviest(reasons.features);
  return reasons;
}

AdvocacyReasons explain_advocacy(std::string_view text, const SentimentScore& feeling) {
  AdvocacyScratch scratch;
  std::string normalised;
  TokenisedText tokenised;
  const auto labels_of = [&](std::string_view part) {
    normalise(part, normalised);
    tokenised.read(normalised);
    return label_advocacy(tokenised, feeling, scratch);
  };
  AdvocacyReasons reasons;
  reasons.labels = labels_of(text);
  const auto trace = trace_advocacy(tokenised, feeling, scratch);
  reasons.rules = reasons_of(trace, tokenised);
  reasons.complaint_log_odds = trace.complaint_log_odds;
  reasons.complaint_threshold = trace.complaint_threshold;
  const auto clauses = clauses_of(text);
  std::vector<std::pair<AdvocacyLabels, AdvocacyLabels>> without_and_alone;
  for (const auto clause : clauses) {
    const auto rest = without(text, std::span{&clause, 1});
    const auto less = labels_of(rest);
    without_and_alone.emplace_back(less, labels_of(text_of(text, clause)));
  }
  for (const auto& finding : findings_of(reasons.labels))
    for (std::size_t i = 0; i < clauses.size(); ++i)
      if (!finding.is_in(without_and_alone[i].first) || finding.is_in(without_and_alone[i].second))
        reasons.clauses.push_back(
            {std::string{finding.name}, std::string{text_of(text, clauses[i])}});
  return reasons;
}

Result<MatchReason> explain_match(const Project& project, const Entity& entity, const Post& post,
                                  std::string_view lang) {
  MatchReason reason{.query = query_of(project, entity), .words = {}};
  const auto query = QuerySet::compile(std::span{&reason.query, 1});
  if (!query) return query.error();
  QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits(query->size());
  const auto matches = [&](std::string_view text) {
    Post changed = post;
    changed.text = text;
    query->match(changed, lang, scratch, hits);
    return hits.front() != 0;
  };
  if (!matches(post.text)) return reason;
  std::vector<std::string> alone;
  const bool without_words = matches({});
  for (const auto& word : distinct_words(post.text)) {
    if (!matches(without_word(post.text, word)))
      reason.words.push_back(word);
    else if (!without_words && matches(word))
      alone.push_back(word);
  }
  if (reason.words.empty()) reason.words = std::move(alone);
  return reason;
}

}  // namespace earshot
