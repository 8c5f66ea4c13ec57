#include "analyze/metric.hpp"

namespace earshot {

namespace {

/// Replies by others; nothing where replies are not collected.
std::optional<std::uint64_t> replies_to(const OwnItem& item) {
  if (!item.threaded) return {};
  return item.public_replies;
}

MetricValue measure_conversation(const MetricInput& input) {
  return mean_over_own_posts(
      input, Unit::replies_per_post,
      "no replies are collected from the channels of the own posts, so they can't be seen",
      replies_to);
}

Weight weigh(const OwnItem& item, const Tallies&, const Project&) {
  const bool own = is_own_post(item);
  const bool known = own && item.threaded;
  return {own, known, known ? static_cast<std::int64_t>(item.public_replies) : 0};
}

}  // namespace

/// Replies by others / own root posts, on channels where replies are collected. No value where none
/// are.
MetricDefinition conversation_rate() {
  return {
      .formula = "sum of replies by others / own posts, on channels where replies are collected",
      .source = "Kaushik (2011)",
      .misleading_when = "own replies inflate it (here they are left out), or people pile on",
      .measure = measure_conversation,
      .reads = {Table::own_posts},
      .evidence = {.own = weigh}};
}

}  // namespace earshot
