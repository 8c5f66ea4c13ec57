#include <algorithm>

#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

bool is_routed(const InboxItem& item, const TallyRequest& request) {
  return std::ranges::any_of(item.entities, [&](EntityIndex entity) {
    return request.entities[entity].kind == EntityKind::department;
  });
}

/// Routed and answered items that a handle of one of their departments answered first, of those
/// whose answer came from an account with a department.
Figure answered_at_home(const MetricInput& input) {
  const auto& request = input.tallies.request;
  std::uint64_t answered = 0;
  std::uint64_t known = 0;
  std::uint64_t at_home = 0;
  for (const auto& item : input.tallies.inbox) {
    if (!is_brands(item) || !item.answered_after || !is_routed(item, request)) continue;
    ++answered;
    const auto department = department_of(input, item.responder);
    if (department.empty()) continue;
    ++known;
    at_home += std::ranges::any_of(item.entities, [&](EntityIndex index) {
      const auto& entity = request.entities[index];
      return entity.kind == EntityKind::department && same_name(entity.name, department);
    });
  }
  auto figure =
      share_figure("answered by that department", Unit::percent, at_home, known, answered);
  if (known == 0)
    figure.not_measurable = answered == 0 ? "none of them was answered within the horizon"
                                          : std::string{no_department_accounts};
  return figure;
}

MetricValue measure_routing(const MetricInput& input) {
  const auto& request = input.tallies.request;
  const auto departments = entities_of_kind(request, EntityKind::department);
  std::uint64_t inbox = 0;
  std::uint64_t routed = 0;
  std::vector<std::uint64_t> by_department(departments.size());
  for (const auto& item : input.tallies.inbox) {
    if (!is_brands(item)) continue;
    ++inbox;
    if (is_routed(item, request)) ++routed;
    for (std::size_t i = 0; i < departments.size(); ++i)
      by_department[i] += std::ranges::binary_search(item.entities, departments[i]);
  }
  std::string why;
  if (departments.empty())
    why = "no topic names its department: add one to [[topic]]";
  else if (inbox == 0)
    why = "no post in the window needs an answer by the brand";
  if (!why.empty()) return {.figure = not_measurable({}, Unit::percent, std::move(why), inbox)};
  MetricValue value{.figure = share_figure({}, Unit::percent, routed, inbox, inbox)};
  value.parts.push_back(answered_at_home(input));
  for (std::size_t i = 0; i < departments.size(); ++i)
    value.breakdown.push_back(
        {"department", share_figure(request.entities[departments[i]].name, Unit::percent,
                                    by_department[i], inbox, inbox)});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts that need an answer fall to a department.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 posts that need an answer, {} fall to a department.",
                     of_every_100(*figure.value));
}

Weight weigh(const InboxItem& item, const Tallies& tallies, const Project&) {
  const bool eligible = is_brands(item);
  return {eligible, eligible, eligible && is_routed(item, tallies.request)};
}

}  // namespace

/// Posts that need the brand's answer and match a topic of some department / all such posts. Its
/// part: of the routed ones that were answered, those whose first answer came from an account of
/// one of their departments. No value without departments of topics, or without such posts.
MetricDefinition routing_coverage() {
  return {.formula =
              "count(needs an answer, in the topics of a department) / count(needs an "
              "answer); answered by that department / answered, where the account's "
              "department is known",
          .source = "Cisco's playbook: routing",
          .misleading_when = "topics of departments overlap, or one handle is used by several",
          .measure = measure_routing,
          .reads = {Table::waits, Table::accounts},
          .sentence = say,
          .evidence = {.inbox = weigh}};
}

}  // namespace earshot
