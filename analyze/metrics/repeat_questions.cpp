#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

bool is_question(const RaisedItem& item) {
  return item.intents.has(Intent::question);
}

/// The questions of the window, oldest first.
std::vector<const RaisedItem*> questions_of(const Tallies& tallies) {
  std::vector<const RaisedItem*> questions;
  for (const auto& item : tallies.raised)
    if (is_question(item)) questions.push_back(&item);
  std::ranges::stable_sort(questions, {}, [](const RaisedItem* item) { return item->key; });
  return questions;
}

/// Those that were asked when an earlier one of the same words had its answer already.
std::vector<PostKey> repeated(const Tallies& tallies) {
  std::map<std::uint64_t, Instant> answered;  // when, first
  std::vector<PostKey> found;
  for (const auto* item : questions_of(tallies)) {
    if (item->question == 0) continue;
    const auto before = answered.find(item->question);
    if (before != answered.end() && before->second <= item->key.posted_at)
      found.push_back(item->key);
    if (!item->replied_after) continue;
    const auto at = item->key.posted_at + std::chrono::seconds{*item->replied_after};
    const auto [entry, added] = answered.emplace(item->question, at);
    if (!added) entry->second = std::min(entry->second, at);
  }
  return found;
}

MetricValue measure_repeats(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto questions = questions_of(tallies);
  const auto all = questions.size();
  if (all == 0)
    return {.figure = not_measurable({}, Unit::percent,
                                     "nobody asked anything about the brand or a topic in the "
                                     "window")};
  if (std::ranges::none_of(questions, &RaisedItem::threaded))
    return {.figure = not_measurable({}, Unit::percent,
                                     "no replies are collected from the sources in which people "
                                     "ask, so answers can't be seen",
                                     all)};
  const auto comparable = static_cast<std::uint64_t>(
      std::ranges::count_if(questions, [](const RaisedItem* item) { return item->question != 0; }));
  if (comparable == 0)
    return {.figure =
                not_measurable({}, Unit::percent,
                               "the questions have too few words to tell which are the same", all)};
  return {.figure = share_figure({}, Unit::percent, repeated(tallies).size(), comparable, all)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} questions had been asked and answered before.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 questions, {} had been asked and answered before.",
                     of_every_100(*figure.value));
}

/// The repeated ones.
std::vector<PostKey> posts_of(const MetricInput& input) {
  return repeated(input.tallies);
}

}  // namespace

/// Questions about brand or topics of the same content words as an earlier one of the window that
/// somebody had answered by then / questions that have enough words to be compared. A lower bound:
/// answers are seen only where replies are collected, and texts that repeat another word for word
/// are one item, not two. No value without questions, or where no answer can be seen.
MetricDefinition repeat_questions() {
  return {.formula =
              "count(questions of the same content words as an earlier one that was answered "
              "by then) / count(questions with at least two content words)",
          .source = "ours, after service practice",
          .misleading_when = "the same words ask different things, or other words the same",
          .measure = measure_repeats,
          .reads = {Table::raised},
          .sentence = say,
          .evidence = {.posts = posts_of}};
}

}  // namespace earshot
