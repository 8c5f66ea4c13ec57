#pragma once

#include <string>

#include "ingest/source_trial.hpp"

namespace earshot {

/// "20 posts, newest 2026-08-31T10:00:00Z, in en (18), de (2)"; "no posts yet".
std::string trial_summary(const SourceTrial& trial);

/// What `earshot sources test` prints: the answer, the posts, the next poll and what will go wrong.
std::string trial_text(const SourceConfig& source, const SourceTrial& trial);
std::string trial_json(const SourceConfig& source, const SourceTrial& trial);

}  // namespace earshot
