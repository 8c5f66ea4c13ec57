#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/advocacy.hpp"
#include "analyze/feature_weights.hpp"
#include "analyze/project.hpp"
#include "analyze/sentiment.hpp"
#include "store/base/result.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

// Why a post got its labels: by what words and clauses change if they are left out, and by the
// n-grams and rules themselves.

/// A word of a text as it is written, and how much the score falls without it, wherever it stands.
struct WordWeight {
  std::string word;
  double weight = 0;  ///< Change of (logit of positive - logit of negative), never 0.
};

struct SentimentReasons {
  SentimentScore score;
  std::array<double, 3> probabilities{};  ///< Negative, neutral, positive.
  /// At most `most_reasons` each, the heaviest first, then as they come in the text.
  std::vector<WordWeight> toward_positive, toward_negative;
  std::vector<FeatureWeight> features;  ///< The same of the model's own terms, either way.
  std::size_t words_passed_over = 0;    ///< Behind the first `most_words`: never left out.
};

inline constexpr std::size_t most_reasons = 8;
inline constexpr std::size_t most_words = 300;

/// In a language that the model does not speak the score is `unsupported`, and has no reasons.
SentimentReasons explain_sentiment(const SentimentModel& model, std::string_view text,
                                   const Lang& lang = {});

/// A clause without which the text has not this stance or intent, or that has it alone.
struct ClauseReason {
  std::string label;   ///< "advocate", "complaint", ...
  std::string clause;  ///< As it is written.
};

/// A rule that met something in the text.
struct RuleReason {
  std::string rule;    ///< As `FoundRule::name`.
  std::string phrase;  ///< What it met, folded; "@" for a mention.
  bool counts = false;
};

struct AdvocacyReasons {
  AdvocacyLabels labels;
  std::vector<RuleReason> rules;  ///< In the order of the text, each with its phrase once.
  double complaint_log_odds = 0;
  double complaint_threshold = 0;
  std::vector<ClauseReason> clauses;  ///< Stance first, then intents in their order.
};

/// `feeling` is that of the whole text, also for its parts.
AdvocacyReasons explain_advocacy(std::string_view text, const SentimentScore& feeling);

/// Why a query matches a post.
struct MatchReason {
  std::string query;  ///< As the config has it; empty for what is found without one.
  /// Words without which it does not match, else those that match alone; folded. None where author,
  /// channel or language decide.
  std::vector<std::string> words;
};

/// The reason for an entity of the project. Error `config`: its query can't be read.
Result<MatchReason> explain_match(const Project& project, const Entity& entity, const Post& post,
                                  std::string_view lang);

}  // namespace earshot
