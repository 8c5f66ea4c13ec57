#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

struct Reply {
  PostKey key;
  std::uint64_t from = 0, to = 0;  ///< Authors; 0 where unknown.
};

/// Only handles have machines that answer; who else speaks of an "automated reply" complains of
/// one.
bool is_auto_reply(const ThreadRow& row) {
  return row.owner != no_entity && row.marks.has(Mark::automatic);
}

/// The replies of the window, by people, to others.
std::vector<Reply> replies_of(const Tallies& tallies) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> authors;  // id, author
  authors.reserve(tallies.threads.size());
  for (const auto& row : tallies.threads) authors.emplace_back(row.key.id, row.author);
  std::ranges::sort(authors);
  std::vector<Reply> replies;
  for (const auto& row : tallies.threads) {
    if (!row.in_window || row.parent == 0 || is_auto_reply(row)) continue;
    const auto found = std::ranges::lower_bound(authors, std::pair{row.parent, std::uint64_t{0}});
    const bool stored = found != authors.end() && found->first == row.parent;
    const Reply reply{row.key, row.author, stored ? found->second : 0};
    if (reply.from == 0 || reply.from != reply.to) replies.push_back(reply);
  }
  return replies;
}

bool between_known(const Reply& reply) {
  return reply.from != 0 && reply.to != 0;
}

using Pair = std::pair<std::uint64_t, std::uint64_t>;  // the smaller author first

Pair pair_of(const Reply& reply) {
  return std::minmax(reply.from, reply.to);
}

struct Ways {
  bool up = false, down = false;
  bool both() const { return up && down; }
};

/// Sorted by pair.
using Pairs = std::vector<std::pair<Pair, Ways>>;

Pairs pairs_of(const std::vector<Reply>& replies) {
  std::vector<std::pair<Pair, bool>> known;  // true: from the smaller to the larger
  known.reserve(replies.size());
  for (const auto& reply : replies)
    if (between_known(reply)) known.emplace_back(pair_of(reply), reply.from < reply.to);
  std::ranges::sort(known);
  Pairs pairs;
  for (const auto& [pair, up] : known) {
    if (pairs.empty() || pairs.back().first != pair) pairs.push_back({pair, {}});
    (up ? pairs.back().second.up : pairs.back().second.down) = true;
  }
  return pairs;
}

bool goes_both_ways(const Pairs& pairs, const Reply& reply) {
  const auto found = std::ranges::lower_bound(pairs, pair_of(reply), {}, &Pairs::value_type::first);
  return found->second.both();
}

MetricValue measure_reciprocity(const MetricInput& input) {
  const auto replies = replies_of(input.tallies);
  const auto pairs = pairs_of(replies);
  if (pairs.empty())
    return {.figure = not_measurable(
                {}, Unit::percent,
                replies.empty()
                    ? "nobody replied to anybody in the window, as far as replies are collected"
                    : "of no reply in the window it is known both who wrote it and to whom")};
  const auto both = static_cast<std::uint64_t>(
      std::ranges::count_if(pairs, [](const auto& pair) { return pair.second.both(); }));
  MetricValue value{.figure = share_figure({}, Unit::percent, both, pairs.size(), pairs.size())};
  const auto known = static_cast<std::uint64_t>(std::ranges::count_if(replies, between_known));
  value.parts.push_back(share_figure("replies between known people", Unit::percent, known,
                                     replies.size(), replies.size()));
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} pairs of people who talk answer each other.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 pairs of people who talk, {} answer each other.",
                     of_every_100(*figure.value));
}

/// The replies of the pairs that answer each other.
std::vector<PostKey> posts_of(const MetricInput& input) {
  const auto replies = replies_of(input.tallies);
  const auto pairs = pairs_of(replies);
  std::vector<PostKey> posts;
  for (const auto& reply : replies)
    if (between_known(reply) && goes_both_ways(pairs, reply)) posts.push_back(reply.key);
  return posts;
}

}  // namespace

/// Pairs of people of whom each replied to the other in the window / pairs of whom either did; the
/// brand's own accounts are people too, auto-replies and who answers himself do not count. To whom
/// a reply is is known where its parent is stored and no older than the horizon before the window;
/// the share of these replies stands beside it. No value without such a reply.
MetricDefinition reciprocity() {
  return {.formula =
              "count(pairs of authors with replies both ways) / count(pairs of authors with "
              "any reply), direct replies in the window",
          .source = "Preece, Online Communities (2000)",
          .misleading_when = "only some threads are collected, or the window is short",
          .measure = measure_reciprocity,
          .reads = {Table::threads},
          .sentence = say,
          .evidence = {.posts = posts_of}};
}

}  // namespace earshot
