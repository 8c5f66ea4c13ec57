#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analyze/conversations.hpp"

namespace earshot {

namespace {

/// Changes of tone of some people: -2 (glad to angry) to 2.
struct Changes {
  std::uint64_t n = 0;
  std::int64_t sum = 0, squares = 0;

  void add(std::int64_t change) {
    ++n;
    sum += change;
    squares += change * change;
  }
  double mean() const { return static_cast<double>(sum) / static_cast<double>(n); }
  /// Of the mean, squared; n is at least 2.
  double error() const {
    const auto count = static_cast<double>(n);
    const double spread = static_cast<double>(squares) - mean() * mean() * count;
    return std::max(0.0, spread) / (count - 1) / count;
  }
};

bool has_tone(const ThreadRow& row) {
  return row.sentiment != Sentiment::unsupported;
}

enum class Group { answered, unanswered, neither };

/// Neither: who did not speak again, or got his answer only after that.
Group group_of(const Conversation& talk) {
  if (talk.first == talk.last) return Group::neither;
  if (talk.answer != nullptr)
    return talk.answer->key < talk.last->key ? Group::answered : Group::neither;
  const bool replied =
      std::ranges::any_of(talk.rows, [](const ThreadRow& row) { return is_own_reply(row); });
  return replied ? Group::neither : Group::unanswered;
}

bool is_asked(const Conversation& talk) {
  return talk.needed_answer && talk.first != nullptr;
}

Figure mean_change(std::string name, const Changes& changes, std::string why_not) {
  if (changes.n == 0)
    return not_measurable(std::move(name), Unit::score_points, std::move(why_not));
  return {.name = std::move(name),
          .unit = Unit::score_points,
          .value = changes.mean(),
          .n_used = changes.n,
          .n_eligible = changes.n};
}

/// From 30 people on either side the difference of the means is as good as normal.
std::optional<Interval> interval_of(const Changes& with, const Changes& without) {
  constexpr std::uint64_t enough = 30;
  constexpr double z = 1.959963984540054;
  if (with.n < enough || without.n < enough) return {};
  const double difference = with.mean() - without.mean();
  const double half = z * std::sqrt(with.error() + without.error());
  return Interval{difference - half, difference + half, "Welch"};
}

MetricValue measure_tone(const MetricInput& input) {
  Changes with;
  Changes without;
  std::uint64_t askers = 0;
  for (const auto& talk : conversations_of(input.tallies)) {
    if (!is_asked(talk)) continue;
    ++askers;
    const auto group = group_of(talk);
    if (group == Group::neither || !has_tone(*talk.first) || !has_tone(*talk.last)) continue;
    const auto change =
        static_cast<std::int64_t>(talk.last->sentiment) - static_cast<int>(talk.first->sentiment);
    (group == Group::answered ? with : without).add(change);
  }
  const std::string nobody_answered = "nobody spoke again after an answer";
  const std::string nobody_left =
      "nobody spoke again without an answer, so there is nothing to "
      "compare with";
  MetricValue value;
  if (askers == 0)
    return {.figure =
                not_measurable({}, Unit::score_points,
                               "no thread in which somebody needed the brand's answer is stored")};
  if (with.n == 0 || without.n == 0) {
    value.figure =
        not_measurable({}, Unit::score_points, with.n == 0 ? nobody_answered : nobody_left, askers);
  } else {
    value.figure = {.unit = Unit::score_points,
                    .value = with.mean() - without.mean(),
                    .n_used = with.n + without.n,
                    .n_eligible = askers,
                    .interval = interval_of(with, without)};
  }
  value.parts.push_back(mean_change("after an answer", with, nobody_answered));
  value.parts.push_back(
      mean_change("without one", without, "nobody spoke again without an answer"));
  return value;
}

std::string say(const MetricValue& value) {
  const double difference = *value.figure.value;
  if (difference == 0) return "People's tone changed no more with an answer than without one.";
  return fmt::format("People's tone was {} after an answer than without one.",
                     difference > 0 ? "warmer" : "colder");
}

std::vector<PostKey> last_words(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& talk : conversations_of(input.tallies))
    if (is_asked(talk) && group_of(talk) != Group::neither) posts.push_back(talk.last->key);
  return posts;
}

}  // namespace

/// Mean of (sentiment of the asker's last post - of his first), -1 to 1 each, over threads with a
/// post in the brand's inbox in which the brand replied before the last; minus the same over those
/// in which the brand never replied. Only askers who spoke again: of the others nothing is known.
/// The interval is Welch's, from 30 askers in each group on; with fewer there is none. No value
/// where either group is empty.
///
/// Source of the interval: Welch, "The generalization of 'Student's' problem when several different
/// population variances are involved" (Biometrika 1947), with the normal's quantile.
MetricDefinition tone_recovery() {
  return {.formula =
              "mean(sentiment of the asker's last post - of his first) over threads with an own "
              "reply in between, minus the same over threads without one; askers who spoke again",
          .source = "service literature",
          .misleading_when = "the angriest are answered first: they calm down anyway",
          .measure = measure_tone,
          .reads = {Table::inbox, Table::threads},
          .sentence = say,
          .evidence = {.posts = last_words}};
}

}  // namespace earshot
