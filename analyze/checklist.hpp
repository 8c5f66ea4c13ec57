#pragma once

#include <span>
#include <string_view>

#include "analyze/calendar.hpp"
#include "analyze/project.hpp"
#include "analyze/report.hpp"
#include "store/base/time.hpp"

namespace earshot {

/// A question that no post can answer: somebody of the business does, in [checklist].
struct ChecklistQuestion {
  std::string_view key;    ///< "clear_goals", as it stands in the config.
  std::string_view model;  ///< "Altimeter's stages", "Owyang's process"
  std::string_view group;  ///< "Success factors", "1 Education", ...
  std::string_view question;
};

/// All of them, in the order in which they are shown: what Altimeter found that programmes which
/// succeed have in common, then what each phase of Owyang's process asks for.
///
/// Source: Li & Solis, "The Evolution of Social Business" (2013); Owyang's pragmatic process; in
/// words of our own.
std::span<const ChecklistQuestion> checklist_questions();

/// The table "checklist": a row a question, with its answer, who declared it and on which day.
/// State "declared"; "stale" if that is more than 180 days before `now`, in local days; "missing"
/// without an answer. An answer without a day stays declared, and the table says that it has none.
ReportTable checklist_table(const Project& project, const Calendar& calendar, Instant now);

}  // namespace earshot
