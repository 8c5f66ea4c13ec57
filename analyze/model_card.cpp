#include "analyze/model_card.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analyze/features.hpp"

namespace earshot {
namespace {

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Of a mean of recalls, each of them the share of its class that was found.
double standard_error(const Evaluation& evaluation) {
  double variance = 0, classes = 0;
  for (std::size_t label = 0; label < 3; ++label) {
    if (evaluation.support[label] == 0) continue;
    const double recall = evaluation.recall[label];
    variance += recall * (1 - recall) / static_cast<double>(evaluation.support[label]);
    classes += 1;
  }
  return classes == 0 ? 0 : std::sqrt(variance) / classes;
}

std::string write_data(const SentimentParameters& parameters) {
  std::string text =
      "## Fitted on\n\nRows, how often the file was given (its weight), XXH3 of its bytes, licence "
      "as its publisher states it.\n\n"
      "| file | rows | times | xxh3 | licence |\n|---|---:|---:|---|---|\n";
  for (const TrainingFile& file : parameters.training)
    text += fmt::format("| {} | {} | {} | {:016x} | {} |\n", file.name, file.rows, file.times,
                        file.hash, file.licence);
  return text;
}

std::string write_scores(const std::vector<Evaluation>& evaluations) {
  std::string text =
      "\n## Reaches\n\nOn files held out from the fit. The calibration (one temperature, two "
      "biases) was fitted on them, so they "
      "flatter a little;\nposts of a later year are harder than these. Macro recall with its "
      "standard error; recall and precision of "
      "negative, neutral, positive;\nECE is the expected calibration error.\n\n"
      "| file | n | macro recall | accuracy | recall | precision | ECE "
      "|\n|---|---:|---:|---:|---|---|---:|\n";
  for (const Evaluation& e : evaluations)
    text += fmt::format(
        "| {} | {} | {:.3f} ± {:.3f} | {:.3f} | {:.2f} {:.2f} {:.2f} | {:.2f} {:.2f} {:.2f} | "
        "{:.3f} |\n",
        file_name(e.file), e.rows, e.macro_recall, standard_error(e), e.accuracy, e.recall[0],
        e.recall[1], e.recall[2], e.precision[0], e.precision[1], e.precision[2],
        e.calibration_error);
  return text;
}

std::string write_command(const TrainRequest& request) {
  std::string text =
      "\n## Made by\n\nThe same files in the same order, seed and version of earshot give the same "
      "bytes; "
      "the files are named here without their folder.\n\n    earshot train";
  for (const std::string& file : request.train)
    text += fmt::format(" \\\n      {}", file_name(file));
  for (const std::string& file : request.tune)
    text += fmt::format(" \\\n      --tune {}", file_name(file));
  return text + fmt::format(" \\\n      --name {} --seed {} --output {}\n", request.name,
                            request.seed, request.output);
}

}  // namespace

std::string write_model_card(const SentimentParameters& parameters,
                             const std::vector<Evaluation>& evaluations,
                             const TrainRequest& request) {
  std::string text = fmt::format(
      "# {}\n\nSentiment of short posts: negative, neutral or positive, the author's feeling as a "
      "reader takes it.\n"
      "A multinomial logistic regression over words, pairs of words, negated words, style and runs "
      "of three and five characters, hashed\n"
      "into {} rows of two 16-bit weights. In each file the three classes count alike.\n\n",
      parameters.name, feature_rows);
  text += write_data(parameters);
  if (!evaluations.empty()) text += write_scores(evaluations);
  text +=
      "\n## Weak at\n\n"
      "- Sarcasm, and feelings that need knowledge of the world (\"3 hours on the runway\") rather "
      "than words.\n"
      "- What the post feels about one brand among several: the label is the whole post's.\n"
      "- Languages and kinds of text that the files above hold little or nothing of; check with "
      "`earshot evaluate` on posts of your own.\n"
      "- News copy with charged words: read as a feeling more often than it should.\n";
  return text + write_command(request);
}

}  // namespace earshot
