#include "analyze/metric.hpp"

namespace earshot {

namespace {

std::optional<std::uint64_t> shares_of(const OwnItem& item) {
  if (item.shares < 0) return {};
  return static_cast<std::uint64_t>(item.shares);
}

/// Shares for each post and thousand followers, over posts with both known.
Figure per_follower(const Tallies& tallies) {
  const std::string name = "per 1,000 followers";
  std::uint64_t shares = 0;
  std::uint64_t followers = 0;
  std::uint64_t used = 0;
  std::uint64_t posts = 0;
  for (const auto& item : tallies.own) {
    if (!is_own_post(item)) continue;
    ++posts;
    if (item.shares < 0 || item.followers < 0) continue;
    ++used;
    shares += static_cast<std::uint64_t>(item.shares);
    followers += static_cast<std::uint64_t>(item.followers);
  }
  if (followers == 0)
    return not_measurable(name, Unit::per_1000_followers,
                          "no source says how many followers the own accounts have", posts);
  auto figure = mean_figure(name, Unit::per_1000_followers, shares, followers, posts);
  *figure.value *= 1000;
  figure.n_used = used;
  return figure;
}

MetricValue measure_amplification(const MetricInput& input) {
  auto value = mean_over_own_posts(input, Unit::shares_per_post,
                                   "no source says how often the own posts were shared", shares_of);
  if (value.figure.value) value.parts.push_back(per_follower(input.tallies));
  return value;
}

Weight weigh(const OwnItem& item, const Tallies&, const Project&) {
  const bool own = is_own_post(item);
  const bool known = own && shares_of(item).has_value();
  return {own, known, known ? item.shares : 0};
}

}  // namespace

/// Sum of shares / own root posts whose shares are known. Per 1,000 followers: 1000 x sum of shares
/// / sum of the followers seen on the same posts. No value without own posts or without known
/// shares.
MetricDefinition amplification() {
  return {.formula =
              "sum of shares / own posts with shares known; per 1,000 followers: 1000 x sum of "
              "shares / sum of followers over posts with both known",
          .source = "Kaushik (2011)",
          .misleading_when = "counts were frozen when posts were collected, or at different ages",
          .measure = measure_amplification,
          .reads = {Table::own_posts},
          .evidence = {.own = weigh}};
}

}  // namespace earshot
