#include "analyze/model_card.hpp"

#include <fmt/format.h>

#include "analyze/features.hpp"

namespace earshot {
namespace {

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string write_data(const SentimentParameters& parameters) {
  std::string text =
      "## Made from\n\nRows (of a lexicon: words), the weight of each row, XXH3 of the bytes, "
      "licence "
      "as its publisher states it.\n\n"
      "| file | what it gives | rows | weight | xxh3 | licence |\n|---|---|---:|---:|---|---|\n";
  for (const TrainingFile& file : parameters.training)
    text += fmt::format("| {} | {} | {} | {} | {:016x} | {} |\n", file.name, file.role, file.rows,
                        file.weight, file.hash, file.licence);
  return text +
         "\n*Habits apart*: the file has weights of its own for what is true of it alone; they are "
         "left out of the model.\n*Labels by emoticons* teach positive against negative and say "
         "nothing of neutral.\n";
}

std::string write_scores(const std::vector<Evaluation>& evaluations, std::size_t calibrated) {
  std::string text = fmt::format(
      "\n## Reaches\n\nOn files held out from the fit. The calibration (two factors and two "
      "biases) was fitted on the first {}, so those "
      "flatter a little;\nposts of a later year are harder than these. Macro recall with its "
      "standard error; recall and precision of "
      "negative, neutral, positive;\nECE is the expected calibration error over ten bins.\n\n"
      "| file | n | macro recall | macro F1 | accuracy | recall | precision | ECE "
      "|\n|---|---:|---:|---:|---:|---|---|---:|\n",
      calibrated);
  for (const Evaluation& e : evaluations)
    text += fmt::format(
        "| {} | {} | {:.3f} ± {:.3f} | {:.3f} | {:.3f} | {:.2f} {:.2f} {:.2f} | {:.2f} {:.2f} "
        "{:.2f} | {:.3f} |\n",
        file_name(e.file), e.rows, e.macro_recall, e.standard_error, e.macro_f1, e.accuracy,
        e.recall[0], e.recall[1], e.recall[2], e.precision[0], e.precision[1], e.precision[2],
        e.calibration_error);
  return text;
}

std::string write_command(const TrainRequest& request) {
  std::string text =
      "\n## Made by\n\nThe same files, seed and version of earshot give the same bytes.\n\n"
      "    earshot train";
  if (!request.recipe.empty())
    return text + fmt::format(" --recipe {} --data DIR --output {}\n", file_name(request.recipe),
                              file_name(request.output));
  for (const TrainingSource& source : request.train)
    text += fmt::format(" \\\n      {}", file_name(source.file.path));
  for (const std::string& file : request.calibrate)
    text += fmt::format(" \\\n      --tune {}", file_name(file));
  return text +
         fmt::format(" \\\n      --name {} --output {}\n", request.name, file_name(request.output));
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
      "into {} rows of two 8-bit weights, and over the sums of the words' valences, turned around "
      "by a negation. In each file the classes\ncount alike. {} rounds, step {}, ridge {} (of "
      "weights apart {}), seed {}.\n\n",
      parameters.name, feature_rows, request.fit.rounds, request.fit.rate, request.fit.ridge,
      request.fit.apart_ridge, request.seed);
  if (!parameters.languages.empty()) {
    text += "Languages:";
    for (const Lang& lang : parameters.languages) text.append(" ").append(lang.data(), lang.size());
    text += "; posts in others are labelled unsupported.\n\n";
  }
  text += write_data(parameters);
  if (!evaluations.empty()) text += write_scores(evaluations, request.calibrate.size());
  text +=
      "\n## Weak at\n\n"
      "- Sarcasm, and feelings that need knowledge of the world (\"3 hours on the runway\") rather "
      "than words.\n"
      "- What the post feels about one brand among several: the label is the whole post's.\n"
      "- Languages and kinds of text that the files above hold little or nothing of; check with "
      "`earshot evaluate` on posts of your own.\n"
      "- News copy with charged words: read as a feeling more often than it should.\n"
      "- Probabilities are those of the mix of feelings in the files it was calibrated on; where "
      "nearly all posts feel the same, they are too modest.\n";
  return text + write_command(request);
}

}  // namespace earshot
