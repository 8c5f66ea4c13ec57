#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/corrections.hpp"
#include "store/base/result.hpp"

namespace earshot {

// Labels as people write them.

std::span<const std::string_view> sentiment_names();  ///< "negative", "neutral", "positive"
std::span<const std::string_view> stance_names();     ///< "detractor", "none", "advocate"
std::span<const std::string_view> intent_names();     ///< "recommendation", ..., "thanks"

/// The label of that name. Errors (`usage`): "unknown sentiment 'postive', did you mean
/// 'positive'?".
Result<Sentiment> parse_sentiment(std::string_view name);
Result<Stance> parse_stance(std::string_view name);

/// The set of intents that --intent names; "none" alone for the empty one. Error `usage`: "--intent
/// must be recommendation, ... or none, not 'praise'".
Result<Intents> parse_intents(std::span<const std::string> names);

/// "complaint question", "none".
std::string describe_intents(Intents intents);

/// The text in one line, as it is: line breaks, tabs and other control characters become spaces.
std::string flatten(std::string_view text);

}  // namespace earshot
