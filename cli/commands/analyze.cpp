#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/labelling.hpp"
#include "cli/signals.hpp"

namespace earshot {

namespace {

constexpr Option options[] = {
    {.name = "all", .value = "", .help = "label again what another model or config has labelled"},
};

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto config = require_project(context);
  if (!config) return config.error();
  const auto labelling = prepare_labelling(context, *config);
  if (!labelling) return labelling.error();
  const auto store = open_store(config->store_path, StoreUse::write);
  if (!store) return store.error();

  watch_signals();
  // Unlike a run, which others follow, it may be the last to bring labels: of an archive, say.
  const auto outcome =
      label_store(**store, config->project, labelling->labeller,
                  {.all = arguments.has("all"), .settled = context.clock()}, context);
  if (!outcome) return outcome.error();
  context.out.write(summary_line(*outcome, *labelling) + "\n");
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_analyze() {
  return {.operands = "",
          .max_operands = 0,
          .description =
              "Gives labels to the posts that have none: language, the brands and topics they "
              "concern, sentiment, stance and\n"
              "intents. Needs no network. After the model or the config has changed it says how "
              "many posts have older labels;\n"
              "--all labels them again.",
          .example = "earshot analyze --all",
          .options = options,
          .run = run};
}

}  // namespace earshot
