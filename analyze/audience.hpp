#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analyze/metric.hpp"

namespace earshot {

// What several metrics about people and the places where they talk have in common.

inline constexpr Scope listening_scope{Scope::Kind::listening};

inline constexpr std::string_view no_authors =
    "these sources don't name the authors, so people can't be counted";

/// The rows of one scope.
std::span<const AudienceRow> audience_of(const Tallies& tallies, Scope scope);

/// Distinct known authors of the items of one scope.
std::uint64_t count_authors(const Tallies& tallies, Scope scope);

/// False for the posts of sources that don't say on which channel they are.
bool is_known_channel(std::uint64_t channel);

/// Why there is nothing to set this window's people and channels against: the store's history does
/// not reach back over the window before, or this report is about one channel or topic, while the
/// history is of all. Nothing where there is.
std::optional<std::string> why_no_window_before(const MetricInput& input);

/// Null for handles, and for who wrote in neither window.
const VoiceRow* find_voice(const History& history, std::uint64_t author);

/// All that the members wrote in the window: authors, no handles, with posts on any topic in this
/// window and in the one before.
struct MemberItems {
  std::uint64_t members = 0;
  std::uint64_t items = 0;      ///< Whatever they are about.
  std::uint64_t on_topic = 0;   ///< Of them, those on any topic.
  std::uint64_t resources = 0;  ///< Of them, those with a link or that explain how to do something.
};
MemberItems count_member_items(const Tallies& tallies);

/// Why there are no members; nothing where there are.
std::optional<std::string> why_no_members(const MetricInput& input);

}  // namespace earshot
