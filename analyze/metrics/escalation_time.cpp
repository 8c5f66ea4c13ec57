#include <fmt/format.h>

#include "analyze/waits.hpp"

namespace earshot {

namespace {

bool is_urgent(const InboxItem& item) {
  return item.priority <= 1;
}

MetricValue measure_escalation(const MetricInput& input) {
  return measure_waits(input, waits_in_inbox(input.tallies, is_urgent), is_urgent,
                       "no post of priority 1 in the window needs an answer by the brand");
}

std::string say(const MetricValue& value) {
  if (!value.figure.value)
    return fmt::format("Fewer than half of the urgent posts get an answer within {}.",
                       format_duration(*value.figure.beyond));
  return fmt::format("Half of the urgent posts get an answer within {}.",
                     format_duration(*value.figure.value));
}

Weight weigh(const InboxItem& item, const Tallies&, const Project&) {
  const bool eligible = is_brands(item) && is_urgent(item);
  const bool used = eligible && item.threaded;
  return {eligible, used, used && item.answered_after};
}

}  // namespace

/// As `first_response_time`, over the posts of priority 1 alone.
MetricDefinition escalation_time() {
  return {.formula =
              "Kaplan-Meier median and p90 of t(first answer) - t(post) over posts of priority 1, "
              "unanswered posts censored at min(now, horizon); all hours, and business hours",
          .source = "Cisco: priority grading; Kaplan & Meier (1958)",
          .misleading_when = "the rule for urgent posts misses some",
          .measure = measure_escalation,
          .reads = {Table::waits},
          .sentence = say,
          .evidence = {.inbox = weigh}};
}

}  // namespace earshot
