#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

constexpr Scope owned{Scope::Kind::brand_and_department};

MetricValue measure_listening(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto departments = entities_of_kind(tallies.request, EntityKind::department);
  const auto about_brand = count_items(tallies, brand_scope);
  std::string why;
  if (departments.empty())
    why = "no topic names its department: add one to [[topic]]";
  else if (about_brand == 0)
    why = "nobody mentioned the brand in the window";
  if (!why.empty())
    return {.figure = not_measurable({}, Unit::percent, std::move(why), about_brand)};
  const auto share = [&](std::string name, std::uint64_t items) {
    return share_figure(std::move(name), Unit::percent, items, about_brand, about_brand);
  };
  const auto items = count_items(tallies, owned);
  MetricValue value{.figure = share({}, items)};
  value.parts.push_back(share("nobody's", about_brand - items));
  for (const auto department : departments)
    value.breakdown.push_back(
        {"department", share(tallies.request.entities[department].name,
                             count_items(tallies, {Scope::Kind::brand_and_entity, department}))});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& nobodys = value.parts[0];
  if (value.figure.small_sample)
    return fmt::format("{} of {} posts about you concern no department.", nobodys.ratio->numerator,
                       nobodys.ratio->denominator);
  return fmt::format("Of every 100 posts about you, {} concern no department.",
                     of_every_100(*nobodys.value));
}

Weight weigh(const FactView& fact, const Project&) {
  const bool eligible = fact.in(brand_scope);
  return {eligible, eligible, eligible && fact.in(owned)};
}

}  // namespace

/// Items about the brand in the topics of some department / items about the brand; by department an
/// item counts in each that it concerns. Its part is the rest, which no department answers for. No
/// value without departments of topics, or if nobody mentioned the brand.
MetricDefinition department_listening() {
  return {.formula = "count(B in the topics of a department) / count(B); the rest is nobody's",
          .source = "Cisco's playbook: routing",
          .misleading_when = "the queries of topics are too wide or too narrow",
          .measure = measure_listening,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
