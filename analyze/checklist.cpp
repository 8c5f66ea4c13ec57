#include "analyze/checklist.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

namespace earshot {

namespace {

constexpr std::string_view altimeter = "Altimeter's stages";
constexpr std::string_view owyang = "Owyang's process";
constexpr std::string_view factors = "Success factors";

constexpr std::array<ChecklistQuestion, 25> questions{{
    {"clear_goals", altimeter, factors,
     "Which goals of the business is social work there to serve?"},
    {"long_view", altimeter, factors, "What should be true in three years that is not true today?"},
    {"executive_support", altimeter, factors,
     "Who at the top answers for it, and what have they done for it lately?"},
    {"initiative_roadmap", altimeter, factors,
     "Which initiatives come in which order, and with what people and money?"},
    {"training", altimeter, factors,
     "Who is taught what before they speak for the business, and how often again?"},
    {"right_people", altimeter, factors, "Who does the work, and why are they the right ones?"},
    {"technology_last", altimeter, factors,
     "Which tool was chosen, and for which goal that was set before it?"},

    {"education_knowledge", owyang, "1 Education",
     "Who has learnt how people talk online, and who still has to?"},
    {"education_examples", owyang, "1 Education",
     "Which examples, good and bad, has everybody who decides seen?"},
    {"research_customers", owyang, "2 Research",
     "Where are your customers online, and how do you know?"},
    {"research_readiness", owyang, "2 Research",
     "What did a look at your own accounts, people and rules find?"},
    {"strategy_objective", owyang, "3 Strategy",
     "Which one objective comes first, and which are left for later?"},
    {"strategy_agreement", owyang, "3 Strategy",
     "Which departments and executives have agreed to it?"},
    {"planning_people", owyang, "4 Planning",
     "Who answers on which days, and who when they are away?"},
    {"planning_budget", owyang, "4 Planning",
     "How much money and how many hours a week are set aside?"},
    {"planning_crisis", owyang, "4 Planning",
     "Who decides what when something goes wrong on a weekend?"},
    {"implementation_launch", owyang, "5 Implementation",
     "What starts when, and who is told before it does?"},
    {"implementation_policy", owyang, "5 Implementation",
     "Where are the rules for those who post, and who has read them?"},
    {"management_owner", owyang, "6 Management",
     "Who runs it day by day, and to whom do they report?"},
    {"management_handover", owyang, "6 Management",
     "How does what is heard reach the people who can change it?"},
    {"measurement_success", owyang, "7 Measurement",
     "Which figure tells that it works, and who looks at it?"},
    {"measurement_baseline", owyang, "7 Measurement", "What was that figure before you began?"},
    {"renewal_review", owyang, "8 Renewal",
     "When was the whole last looked at anew, and what was dropped?"},
    {"renewal_lessons", owyang, "8 Renewal", "What do you do otherwise than a year ago, and why?"},
    {"renewal_next", owyang, "8 Renewal", "What will be tried next?"},
}};

constexpr std::chrono::days fresh_for{180};

const ChecklistAnswer* answer_to(const Project& project, std::string_view key) {
  const auto found = std::ranges::find(project.checklist, key, &ChecklistAnswer::question);
  return found == project.checklist.end() || found->answer.empty() ? nullptr : &*found;
}

/// Counted from midnight to midnight; rounded, as daylight saving shifts one by an hour.
bool is_stale(const ChecklistAnswer& answer, const Calendar& calendar, Instant now) {
  const auto declared = calendar.day_begin(answer.on);
  const auto today = calendar.day_begin(calendar.iso_day(now));
  return declared && today && std::chrono::round<std::chrono::days>(*today - *declared) > fresh_for;
}

ReportCell text(std::string_view shown) {
  return {std::string{shown}, {}};
}

}  // namespace

std::span<const ChecklistQuestion> checklist_questions() {
  return questions;
}

ReportTable checklist_table(const Project& project, const Calendar& calendar, Instant now) {
  ReportTable table;
  table.name = "checklist";
  table.title = "Checklist";
  for (const auto* title : {"Question", "Of", "State", "Answer", "By", "On", "Key"})
    table.columns.push_back({title, {}});
  std::size_t answered = 0;
  bool undated = false;
  for (const auto& question : questions) {
    const auto* answer = answer_to(project, question.key);
    std::vector<ReportCell> row{text(question.question),
                                text(fmt::format("{}: {}", question.model, question.group))};
    if (answer == nullptr) {
      row.push_back(text("missing"));
      row.resize(table.columns.size());
    } else {
      ++answered;
      undated = undated || answer->on.empty();
      row.push_back(text(is_stale(*answer, calendar, now) ? "stale" : "declared"));
      row.push_back(text(answer->answer));
      row.push_back(text(answer->by));
      row.push_back(text(answer->on.empty() ? "no day" : answer->on));
    }
    row.resize(table.columns.size());
    row.back() = text(question.key);
    table.rows.push_back(std::move(row));
  }
  table.note = fmt::format(
      "declared by the business under [checklist], not measured: {} of {} answered; an answer is "
      "stale when it is older than {} days{}",
      answered, questions.size(), fresh_for.count(),
      undated ? ", which cannot be told of one without a day" : "");
  return table;
}

}  // namespace earshot
