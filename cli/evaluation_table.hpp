#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analyze/evaluate.hpp"

namespace earshot {

/// One line a file, for people. All but posts/s is the same each time.
std::string evaluation_table(std::span<const Evaluation> evaluations);

/// One JSON object with a list of files, for scripts.
std::string evaluation_json(std::span<const Evaluation> evaluations, std::string_view model);

}  // namespace earshot
