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

std::string evaluation_json(std::span<const Evaluation> evaluations, std::string_view model) {
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
  object.end();
  return out + "\n";
}

}  // namespace earshot
