#include <fmt/format.h>

#include "analyze/waits.hpp"

namespace earshot {

namespace {

MetricValue measure_wait(const MetricInput& input) {
  return measure_waits(input, brand_waits(input.tallies), is_brands,
                       "no post in the window needs an answer by the brand");
}

std::string say(const MetricValue& value) {
  if (!value.figure.value)
    return fmt::format("Fewer than half of those who need an answer get one within {}.",
                       format_duration(*value.figure.beyond));
  return fmt::format("Half of those who need an answer get it within {}.",
                     format_duration(*value.figure.value));
}

Weight weigh(const InboxItem& item, const Tallies&, const Project&) {
  const bool used = is_watched(item);
  return {is_brands(item), used, used && item.answered_after};
}

}  // namespace

/// Median and p90 of the time from a post that needs the brand's answer to its first answer, by
/// Kaplan and Meier: who waits still counts as waiting longer than seen. Only where replies are
/// collected. Business hours: only seconds in which the business is open. Where the curve does not
/// come down to the quantile the figure says what it is beyond.
MetricDefinition first_response_time() {
  return {.formula =
              "Kaplan-Meier median and p90 of t(first answer) - t(post), unanswered posts "
              "censored at min(now, horizon); all hours, and business hours",
          .source = "Sprout; Plain; CHAOSS; Kaplan & Meier (1958)",
          .misleading_when =
              "a mean is taken, the unanswered are dropped, or automatic replies count as answers",
          .measure = measure_wait,
          .reads = {Table::answers},
          .reads_by_hours = {Table::waits},
          .sentence = say,
          .evidence = {.inbox = weigh}};
}

}  // namespace earshot
