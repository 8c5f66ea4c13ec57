#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "analyze/conversations.hpp"
#include "analyze/declared.hpp"
#include "analyze/statistics.hpp"

namespace earshot {

namespace {

bool is_reply(const OwnItem& item) {
  return is_own_reply(item);
}

MetricValue measure_spread(const MetricInput& input) {
  const auto departments = declared_departments(input);
  const auto answers = count_by_department(input, departments, is_reply);
  const auto known = std::accumulate(answers.begin(), answers.end(), std::uint64_t{0});
  const auto replies =
      static_cast<std::uint64_t>(std::ranges::count_if(input.tallies.own, is_reply));
  std::string why;
  if (departments.empty())
    why = no_departments;
  else if (replies == 0)
    why = "no answers by the brand in the window";
  else if (known == 0)
    why = no_department_accounts;
  if (!why.empty())
    return {.figure = not_measurable({}, Unit::departments, std::move(why), replies)};
  const double effective = *effective_number(answers);
  MetricValue value{
      .figure = {
          .unit = Unit::departments, .value = effective, .n_used = known, .n_eligible = replies}};
  value.parts.push_back({.name = "of those declared",
                         .unit = Unit::share,
                         .value = effective / static_cast<double>(departments.size()),
                         .n_used = known,
                         .n_eligible = replies});
  for (std::size_t i = 0; i < departments.size(); ++i)
    value.breakdown.push_back(
        {"department", share_figure(departments[i], Unit::percent, answers[i], known, known)});
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("Your answers are spread as if {:.1f} departments shared them equally.",
                     *value.figure.value);
}

std::vector<PostKey> answers_of_departments(const MetricInput& input) {
  std::vector<PostKey> keys;
  for (const auto& item : input.tallies.own)
    if (is_own_reply(item) && !department_of(input, item.author).empty()) keys.push_back(item.key);
  return keys;
}

}  // namespace

/// Hill's number of order 1 over the departments' shares of the brand's answers: how many
/// departments would give the same spread if they answered equally often. Over answers by accounts
/// whose department is known; its part divides it by the number of departments declared, 1 at
/// parity. No value without departments or answers.
MetricDefinition department_spread() {
  return {.formula =
              "exp(-sum over departments of x ln x), x the department's share of the own "
              "replies whose department is known",
          .source = "ours; Hill, Diversity and evenness (1973)",
          .misleading_when = "departments differ in size, or only some accounts name theirs",
          .measure = measure_spread,
          .reads = {Table::activity, Table::accounts},
          .sentence = say,
          .evidence = {.posts = answers_of_departments}};
}

}  // namespace earshot
