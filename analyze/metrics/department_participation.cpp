#include <algorithm>

#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

std::string why_not(const MetricInput& input, const std::vector<std::string>& departments) {
  if (departments.empty()) return std::string{no_departments};
  const auto& own = input.tallies.own;
  if (std::ranges::none_of(own, is_own)) return why_no_own_posts(input.project);
  const bool known = std::ranges::any_of(own, [&](const OwnItem& item) {
    return is_own(item) && !department_of(input, item.author).empty();
  });
  return known ? std::string{} : std::string{no_department_accounts};
}

MetricValue measure_participation(const MetricInput& input) {
  const auto departments = declared_departments(input);
  if (auto why = why_not(input, departments); !why.empty())
    return {.figure = not_measurable({}, Unit::percent, std::move(why), departments.size())};
  MetricValue value;
  std::uint64_t active = 0;
  const auto items = count_by_department(input, departments, is_own);
  for (std::size_t i = 0; i < departments.size(); ++i) {
    if (items[i] > 0) ++active;
    value.breakdown.push_back({"department", count_figure(departments[i], items[i])});
  }
  value.figure = share_figure({}, Unit::percent, active, departments.size(), departments.size());
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("{} of your {} departments posted or answered.", value.figure.ratio->numerator,
                     value.figure.ratio->denominator);
}

std::vector<PostKey> items_of_departments(const MetricInput& input) {
  std::vector<PostKey> keys;
  for (const auto& item : input.tallies.own)
    if (is_own(item) && !department_of(input, item.author).empty()) keys.push_back(item.key);
  return keys;
}

}  // namespace

/// Departments with at least one post or answer by an account of theirs / departments that topics,
/// handles or the staff file declare. It counts departments, not posts. No value if none is
/// declared, no own item is seen, or none of its accounts has a department.
MetricDefinition department_participation() {
  return {.formula = "departments with at least one own post or answer / departments declared",
          .source = "Altimeter, stage Strategic (2013)",
          .misleading_when =
              "a token post is taken for taking part, or one handle serves several "
              "departments",
          .measure = measure_participation,
          .reads = {Table::activity, Table::accounts},
          .sentence = say,
          .evidence = {.posts = items_of_departments},
          .census = true};
}

}  // namespace earshot
