#include "ingest/silence.hpp"

#include <algorithm>
#include <vector>

namespace earshot {

std::optional<std::chrono::seconds> usual_gap(std::span<const Poll> polls) {
  constexpr std::size_t fewest = 5;
  std::vector<std::chrono::seconds> gaps;
  std::optional<Instant> before;
  for (const Poll& poll : polls) {
    if (!poll.ok || poll.posts == 0) continue;
    if (before) gaps.push_back(poll.at - *before);
    before = poll.at;
  }
  if (gaps.size() < fewest) return {};
  std::ranges::sort(gaps);
  return gaps[(gaps.size() * 19 + 19) / 20 - 1];
}

std::optional<Silence> silence_of(std::chrono::seconds interval, std::span<const Poll> polls) {
  const auto usual = usual_gap(polls);
  if (!usual) return {};
  Instant last_ok{};
  Silence silence{.usual = *usual};
  for (const Poll& poll : polls) {
    if (poll.ok) last_ok = poll.at;
    if (poll.ok && poll.posts > 0) silence.since = poll.at;
  }
  if (last_ok - silence.since <= std::max(3 * *usual, 2 * interval)) return {};
  return silence;
}

}  // namespace earshot
