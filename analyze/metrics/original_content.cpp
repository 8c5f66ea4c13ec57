#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

enum class Kind { original, repeat, link, press_release };

/// `repeats`: an earlier own post of the window says the same.
Kind kind_of(const OwnItem& item, bool repeats) {
  if (repeats) return Kind::repeat;
  if (item.marks.has(Mark::link_only)) return Kind::link;
  return item.marks.has(Mark::press_release) ? Kind::press_release : Kind::original;
}

MetricValue measure_original(const MetricInput& input) {
  std::uint64_t posts = 0;
  std::uint64_t original = 0;
  std::uint64_t repeats = 0;
  std::uint64_t links = 0;
  std::uint64_t releases = 0;
  std::set<std::uint64_t> groups;
  for (const auto& item : input.tallies.own) {  // oldest first
    if (!is_own_post(item)) continue;
    ++posts;
    const bool repeated = item.group != 0 && !groups.insert(item.group).second;
    switch (kind_of(item, repeated)) {
      case Kind::original:
        ++original;
        break;
      case Kind::repeat:
        ++repeats;
        break;
      case Kind::link:
        ++links;
        break;
      case Kind::press_release:
        ++releases;
        break;
    }
  }
  if (posts == 0)
    return {.figure = not_measurable({}, Unit::percent, why_no_own_posts(input.project))};
  return {.figure = share_figure({}, Unit::percent, original, posts, posts),
          .parts = {count_figure("said before", repeats), count_figure("only a link", links),
                    count_figure("press releases", releases)}};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts of your own say something new in your own words.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 posts of your own, {} say something new in your own words.",
                     of_every_100(*figure.value));
}

Weight weigh(const OwnItem& item, const Tallies& tallies, const Project&) {
  if (!is_own_post(item)) return {};
  const auto first = std::ranges::find_if(tallies.own, [&](const OwnItem& other) {
    return other.key == item.key ||
           (item.group != 0 && other.group == item.group && is_own_post(other));
  });
  return {1, 1, kind_of(item, first->key != item.key) == Kind::original};
}

}  // namespace

/// Own root posts that are neither a near-duplicate of an earlier one of the window, nor hardly
/// more than a link, nor a press release / own root posts; reposts left out. Of near-duplicates the
/// first counts as original: as everywhere, an item is its first appearance. No value without own
/// posts.
MetricDefinition original_content() {
  return {
      .formula =
          "count(O that repeat no earlier one, are not only a link and no press release) / "
          "count(O), O the own root posts",
      .source = "Altimeter, stage Presence: shareable content, not press releases (2013)",
      .misleading_when = "the rules are too literal: a link with three good words is only a link",
      .measure = measure_original,
      .reads = {Table::own_posts},
      .sentence = say,
      .evidence = {.own = weigh}};
}

}  // namespace earshot
