#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyze/accounts.hpp"
#include "analyze/calendar.hpp"
#include "analyze/project.hpp"
#include "analyze/statistics.hpp"
#include "analyze/user_files.hpp"
#include "store/tallies.hpp"

namespace earshot {

class ShareCorrection;

/// What a value is counted in. `value` is always in the unit's base: a share is 0 to 1, a net share
/// -1 to 1, a duration is in seconds; reports show percent, points, hours.
enum class Unit : std::uint8_t {
  items,
  percent,   ///< A share, 0 to 1.
  points,    ///< A net share, -1 to 1; shown as -100 to 100.
  per_1000,  ///< A share, 0 to 1; shown per thousand.
  ratio,     ///< So many to one.
  seconds,
  days,  ///< A duration in seconds, shown in days.
  posts_per_week,
  shares_per_post,
  likes_per_post,
  replies_per_post,
  per_1000_followers,  ///< Per post and thousand followers.
  channels,            ///< So many, as an effective number too.
  departments,         ///< The same.
  people,
  people_per_link,
  handles,
  regions,
  objectives,
  turns,         ///< Of talk, in a thread.
  share,         ///< 0 to 1, shown as that: Gini, parity, total variation.
  score,         ///< Robust z.
  score_points,  ///< Difference of sentiment scores, -2 to 2.
  hours_per_day,
  money,
  money_per_visit,
};
std::string_view name_of(Unit unit);  ///< "percent", "shares_per_post", ...

/// AMEC's levels. Volume and reach are outputs, not success.
enum class Level : std::uint8_t { quality, activity, output, out_take, outcome, impact };
std::string_view name_of(Level level);

/// Numerator and denominator, exact. Net shares have negative numerators.
struct Ratio {
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;

  friend bool operator==(const Ratio&, const Ratio&) = default;
};

/// What the same figure was in the window before. Only where both windows can tell.
struct Change {
  double before = 0;
  double difference = 0;             ///< Now minus before.
  std::optional<Interval> interval;  ///< Of the difference.

  friend bool operator==(const Change&, const Change&) = default;
};

/// One number, and all that is needed not to misread it.
struct Figure {
  std::string name = {};  ///< "polar", "FarmDirect"; of a metric's own value often empty.
  Unit unit = Unit::items;
  std::optional<double> value = {};   ///< Nothing: see `not_measurable`, `beyond`, `words`.
  std::optional<double> beyond = {};  ///< In place of a value: it is larger than this.
  std::string words = {};             ///< What to show in place of a value: "52 : 110 : 38".
  std::optional<Ratio> ratio = {};    ///< Where the value is one.
  std::uint64_t n_used = 0;  ///< At most `n_eligible`: the rest lack a field that is needed.
  std::uint64_t n_eligible = 0;
  std::optional<Interval> interval = {};
  std::string not_measurable = {};  ///< Why there is no value, and what to do.
  bool small_sample = false;  ///< Fewer than `Project::minimum_n`: counts are shown, no share.
  std::optional<Change> change = {};

  friend bool operator==(const Figure&, const Figure&) = default;
};

/// A row of a metric's table by channel, competitor, topic, priority or source.
struct BreakdownRow {
  std::string_view dimension;
  Figure figure;

  friend bool operator==(const BreakdownRow&, const BreakdownRow&) = default;
};

/// The value of one bucket of time; nothing where nothing was collected.
struct SeriesPoint {
  Instant begin;
  std::optional<std::uint64_t> items;

  friend bool operator==(const SeriesPoint&, const SeriesPoint&) = default;
};

struct MetricValue {
  Figure figure;
  std::vector<Figure> parts = {};            ///< Named further values: p90, polar, business hours.
  std::vector<BreakdownRow> breakdown = {};  ///< In the order of the config, or by name.
  std::vector<SeriesPoint> series = {};

  friend bool operator==(const MetricValue&, const MetricValue&) = default;
};

/// What metrics know beside the tallies.
struct MetricContext {
  const Project& project;
  const Calendar& calendar;
  const Accounts& accounts;
  const UserFiles& files;
  const ShareCorrection* correction = nullptr;  ///< What an audit of the labels says; may be null.
};

/// What a metric is computed from. `other` is the window that this one is compared with, if there
/// is one: metrics look at it to tell "none" from "not collected", and where the change itself is
/// what they measure.
struct MetricInput {
  const Tallies& tallies;
  const Tallies* other;
  const Project& project;
  const Calendar& calendar;
  const Accounts& accounts;
  const UserFiles& files;
  const ShareCorrection* correction = nullptr;  ///< Of sentiment; see `moods.hpp`.

  /// Where the window really ends: at `now`, if that is inside.
  Instant observed_end() const {
    return std::min(tallies.request.window().end, tallies.request.now);
  }
};

/// How much one row of the tables adds to a metric: to `n_eligible`, to `n_used`, and to the
/// numerator (or, where there is none, to `n_used` once more). Negative for detractors of a net
/// share.
struct Weight {
  std::uint64_t eligible = 0;
  std::uint64_t used = 0;
  std::int64_t counted = 0;
};

/// A fact as a metric sees it: numbered as the project.
struct FactView {
  const Fact& fact;
  std::span<const EntityLabel> entities;
  const TallyRequest& request;

  bool in(Scope scope) const { return in_scope(fact, entities, scope, request.entities); }
  const EntityLabel* about(EntityIndex entity) const;
};

/// Which rows are behind a metric: for each row its weight. Exactly one is set, or none for metrics
/// that count no posts. Adding up the weights of all rows gives the figures of the value; a test
/// holds both to it. Where a metric's rows are not posts, `posts` names the posts alone.
struct EvidenceRule {
  Weight (*fact)(const FactView& fact, const Project& project) = nullptr;
  Weight (*own)(const OwnItem& item, const Tallies& tallies, const Project& project) = nullptr;
  Weight (*inbox)(const InboxItem& item, const Tallies& tallies, const Project& project) = nullptr;
  Weight (*raised)(const RaisedItem& item, const Tallies& tallies,
                   const Project& project) = nullptr;
  /// For metrics whose rows are not posts: threads, spikes, accounts. The posts to look at.
  std::vector<PostKey> (*posts)(const MetricInput& input) = nullptr;
  bool by_author = false;  ///< Weights count each known author once, and once a sign of `counted`.
};

/// What `analyze/metrics/NAME.cpp` defines.
struct MetricDefinition {
  std::string_view formula;
  std::string_view source;
  std::string_view misleading_when;
  MetricValue (*measure)(const MetricInput& input) = nullptr;
  Tables reads = {};  ///< All that `measure` looks at; for its evidence see `evidence_tables`.
  Tables reads_by_hours = {};     ///< What else, where the project declares business hours.
  bool reads_objectives = false;  ///< And what the metrics read that its objectives name.
  /// One sentence in plain words about a value that is there; may be empty.
  std::string (*sentence)(const MetricValue& value) = nullptr;
  EvidenceRule evidence = {};
  bool needs_labels = true;  ///< False: can be told of posts that are not labelled yet.
  bool census = false;       ///< Counts all there is and no sample, so that no n is too small.
};

/// A row of `metrics.def` and its definition.
struct Metric {
  std::string_view name;
  std::string_view number;  ///< "M26", an alias of the name.
  Unit unit = Unit::items;
  Level level = Level::output;
  std::string_view summary;
  MetricDefinition definition;
};

/// All metrics, in the order of `metrics.def`.
const std::vector<Metric>& metrics();

/// By name or number, without case; null if there is none.
const Metric* find_metric(std::string_view name);

/// What the store must make for these metrics.
Tables tables_of(std::span<const Metric* const> metrics, const Project& project);
Tables tables_of(const Metric& metric, const Project& project);

/// What the evidence of rows and posts looks at, of metrics that read these tables: an inbox, and
/// own posts, that say which posts they are.
Tables evidence_tables(Tables reads);

/// The value in the window, with the change against `before` where both can tell; small samples are
/// marked, and where no post is labelled the value says so.
MetricValue measure(const Metric& metric, const Tallies& now, const Tallies* before,
                    const MetricContext& context);

/// The value in one window alone, small samples marked; for metrics that look at other metrics.
MetricValue measure_alone(const Metric& metric, const MetricInput& input);

// What metrics are written with.

inline constexpr Scope brand_scope{Scope::Kind::entity, brand_index};

/// The index of an entity; `no_entity` if the request has none of that kind and name.
EntityIndex find_entity(const TallyRequest& request, EntityKind kind, std::string_view name);

/// The indices of all entities of that kind, in the order of the config.
std::vector<EntityIndex> entities_of_kind(const TallyRequest& request, EntityKind kind);

/// A share with Wilson's interval; `unit` is percent or per_1000. Without a value for n = 0.
Figure share_figure(std::string name, Unit unit, std::uint64_t hits, std::uint64_t n,
                    std::uint64_t n_eligible);

/// A net share in points with its interval: (plus - minus) / n.
Figure net_figure(std::string name, std::uint64_t plus, std::uint64_t minus, std::uint64_t n,
                  std::uint64_t n_eligible);

/// A count.
Figure count_figure(std::string name, std::uint64_t count);

/// sum / n, a mean; without a value for n = 0.
Figure mean_figure(std::string name, Unit unit, std::uint64_t sum, std::uint64_t n,
                   std::uint64_t n_eligible);

Figure not_measurable(std::string name, Unit unit, std::string why, std::uint64_t n_eligible = 0);

/// The figure of a mood that nobody showed: of `mentions` of the brand none is in a language that
/// the model knows.
inline constexpr std::string_view no_known_language =
    "no such post is in a language that the sentiment model knows";
Figure no_mood(std::string name, Unit unit, std::uint64_t mentions);

/// Items of the rows of the cube that `wanted` picks, once each: only rows of `any_intent`.
template <class Wanted>
std::uint64_t count_items(const Tallies& tallies, Wanted wanted) {
  std::uint64_t items = 0;
  for (const auto& row : tallies.cube)
    if (row.intent == any_intent && wanted(row)) items += row.items;
  return items;
}
std::uint64_t count_items(const Tallies& tallies, Scope scope);

/// True if all that could have brought posts in the span was not listening.
bool collected_nothing(const Tallies& tallies, Window span);

/// True for O: a post of the brand's own that answers nothing and repeats nobody.
bool is_own_post(const OwnItem& item);

/// Why figures about own posts can't be told, where there are none.
std::string why_no_own_posts(const Project& project);

/// A mean over own posts, in all and by channel: `amount(item)` is nothing where the source does
/// not say. `missing` is the reason given where it never does.
MetricValue mean_over_own_posts(const MetricInput& input, Unit unit, std::string_view missing,
                                std::optional<std::uint64_t> (*amount)(const OwnItem& item));

/// True for what the brand should answer.
bool is_brands(const InboxItem& item);

/// The name of a channel, "(no channel)" where the source says none.
std::string channel_name(const ChannelRow& channel);

/// Calls `visit(name, value)` for the channels in `by_channel`, a map by hash, in the order of
/// their names.
template <class Map, class Visit>
void for_each_channel(const Tallies& tallies, const Map& by_channel, Visit visit) {
  for (const auto& row : tallies.channels)  // sorted by name
    if (const auto found = by_channel.find(row.channel); found != by_channel.end())
      visit(channel_name(row), found->second);
}

/// "34": for sentences of the kind "of every 100 posts, ...".
std::string of_every_100(double share);

/// "7 d", "3 h 12 min", "45 s": the two largest units that are not zero, rounded.
std::string format_duration(double seconds);

}  // namespace earshot
