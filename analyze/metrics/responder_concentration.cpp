#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "analyze/conversations.hpp"

namespace earshot {

namespace {

/// Own replies by the name of who wrote them.
std::map<std::string, std::uint64_t> replies_by_handle(const MetricInput& input) {
  std::map<std::string, std::uint64_t> replies;
  for (const auto& item : input.tallies.own)
    if (is_own_reply(item) && item.author != 0) ++replies[input.accounts.name_of(item.author)];
  return replies;
}

using ByHandle = std::pair<const std::string, std::uint64_t>;

/// The fewest handles that together wrote half of the replies.
std::uint64_t bus_factor(const std::map<std::string, std::uint64_t>& by_handle,
                         std::uint64_t replies) {
  std::vector<std::uint64_t> counts;
  for (const auto& entry : by_handle) counts.push_back(entry.second);
  std::ranges::sort(counts, std::greater{});
  std::uint64_t handles = 0;
  for (std::uint64_t sum = 0; 2 * sum < replies; ++handles) sum += counts[handles];
  return handles;
}

MetricValue measure_concentration(const MetricInput& input) {
  const auto all = static_cast<std::uint64_t>(std::ranges::count_if(
      input.tallies.own, [](const OwnItem& item) { return is_own_reply(item); }));
  const auto by_handle = replies_by_handle(input);
  if (by_handle.empty())
    return {.figure = not_measurable({}, Unit::percent,
                                     all == 0 ? why_no_own_replies(input)
                                              : "these sources don't name the authors, so who "
                                                "replies can't be told",
                                     all)};
  std::uint64_t replies = 0;
  for (const auto& entry : by_handle) replies += entry.second;
  const auto top = std::ranges::max_element(by_handle, {}, &ByHandle::second);
  MetricValue value{.figure = share_figure({}, Unit::percent, top->second, replies, all)};
  value.parts.push_back({.name = "bus factor",
                         .unit = Unit::people,
                         .value = static_cast<double>(bus_factor(by_handle, replies)),
                         .n_used = replies,
                         .n_eligible = all});
  for (const auto& entry : by_handle)
    value.breakdown.push_back(
        {"handle", share_figure(entry.first, Unit::percent, entry.second, replies, replies)});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (value.breakdown.size() == 1)
    return fmt::format("All of your replies came from one account, {}.",
                       value.breakdown[0].figure.name);
  return fmt::format("{} of your {} replies came from one account.", figure.ratio->numerator,
                     figure.ratio->denominator);
}

/// The replies of whoever replies most.
std::vector<PostKey> top_replies(const MetricInput& input) {
  const auto by_handle = replies_by_handle(input);
  std::vector<PostKey> posts;
  if (by_handle.empty()) return posts;
  const auto& top = std::ranges::max_element(by_handle, {}, &ByHandle::second)->first;
  for (const auto& item : input.tallies.own)
    if (is_own_reply(item) && item.author != 0 && input.accounts.name_of(item.author) == top)
      posts.push_back(item.key);
  return posts;
}

}  // namespace

/// Own replies by the handle that wrote most / own replies whose author is known; auto-replies are
/// none. Bus factor: the fewest handles that wrote half of them together. No value where the brand
/// replied to nobody.
MetricDefinition responder_concentration() {
  return {.formula =
              "own replies by the handle with most / own replies; bus factor: the fewest handles "
              "with half of the own replies together",
          .source = "CHAOSS: bus factor",
          .misleading_when = "several people share a handle",
          .measure = measure_concentration,
          .reads = {Table::activity, Table::accounts},
          .sentence = say,
          .evidence = {.posts = top_replies}};
}

}  // namespace earshot
