#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "store/post_store.hpp"

namespace earshot {

/// How far back the ledger is looked at.
inline constexpr std::chrono::hours silence_memory{90 * 24};

/// How long a source goes without bringing anything new, at most: of the gaps between its polls
/// that did, the smallest that 19 of 20 do not exceed (nearest rank). Nothing where there are fewer
/// than 5 gaps. `polls` are those of one source, rising.
std::optional<std::chrono::seconds> usual_gap(std::span<const Poll> polls);

/// A source that used to bring posts and has stopped.
struct Silence {
  Instant since{};                ///< The last poll that brought something new.
  std::chrono::seconds usual{0};  ///< `usual_gap`.
};

/// Whether a source polled every `interval` is silent: at its last good poll nothing new had come
/// for more than 3 x `usual_gap`, and for more than 2 intervals.
std::optional<Silence> silence_of(std::chrono::seconds interval, std::span<const Poll> polls);

}  // namespace earshot
