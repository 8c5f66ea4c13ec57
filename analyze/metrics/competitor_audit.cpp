#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "analyze/standpoint.hpp"
#include "store/base/parallel.hpp"

namespace earshot {

namespace {

constexpr Tables tables_read{Table::own_posts, Table::answers};

bool heard(const Tallies* tallies) {
  return tallies != nullptr && std::ranges::any_of(tallies->own, [](const OwnItem& item) {
           return item.owner == brand_index;
         });
}

Figure channels_used(const Tallies& tallies) {
  std::set<std::uint64_t> channels;
  std::uint64_t posts = 0;
  for (const auto& item : tallies.own) {
    if (!is_own_post(item)) continue;
    ++posts;
    channels.insert(item.channel);
  }
  return {.unit = Unit::channels,
          .value = static_cast<double>(channels.size()),
          .n_used = posts,
          .n_eligible = posts};
}

/// What a metric says of the brand, said of a competitor.
std::string in_name_of(const Party& competitor, std::string reason) {
  constexpr std::string_view whom = "the brand";
  for (auto at = reason.find(whom); at != std::string::npos;
       at = reason.find(whom, at + competitor.name.size()))
    reason.replace(at, whom.size(), competitor.name);
  return reason;
}

void add_row(MetricValue& value, const Standpoint& competitor, std::string_view measure,
             Figure figure) {
  const auto& party = competitor.project.brand;
  if (figure.not_measurable == why_no_own_posts(competitor.project))
    figure.not_measurable = "no posts of its own in the window";
  figure.not_measurable = in_name_of(party, std::move(figure.not_measurable));
  figure.name = fmt::format("{}: {}", party.name, measure);
  value.breakdown.push_back({"competitor", std::move(figure)});
}

void add_measures(const Standpoint& competitor, MetricValue& value) {
  struct Measure {
    std::string_view metric, label;
  };
  static constexpr std::array<Measure, 5> measures{
      {{"amplification", "shares"},
       {"applause", "likes"},
       {"conversation_rate", "replies by others"},
       {"response_rate", "response rate"},
       {"first_response_time", "median first response"}}};
  const auto input = competitor.input();
  add_row(value, competitor, "own posts", measure_alone(*find_metric("cadence"), input).figure);
  add_row(value, competitor, "channels used", channels_used(competitor.tallies));
  for (const auto& measure : measures)
    add_row(value, competitor, measure.label,
            measure_alone(*find_metric(measure.metric), input).figure);
}

/// True if the window has posts of his.
bool audit(const Standpoint& competitor, MetricValue& value) {
  const auto& party = competitor.project.brand;
  const bool now = heard(&competitor.tallies);
  if (now || heard(competitor.other ? &*competitor.other : nullptr)) {
    add_measures(competitor, value);
    return now;
  }
  value.breakdown.push_back(
      {"competitor",
       not_measurable(party.name, Unit::items,
                      party.handles.empty()
                          ? "no account of it is declared: add handles to its [[competitor]]"
                          : "no posts of its own in the window (are its handles right, and are "
                            "its accounts among the sources?)")});
  return false;
}

MetricValue measure_competitors(const MetricInput& input) {
  const auto competitors = entities_of_kind(input.tallies.request, EntityKind::competitor);
  if (competitors.empty())
    return {.figure = not_measurable(
                {}, Unit::items, "no competitor is declared: add [[competitor]] to the config")};
  const Standpoints standpoints{input, tables_read};
  std::vector<MetricValue> audits(competitors.size());
  std::vector<char> heard_now(competitors.size());
  parallel_slices(competitors.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i)
      heard_now[i] = audit(standpoints.of(competitors[i]), audits[i]);
  });
  const auto seen = static_cast<std::uint64_t>(std::ranges::count(heard_now, true));
  MetricValue value;
  for (auto& audited : audits)
    std::ranges::move(audited.breakdown, std::back_inserter(value.breakdown));
  value.figure = {.value = static_cast<double>(seen),
                  .ratio = Ratio{static_cast<std::int64_t>(seen),
                                 static_cast<std::int64_t>(competitors.size())},
                  .n_used = competitors.size(),
                  .n_eligible = competitors.size()};
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("You can watch {} of your {} declared competitors at work.",
                     value.figure.ratio->numerator, value.figure.ratio->denominator);
}

std::vector<PostKey> competitors_posts(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.own)
    if (item.owner != brand_index) posts.push_back(item.key);
  return posts;
}

}  // namespace

/// Competitors of whose handles the window has posts; of each its cadence, the channels with root
/// posts of its own, shares, likes and replies a post, response rate and median first response, by
/// the metrics of the brand from the competitor's standpoint. No value without competitors; no rows
/// but the reason for one without handles, or never heard.
MetricDefinition competitor_audit() {
  return {.formula =
              "competitors with own posts in the window; of each: own posts a week, channels used, "
              "shares, likes and replies a post, response rate, median first response, as measured "
              "for the brand",
          .source = "Altimeter, stage Planning: competitive audit (2013)",
          .misleading_when =
              "competitors answer in private, or only a part of their accounts is collected",
          .measure = measure_competitors,
          .reads = tables_read,
          .sentence = say,
          .evidence = {.posts = competitors_posts},
          .census = true};
}

}  // namespace earshot
