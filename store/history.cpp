#include "store/history.hpp"

#include <algorithm>
#include <utility>

namespace earshot {

namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr Scope brand{Scope::Kind::entity, brand_index};
constexpr Scope any_topic{Scope::Kind::any_topic};
constexpr Scope listening{Scope::Kind::listening};

/// Own items are neither collapsed nor collapsed onto, as in a window.
template <class Seen>
bool repeats(const Fact& fact, Seen& seen) {
  if (fact.group == 0 || fact.owner != no_entity) return false;
  return std::exchange(seen[fact.group], true);
}

}  // namespace

bool HistoryTally::add(const Fact& fact, std::span<const EntityLabel> rows) {
  const auto at = fact.key.posted_at;
  const auto window = request_.window();
  if (fact.generation == 0 || at >= window.end) return false;
  if (!history_.begin) history_.begin = at;
  if (at >= window.begin - quarter_baseline) add_quarter(fact, rows);
  if (at >= window.end - stance_memory && !fact.affiliate &&
      in_scope(fact, rows, brand, request_.entities)) {
    const auto row = std::ranges::find(rows, brand_index, &EntityLabel::entity);
    if (row->stance != Stance::none)
      history_.stances.push_back({fact.key, fact.author, row->stance});
  }
  if (request_.previous.contains(at)) add_before(fact, rows);
  return add_voice(fact, rows);
}

bool HistoryTally::add_voice(const Fact& fact, std::span<const EntityLabel> rows) {
  if (fact.author == 0 || fact.owner != no_entity) return false;
  const auto at = fact.key.posted_at;
  Voice& voice = voices_[fact.author];
  const bool first = voice.first_seen == Instant{};
  if (first) voice.first_seen = at;
  const bool before = request_.previous.contains(at);
  voice.recent = voice.recent || before || request_.window().contains(at);
  if (before) {
    voice.brand_before += in_scope(fact, rows, brand, request_.entities);
    voice.topics_before += in_scope(fact, rows, any_topic, request_.entities);
  }
  return first;
}

void HistoryTally::add_quarter(const Fact& fact, std::span<const EntityLabel> rows) {
  const auto since_epoch = fact.key.posted_at.time_since_epoch();
  if (const auto day = since_epoch / days{1}; day != day_) {
    day_ = day;
    groups_of_day_ = {};
  }
  if (repeats(fact, groups_of_day_)) return;
  const Instant quarter{since_epoch / minutes{15} * minutes{15}};
  if (quarter != quarter_) {
    history_.quarters.insert(history_.quarters.end(), open_quarter_.begin(), open_quarter_.end());
    open_quarter_.clear();
    quarter_ = quarter;
  }
  const auto count = [&](Scope scope) {
    if (!in_scope(fact, rows, scope, request_.entities)) return;
    const auto at = std::ranges::lower_bound(open_quarter_, scope, {}, &QuarterRow::scope);
    const bool known = at != open_quarter_.end() && at->scope == scope;
    auto& row = known ? *at : *open_quarter_.insert(at, {.quarter = quarter, .scope = scope});
    ++row.items;
    row.complaints += fact.intents.has(Intent::complaint);
  };
  count(listening);
  for (const auto& row : rows) {
    if (row.entity == no_entity) continue;
    const auto kind = request_.entities[row.entity].kind;
    if (kind == EntityKind::brand || kind == EntityKind::topic)
      count({Scope::Kind::entity, row.entity});
  }
}

void HistoryTally::add_before(const Fact& fact, std::span<const EntityLabel> rows) {
  if (repeats(fact, groups_before_)) return;
  if (in_scope(fact, rows, listening, request_.entities)) ++channels_before_[fact.channel];
}

void HistoryTally::finish() {
  history_.quarters.insert(history_.quarters.end(), open_quarter_.begin(), open_quarter_.end());
  for (const auto& [author, voice] : voices_.entries())
    if (voice.recent)
      history_.voices.push_back(
          {author, voice.first_seen, voice.brand_before, voice.topics_before});
  std::ranges::sort(history_.voices, {}, &VoiceRow::author);
  history_.channels_before = channels_before_.entries();
  std::ranges::sort(history_.channels_before);
}

}  // namespace earshot
