#include "analyze/report_figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace earshot {

namespace {

/// How a unit is written: factor from its base, decimals, and what follows the digits.
struct Style {
  double factor;
  int decimals;
  std::string_view suffix;
};

const Style& style_of(Unit unit) {
  static constexpr std::array<Style, 26> styles{{{1, 0, ""},
                                                 {100, 1, " %"},
                                                 {100, 1, " points"},
                                                 {1000, 1, " in 1,000"},
                                                 {1, 2, " to 1"},
                                                 {1, 0, ""},
                                                 {1.0 / 86'400, 1, ""},
                                                 {1, 1, " a week"},
                                                 {1, 2, " a post"},
                                                 {1, 2, " a post"},
                                                 {1, 2, " a post"},
                                                 {1, 2, " a post"},
                                                 {1, 1, " channels"},
                                                 {1, 1, " departments"},
                                                 {1, 0, " people"},
                                                 {1, 2, " people a link"},
                                                 {1, 0, " accounts"},
                                                 {1, 0, " regions"},
                                                 {1, 0, " objectives"},
                                                 {1, 1, " turns"},
                                                 {1, 2, ""},
                                                 {1, 1, ""},
                                                 {1, 2, ""},
                                                 {1, 1, " h a day"},
                                                 {1, 2, ""},
                                                 {1, 2, " a visit"}}};
  return styles[static_cast<std::size_t>(unit)];
}

bool is_duration(Unit unit) {
  return unit == Unit::seconds || unit == Unit::days;
}
bool is_share(Unit unit) {
  return unit == Unit::percent || unit == Unit::points || unit == Unit::per_1000;
}

/// Fixed decimals; "-0.0" is 0.0.
std::string fixed(double value, int decimals) {
  auto digits = fmt::format("{:.{}f}", value, decimals);
  const bool zero = digits.find_first_of("123456789") == std::string::npos;
  return zero && digits.front() == '-' ? digits.substr(1) : digits;
}

std::string with_sign(std::string digits) {
  const bool zero = digits.find_first_of("123456789") == std::string::npos;
  return zero || digits.front() == '-' ? digits : "+" + digits;
}

/// An end of an interval, for people: without the suffix that the value has already.
std::string show_end(double value, Unit unit) {
  if (is_duration(unit)) return format_duration(value);
  const auto digits = digits_of(value, unit);
  return unit == Unit::points ? with_sign(digits) : digits;
}

ReportInterval round_interval(const Interval& interval, Unit unit) {
  ReportInterval rounded{.low = digits_of(interval.low, unit),
                         .method = std::string{interval.method}};
  if (std::isinf(interval.high)) {
    rounded.shown = show_end(interval.low, unit) + " or more";
    return rounded;
  }
  rounded.high = digits_of(interval.high, unit);
  rounded.shown = show_end(interval.low, unit) + " to " + show_end(interval.high, unit);
  return rounded;
}

std::string show_difference(double difference, Unit unit) {
  if (is_duration(unit)) {
    const auto shown = format_duration(std::abs(difference));
    return std::llround(difference) == 0 ? shown : (difference < 0 ? "-" : "+") + shown;
  }
  const auto digits = with_sign(digits_of(difference, unit));
  if (unit == Unit::percent || unit == Unit::points) return digits + " points";
  return digits;
}

ReportChange round_change(const Change& change, Unit unit) {
  ReportChange rounded{.before = digits_of(change.before, unit),
                       .before_shown = show_value(change.before, unit),
                       .difference = digits_of(change.difference, unit),
                       .shown = show_difference(change.difference, unit),
                       .unit = std::string{name_of(unit == Unit::percent ? Unit::points : unit)}};
  if (change.interval) {
    rounded.interval = round_interval(*change.interval, unit);
    rounded.interval->shown = with_sign(digits_of(change.interval->low, unit)) + " to " +
                              with_sign(digits_of(change.interval->high, unit));
  }
  return rounded;
}

std::string counts_of(const Figure& figure) {
  if (!figure.ratio) return fmt::format("{} posts", figure.n_used);
  if (figure.unit == Unit::points)
    return fmt::format("net {} of {}", with_sign(std::to_string(figure.ratio->numerator)),
                       figure.ratio->denominator);
  return fmt::format("{} of {}", figure.ratio->numerator, figure.ratio->denominator);
}

}  // namespace

std::string title_of(std::string_view metric_name) {
  std::string title{metric_name};
  std::ranges::replace(title, '_', ' ');
  if (title.starts_with("sla ")) return "SLA" + title.substr(3);
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z')
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

std::string group_digits(std::uint64_t count) {
  auto digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string count_of(std::uint64_t count, std::string_view singular) {
  return fmt::format("{} {}{}", group_digits(count), singular, count == 1 ? "" : "s");
}

std::string digits_of(double value, Unit unit) {
  const auto& style = style_of(unit);
  return fixed(value * style.factor, style.decimals);
}

std::string show_value(double value, Unit unit) {
  if (is_duration(unit)) return format_duration(value);
  if (unit == Unit::items) return group_digits(static_cast<std::uint64_t>(value));
  const auto digits = digits_of(value, unit);
  return (unit == Unit::points ? with_sign(digits) : digits) + std::string{style_of(unit).suffix};
}

ReportFigure round_figure(const Figure& figure) {
  ReportFigure rounded{.name = figure.name,
                       .unit = std::string{name_of(figure.unit)},
                       .n_used = figure.n_used,
                       .n_eligible = figure.n_eligible,
                       .not_measurable = figure.not_measurable,
                       .small_sample = figure.small_sample};
  if (figure.ratio) {
    rounded.numerator = figure.ratio->numerator;
    rounded.denominator = figure.ratio->denominator;
  }
  if (!figure.not_measurable.empty()) {
    rounded.shown = "not measurable";
    return rounded;
  }
  if (figure.small_sample && is_share(figure.unit)) {
    rounded.shown = counts_of(figure);
    return rounded;
  }
  if (figure.value) {
    rounded.value = digits_of(*figure.value, figure.unit);
    rounded.shown = show_value(*figure.value, figure.unit);
  } else if (figure.beyond) {
    rounded.more_than = digits_of(*figure.beyond, figure.unit);
    rounded.shown = "over " + show_value(*figure.beyond, figure.unit);
  }
  if (!figure.words.empty()) rounded.shown = figure.words;
  if (figure.interval) rounded.interval = round_interval(*figure.interval, figure.unit);
  if (figure.change) rounded.change = round_change(*figure.change, figure.unit);
  return rounded;
}

}  // namespace earshot
