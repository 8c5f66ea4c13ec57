#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

constexpr std::size_t most_shown = 5;

bool is_advocacy(const RaisedItem& item) {
  return item.brand && item.stance == Stance::advocate;
}

struct Advocates {
  std::vector<std::uint64_t> engagement;  ///< Of each, the largest first; of those known.
  std::uint64_t items = 0, engaged_items = 0, total = 0;
};

Advocates advocates_of(const Tallies& tallies) {
  Advocates advocates;
  for (const auto& row : tallies.authors) {
    if (row.scope != brand_scope || row.advocate_items == 0) continue;
    advocates.items += row.advocate_items;
    if (row.advocate_engaged_items == 0) continue;
    advocates.engaged_items += row.advocate_engaged_items;
    advocates.total += row.advocate_engagement;
    advocates.engagement.push_back(row.advocate_engagement);
  }
  std::ranges::sort(advocates.engagement, std::ranges::greater{});
  return advocates;
}

std::string why_not(const Tallies& tallies, const Advocates& advocates) {
  if (advocates.items == 0)
    return std::ranges::any_of(tallies.raised, is_advocacy)
               ? std::string{no_authors}
               : "nobody recommended the brand in the window";
  if (advocates.engaged_items == 0)
    return "no source says the likes, shares or replies of the posts that recommend the brand";
  return "nobody liked, shared or answered the posts that recommend the brand";
}

/// Engagement comes in bursts and is no independent trials, so that Wilson's interval would promise
/// too much and there is none.
Figure engagement_share(std::string name, const Advocates& advocates, std::uint64_t engagement) {
  auto figure =
      share_figure(std::move(name), Unit::percent, engagement, advocates.total, advocates.items);
  figure.n_used = advocates.engaged_items;
  figure.interval.reset();
  return figure;
}

MetricValue measure_engagement(const MetricInput& input) {
  const auto advocates = advocates_of(input.tallies);
  if (advocates.total == 0)
    return {.figure = not_measurable({}, Unit::percent, why_not(input.tallies, advocates),
                                     advocates.items)};
  MetricValue value{.figure = engagement_share({}, advocates, advocates.engagement.front())};
  value.parts.push_back({.name = "as if by so many equal advocates",
                         .unit = Unit::people,
                         .value = effective_number(advocates.engagement),
                         .n_used = advocates.engaged_items,
                         .n_eligible = advocates.items});
  const auto shown = std::min(advocates.engagement.size(), most_shown);
  for (std::size_t i = 0; i < shown; ++i)
    value.breakdown.push_back({"advocate", engagement_share(fmt::format("no. {}", i + 1), advocates,
                                                            advocates.engagement[i])});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} likes, shares and replies to recommendations went to one person.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format(
      "Of every 100 likes, shares and replies to recommendations, {} went to one person.",
      of_every_100(*figure.value));
}

/// All that recommend the brand: the tallies don't tell the engagement of each.
std::vector<PostKey> posts_of(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.raised)
    if (is_advocacy(item) && item.author != 0) posts.push_back(item.key);
  return posts;
}

}  // namespace

/// Likes, shares and replies of the advocate items of the advocate who has most / those of all
/// advocate items about the brand by known authors; n are these items, used those whose engagement
/// is known. The public is not named; the largest five stand by rank. No value without
/// recommendations, or where no engagement is known or all is 0.
MetricDefinition advocate_engagement() {
  return {.formula =
              "likes + shares + replies of one advocate's items / those of all advocate items; "
              "affiliates left out; the value is the largest share",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010); Conclave",
          .misleading_when = "one post went viral; it is not influence",
          .measure = measure_engagement,
          .reads = {Table::authors, Table::raised},
          .sentence = say,
          .evidence = {.posts = posts_of}};
}

}  // namespace earshot
