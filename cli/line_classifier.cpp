#include "cli/line_classifier.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "analyze/advocacy.hpp"
#include "analyze/language.hpp"
#include "cli/post_writers.hpp"
#include "store/base/json_text.hpp"

namespace earshot {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view not_json = "not valid JSON", not_utf8 = "not UTF-8";

std::string_view trimmed(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r");
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end + 1);
}

}  // namespace

struct LineClassifier::Scratch::State {
  SentimentModel::Scratch sentiment;
  AdvocacyScratch advocacy;
  ondemand::parser parser;
};

LineClassifier::Scratch::Scratch() : state_{std::make_unique<State>()} {}
LineClassifier::Scratch::~Scratch() = default;

/// What a line holds; views into the line or the parser, alive until the next line is read.
struct LineClassifier::Entry {
  std::string_view text;
  std::string_view id;  ///< As JSON; empty for none.
  std::string_view lang;
  std::string_view error;  ///< Why there is nothing else.
  bool has_text = false;
};

LineClassifier::LineClassifier(const SentimentModel& model, Format format, std::string field)
    : model_{model}, format_{format}, field_{std::move(field)} {}

LineClassifier::Entry LineClassifier::read(const InputLine& line, Scratch::State& state) const {
  if (line.too_long) return {.error = "the line is longer than 16 MB"};
  if (format_ == Format::text) {
    if (!simdjson::validate_utf8(line.text)) return {.error = not_utf8};
    return {.text = line.text, .has_text = true};
  }
  if (line.text.find_first_not_of(" \t") == std::string_view::npos)
    return {.error = "the line is empty"};

  Entry entry;
  ondemand::document document;
  ondemand::object object;
  if (const auto fault = state.parser
                             .iterate(line.text.data(), line.text.size(),
                                      line.text.size() + simdjson::SIMDJSON_PADDING)
                             .get(document))
    return {.error = fault == simdjson::UTF8_ERROR ? not_utf8 : not_json};
  if (const auto fault = document.get_object().get(object))
    return {.error = fault == simdjson::INCORRECT_TYPE ? "not a JSON object" : not_json};
  for (auto member : object) {
    std::string_view key;
    ondemand::value value;
    ondemand::json_type type{};
    if (member.error() || member.unescaped_key().get(key) || member.value().get(value) ||
        value.type().get(type))
      return {.error = not_json};
    const bool text = type == ondemand::json_type::string;
    if (key == field_) {
      if (!text) return {.error = "the text is not a string"};
      if (value.get_string().get(entry.text)) return {.error = not_json};
      entry.has_text = true;
    } else if (key == "id" && (text || type == ondemand::json_type::number)) {
      entry.id = trimmed(value.raw_json_token());
    } else if (key == "lang" && text && value.get_string().get(entry.lang)) {
      return {.error = not_json};
    }
  }
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  if (!at_end) return {.error = not_json};
  return entry;
}

std::uint64_t LineClassifier::classify(std::span<const InputLine> lines, Scratch& scratch,
                                       std::string& out) const {
  auto& state = *scratch.state_;
  std::uint64_t bad = 0;
  for (const auto& line : lines) {
    const Entry entry = read(line, state);
    if (!entry.error.empty() || !entry.has_text) {
      ++bad;
      out += "{\"error\":";
      append_json_string(
          out, entry.error.empty() ? fmt::format("there is no '{}'", field_) : entry.error);
      out += "}\n";
      continue;
    }
    const auto lang = detect_language(entry.text, entry.lang);
    const auto score = model_.score(entry.text, lang, state.sentiment);
    const auto advocacy = label_advocacy(state.sentiment.text, score, state.advocacy);
    out += '{';
    if (!entry.id.empty()) out.append("\"id\":").append(entry.id).append(",");
    append_label_members(out, score.sentiment, score.permille, advocacy.stance, advocacy.intents,
                         text_of(lang));
    out += "}\n";
  }
  return bad;
}

}  // namespace earshot
