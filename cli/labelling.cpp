#include "cli/labelling.hpp"

#include <fmt/format.h>

#include "cli/numbers.hpp"
#include "cli/signals.hpp"

namespace earshot {

Result<Labelling> prepare_labelling(const Context& context, const Config& config) {
  auto model = SentimentModel::load(find_model(context, std::nullopt, config));
  if (!model) return model.error();
  auto kept = std::make_unique<SentimentModel>(std::move(*model));
  auto labeller = Labeller::create(config.project, *kept);
  if (!labeller)
    return Error{labeller.error().kind,
                 fmt::format("{}: {}", config.file, labeller.error().message)};
  return Labelling{std::move(kept), std::move(*labeller)};
}

Result<AnalyzeOutcome> label_store(PostStore& store, const Project& project,
                                   const Labeller& labeller, const LabelWork& work,
                                   Context& context) {
  const auto progress = [&](std::uint64_t done, std::uint64_t total) {
    context.console.show({"labelling", done, "posts", done, total});
  };
  auto outcome = analyze_store(store, labeller, {.all = work.all}, progress,
                               [] { return pending_signal() != 0; });
  context.console.finish_progress();
  if (outcome && pending_signal() == 0)
    if (auto rolled = roll_up(store, project, work.settled); !rolled) return rolled.error();
  if (outcome && outcome->stale > 0)
    context.console.say(fmt::format(
        "{} of another model or config; run `earshot analyze --all` to label them again",
        counted(outcome->stale, "post has labels", "posts have labels")));
  return outcome;
}

std::string summary_line(const AnalyzeOutcome& outcome, const Labelling& labelling) {
  return fmt::format("{} labelled (model {})", counted(outcome.labelled, "post", "posts"),
                     labelling.model->name());
}

}  // namespace earshot
