#include "analyze/evaluate.hpp"
#include "analyze/evaluate_advocacy.hpp"
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

template <class Scores>
Result<Done> keep(Result<Scores> scores, std::vector<Scores>& into) {
  if (!scores) return scores.error();
  into.push_back(std::move(*scores));
  return Done{};
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  if (arguments.operands().empty())
    return Error{Error::Kind::usage, "name at least one file of label<TAB>text lines"};
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto model = SentimentModel::load(find_model(context, arguments.value("model"), *config));
  if (!model) return model.error();

  std::vector<Evaluation> sentiment;
  std::vector<AdvocacyEvaluation> advocacy;
  for (const auto& file : arguments.operands()) {
    const auto of_advocacy = is_advocacy_file(file);
    if (!of_advocacy) return of_advocacy.error();
    if (auto done = *of_advocacy ? keep(evaluate_advocacy(*model, file), advocacy)
                                 : keep(evaluate_sentiment(*model, file), sentiment);
        !done)
      return done.error();
  }
  if (*format == "json") {
    context.out.write(evaluation_json(sentiment, advocacy, model->name()));
  } else {
    context.out.write(evaluation_table(sentiment));
    if (!sentiment.empty() && !advocacy.empty()) context.out.write("\n");
    context.out.write(advocacy_table(advocacy));
  }
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_evaluate() {
  return {.operands = "FILE...",
          .max_operands = any_number,
          .description =
              "Scores sentiment on files of label<TAB>text lines: accuracy, macro recall (the mean "
              "over negative, neutral and\n"
              "positive) with its standard error, F1 of each class and their mean, the calibration "
              "error of the probabilities\n"
              "(ten bins), and the posts scored in a second on one thread. Where the labels are "
              "advocate, detractor and none\n"
              "(stance<TAB>intents<TAB>text; intents with commas, - for none), or complaint and "
              "other, it scores stance and\n"
              "intents: precision, recall and F1 of each, with standard errors.",
          .example = "earshot evaluate --format json held_out.tsv",
          .options = options,
          .run = run};
}

}  // namespace earshot
