#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "analyze/project.hpp"

namespace earshot {

/// Altimeter's six stages of social business transformation. Firms move at their own rate and skip
/// nothing.
///
/// Source: Li & Solis, "The Evolution of Social Business" (Altimeter 2013).
enum class Stage : std::uint8_t {
  planning,
  presence,
  engagement,
  formalized,
  strategic,
  converged,
};
inline constexpr std::size_t stage_count = 6;
std::string_view name_of(Stage stage);

/// What a stage asks of a metric. The thresholds are ours: no source publishes any.
struct Criterion {
  Stage stage;
  std::string_view metric;
  bool at_least;     ///< Else at most.
  double threshold;  ///< In the unit's base: shares 0 to 1, durations in seconds.
};

/// All criteria, by stage. Only metrics that this version computes are among them.
std::span<const Criterion> criteria();

/// The threshold that holds: the project's, else the default.
double threshold_of(const Criterion& criterion, const Project& project);

/// How many criteria must be measurable before a stage can count as evidenced.
inline constexpr std::size_t least_measurable = 3;

}  // namespace earshot
