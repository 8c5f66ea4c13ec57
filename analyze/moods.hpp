#pragma once

#include <optional>
#include <string>

#include "analyze/metric.hpp"
#include "analyze/share_correction.hpp"

namespace earshot {

// Shares of negative, neutral and positive items, as counted or, where an audit says how often the
// labels are wrong, corrected for that.

/// Items by sentiment, once each.
struct Moods {
  SentimentCounts judged{};
  std::uint64_t unsupported = 0;  ///< In languages that the model does not know: in no share.

  void add(Sentiment sentiment, std::uint64_t items);
  std::uint64_t all() const { return sum_of(judged) + unsupported; }
};

Moods count_moods(const Tallies& tallies, Scope scope);

/// What an audit makes of these counts. Nothing without an audit of the very labels of the window
/// and of the one it is compared with, where that audit says too little (`why_not`), and below
/// `Project::minimum_n`, where counts are shown and no shares. An audit is of what the public says:
/// of own items it tells nothing.
std::optional<CorrectedShares> correct_moods(const MetricInput& input, const Moods& counts);

/// The share of one sentiment; corrected it has no ratio, as no count stands behind it.
Figure mood_figure(std::string name, Sentiment sentiment, const Moods& counts,
                   const std::optional<CorrectedShares>& corrected);

/// Positive minus negative, of all.
Figure net_mood_figure(std::string name, const Moods& counts,
                       const std::optional<CorrectedShares>& corrected);

/// The same of the items that take a side.
Figure polar_mood_figure(std::string name, const Moods& counts,
                         const std::optional<CorrectedShares>& corrected);

}  // namespace earshot
