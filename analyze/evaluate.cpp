#include "analyze/evaluate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "analyze/labelled_file.hpp"

namespace earshot {
namespace {

double ratio(double part, double whole) {
  return whole == 0 ? 0 : part / whole;
}

/// Expected calibration error: how far, on average, the probability of the label given is from how
/// often it is right.
class Calibration {
 public:
  void add(std::uint16_t permille, bool right) {
    Bin& bin = bins_[std::min<std::size_t>(permille / 100, bins_.size() - 1)];
    bin.promised += permille / 1000.0;
    bin.kept += right ? 1 : 0;
    rows_ += 1;
  }

  double error() const {
    double sum = 0;
    for (const Bin& bin : bins_) sum += std::abs(bin.promised - bin.kept);
    return ratio(sum, rows_);
  }

 private:
  struct Bin {
    double promised = 0, kept = 0;
  };
  std::array<Bin, 10> bins_;
  double rows_ = 0;
};

using Confusion = std::array<std::array<std::uint64_t, 3>, 3>;  // [true][given]

void measure(const Confusion& confusion, Evaluation& result) {
  double right = 0, recalls = 0, scores = 0, variance = 0, classes = 0;
  for (std::size_t label = 0; label < 3; ++label) {
    const auto hits = static_cast<double>(confusion[label][label]);
    double given = 0;
    for (std::size_t other = 0; other < 3; ++other) {
      result.support[label] += confusion[label][other];
      given += static_cast<double>(confusion[other][label]);
    }
    const auto support = static_cast<double>(result.support[label]);
    const double recall = ratio(hits, support), precision = ratio(hits, given);
    result.recall[label] = recall;
    result.precision[label] = precision;
    result.f1[label] = ratio(2 * recall * precision, recall + precision);
    right += hits;
    if (support == 0) continue;
    recalls += recall;
    scores += result.f1[label];
    variance += recall * (1 - recall) / support;
    classes += 1;
  }
  result.accuracy = ratio(right, static_cast<double>(result.rows));
  result.macro_recall = ratio(recalls, classes);
  result.macro_f1 = ratio(scores, classes);
  result.standard_error = ratio(std::sqrt(variance), classes);
}

}  // namespace

Result<Evaluation> evaluate_sentiment(const SentimentModel& model, const std::string& path) {
  const auto file = read_labelled_file(path);
  if (!file) return file.error();
  Confusion confusion{};
  Calibration calibration;
  SentimentModel::Scratch scratch;
  const auto start = std::chrono::steady_clock::now();
  for (const LabelledText& row : file->rows) {
    const SentimentScore score = model.score(row.text, scratch);
    const auto given = static_cast<std::size_t>(static_cast<int>(score.sentiment) + 1);
    ++confusion[row.label][given];
    calibration.add(score.permille, given == row.label);
  }

  Evaluation result;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.file = path;
  result.rows = file->rows.size();
  result.calibration_error = calibration.error();
  measure(confusion, result);
  return result;
}

}  // namespace earshot
