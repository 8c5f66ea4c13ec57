#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// Nothing is polled more often than this, or left alone for longer than `longest_pause`.
inline constexpr std::chrono::minutes shortest_pause{5};
inline constexpr std::chrono::hours longest_pause{24};
/// But a server that refuses may ask for this much.
inline constexpr std::chrono::hours longest_refusal{7 * 24};

/// True if the source may be asked at `now`. Cron's runs start some seconds apart from their
/// schedule, so `next_try` is taken with a tolerance of 5 s while all is well. A `next_try` that no
/// rule could have set (the clock was wrong then) is due.
bool is_due(const SourceState& state, Instant now);

/// True once a week, at another hour for each source: then the validators are left out, so that a
/// server that answers 304 wrongly is found out.
bool wants_full_answer(const SourceState& state, Instant now);

/// The state after a poll that worked. `wait` is the server's wish (max-age, a budget used up): the
/// next poll is not before max(interval, wait, `state.wish`), nor in an hour or on a day that the
/// feed wants to be left alone, within `shortest_pause` and `longest_pause`. Without interval
/// (archives) nothing is scheduled.
SourceState after_success(SourceState state, std::optional<std::chrono::seconds> wait, Instant now);

/// The state after a poll that failed. The next one is after max(interval, `wait`) if the server
/// named a time (Retry-After; at most `longest_refusal`), else after `backoff`. Validators and
/// cursor stay.
SourceState after_failure(SourceState state, const Error& error,
                          std::optional<std::chrono::seconds> wait, Instant now);

/// The state after an answer of that status, before `after_failure`: since when nothing but 404 has
/// come.
SourceState after_status(SourceState state, int status, Instant now);

/// True if the source is given up: 410, or only 404 for 30 days.
bool is_gone(const SourceState& state, int status, Instant now);

/// What that is called.
Error gone(int status);

/// The state after that: not polled again until somebody asks for it.
SourceState after_gone(SourceState state, const Error& error, Instant now);

/// 2^failures x interval up to `longest_pause`, then shortened by up to a quarter, so that sources
/// that failed together do not come back together; never under the interval. The same for the same
/// name and count, so that a run can be repeated.
std::chrono::seconds backoff(std::string_view name, std::uint32_t failures,
                             std::chrono::seconds interval);

/// What a refusal (a status other than 200 and 304) is called: "HTTP 429, asked to wait 3600 s";
/// with a reason, if the answer gave one.
Error refusal(int status, std::optional<std::chrono::seconds> wait, std::string_view reason = {});

/// True if posts may have come and gone since the last good poll: a page of at least 5, and none of
/// them known.
bool may_have_lost_posts(bool polled_before, std::uint64_t posts, const AppendOutcome& stored);

/// A message on one line, as it may be stored and printed: URLs without user name, password and
/// query, control and bidirectional characters and broken UTF-8 as '?', at most 300 bytes.
std::string clean_message(std::string_view message);

}  // namespace earshot
