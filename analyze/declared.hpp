#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/metric.hpp"

namespace earshot {

// How metrics read what the user declares: names, days, tables and departments.

/// Compares names of accounts, departments, topics and items: without case and without a leading
/// "@".
bool same_name(std::string_view a, std::string_view b);

/// True for a day in the window, as far as the window has come.
bool is_observed(const MetricInput& input, Instant day);

/// Why a figure can't be told, and what to do: "no traffic file: name one under [files]", and
/// "the traffic file has no line in the window that says both visits and value".
std::string no_file(std::string_view table);
std::string no_line(std::string_view table, std::string_view wanted);

/// Why a figure that is only known of all posts together can't be told, where the tallies are of
/// one channel or topic; empty where they are of all.
std::string why_not_of_part(const MetricInput& input);

/// A column of one table over the window.
struct ColumnSum {
  double sum = 0;
  std::uint64_t known = 0;  ///< Lines that say the number, of ...
  std::uint64_t lines = 0;  ///< ... those in the window.
};

/// Adds up `amount(row)` over the rows of the window; where it is nothing, the line says nothing.
template <class Row, class Amount>
ColumnSum sum_observed(const MetricInput& input, const std::vector<Row>& rows, Amount amount) {
  ColumnSum column;
  for (const auto& row : rows) {
    if (!is_observed(input, row.day)) continue;
    ++column.lines;
    const std::optional<double> number = amount(row);
    if (!number) continue;
    ++column.known;
    column.sum += *number;
  }
  return column;
}

/// A sum that counts whole things; negative sums are 0.
std::uint64_t whole(double sum);

/// True for O and R: by a handle of the brand, and no bare share of another's post.
bool is_own(const OwnItem& item);

/// The departments of topics and handles, then of the staff file; each once, without case.
std::vector<std::string> declared_departments(const MetricInput& input);

/// Whose account wrote it; empty where nothing says so.
std::string_view department_of(const MetricInput& input, std::uint64_t author);

/// How many of the own items that `wanted` picks each of `departments` wrote, in their order; those
/// by accounts of none of them are left out.
std::vector<std::uint64_t> count_by_department(const MetricInput& input,
                                               const std::vector<std::string>& departments,
                                               bool (*wanted)(const OwnItem& item));

/// Why figures by department can't be told, where none is declared, and where none has an account.
inline constexpr std::string_view no_departments =
    "no department is declared: add a department to topics and handles";
inline constexpr std::string_view no_department_accounts =
    "nothing says which department an own account belongs to: add a department to the handles of "
    "[brand], or name a staff file under [files]";

}  // namespace earshot
