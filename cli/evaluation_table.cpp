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

}  // namespace

std::string evaluation_table(std::span<const Evaluation> evaluations) {
  if (evaluations.empty()) return {};
  std::size_t width = 4;
  for (const auto& each : evaluations) width = std::max(width, printable(each.file).size());
  std::string out =
      fmt::format("{:<{}}  {:>9}  {:>8}  {:>12}  {:>6}  {:>6}  {:>6}  {:>11}\n", "file", width,
                  "rows", "accuracy", "macro recall", "F1 neg", "F1 neu", "F1 pos", "calibration");
  for (const auto& each : evaluations)
    fmt::format_to(std::back_inserter(out),
                   "{:<{}}  {:>9}  {:>8.3f}  {:>12.3f}  {:>6.3f}  {:>6.3f}  {:>6.3f}  {:>11.3f}\n",
                   printable(each.file), width, grouped(each.rows), each.accuracy,
                   each.macro_recall, each.f1[0], each.f1[1], each.f1[2], each.calibration_error);
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
        .raw("precision", list_of(each.precision));
    file.raw("recall", list_of(each.recall)).raw("f1", list_of(each.f1));
    file.raw("support",
             fmt::format("[{},{},{}]", each.support[0], each.support[1], each.support[2]));
    file.raw("calibration_error", fmt::format("{:.4f}", each.calibration_error)).end();
  }
  files += ']';
  object.end();
  return out + "\n";
}

}  // namespace earshot
