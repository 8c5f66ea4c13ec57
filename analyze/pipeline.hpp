#pragma once

#include <cstdint>
#include <functional>

#include "analyze/labeller.hpp"
#include "store/post_store.hpp"

namespace earshot {

struct AnalyzeOptions {
  bool all = false;            ///< Also posts that have labels of another generation.
  std::size_t batch = 20'000;  ///< Posts labelled and written together.
};

struct AnalyzeOutcome {
  std::uint64_t labelled = 0;
  std::uint64_t stale = 0;  ///< Posts left with labels of another model or config.
};

/// Labels what waits for labels, batch by batch, each batch one durable write. Of posts that a
/// person has labelled sentiment, stance and intents stay, and all else is made anew. Calls
/// `progress(done, total)` after each. Stops after the batch in which `stop` turns true. Errors are
/// the store's.
Result<AnalyzeOutcome> analyze_store(
    PostStore& store, const Labeller& labeller, const AnalyzeOptions& options,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress,
    const std::function<bool()>& stop);

/// Makes ready what the project's reports add up, by local days, months and years; `settled` is
/// `RollupPlan`'s. Errors are the store's; `config` for an unknown time zone.
Result<Done> roll_up(PostStore& store, const Project& project, Instant settled = Instant::min());

}  // namespace earshot
