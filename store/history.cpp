#include "store/history.hpp"

#include <algorithm>
#include <utility>

namespace earshot {

Instant history_begin(const TallyRequest& request) {
  const auto window = request.window();
  auto begin = window.begin;
  const auto reach = [&](Instant instant) { begin = std::min(begin, instant); };
  const auto& tables = request.tables;
  if (request.previous.begin < request.previous.end && tables.has(Table::voices))
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
      needs_first_posts_{needs_first_posts(request)} {}

bool HistoryTally::add(const Fact& fact, EntityIndex owner, const Profile* profile) {
  const auto at = fact.key.posted_at;
  if (at >= window_.end) return false;
  return needs_first_posts_ && fact.author != 0 && owner == no_entity && add_voice(fact, profile);
}

bool HistoryTally::add_voice(const Fact& fact, const Profile* profile) {
  const auto at = fact.key.posted_at;
  Voice& voice = voice_of(fact.author);
  const bool first = voice.number == 0;
  if (first) {
    voice.author = fact.author;
    pasts_.push_back({.heard_before = at < window_.begin});
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

std::vector<std::uint64_t> HistoryTally::unheard() const {
  std::vector<std::uint64_t> authors;
  for (const auto& voice : voices_)
    if (voice.number != 0 && !pasts_[voice.number - 1].heard_before)
      authors.push_back(voice.author);
  std::ranges::sort(authors);
  return authors;
}

void HistoryTally::finish(const FlatSet& heard) {
  history_.voices.reserve(pasts_.size());
  for (const auto& voice : voices_) {
    if (!voice.recent) continue;
    const auto& past = pasts_[voice.number - 1];
    history_.voices.push_back({voice.author, past.heard_before || heard.contains(voice.author),
                               past.brand_before, past.topics_before});
  }
  std::ranges::sort(history_.voices, {}, &VoiceRow::author);
}

}  // namespace earshot
