#pragma once

#include <string>
#include <vector>

#include "analyze/sentiment_file.hpp"
#include "analyze/train.hpp"

namespace earshot {

/// What people should know of a model before they trust it, in Markdown: what it was fitted on and
/// under which licences, what it reaches and how sure that is, what it is bad at, how to make it
/// again.
std::string write_model_card(const SentimentParameters& parameters,
                             const std::vector<Evaluation>& evaluations,
                             const TrainRequest& request);

}  // namespace earshot
