#include "analyze/evaluate_advocacy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "analyze/advocacy.hpp"
#include "store/base/file.hpp"
#include "store/base/hash.hpp"

namespace earshot {
namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double binomial_error(double share, std::uint64_t count) {
  return count == 0 ? 0 : std::sqrt(share * (1 - share) / static_cast<double>(count));
}

/// What people say of a post.
struct Judgement {
  std::optional<Stance> stance;  ///< None in a file of complaints.
  Intents intents;
  std::string_view text;
};

std::optional<Stance> stance_named(std::string_view name) {
  for (const Stance stance : {Stance::detractor, Stance::none, Stance::advocate})
    if (name == name_of(stance)) return stance;
  return std::nullopt;
}

std::optional<Intent> intent_named(std::string_view name) {
  for (std::size_t i = 0; i < intent_count; ++i)
    if (name == name_of(static_cast<Intent>(i))) return static_cast<Intent>(i);
  return std::nullopt;
}

/// Error: what is wrong with the list.
Result<Intents> read_intents(std::string_view list) {
  Intents intents;
  if (list == "-") return intents;
  for (;;) {
    const std::string_view name = list.substr(0, list.find(','));
    const auto intent = intent_named(name);
    if (!intent)
      return Error{Error::Kind::format, fmt::format("unknown intent '{}'", name.substr(0, 40))};
    intents.add(*intent);
    if (name.size() == list.size()) return intents;
    list.remove_prefix(name.size() + 1);
  }
}

/// Error: what is wrong with the line.
Result<Judgement> read_line(std::string_view line) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos)
    return Error{Error::Kind::format, "no tab between label and text"};
  const std::string_view label = line.substr(0, tab);
  Judgement judgement;
  judgement.text = line.substr(line.rfind('\t') + 1);
  if (label == "complaint" || label == "other") {
    if (label == "complaint") judgement.intents.add(Intent::complaint);
    return judgement;
  }
  judgement.stance = stance_named(label);
  if (!judgement.stance)
    return Error{Error::Kind::format,
                 fmt::format("unknown label '{}', expected advocate, detractor, none, complaint or "
                             "other",
                             label.substr(0, 40))};
  const std::string_view rest = line.substr(tab + 1);
  if (rest.find('\t') == std::string_view::npos)
    return Error{Error::Kind::format, "no tab between intents and text"};
  const auto intents = read_intents(rest.substr(0, rest.find('\t')));
  if (!intents) return intents.error();
  judgement.intents = *intents;
  return judgement;
}

void add(LabelScore& score, bool is, bool says) {
  score.hits += is && says ? 1 : 0;
  score.given += says ? 1 : 0;
  score.wanted += is ? 1 : 0;
}

void add(AdvocacyEvaluation& sums, const Judgement& wanted, const AdvocacyLabels& given) {
  ++sums.rows;
  if (wanted.stance)
    for (const Stance stance : {Stance::detractor, Stance::none, Stance::advocate})
      add(sums.stances[static_cast<std::size_t>(static_cast<int>(stance) + 1)],
          *wanted.stance == stance, given.stance == stance);
  for (std::size_t i = 0; i < intent_count; ++i) {
    const auto intent = static_cast<Intent>(i);
    if (wanted.stance || intent == Intent::complaint)
      add(sums.intents[i], wanted.intents.has(intent), given.intents.has(intent));
  }
}

}  // namespace

double LabelScore::precision() const {
  return ratio(hits, given);
}
double LabelScore::precision_error() const {
  return binomial_error(precision(), given);
}
double LabelScore::recall() const {
  return ratio(hits, wanted);
}
double LabelScore::recall_error() const {
  return binomial_error(recall(), wanted);
}
double LabelScore::f1() const {
  return ratio(2 * hits, given + wanted);
}
double LabelScore::f1_error() const {
  const std::uint64_t either = given + wanted - hits;
  const double shared = ratio(hits, either);
  return 2 / ((1 + shared) * (1 + shared)) * binomial_error(shared, either);
}

double AdvocacyEvaluation::stance_macro_f1() const {
  return (stances[0].f1() + stances[1].f1() + stances[2].f1()) / 3;
}
double AdvocacyEvaluation::stance_macro_f1_error() const {
  double squares = 0;
  for (const LabelScore& score : stances) squares += score.f1_error() * score.f1_error();
  return std::sqrt(squares) / 3;
}

Result<bool> is_advocacy_file(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  const std::size_t begin = bytes->find_first_not_of("\r\n");
  if (begin == std::string::npos) return false;
  const auto line = std::string_view{*bytes}.substr(begin);
  const auto label = line.substr(0, line.find_first_of("\t\n"));
  return label == "complaint" || label == "other" || stance_named(label).has_value();
}

Result<AdvocacyEvaluation> evaluate_advocacy(const SentimentModel& model, const std::string& path,
                                             FileHalf half) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  AdvocacyEvaluation sums;
  sums.file = path;
  SentimentModel::Scratch sentiment;
  AdvocacyScratch scratch;
  std::string_view rest = *bytes;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto wanted = read_line(line);
    if (!wanted)
      return Error{wanted.error().kind,
                   fmt::format("{}:{}: {}", path, number, wanted.error().message)};
    const bool is_first = hash_bytes(wanted->text) % 2 == 0;
    if (half != FileHalf::all && is_first != (half == FileHalf::first)) continue;
    const SentimentScore feeling = model.score(wanted->text, sentiment);
    add(sums, *wanted, label_advocacy(sentiment.text, feeling, scratch));
  }
  if (sums.rows == 0)
    return Error{Error::Kind::format, fmt::format("{}: no labelled line in it", path)};
  return sums;
}

}  // namespace earshot
