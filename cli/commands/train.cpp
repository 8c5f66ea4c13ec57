#include <fmt/format.h>

#include "analyze/language.hpp"
#include "analyze/train.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/evaluation_table.hpp"
#include "cli/recipe.hpp"

namespace earshot {

namespace {

constexpr Option options[] = {
    {.name = "output",
     .value = "FILE",
     .help = "where the model goes; its card goes beside it, as .md"},
    {.name = "recipe",
     .value = "FILE",
     .help = "what to train on and how; files named on the command line are added"},
    {.name = "data", .value = "DIR", .help = "where the recipe's files are (default: here)"},
    {.name = "name",
     .value = "NAME",
     .help = "name and version of the model (default: the recipe's, else custom)"},
    {.name = "language",
     .value = "CODE",
     .help = "of the posts, as en; those in others will be unsupported (default: none will)",
     .repeats = true},
    {.name = "tune",
     .value = "FILE",
     .help = "held out: used for calibration and for the scores in the card",
     .repeats = true},
};

Result<TrainRequest> read_request(const Arguments& arguments) {
  const auto output = arguments.value("output");
  if (!output) return Error{Error::Kind::usage, "where the model goes is missing: --output FILE"};
  const auto recipe = arguments.value("recipe");
  const auto data = arguments.value("data");
  if (data && !recipe)
    return Error{Error::Kind::usage, "--data is for a recipe; name it with --recipe"};
  if (arguments.operands().empty() && !recipe)
    return Error{Error::Kind::usage,
                 "name at least one file of label<TAB>text lines, or a recipe with --recipe"};
  TrainRequest request;
  request.name = "custom";
  if (recipe) {
    auto read = load_recipe(*recipe, data ? *data : std::string{});
    if (!read) return read.error();
    request = *std::move(read);
  }
  for (const auto& path : arguments.operands()) request.train.push_back({.file = {path}});
  for (const auto& path : arguments.values("tune")) request.calibrate.push_back(path);
  for (const auto& code : arguments.values("language")) {
    const auto lang = lang_of(code);
    if (!lang)
      return Error{Error::Kind::usage,
                   fmt::format("'{}' is no code of a language: two letters, as en", code)};
    request.languages.push_back(*lang);
  }
  request.name = arguments.value_or("name", request.name);
  request.output = *output;
  return request;
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto request = read_request(arguments);
  if (!request) return request.error();
  const auto evaluations = train_sentiment(*request, [&](std::string_view message) {
    if (context.talkative()) context.console.say(message);
  });
  if (!evaluations) return evaluations.error();
  context.out.write(evaluation_table(*evaluations));
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_train() {
  return {.operands = "[FILE...]",
          .max_operands = any_number,
          .description =
              "Fits the sentiment model on files of label<TAB>text lines, the label being "
              "negative, neutral or positive, and\n"
              "prints its scores on the files held out. A recipe names the files with their "
              "weights, lexica and settings.\n"
              "The same files, recipe and version give the same model, byte for byte.",
          .example = "earshot train --output my.model --tune held_out.tsv labelled.tsv",
          .options = options,
          .run = run};
}

}  // namespace earshot
