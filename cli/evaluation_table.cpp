#include "cli/evaluation_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/json_object.hpp"
#include "cli/numbers.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

std::string list_of(const std::array<double, 3>& values) {
  return fmt::format("[{:.4f},{:.4f},{:.4f}]", values[0], values[1], values[2]);
}

std::uint64_t posts_a_second(const Evaluation& evaluation) {
  return evaluation.seconds > 0
             ? static_cast<std::uint64_t>(static_cast<double>(evaluation.rows) / evaluation.seconds)
             : 0;
}

bool has_stances(const AdvocacyEvaluation& evaluation) {
  return std::ranges::any_of(evaluation.stances,
                             [](const LabelScore& score) { return score.wanted > 0; });
}

/// Calls `take(name, score)` for the stances and intents that a file has or was given.
template <class Take>
void for_each_label(const AdvocacyEvaluation& evaluation, const Take& take) {
  const auto take_used = [&](std::string_view name, const LabelScore& score) {
    if (score.wanted + score.given > 0) take(name, score);
  };
  for (const Stance stance : {Stance::advocate, Stance::detractor, Stance::none})
    take_used(name_of(stance),
              evaluation.stances[static_cast<std::size_t>(static_cast<int>(stance) -
                                                          static_cast<int>(Stance::detractor))]);
  for (std::size_t i = 0; i < intent_count; ++i)
    take_used(name_of(static_cast<Intent>(i)), evaluation.intents[i]);
}

void append_advocacy(std::string& out, const AdvocacyEvaluation& evaluation) {
  JsonObject file{out};
  file.text("file", evaluation.file).number("rows", evaluation.rows);
  const bool stances = has_stances(evaluation);
  file.raw("stance_macro_f1",
           stances ? fmt::format("{:.4f}", evaluation.stance_macro_f1()) : "null");
  file.raw("standard_error",
           stances ? fmt::format("{:.4f}", evaluation.stance_macro_f1_error()) : "null");
  std::string& labels = file.member("labels");
  labels += '{';
  for_each_label(evaluation, [&](std::string_view name, const LabelScore& score) {
    if (labels.back() != '{') labels += ',';
    fmt::format_to(std::back_inserter(labels), "\"{}\":", name);
    JsonObject label{labels};
    label.number("labelled", score.wanted).number("given", score.given);
    label.raw("precision", fmt::format("{:.4f}", score.precision()));
    label.raw("precision_error", fmt::format("{:.4f}", score.precision_error()));
    label.raw("recall", fmt::format("{:.4f}", score.recall()));
    label.raw("recall_error", fmt::format("{:.4f}", score.recall_error()));
    label.raw("f1", fmt::format("{:.4f}", score.f1()));
    label.raw("f1_error", fmt::format("{:.4f}", score.f1_error())).end();
  });
  labels += '}';
  file.end();
}

}  // namespace

std::string evaluation_table(std::span<const Evaluation> evaluations) {
  if (evaluations.empty()) return {};
  std::size_t width = 4;
  for (const auto& each : evaluations) width = std::max(width, printable(each.file).size());
  std::string out =
      fmt::format("{:<{}}  {:>9}  {:>8}  {:>14}  {:>6}  {:>6}  {:>6}  {:>8}  {:>11}  {:>9}\n",
                  "file", width, "rows", "accuracy", "macro recall", "F1 neg", "F1 neu", "F1 pos",
                  "macro F1", "calibration", "posts/s");
  for (const auto& each : evaluations)
    fmt::format_to(std::back_inserter(out),
                   "{:<{}}  {:>9}  {:>8.3f}  {:>6.3f} ± {:.3f}  {:>6.3f}  {:>6.3f}  {:>6.3f}  "
                   "{:>8.3f}  {:>11.3f}  {:>9}\n",
                   printable(each.file), width, grouped(each.rows), each.accuracy,
                   each.macro_recall, each.standard_error, each.f1[0], each.f1[1], each.f1[2],
                   each.macro_f1, each.calibration_error, grouped(posts_a_second(each)));
  return out;
}

std::string advocacy_table(std::span<const AdvocacyEvaluation> evaluations) {
  if (evaluations.empty()) return {};
  std::size_t width = 4;
  for (const auto& each : evaluations) width = std::max(width, printable(each.file).size());
  std::string out =
      fmt::format("{:<{}}  {:>9}  {:<15}  {:>8}  {:>7}  {:>13}  {:>13}  {:>13}\n", "file", width,
                  "rows", "label", "labelled", "given", "precision", "recall", "F1");
  for (const auto& each : evaluations) {
    const auto begin_line = [&](std::string_view label) {
      fmt::format_to(std::back_inserter(out), "{:<{}}  {:>9}  {:<15}", printable(each.file), width,
                     grouped(each.rows), label);
    };
    for_each_label(each, [&](std::string_view label, const LabelScore& score) {
      begin_line(label);
      fmt::format_to(std::back_inserter(out),
                     "  {:>8}  {:>7}  {:.3f} ± {:.3f}  {:.3f} ± {:.3f}  {:.3f} ± {:.3f}\n",
                     grouped(score.wanted), grouped(score.given), score.precision(),
                     score.precision_error(), score.recall(), score.recall_error(), score.f1(),
                     score.f1_error());
    });
    if (!has_stances(each)) continue;
    begin_line("stance, mean");
    fmt::format_to(std::back_inserter(out), "  {:>8}  {:>7}  {:>13}  {:>13}  {:.3f} ± {:.3f}\n", "",
                   "", "", "", each.stance_macro_f1(), each.stance_macro_f1_error());
  }
  return out;
}

std::string evaluation_json(std::span<const Evaluation> evaluations,
                            std::span<const AdvocacyEvaluation> advocacy, std::string_view model) {
  std::string out;
  JsonObject object{out};
  object.text("model", model);
  std::string& files = object.member("files");
  files += '[';
  for (const auto& each : evaluations) {
    if (files.back() != '[') files += ',';
    JsonObject file{files};
    file.text("file", each.file)
        .number("rows", each.rows)
        .raw("accuracy", fmt::format("{:.4f}", each.accuracy));
    file.raw("macro_recall", fmt::format("{:.4f}", each.macro_recall))
        .raw("standard_error", fmt::format("{:.4f}", each.standard_error))
        .raw("precision", list_of(each.precision));
    file.raw("recall", list_of(each.recall)).raw("f1", list_of(each.f1));
    file.raw("macro_f1", fmt::format("{:.4f}", each.macro_f1));
    file.raw("support",
             fmt::format("[{},{},{}]", each.support[0], each.support[1], each.support[2]));
    file.raw("calibration_error", fmt::format("{:.4f}", each.calibration_error))
        .number("posts_per_second", posts_a_second(each))
        .end();
  }
  files += ']';
  std::string& others = object.member("advocacy");
  others += '[';
  for (const auto& each : advocacy) {
    if (others.back() != '[') others += ',';
    append_advocacy(others, each);
  }
  others += ']';
  object.end();
  return out + "\n";
}

}  // namespace earshot
