#include "analyze/declared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analyze/handles.hpp"

namespace earshot {

bool same_name(std::string_view a, std::string_view b) {
  return folded_handle(a) == folded_handle(b);
}

bool is_observed(const MetricInput& input, Instant day) {
  return input.tallies.request.window().begin <= day && day < input.observed_end();
}

std::string no_file(std::string_view table) {
  return fmt::format("no {} file: name one under [files]", table);
}

std::string no_line(std::string_view table, std::string_view wanted) {
  return fmt::format("the {} file has no line in the window that says {}", table, wanted);
}

std::string why_not_of_part(const MetricInput& input) {
  const auto& request = input.tallies.request;
  return request.only_channel || request.only_topic
             ? "known of all posts together only, not of one channel or topic"
             : "";
}

std::uint64_t whole(double sum) {
  return sum <= 0 ? 0 : static_cast<std::uint64_t>(std::llround(sum));
}

bool is_own(const OwnItem& item) {
  return item.owner == brand_index && !item.repost;
}

std::vector<std::string> declared_departments(const MetricInput& input) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& wanted) {
    const bool known = std::ranges::any_of(
        names, [&](const std::string& name) { return same_name(name, wanted); });
    if (!known && !wanted.empty()) names.push_back(wanted);
  };
  std::ranges::for_each(departments_of(input.project), add);
  if (input.files.staff)
    for (const auto& row : *input.files.staff) add(row.department);
  return names;
}

std::string_view department_of(const MetricInput& input, std::uint64_t author) {
  const auto* account = input.accounts.find(author);
  return account == nullptr || account->owner != brand_index ? std::string_view{}
                                                             : account->department;
}

std::vector<std::uint64_t> count_by_department(const MetricInput& input,
                                               const std::vector<std::string>& departments,
                                               bool (*wanted)(const OwnItem& item)) {
  std::map<std::uint64_t, std::uint64_t> by_author;
  for (const auto& item : input.tallies.own)
    if (wanted(item)) ++by_author[item.author];
  std::vector<std::uint64_t> counts(departments.size());
  for (const auto& [author, items] : by_author) {
    const auto department = department_of(input, author);
    for (std::size_t i = 0; i < departments.size(); ++i)
      if (same_name(departments[i], department)) counts[i] += items;
  }
  return counts;
}

}  // namespace earshot
