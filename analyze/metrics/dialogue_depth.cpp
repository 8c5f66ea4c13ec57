#include <algorithm>

#include <fmt/format.h>

#include "analyze/conversations.hpp"

namespace earshot {

namespace {

/// How often the talk passes between the brand and others; auto-replies say nothing.
std::uint64_t turns_of(const Conversation& talk) {
  std::uint64_t turns = 0;
  bool brand_spoke = false;
  for (const auto& row : talk.rows) {
    const bool own = row.owner == brand_index;
    if (own && row.marks.has(Mark::automatic)) continue;
    if (turns == 0 || own != brand_spoke) ++turns;
    brand_spoke = own;
  }
  return turns;
}

/// Own replies among own replies and own posts.
Figure dialogue_ratio(const Tallies& tallies) {
  std::uint64_t replies = 0;
  std::uint64_t all = 0;
  for (const auto& item : tallies.own) {
    const bool reply = is_own_reply(item);
    if (reply) ++replies;
    if (reply || is_own_post(item)) ++all;
  }
  return share_figure("dialogue ratio", Unit::percent, replies, all, all);
}

MetricValue measure_depth(const MetricInput& input) {
  std::uint64_t turns = 0;
  std::uint64_t longest = 0;
  std::uint64_t threads = 0;
  for (const auto& talk : conversations_of(input.tallies)) {
    if (!talk.replied) continue;
    ++threads;
    const auto here = turns_of(talk);
    turns += here;
    longest = std::max(longest, here);
  }
  if (threads == 0) return {.figure = not_measurable({}, Unit::turns, why_no_own_replies(input))};
  MetricValue value{.figure = mean_figure({}, Unit::turns, turns, threads, threads)};
  value.parts.push_back(dialogue_ratio(input.tallies));
  value.parts.push_back({.name = "longest",
                         .unit = Unit::turns,
                         .value = static_cast<double>(longest),
                         .n_used = threads,
                         .n_eligible = threads});
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("A conversation in which you take part has {:.1f} turns on average.",
                     *value.figure.value);
}

std::vector<PostKey> own_replies(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.own)
    if (is_own_reply(item)) posts.push_back(item.key);
  return posts;
}

}  // namespace

/// Turns / threads in which the brand replied in the window; a turn is a run of posts by the brand
/// or by others, in the order of time, over what is stored of the thread within the horizon.
/// Dialogue ratio: own replies / (own replies + own root posts). Auto-replies are neither turns nor
/// replies. No value where the brand replied to nobody.
MetricDefinition dialogue_depth() {
  return {.formula =
              "sum of turns between the brand and others / threads with an own reply; dialogue "
              "ratio: own replies / (own replies + own posts)",
          .source = "Sprout: thread size",
          .misleading_when = "people argue, or many talk at once under one post",
          .measure = measure_depth,
          .reads = {Table::activity, Table::inbox, Table::threads},
          .sentence = say,
          .evidence = {.posts = own_replies}};
}

}  // namespace earshot
