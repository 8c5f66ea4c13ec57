#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyze/conversations.hpp"
#include "analyze/waits.hpp"

namespace earshot {

namespace {

struct Tone {
  std::uint64_t replies = 0, positive = 0, negative = 0;

  double net() const {
    return (static_cast<double>(positive) - static_cast<double>(negative)) /
           static_cast<double>(replies);
  }
};

std::map<std::string, Tone> tones_of(const MetricInput& input) {
  std::map<std::string, Tone> tones;
  for (const auto& item : input.tallies.own) {
    if (!is_own_reply(item) || item.author == 0 || item.sentiment == Sentiment::unsupported)
      continue;
    auto& tone = tones[input.accounts.name_of(item.author)];
    ++tone.replies;
    if (item.sentiment == Sentiment::positive) ++tone.positive;
    if (item.sentiment == Sentiment::negative) ++tone.negative;
  }
  return tones;
}

MetricValue measure_spread(const MetricInput& input) {
  const auto all = static_cast<std::uint64_t>(std::ranges::count_if(
      input.tallies.own, [](const OwnItem& item) { return is_own_reply(item); }));
  if (all == 0) return {.figure = not_measurable({}, Unit::points, why_no_own_replies(input))};
  MetricValue value{.figure = {.unit = Unit::points, .n_eligible = all}};
  std::size_t compared = 0;
  double lowest = 1;
  double highest = -1;
  for (const auto& [name, tone] : tones_of(input)) {
    value.breakdown.push_back(
        {"handle", net_figure(name, tone.positive, tone.negative, tone.replies, tone.replies)});
    if (tone.replies < least_to_compare) continue;
    ++compared;
    value.figure.n_used += tone.replies;
    lowest = std::min(lowest, tone.net());
    highest = std::max(highest, tone.net());
  }
  if (compared < 2) {
    value.figure.n_used = 0;
    value.figure.not_measurable =
        fmt::format("fewer than two handles wrote {} replies in the window", least_to_compare);
  } else {
    value.figure.value = highest - lowest;
  }
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format(
      "Between the tone of your warmest and of your coldest account lie {:.0f} "
      "points.",
      *value.figure.value * 100);
}

std::vector<PostKey> compared_replies(const MetricInput& input) {
  const auto tones = tones_of(input);
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.own)
    if (is_own_reply(item) && item.author != 0 &&
        tones.at(input.accounts.name_of(item.author)).replies >= least_to_compare)
      posts.push_back(item.key);
  return posts;
}

}  // namespace

/// The largest net sentiment (positive - negative) / all of a handle's own replies minus the
/// smallest, over handles with ten replies or more (with fewer a single reply moves it by more than
/// ten points); auto-replies are none. 0 to 200 points. It has no interval: the extremes of several
/// shares are no estimate of one. No value with fewer than two such handles.
MetricDefinition tone_spread() {
  return {.formula =
              "max - min of (positive - negative) / own replies, over handles with ten replies or "
              "more",
          .source = "Cisco: tone",
          .misleading_when = "one handle answers the complaints, or a handle is shared",
          .measure = measure_spread,
          .reads = {Table::activity, Table::accounts},
          .sentence = say,
          .evidence = {.posts = compared_replies}};
}

}  // namespace earshot
