#include "analyze/train.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>

#include "analyze/features.hpp"
#include "analyze/labelled_file.hpp"
#include "analyze/model_card.hpp"
#include "analyze/sentiment_file.hpp"
#include "analyze/softmax.hpp"
#include "store/base/file.hpp"

namespace earshot {
namespace {

constexpr std::size_t classes = 3;
constexpr std::size_t neutral = 1;
using Triple = std::array<float, classes>;

// Chosen on the files named in the card of the shipped model; flat around these values.
constexpr int epochs = 10;
constexpr float learning_rate = 0.3F;
constexpr float ridge = 10.0F;

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

/// Logistic regression by FTRL-proximal, one text at a time, with a ridge and a step size for each
/// weight. Source: McMahan et al., "Ad Click Prediction: a View from the Trenches" (KDD 2013),
/// algorithm 1 with lambda1 = 0, beta = 1.
class Learner {
 public:
  Learner() : rows_(feature_rows), averages_(feature_rows) {}

  /// Learns from one text; returns its weighted loss.
  double learn(const Features& features, std::size_t label, float importance) {
    const float word_scale = scale_of(features.words()),
                character_scale = scale_of(features.characters());
    const Triple words = sum(features.words()), characters = sum(features.characters());
    Triple logits{};
    for (std::size_t c = 0; c < classes; ++c)
      logits[c] = words[c] * word_scale + characters[c] * character_scale + bias_.weight[c];
    const auto probabilities = softmax(double{logits[0]} - double{logits[neutral]},
                                       double{logits[2]} - double{logits[neutral]});
    Triple gradient{};
    for (std::size_t c = 0; c < classes; ++c)
      gradient[c] =
          importance * (static_cast<float>(probabilities[c]) - (c == label ? 1.0F : 0.0F));
    update(features.words(), gradient, word_scale);
    update(features.characters(), gradient, character_scale);
    step(bias_, gradient);
    return -double{importance} * std::log(std::max(probabilities[label], 1e-9));
  }

  /// Counts the present weights into the average, which is what `parameters` returns.
  void remember() {
    ++remembered_;
    for (std::size_t row = 0; row < rows_.size(); ++row)
      for (std::size_t c = 0; c < classes; ++c) averages_[row][c] += rows_[row].weight[c];
  }

  /// Weights against neutral's, as 16-bit numbers of one scale.
  SentimentParameters parameters() const {
    SentimentParameters result;
    double most = 1e-9;
    for (const auto& average : averages_)
      for (const std::size_t c : {std::size_t{0}, std::size_t{2}})
        most = std::max(most, std::abs(double{average[c]} - double{average[neutral]}));
    constexpr double largest = 32767;
    const auto quantised = [&](const Triple& average, std::size_t c) {
      return static_cast<std::int16_t>(
          std::lround((double{average[c]} - double{average[neutral]}) / most * largest));
    };
    result.weights.reserve(averages_.size());
    for (const Triple& average : averages_)
      result.weights.push_back({quantised(average, 0), quantised(average, 2)});
    result.word_scale = result.character_scale = most / largest / std::max(remembered_, 1);
    result.bias = {double{bias_.weight[0]} - double{bias_.weight[neutral]},
                   double{bias_.weight[2]} - double{bias_.weight[neutral]}};
    return result;
  }

 private:
  struct Row {
    Triple weight{}, gradients{}, root{};  ///< `root`: of the sum of squared gradients.
  };

  static float scale_of(std::span<const std::uint32_t> rows) {
    return rows.empty() ? 0 : 1 / std::sqrt(static_cast<float>(rows.size()));
  }

  Triple sum(std::span<const std::uint32_t> rows) const {
    Triple total{};
    for (const std::uint32_t row : rows)
      for (std::size_t c = 0; c < classes; ++c) total[c] += rows_[row].weight[c];
    return total;
  }

  void update(std::span<const std::uint32_t> rows, const Triple& gradient, float scale) {
    Triple scaled = gradient;
    for (float& part : scaled) part *= scale;
    for (const std::uint32_t row : rows) step(rows_[row], scaled);
  }

  static void step(Row& row, const Triple& gradient) {
    for (std::size_t c = 0; c < classes; ++c) {
      const float root = std::sqrt(row.root[c] * row.root[c] + gradient[c] * gradient[c]);
      row.gradients[c] += gradient[c] - (root - row.root[c]) / learning_rate * row.weight[c];
      row.root[c] = root;
      row.weight[c] = -row.gradients[c] / ((1 + root) / learning_rate + ridge);
    }
  }

  std::vector<Row> rows_;
  std::vector<Triple> averages_;
  Row bias_;
  int remembered_ = 0;
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

SentimentParameters fit(const std::vector<LabelledFile>& files,
                        const std::vector<TrainingFile>& described, std::uint64_t seed,
                        const std::function<void(std::string_view)>& progress) {
  struct Place {
    std::uint32_t file, row;
  };
  std::vector<Place> order;
  for (std::uint32_t file = 0; file < files.size(); ++file)
    for (std::uint32_t row = 0; row < files[file].rows.size(); ++row) order.push_back({file, row});
  const std::vector<Triple> weights = class_weights(files);
  Learner learner;
  Random random{seed};
  Features features;
  std::string normalised;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    for (std::size_t i = order.size() - 1; i > 0; --i)
      std::swap(order[i], order[random.below(i + 1)]);
    double loss = 0;
    for (const auto [file, row] : order) {
      const LabelledText& text = files[file].rows[row];
      const TextStyle style = normalise(text.text, normalised);
      extract_features(normalised, style, features);
      const float importance =
          weights[file][text.label] * static_cast<float>(described[file].times);
      loss += learner.learn(features, text.label, importance);
    }
    if (epoch > epochs / 2) learner.remember();
    progress(fmt::format("round {} of {}: loss {:.4f} a post", epoch, epochs,
                         loss / static_cast<double>(order.size())));
  }
  return learner.parameters();
}

/// The temperature and biases under which the tuning posts are likeliest, each class of each file
/// counting alike.
class Calibrator {
 public:
  void add(const SentimentLogits& logits, std::size_t label, double importance) {
    points_.push_back({logits, label, importance});
  }

  void apply(SentimentParameters& parameters) const {
    std::array<double, 3> settings{1, 0, 0};  // factor, bias of negative, bias of positive
    std::array<double, 3> squares{};
    for (int round = 0; round < 300; ++round) {
      const std::array<double, 3> gradient = slope(settings);
      for (std::size_t i = 0; i < settings.size(); ++i) {
        squares[i] += gradient[i] * gradient[i];
        settings[i] -= 0.2 * gradient[i] / (std::sqrt(squares[i]) + 1e-12);
      }
    }
    parameters.word_scale *= settings[0];
    parameters.character_scale *= settings[0];
    for (std::size_t i = 0; i < 2; ++i)
      parameters.bias[i] = parameters.bias[i] * settings[0] + settings[i + 1];
  }

 private:
  struct Point {
    SentimentLogits logits;
    std::size_t label;
    double importance;
  };

  std::array<double, 3> slope(const std::array<double, 3>& settings) const {
    std::array<double, 3> gradient{};
    double total = 0;
    for (const Point& point : points_) {
      const auto p = softmax(settings[0] * point.logits[0] + settings[1],
                             settings[0] * point.logits[1] + settings[2]);
      const double negative = point.importance * (p[0] - (point.label == 0 ? 1 : 0));
      const double positive = point.importance * (p[2] - (point.label == 2 ? 1 : 0));
      gradient[0] += negative * point.logits[0] + positive * point.logits[1];
      gradient[1] += negative;
      gradient[2] += positive;
      total += point.importance;
    }
    for (double& part : gradient) part /= total;
    return gradient;
  }

  std::vector<Point> points_;
};

Result<> calibrate(SentimentParameters& parameters, const std::vector<LabelledFile>& files) {
  auto model = SentimentModel::parse(encode_sentiment(parameters), "the model in training");
  if (!model) return model.error();
  const std::vector<Triple> weights = class_weights(files);
  Calibrator calibrator;
  SentimentModel::Scratch scratch;
  for (std::size_t file = 0; file < files.size(); ++file)
    for (const LabelledText& row : files[file].rows)
      calibrator.add(model->logits(row.text, scratch), row.label, double{weights[file][row.label]});
  calibrator.apply(parameters);
  return Done{};
}

/// `FILE<TAB>licence` lines beside the model: "sentiment.licences.tsv" for "sentiment.model". None
/// is no error.
std::map<std::string, std::string> read_licences(const std::string& path) {
  std::map<std::string, std::string> licences;
  std::ifstream stream{path};
  for (std::string line; std::getline(stream, line);)
    if (const auto tab = line.find('\t'); tab != std::string::npos)
      licences[line.substr(0, tab)] = line.substr(tab + 1);
  return licences;
}

std::string without_extension(const std::string& path) {
  const auto dot = path.rfind('.');
  return dot == std::string::npos || path.find('/', dot) != std::string::npos ? path
                                                                              : path.substr(0, dot);
}

/// The files in the order of their first mention; one that is given twice is read once and counts
/// twice.
struct TrainingSet {
  std::vector<LabelledFile> files;
  std::vector<TrainingFile> described;
};

Result<TrainingSet> read_training_set(const TrainRequest& request) {
  const auto licences = read_licences(without_extension(request.output) + ".licences.tsv");
  TrainingSet set;
  std::map<std::string, std::size_t> seen;
  for (const std::string& path : request.train) {
    if (const auto before = seen.find(path); before != seen.end()) {
      ++set.described[before->second].times;
      continue;
    }
    auto file = read_labelled_file(path);
    if (!file) return file.error();
    const auto licence = licences.find(file->name);
    seen[path] = set.files.size();
    set.described.push_back({file->name, file->rows.size(), 1, file->hash,
                             licence == licences.end() ? "not recorded" : licence->second});
    set.files.push_back(std::move(*file));
  }
  if (set.files.empty())
    return Error{Error::Kind::usage,
                 "nothing to train on: name at least one file of label<TAB>text lines"};
  return set;
}

}  // namespace

Result<std::vector<Evaluation>> train_sentiment(
    const TrainRequest& request, const std::function<void(std::string_view message)>& progress) {
  const auto set = read_training_set(request);
  if (!set) return set.error();
  if (auto writable = check_writable(request.output); !writable) return writable.error();
  std::vector<LabelledFile> tune;
  for (const std::string& path : request.tune) {
    auto file = read_labelled_file(path);
    if (!file) return file.error();
    tune.push_back(std::move(*file));
  }

  SentimentParameters parameters = fit(set->files, set->described, request.seed, progress);
  parameters.name = request.name;
  parameters.training = set->described;
  if (!tune.empty())
    if (auto done = calibrate(parameters, tune); !done) return done.error();

  const auto model = SentimentModel::parse(encode_sentiment(parameters), request.output);
  if (!model) return model.error();
  std::vector<Evaluation> evaluations;
  for (const std::string& path : request.tune) {
    auto evaluation = evaluate_sentiment(*model, path);
    if (!evaluation) return evaluation.error();
    parameters.scores.push_back({path.substr(path.rfind('/') + 1), evaluation->rows,
                                 evaluation->macro_recall, evaluation->accuracy});
    evaluations.push_back(std::move(*evaluation));
  }
  if (auto done = write_file(request.output, encode_sentiment(parameters)); !done)
    return done.error();
  if (auto done = write_file(without_extension(request.output) + ".md",
                             write_model_card(parameters, evaluations, request));
      !done)
    return done.error();
  return evaluations;
}

}  // namespace earshot
