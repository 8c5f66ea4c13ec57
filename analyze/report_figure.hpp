#pragma once

#include <string>
#include <string_view>

#include "analyze/metric.hpp"
#include "analyze/report.hpp"

namespace earshot {

/// "Share of voice" for "share_of_voice".
std::string title_of(std::string_view metric_name);

/// 1204 as "1,204".
std::string group_digits(std::uint64_t count);

/// A value in the unit's base as the digits that reports print, in the unit that they name: one
/// decimal for percent, points and rates per week, whole seconds.
std::string digits_of(double value, Unit unit);

/// The same for people: "34.1 %", "+12.5", "3 h 12 min", "1.20 shares a post".
std::string show_value(double value, Unit unit);

/// The one place in which figures are rounded. A share of too few posts becomes counts.
ReportFigure round_figure(const Figure& figure);

}  // namespace earshot
