#include <fmt/format.h>

#include "analyze/train.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/evaluation_table.hpp"

namespace earshot {

namespace {

constexpr Option options[] = {
    {.name = "output",
     .value = "FILE",
     .help = "where the model goes; its card goes beside it, as .md"},
    {.name = "name", .value = "NAME", .help = "name and version of the model (default: custom)"},
    {.name = "tune",
     .value = "FILE",
     .help = "held out: used for calibration and for the scores in the card",
     .repeats = true},
};

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto output = arguments.value("output");
  if (!output) return Error{Error::Kind::usage, "where the model goes is missing: --output FILE"};
  if (arguments.operands().empty())
    return Error{Error::Kind::usage, "name at least one file of label<TAB>text lines"};
  TrainRequest request;
  request.train = arguments.operands();
  request.tune = arguments.values("tune");
  request.name = arguments.value_or("name", "custom");
  request.output = *output;

  const auto evaluations = train_sentiment(request, [&](std::string_view message) {
    if (context.talkative()) context.console.say(message);
  });
  if (!evaluations) return evaluations.error();
  context.out.write(evaluation_table(*evaluations));
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_train() {
  return {.operands = "FILE...",
          .max_operands = any_number,
          .description =
              "Fits the sentiment model on files of label<TAB>text lines, the label being "
              "negative, neutral or positive, and\n"
              "prints its scores on the files of --tune. The same files and version give the same "
              "model, byte for byte.",
          .example = "earshot train --output my.model --tune held_out.tsv labelled.tsv",
          .options = options,
          .run = run};
}

}  // namespace earshot
