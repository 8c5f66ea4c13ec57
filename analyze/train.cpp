#include "analyze/train.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "analyze/calibration.hpp"
#include "analyze/features.hpp"
#include "analyze/labelled_file.hpp"
#include "analyze/model_card.hpp"
#include "analyze/sentiment_file.hpp"
#include "store/base/file.hpp"

namespace earshot {
namespace {

constexpr std::size_t classes = Learner::classes;
using Triple = Learner::Triple;

/// splitmix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}
  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t bits = state_;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
    return (bits ^ (bits >> 31)) % bound;
  }

 private:
  std::uint64_t state_;
};

/// Each class of a file counts alike.
std::vector<Triple> class_weights(const std::vector<LabelledFile>& files) {
  std::vector<Triple> weights;
  for (const LabelledFile& file : files) {
    std::array<std::uint64_t, classes> counts{};
    for (const LabelledText& row : file.rows) ++counts[row.label];
    const auto present =
        std::count_if(counts.begin(), counts.end(), [](std::uint64_t count) { return count > 0; });
    Triple weight{};
    for (std::size_t c = 0; c < classes; ++c)
      if (counts[c] > 0)
        weight[c] =
            static_cast<float>(static_cast<double>(file.rows.size()) /
                               (static_cast<double>(present) * static_cast<double>(counts[c])));
    weights.push_back(weight);
  }
  return weights;
}

/// What a fit is made from, with the names that the card has for it.
struct TrainingSet {
  std::vector<LabelledFile> files;  ///< One for each of `TrainRequest::train`.
  std::vector<TrainingFile> described;
  std::vector<std::uint64_t> lexicon;
};

std::string role_of(const TrainingSource& source) {
  const std::string labels = source.distant ? "labels by emoticons" : "labels";
  return source.apart ? labels + ", habits apart" : labels;
}

Result<TrainingSet> read_training_set(const TrainRequest& request) {
  TrainingSet set;
  for (const TrainingSource& source : request.train) {
    auto file = read_labelled_file(source.file.path);
    if (!file) return file.error();
    set.described.push_back({file->name, file->rows.size(), source.weight, file->hash,
                             source.file.licence, role_of(source)});
    set.files.push_back(std::move(*file));
  }
  if (set.files.empty())
    return Error{Error::Kind::usage,
                 "nothing to train on: name at least one file of label<TAB>text lines"};
  std::vector<LexiconWord> words;
  for (const SourceFile& source : request.lexica) {
    const auto file = read_lexicon(source.path);
    if (!file) return file.error();
    words.insert(words.end(), file->words.begin(), file->words.end());
    set.described.push_back(
        {file->name, file->words.size(), 1, file->hash, source.licence, "lexicon"});
  }
  set.lexicon = make_lexicon_slots(words);
  return set;
}

/// Which weights of its own a source has: those apart are numbered from 0.
std::vector<std::optional<std::size_t>> places_apart(const std::vector<TrainingSource>& sources) {
  std::vector<std::optional<std::size_t>> places;
  std::size_t next = 0;
  for (const TrainingSource& source : sources)
    places.push_back(source.apart ? std::optional{next++} : std::nullopt);
  return places;
}

SentimentParameters fit(const TrainRequest& request, const TrainingSet& set,
                        const std::function<void(std::string_view)>& progress) {
  struct Place {
    std::uint32_t file, row;
  };
  std::vector<Place> order;
  for (std::uint32_t file = 0; file < set.files.size(); ++file)
    for (std::uint32_t row = 0; row < set.files[file].rows.size(); ++row)
      order.push_back({file, row});
  const std::vector<Triple> weights = class_weights(set.files);
  const auto apart = places_apart(request.train);
  Learner learner{request.fit, static_cast<std::size_t>(std::count_if(
                                   apart.begin(), apart.end(),
                                   [](const auto& place) { return place.has_value(); }))};
  const Lexicon lexicon{set.lexicon};
  Random random{request.seed};
  Features features;
  std::string normalised;
  TokenisedText tokenised;
  for (std::uint64_t round = 1; round <= request.fit.rounds; ++round) {
    for (std::size_t i = order.size() - 1; i > 0; --i)
      std::swap(order[i], order[random.below(i + 1)]);
    double loss = 0;
    for (const auto [file, row] : order) {
      const LabelledText& text = set.files[file].rows[row];
      const TextStyle style = normalise(text.text, normalised);
      tokenised.read(normalised);
      extract_features(tokenised, style, features);
      loss += learner.learn(
          {features.words(), features.characters(), lexicon.sum(features.seen()), text.label,
           weights[file][text.label] * static_cast<float>(request.train[file].weight), apart[file],
           request.train[file].distant});
    }
    if (round > request.fit.rounds / 2) learner.remember();
    progress(fmt::format("round {} of {}: loss {:.4f} a post", round, request.fit.rounds,
                         loss / static_cast<double>(order.size())));
  }
  SentimentParameters parameters = learner.parameters();
  parameters.name = request.name;
  parameters.languages = request.languages;
  parameters.training = set.described;
  parameters.lexicon = set.lexicon;
  return parameters;
}

Result<> calibrate(SentimentParameters& parameters, const std::vector<LabelledFile>& files) {
  if (files.empty()) return Done{};
  const auto model = SentimentModel::parse(encode_sentiment(parameters), "the model in training");
  if (!model) return model.error();
  const std::vector<Triple> weights = class_weights(files);
  Calibrator calibrator;
  SentimentModel::Scratch scratch;
  for (std::size_t file = 0; file < files.size(); ++file)
    for (const LabelledText& row : files[file].rows)
      calibrator.add(model->logits(row.text, scratch), row.label, double{weights[file][row.label]});
  calibrator.apply(parameters.scales);
  return Done{};
}

std::string card_of(const std::string& model) {
  const auto dot = model.rfind('.');
  const bool has_extension = dot != std::string::npos && model.find('/', dot) == std::string::npos;
  return (has_extension ? model.substr(0, dot) : model) + ".md";
}

/// The model's scores on all files held out, also noted in its parameters.
Result<std::vector<Evaluation>> score(SentimentParameters& parameters,
                                      const TrainRequest& request) {
  const auto model = SentimentModel::parse(encode_sentiment(parameters), request.output);
  if (!model) return model.error();
  std::vector<Evaluation> evaluations;
  for (const auto* files : {&request.calibrate, &request.score}) {
    for (const std::string& path : *files) {
      auto evaluation = evaluate_sentiment(*model, path);
      if (!evaluation) return evaluation.error();
      parameters.scores.push_back({path.substr(path.rfind('/') + 1), evaluation->rows,
                                   evaluation->macro_recall, evaluation->accuracy});
      evaluations.push_back(std::move(*evaluation));
    }
  }
  return evaluations;
}

}  // namespace

Result<std::vector<Evaluation>> train_sentiment(
    const TrainRequest& request, const std::function<void(std::string_view message)>& progress) {
  const auto set = read_training_set(request);
  if (!set) return set.error();
  if (auto writable = check_writable(request.output); !writable) return writable.error();
  std::vector<LabelledFile> held_out;
  for (const std::string& path : request.calibrate) {
    auto file = read_labelled_file(path);
    if (!file) return file.error();
    held_out.push_back(std::move(*file));
  }
  for (const std::string& path : request.score)
    if (const auto file = read_labelled_file(path); !file) return file.error();

  SentimentParameters parameters = fit(request, *set, progress);
  if (auto done = calibrate(parameters, held_out); !done) return done.error();
  auto evaluations = score(parameters, request);
  if (!evaluations) return evaluations.error();
  if (auto done = write_file(request.output, encode_sentiment(parameters)); !done)
    return done.error();
  if (auto done =
          write_file(card_of(request.output), write_model_card(parameters, *evaluations, request));
      !done)
    return done.error();
  return evaluations;
}

}  // namespace earshot
