#include "store/history.hpp"

#include <algorithm>
#include <utility>

namespace earshot {

namespace {

using std::chrono::days;
using std::chrono::minutes;

/// Own items are neither collapsed nor collapsed onto, as in a window.
bool repeats(const Fact& fact, EntityIndex owner, FlatSet& seen) {
  return fact.group != 0 && owner == no_entity && !seen.insert(fact.group);
}

}  // namespace

Instant history_begin(const TallyRequest& request) {
  const auto window = request.window();
  auto begin = window.begin;
  const auto reach = [&](Instant instant) { begin = std::min(begin, instant); };
  const auto& tables = request.tables;
  if (tables.has(Table::quarters)) reach(window.begin - quarter_baseline);
  if (tables.has(Table::stances)) reach(window.end - stance_memory);
  if (request.previous.begin < request.previous.end &&
      (tables.has(Table::channels_before) || tables.has(Table::voices)))
    reach(request.previous.begin);
  return begin;
}

bool needs_first_posts(const TallyRequest& request) {
  return request.tables.has(Table::voices) || request.tables.has(Table::newcomers);
}

HistoryTally::HistoryTally(const TallyRequest& request, History& history)
    : request_{request},
      history_{history},
      window_{request.window()},
      wants_voices_{request.tables.has(Table::voices)},
      wants_quarters_{request.tables.has(Table::quarters)},
      wants_stances_{request.tables.has(Table::stances)},
      wants_before_{request.tables.has(Table::channels_before)},
      needs_first_posts_{needs_first_posts(request)},
      open_quarter_(request.entities.size() + 1) {}

bool HistoryTally::add(const Fact& fact, EntityIndex owner, const Profile* profile) {
  const auto at = fact.key.posted_at;
  if (at >= window_.end) return false;
  if (!history_.begin) history_.begin = at;
  if (profile != nullptr) {
    if (wants_quarters_ && at >= window_.begin - quarter_baseline) add_quarter(fact, *profile);
    if (wants_stances_ && at >= window_.end - stance_memory && !fact.affiliate &&
        profile->brand_stance != Stance::none)
      history_.stances.push_back({fact.key, fact.author, profile->brand_stance});
    if (wants_before_ && request_.previous.contains(at) && !repeats(fact, owner, groups_before_) &&
        profile->listening)
      ++channels_before_[fact.channel];
  }
  return needs_first_posts_ && fact.author != 0 && owner == no_entity && add_voice(fact, profile);
}

bool HistoryTally::add_voice(const Fact& fact, const Profile* profile) {
  const auto at = fact.key.posted_at;
  Voice& voice = voice_of(fact.author);
  const bool first = voice.number == 0;
  if (first) {
    voice.author = fact.author;
    pasts_.push_back({.first_seen = at});
    voice.number = static_cast<std::uint32_t>(pasts_.size());
  }
  if (wants_voices_) {
    const bool before = request_.previous.contains(at);
    voice.recent = voice.recent || before || window_.contains(at);
    if (before && profile != nullptr) {
      auto& past = pasts_[voice.number - 1];
      past.brand_before += profile->brand;
      past.topics_before += profile->any_topic;
    }
  }
  if (first && pasts_.size() * 4 > voices_.size() * 3) grow_voices();
  return first;
}

HistoryTally::Voice& HistoryTally::voice_of(std::uint64_t author) {
  auto at = slot_of(author);
  while (voices_[at].number != 0 && voices_[at].author != author)
    at = (at + 1) & (voices_.size() - 1);
  return voices_[at];
}

void HistoryTally::grow_voices() {
  const auto known = std::exchange(voices_, std::vector<Voice>(voices_.size() * 2));
  for (const auto& voice : known)
    if (voice.number != 0) voice_of(voice.author) = voice;
}

void HistoryTally::close_quarter() {
  for (std::size_t number = 0; number < open_quarter_.size(); ++number) {
    auto& count = open_quarter_[number];
    if (count.items == 0) continue;
    const Scope scope = number == 0
                            ? Scope{Scope::Kind::listening}
                            : Scope{Scope::Kind::entity, static_cast<EntityIndex>(number - 1)};
    history_.quarters.push_back({quarter_, scope, count.items, count.complaints});
    count = {};
  }
}

void HistoryTally::add_quarter(const Fact& fact, const Profile& profile) {
  const auto since_epoch = fact.key.posted_at.time_since_epoch();
  if (const auto day = since_epoch / days{1}; day != day_) {
    day_ = day;
    groups_of_day_.clear();
  }
  if (repeats(fact, profile.owner, groups_of_day_)) return;
  const Instant quarter{since_epoch / minutes{15} * minutes{15}};
  if (quarter != quarter_) {
    close_quarter();
    quarter_ = quarter;
  }
  for (const auto number : profile.quarters) {
    ++open_quarter_[number].items;
    open_quarter_[number].complaints += fact.intents.has(Intent::complaint);
  }
}

void HistoryTally::finish() {
  close_quarter();
  history_.voices.reserve(pasts_.size());
  for (const auto& voice : voices_) {
    if (!voice.recent) continue;
    const auto& past = pasts_[voice.number - 1];
    history_.voices.push_back(
        {voice.author, past.first_seen, past.brand_before, past.topics_before});
  }
  std::ranges::sort(history_.voices, {}, &VoiceRow::author);
  history_.channels_before = channels_before_.entries();
  std::ranges::sort(history_.channels_before);
}

}  // namespace earshot
