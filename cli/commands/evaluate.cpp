#include "analyze/evaluate.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/evaluation_table.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"text", "json"};

constexpr Option options[] = {
    {.name = "model",
     .value = "FILE",
     .help = "the model (default: the config's, else the one that comes with earshot)"},
    {.name = "format",
     .value = "NAME",
     .help = "text (default) or json",
     .choices = listed<formats>},
};

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  if (arguments.operands().empty())
    return Error{Error::Kind::usage, "name at least one file of label<TAB>text lines"};
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto model = SentimentModel::load(find_model(context, arguments.value("model"), *config));
  if (!model) return model.error();

  std::vector<Evaluation> evaluations;
  for (const auto& file : arguments.operands()) {
    auto evaluation = evaluate_sentiment(*model, file);
    if (!evaluation) return evaluation.error();
    evaluations.push_back(std::move(*evaluation));
  }
  context.out.write(*format == "json" ? evaluation_json(evaluations, model->name())
                                      : evaluation_table(evaluations));
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_evaluate() {
  return {.operands = "FILE...",
          .max_operands = any_number,
          .description =
              "Scores a sentiment model on files of label<TAB>text lines: accuracy, macro recall "
              "(the mean over negative,\n"
              "neutral and positive) with its standard error, F1 of each class and their mean, the "
              "calibration error of its\n"
              "probabilities (ten bins), and the posts scored in a second on one thread.",
          .example = "earshot evaluate --format json held_out.tsv",
          .options = options,
          .run = run};
}

}  // namespace earshot
