#include <map>

#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

/// Comments and shares of an own post, as far as they are known; nothing where neither is.
std::optional<std::uint64_t> reactions_to(const OwnItem& item) {
  if (!item.threaded && item.shares < 0) return {};
  return (item.threaded ? item.public_replies : 0) +
         (item.shares < 0 ? 0 : static_cast<std::uint64_t>(item.shares));
}

struct Sum {
  std::uint64_t reactions = 0, known = 0, posts = 0;
};

/// Reactions come in bursts and are no independent trials of views: no interval.
Figure by_views(std::string name, const Sum& sum, std::uint64_t views) {
  auto figure = share_figure(std::move(name), Unit::percent, sum.reactions, views, sum.posts);
  figure.n_used = sum.known;
  figure.interval.reset();
  return figure;
}

std::uint64_t views_on(const MetricInput& input, std::string_view channel) {
  return whole(sum_observed(input, *input.files.exposure, [&](const ExposureRow& row) {
                 return same_name(row.channel, channel) ? row.views : std::nullopt;
               }).sum);
}

MetricValue measure_engagement(const MetricInput& input) {
  Sum all;
  std::map<std::uint64_t, Sum> by_channel;
  for (const auto& item : input.tallies.own) {
    if (!is_own_post(item)) continue;
    const auto reactions = reactions_to(item);
    for (auto* sum : {&all, &by_channel[item.channel]}) {
      ++sum->posts;
      if (!reactions) continue;
      ++sum->known;
      sum->reactions += *reactions;
    }
  }
  const auto why_not = [&](std::string why) {
    return MetricValue{.figure = not_measurable({}, Unit::percent, std::move(why), all.posts)};
  };
  if (auto why = why_not_of_part(input); !why.empty()) return why_not(std::move(why));
  if (!input.files.exposure) return why_not(no_file("exposure"));
  const auto views = whole(sum_observed(input, *input.files.exposure, [](const ExposureRow& row) {
                             return row.views;
                           }).sum);
  if (views == 0) return why_not(no_line("exposure", "views"));
  if (all.posts == 0) return why_not(why_no_own_posts(input.project));
  if (all.known == 0) return why_not("no source says shares or replies of the own posts");
  MetricValue value{.figure = by_views({}, all, views)};
  for_each_channel(input.tallies, by_channel, [&](const std::string& name, const Sum& sum) {
    const auto seen = views_on(input, name);
    auto row = by_views(name, sum, seen);
    if (sum.known == 0)
      row = not_measurable(name, Unit::percent, "shares and replies are not known here", sum.posts);
    else if (seen == 0)
      row = not_measurable(name, Unit::percent, "the exposure file says no views of this channel",
                           sum.posts);
    value.breakdown.push_back({"channel", row});
  });
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("Your posts were seen {} times, and commented or shared {} times.",
                     value.figure.ratio->denominator, value.figure.ratio->numerator);
}

Weight weigh(const OwnItem& item, const Tallies&, const Project&) {
  if (!is_own_post(item)) return {};
  const auto reactions = reactions_to(item);
  return {1, reactions.has_value(), static_cast<std::int64_t>(reactions.value_or(0))};
}

}  // namespace

/// (replies by others + shares) of own root posts / views in the window by the exposure file; n is
/// posts. Trackbacks are left out, for no source collects them. No interval, see `by_views`. No
/// value without the file, views, own posts, or anything known about their shares and replies.
MetricDefinition audience_engagement() {
  return {.formula =
              "(comments + shares) of own root posts / views, by the exposure file; "
              "trackbacks are not collected",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when = "paid views are mixed in, or a channel's comments are not collected",
          .measure = measure_engagement,
          .reads = {Table::own_posts},
          .sentence = say,
          .evidence = {.own = weigh}};
}

}  // namespace earshot
