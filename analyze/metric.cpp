#include "analyze/metric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace earshot {

#define EARSHOT_METRIC(number, name, unit, level, summary) MetricDefinition name();
#include "analyze/metrics.def"
#undef EARSHOT_METRIC

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all{
#define EARSHOT_METRIC(number, name, unit, level, summary) \
  {#name, #number, Unit::unit, Level::level, summary, name()},
#include "analyze/metrics.def"
#undef EARSHOT_METRIC
  };
  return all;
}

namespace {

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// Units whose values are shares of a sample: below the minimum n they are not shown.
bool is_share(Unit unit) {
  return unit == Unit::percent || unit == Unit::points || unit == Unit::per_1000;
}

void mark_small_samples(MetricValue& value, const Metric& metric, std::uint64_t minimum_n) {
  const auto mark = [&](Figure& figure) {
    if (figure.unit == Unit::items || metric.definition.census || !figure.not_measurable.empty())
      return;
    figure.small_sample = figure.n_used < minimum_n;
  };
  mark(value.figure);
  std::ranges::for_each(value.parts, mark);
  for (auto& row : value.breakdown) mark(row.figure);
}

/// A share of too few is not compared; a count or a mean is. Where words stand for a value, its
/// parts tell what changed.
bool comparable(const Figure& figure) {
  return figure.value && figure.words.empty() && !(figure.small_sample && is_share(figure.unit));
}

void compare(Figure& now, const Figure& before) {
  if (!comparable(now) || !comparable(before) || now.name != before.name) return;
  now.change = Change{*before.value, *now.value - *before.value, {}};
  // Intervals of medians have no such sum: they may be open, and their ends are observations.
  if (is_share(now.unit) && now.interval && before.interval)
    now.change->interval =
        difference_interval(*now.value, *now.interval, *before.value, *before.interval);
}

void compare(MetricValue& now, const MetricValue& before) {
  compare(now.figure, before.figure);
  for (auto& part : now.parts)
    for (const auto& old : before.parts)
      if (old.name == part.name) compare(part, old);
  for (auto& row : now.breakdown)
    for (const auto& old : before.breakdown)
      if (old.dimension == row.dimension) compare(row.figure, old.figure);
}

}  // namespace

MetricValue measure_alone(const Metric& metric, const MetricInput& input) {
  MetricValue value;
  const auto& labels = input.tallies.labels;
  if (metric.definition.needs_labels && labels.labelled == 0) {
    value.figure =
        not_measurable({}, metric.unit,
                       labels.unlabelled == 0
                           ? "no posts in the window"
                           : "no post of the window is labelled yet: run earshot analyze first");
    return value;
  }
  value = metric.definition.measure(input);
  mark_small_samples(value, metric, input.project.minimum_n);
  return value;
}

std::string_view name_of(Unit unit) {
  static constexpr std::array<std::string_view, 26> names{"items",
                                                          "percent",
                                                          "points",
                                                          "per_1000",
                                                          "ratio",
                                                          "seconds",
                                                          "days",
                                                          "posts_per_week",
                                                          "shares_per_post",
                                                          "likes_per_post",
                                                          "replies_per_post",
                                                          "per_1000_followers",
                                                          "channels",
                                                          "departments",
                                                          "people",
                                                          "people_per_link",
                                                          "handles",
                                                          "regions",
                                                          "objectives",
                                                          "turns",
                                                          "share",
                                                          "score",
                                                          "score_points",
                                                          "hours_per_day",
                                                          "money",
                                                          "money_per_visit"};
  return names[static_cast<std::size_t>(unit)];
}

std::string_view name_of(Level level) {
  static constexpr std::array<std::string_view, 6> names{"quality",  "activity", "output",
                                                         "out-take", "outcome",  "impact"};
  return names[static_cast<std::size_t>(level)];
}

const Metric* find_metric(std::string_view name) {
  const auto found = std::ranges::find_if(metrics(), [&](const Metric& metric) {
    return equal_without_case(metric.name, name) || equal_without_case(metric.number, name);
  });
  return found == metrics().end() ? nullptr : &*found;
}

Tables evidence_tables(Tables reads) {
  if (reads.has_any({Table::waits, Table::answers})) reads.add(Table::inbox);
  if (reads.has_any({Table::activity, Table::own_posts})) reads.add(Table::own);
  return reads;
}

Tables tables_of(const Metric& metric, const Project& project) {
  const auto& definition = metric.definition;
  auto tables = definition.reads;
  if (project.inbox.business_hours) tables |= definition.reads_by_hours;
  if (!definition.reads_objectives) return tables;
  for (const auto& objective : project.objectives)
    if (const auto* named = find_metric(objective.metric))
      if (!named->definition.reads_objectives) tables |= tables_of(*named, project);
  return tables;
}

Tables tables_of(std::span<const Metric* const> metrics, const Project& project) {
  Tables tables;
  for (const auto* metric : metrics) tables |= tables_of(*metric, project);
  return tables;
}

MetricValue measure(const Metric& metric, const Tallies& now, const Tallies* before,
                    const MetricContext& context) {
  const auto input = [&](const Tallies& tallies, const Tallies* other) {
    return MetricInput{tallies,          other,         context.project,   context.calendar,
                       context.accounts, context.files, context.correction};
  };
  auto value = measure_alone(metric, input(now, before));
  if (before != nullptr) compare(value, measure_alone(metric, input(*before, &now)));
  return value;
}

const EntityLabel* FactView::about(EntityIndex entity) const {
  const auto found = std::ranges::find(entities, entity, &EntityLabel::entity);
  return found == entities.end() ? nullptr : &*found;
}

EntityIndex find_entity(const TallyRequest& request, EntityKind kind, std::string_view name) {
  for (std::size_t i = 0; i < request.entities.size(); ++i)
    if (request.entities[i].kind == kind && request.entities[i].name == name)
      return static_cast<EntityIndex>(i);
  return no_entity;
}

std::vector<EntityIndex> entities_of_kind(const TallyRequest& request, EntityKind kind) {
  std::vector<EntityIndex> found;
  for (std::size_t i = 0; i < request.entities.size(); ++i)
    if (request.entities[i].kind == kind) found.push_back(static_cast<EntityIndex>(i));
  return found;
}

Figure share_figure(std::string name, Unit unit, std::uint64_t hits, std::uint64_t n,
                    std::uint64_t n_eligible) {
  Figure figure{.name = std::move(name), .unit = unit, .n_used = n, .n_eligible = n_eligible};
  if (n == 0) return figure;
  figure.value = static_cast<double>(hits) / static_cast<double>(n);
  figure.ratio = Ratio{static_cast<std::int64_t>(hits), static_cast<std::int64_t>(n)};
  figure.interval = wilson_interval(hits, n);
  return figure;
}

Figure net_figure(std::string name, std::uint64_t plus, std::uint64_t minus, std::uint64_t n,
                  std::uint64_t n_eligible) {
  Figure figure{
      .name = std::move(name), .unit = Unit::points, .n_used = n, .n_eligible = n_eligible};
  if (n == 0) return figure;
  const auto net = static_cast<std::int64_t>(plus) - static_cast<std::int64_t>(minus);
  figure.value = static_cast<double>(net) / static_cast<double>(n);
  figure.ratio = Ratio{net, static_cast<std::int64_t>(n)};
  figure.interval = net_share_interval(plus, minus, n);
  return figure;
}

Figure count_figure(std::string name, std::uint64_t count) {
  return {.name = std::move(name),
          .value = static_cast<double>(count),
          .n_used = count,
          .n_eligible = count};
}

Figure mean_figure(std::string name, Unit unit, std::uint64_t sum, std::uint64_t n,
                   std::uint64_t n_eligible) {
  Figure figure{.name = std::move(name), .unit = unit, .n_used = n, .n_eligible = n_eligible};
  if (n == 0) return figure;
  figure.value = static_cast<double>(sum) / static_cast<double>(n);
  figure.ratio = Ratio{static_cast<std::int64_t>(sum), static_cast<std::int64_t>(n)};
  return figure;
}

Figure not_measurable(std::string name, Unit unit, std::string why, std::uint64_t n_eligible) {
  return {.name = std::move(name),
          .unit = unit,
          .n_eligible = n_eligible,
          .not_measurable = std::move(why)};
}

Figure no_mood(std::string name, Unit unit, std::uint64_t mentions) {
  return not_measurable(
      std::move(name), unit,
      mentions == 0 ? "nobody mentioned the brand in the window" : std::string{no_known_language},
      mentions);
}

std::uint64_t count_items(const Tallies& tallies, Scope scope) {
  return count_items(tallies, [scope](const CubeRow& row) { return row.scope == scope; });
}

bool collected_nothing(const Tallies& tallies, Window span) {
  if (tallies.coverage.empty()) return false;
  for (const auto& source : tallies.coverage) {
    if (!source.scheduled) return false;
    const bool missed = std::ranges::any_of(source.gaps, [&](const Window& gap) {
      return gap.begin <= span.begin && span.end <= gap.end;
    });
    if (!missed) return false;
  }
  return true;
}

bool is_own_post(const OwnItem& item) {
  return item.owner == brand_index && item.root && !item.repost;
}

bool is_brands(const InboxItem& item) {
  return item.owner == brand_index;
}

std::string why_no_own_posts(const Project& project) {
  if (project.brand.handles.empty()) return "no own account is declared: add handles to [brand]";
  return "no own posts in the window (are the handles under [brand] right, and are the brand's own "
         "accounts among the sources?)";
}

MetricValue mean_over_own_posts(const MetricInput& input, Unit unit, std::string_view missing,
                                std::optional<std::uint64_t> (*amount)(const OwnItem& item)) {
  struct Sum {
    std::uint64_t amount = 0, known = 0, posts = 0;
  };
  Sum all;
  std::map<std::uint64_t, Sum> by_channel;
  for (const auto& item : input.tallies.own) {
    if (!is_own_post(item)) continue;
    const auto known = amount(item);
    for (auto* sum : {&all, &by_channel[item.channel]}) {
      ++sum->posts;
      if (!known) continue;
      ++sum->known;
      sum->amount += *known;
    }
  }
  if (all.posts == 0) return {.figure = not_measurable({}, unit, why_no_own_posts(input.project))};
  if (all.known == 0) return {.figure = not_measurable({}, unit, std::string{missing}, all.posts)};
  MetricValue value{.figure = mean_figure({}, unit, all.amount, all.known, all.posts)};
  for_each_channel(input.tallies, by_channel, [&](std::string name, const Sum& sum) {
    auto figure = mean_figure(std::move(name), unit, sum.amount, sum.known, sum.posts);
    if (sum.known == 0) figure.not_measurable = missing;
    value.breakdown.push_back({"channel", figure});
  });
  return value;
}

std::string channel_name(const ChannelRow& channel) {
  return channel.name.empty() ? "(no channel)" : channel.name;
}

std::string of_every_100(double share) {
  const auto rounded = std::lround(share * 100);
  if (rounded == 0 && share > 0) return "fewer than 1";
  if (rounded == 100 && share < 1) return "more than 99";
  return fmt::format("{}", rounded);
}

std::string format_duration(double seconds) {
  const auto total = std::llround(seconds);
  if (total < 60) return fmt::format("{} s", total);
  if (total < 3600) {
    const auto rest = total % 60;
    return rest == 0 ? fmt::format("{} min", total / 60)
                     : fmt::format("{} min {} s", total / 60, rest);
  }
  const auto two = [](long long large, std::string_view large_unit, long long small,
                      std::string_view small_unit) {
    return small == 0 ? fmt::format("{} {}", large, large_unit)
                      : fmt::format("{} {} {} {}", large, large_unit, small, small_unit);
  };
  if (const auto minutes = (total + 30) / 60; minutes < 24 * 60)
    return two(minutes / 60, "h", minutes % 60, "min");
  const auto hours = (total + 1800) / 3600;
  return two(hours / 24, "d", hours % 24, "h");
}

}  // namespace earshot
