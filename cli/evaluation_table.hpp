#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyze/evaluate.hpp"
#include "analyze/evaluate_advocacy.hpp"

namespace earshot {

/// One line a file, for people. All but posts/s is the same each time.
std::string evaluation_table(std::span<const Evaluation> evaluations);

/// One line for each stance and intent that a file has or was given, for people.
std::string advocacy_table(std::span<const AdvocacyEvaluation> evaluations);

/// One JSON object with a list of files of each kind, for scripts.
std::string evaluation_json(std::span<const Evaluation> evaluations,
                            std::span<const AdvocacyEvaluation> advocacy, std::string_view model);

}  // namespace earshot
