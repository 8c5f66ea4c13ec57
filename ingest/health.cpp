#include "ingest/health.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/base/hash.hpp"
#include "store/base/http.hpp"
#include "store/base/terminal_text.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

using std::chrono::seconds;

constexpr seconds due_tolerance{5};
constexpr seconds week{7 * 86'400};
constexpr std::chrono::days longest_missing{30};
constexpr std::uint32_t least_missing = 10;  // polls; a run that comes once a month proves nothing

/// A delay that is not over the cap, nor under the least pause.
seconds within(seconds delay, seconds longest) {
  return std::clamp<seconds>(delay, shortest_pause, longest);
}

/// The first time from `at` on that lies in no hour and on no day to be skipped, if it comes before
/// `last`. Times of day are UTC.
Instant unskipped(Instant at, const SourceState& state, Instant last) {
  using std::chrono::days;
  using std::chrono::hours;
  while (at < last) {
    const auto day = std::chrono::floor<days>(at);
    const auto hour = (at - day) / hours{1};
    const bool skipped = (state.skip_hours >> hour & 1) != 0 ||
                         (state.skip_days >> std::chrono::weekday{day}.c_encoding() & 1) != 0;
    if (!skipped) return at;
    at = std::chrono::floor<hours>(at) + hours{1};
  }
  return last;
}

/// Shows all URLs in a text as messages may show them.
std::string with_shown_urls(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  std::string shown;
  for (auto at = text.find("://"); at != text.npos; at = text.find("://")) {
    const auto before = text.substr(0, at).find_last_of(blank);
    const auto begin = before == text.npos ? 0 : before + 1;
    const std::string_view word = text.substr(begin, text.find_first_of(blank, at) - begin);
    const std::string_view url = word.substr(0, word.find_last_not_of(":,;)") + 1);
    shown.append(text.substr(0, begin)).append(shown_url(url)).append(word.substr(url.size()));
    text.remove_prefix(begin + word.size());
  }
  return shown.append(text);
}

}  // namespace

bool is_due(const SourceState& state, Instant now) {
  if (state.gone) return false;
  const seconds tolerance = state.failures == 0 ? due_tolerance : seconds{0};
  return state.next_try <= now + tolerance || state.next_try > now + longest_refusal ||
         state.last_poll > now;
}

bool wants_full_answer(const SourceState& state, Instant now) {
  const seconds shift{hash_bytes(state.name) % static_cast<std::uint64_t>(week.count())};
  const auto weeks = [&](Instant at) { return (at.time_since_epoch() + shift) / week; };
  return weeks(state.last_ok) != weeks(now);
}

SourceState after_success(SourceState state, std::optional<seconds> wait, Instant now) {
  if (state.first_poll == Instant{}) state.first_poll = now;
  state.last_poll = now;
  state.last_ok = now;
  state.failing_since = {};
  state.failures = 0;
  state.last_error.clear();
  state.gone = false;
  state.missing_since = {};
  state.next_try = {};
  if (state.interval.count() > 0)
    state.next_try =
        unskipped(now + within(std::max({state.interval, state.wish, wait.value_or(seconds{0})}),
                               longest_pause),
                  state, now + longest_pause);
  return state;
}

SourceState after_failure(SourceState state, const Error& error, std::optional<seconds> wait,
                          Instant now) {
  if (state.first_poll == Instant{}) state.first_poll = now;
  if (state.failures == 0) state.failing_since = now;
  state.last_poll = now;
  ++state.failures;
  state.last_error = clean_message(error.message);
  state.gone = false;
  state.next_try = {};
  if (state.interval.count() > 0)
    state.next_try = now + (wait ? within(std::max(state.interval, *wait), longest_refusal)
                                 : backoff(state.name, state.failures, state.interval));
  return state;
}

SourceState after_gone(SourceState state, const Error& error, Instant now) {
  state = after_failure(std::move(state), error, {}, now);
  state.gone = true;
  return state;
}

seconds backoff(std::string_view name, std::uint32_t failures, seconds interval) {
  const seconds base = within(interval, longest_pause);
  const auto doublings = std::min(failures, 10U);  // 2^10 x 5 min is past the cap
  const seconds delay = std::min<seconds>(base * (1LL << doublings), longest_pause);
  const auto quarter = static_cast<std::uint64_t>(delay.count() / 4);
  const seconds jitter{hash_bytes(name, failures) % (quarter + 1)};
  return std::max(base, delay - jitter);
}

SourceState after_status(SourceState state, int status, Instant now) {
  if (status != 404)
    state.missing_since = {};
  else if (state.missing_since == Instant{})
    state.missing_since = now;
  return state;
}

bool is_gone(const SourceState& state, int status, Instant now) {
  return status == 410 || (status == 404 && now - state.missing_since >= longest_missing &&
                           state.failures >= least_missing);
}

Error gone(int status) {
  const std::string_view how_long = status == 404 ? " for 30 days" : "";
  return {Error::Kind::network,
          fmt::format("HTTP {}{}: gone for good, not polled again", status, how_long)};
}

Error refusal(int status, std::optional<seconds> wait, std::string_view reason) {
  std::string message = fmt::format("HTTP {}", status);
  if (!reason.empty()) message.append(": ").append(reason);
  if (wait) message += fmt::format(", asked to wait {} s", wait->count());
  return {Error::Kind::network, message};
}

bool may_have_lost_posts(bool polled_before, std::uint64_t posts, const AppendOutcome& stored) {
  constexpr std::uint64_t handful = 5;
  return polled_before && posts >= handful && stored.added == posts;
}

std::string clean_message(std::string_view message) {
  constexpr std::size_t longest = 300;
  const std::string plain = with_shown_urls(message);
  std::string clean;
  for (std::string_view rest = plain; !rest.empty();) {
    const auto [code, length] = decode_utf8(rest);
    if (clean.size() + length > longest - 3) return clean + "...";
    if (code == Utf8Character::invalid || steers_terminal(code))
      clean.append(length, '?');
    else
      clean.append(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return clean;
}

}  // namespace earshot
