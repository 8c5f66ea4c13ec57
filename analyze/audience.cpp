#include "analyze/audience.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "store/base/hash.hpp"

namespace earshot {

namespace {

constexpr Scope everything{Scope::Kind::everything};
constexpr Scope any_topic{Scope::Kind::any_topic};

std::set<std::uint64_t> members_of(const Tallies& tallies) {
  std::set<std::uint64_t> members;
  for (const auto& row : tallies.authors) {
    if (row.scope != any_topic) continue;
    const auto* voice = find_voice(tallies.history, row.author);
    if (voice != nullptr && voice->topics_before > 0) members.insert(row.author);
  }
  return members;
}

}  // namespace

std::span<const AudienceRow> audience_of(const Tallies& tallies, Scope scope) {
  const auto& rows = tallies.audience;
  const auto begin = std::ranges::lower_bound(rows, scope, {}, &AudienceRow::scope);
  return {begin, std::ranges::upper_bound(begin, rows.end(), scope, {}, &AudienceRow::scope)};
}

std::uint64_t count_authors(const Tallies& tallies, Scope scope) {
  std::uint64_t authors = 0;
  for (const auto& row : audience_of(tallies, scope)) authors += row.authors;
  return authors;
}

bool is_known_channel(std::uint64_t channel) {
  return channel != hash_bytes({});
}

std::optional<std::string> why_no_window_before(const MetricInput& input) {
  const auto& request = input.tallies.request;
  if (request.only_channel || request.only_topic)
    return "the window before is remembered for all channels and topics together, not for one";
  const auto& begin = input.tallies.history.begin;
  if (!begin || request.previous.begin >= request.previous.end)
    return "nothing is known of the window before";
  if (*begin > request.previous.begin)
    return fmt::format("the store begins on {}, so the window before is not all in it",
                       input.calendar.format_minute(*begin));
  return {};
}

const VoiceRow* find_voice(const History& history, std::uint64_t author) {
  const auto found = std::ranges::lower_bound(history.voices, author, {}, &VoiceRow::author);
  return found == history.voices.end() || found->author != author ? nullptr : &*found;
}

MemberItems count_member_items(const Tallies& tallies) {
  const auto members = members_of(tallies);
  MemberItems count{.members = members.size()};
  for (const auto& row : tallies.authors) {
    if (!members.contains(row.author)) continue;
    if (row.scope == any_topic) count.on_topic += row.items;
    if (row.scope != everything) continue;
    count.items += row.items;
    count.resources += row.resource_items;
  }
  return count;
}

std::optional<std::string> why_no_members(const MetricInput& input) {
  const auto& tallies = input.tallies;
  if (entities_of_kind(tallies.request, EntityKind::topic).empty())
    return "no topic is declared: add [[topic]] to the config";
  if (auto why = why_no_window_before(input)) return why;
  if (!members_of(tallies).empty()) return {};
  const bool named = std::ranges::any_of(
      tallies.authors, [](const AuthorRow& row) { return row.scope == any_topic; });
  if (!named && count_items(tallies, any_topic) > 0) return std::string{no_authors};
  return "nobody wrote about the topics both in this window and in the one before";
}

}  // namespace earshot
