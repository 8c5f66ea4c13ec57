#pragma once

#include <optional>
#include <string>

#include "analyze/labeller.hpp"
#include "analyze/pipeline.hpp"
#include "cli/config.hpp"
#include "cli/context.hpp"

namespace earshot {

/// A labeller with the model it stands on.
struct Labelling {
  std::unique_ptr<SentimentModel> model;
  Labeller labeller;
};

/// Loads the model of the config and compiles its queries. Errors (`config`): the model, or a
/// query, with the config's name.
Result<Labelling> prepare_labelling(const Context& context, const Config& config);

struct LabelWork {
  bool all = false;                  ///< Also what another model or config has labelled.
  Instant settled = Instant::min();  ///< As in `RollupPlan`.
};

/// Labels what waits for labels, with a progress bar, until all is done or a signal asks to stop,
/// and makes ready what reports add up. Says on stderr if posts are left with labels of another
/// model or config.
Result<AnalyzeOutcome> label_store(PostStore& store, const Project& project,
                                   const Labeller& labeller, const LabelWork& work,
                                   Context& context);

/// "5,000 posts labelled (model sentiment-2026.11)"
std::string summary_line(const AnalyzeOutcome& outcome, const Labelling& labelling);

}  // namespace earshot
