#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

bool is_question(const RaisedItem& item) {
  return item.intents.has(Intent::question);
}

bool answered(const RaisedItem& item) {
  return is_question(item) && item.replied_after.has_value();
}

/// Where both came in the same second, the brand has the benefit of it.
bool by_peer(const RaisedItem& item) {
  return item.public_replied_after &&
         (!item.own_replied_after || *item.public_replied_after < *item.own_replied_after);
}

std::string why_not(const Tallies& tallies) {
  bool asked = false;
  bool seen = false;
  for (const auto& item : tallies.raised) {
    asked = asked || is_question(item);
    seen = seen || (is_question(item) && item.threaded);
  }
  if (!asked) return "nobody asked anything about the brand or a topic in the window";
  if (!seen)
    return "no replies are collected from the sources in which people ask, so answers can't be "
           "seen";
  return "none of the questions was answered by anyone";
}

MetricValue measure_support(const MetricInput& input) {
  std::uint64_t questions = 0;
  std::uint64_t peers = 0;
  for (const auto& item : input.tallies.raised) {
    if (!answered(item)) continue;
    ++questions;
    if (by_peer(item)) ++peers;
  }
  if (questions == 0) return {.figure = not_measurable({}, Unit::percent, why_not(input.tallies))};
  return {.figure = share_figure({}, Unit::percent, peers, questions, questions)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  return fmt::format("{} of {} answered questions were answered by other people before you.",
                     figure.ratio->numerator, figure.ratio->denominator);
}

Weight weigh(const RaisedItem& item, const Tallies&, const Project&) {
  const bool used = answered(item);
  return {used, used, used && by_peer(item)};
}

}  // namespace

/// Questions about the brand or a topic whose first reply within the horizon, by anyone but the
/// asker, came from others than the brand / such questions with a reply. No value where no question
/// was answered.
MetricDefinition peer_support() {
  return {.formula =
              "questions first answered by others than the brand / questions answered by anyone, "
              "over brand and topics",
          .source = "ComBlu and Cisco: peer support",
          .misleading_when = "the answers are wrong, or no answers at all",
          .measure = measure_support,
          .reads = {Table::raised},
          .sentence = say,
          .evidence = {.raised = weigh}};
}

}  // namespace earshot
