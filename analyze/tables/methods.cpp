#include <fmt/format.h>

#include "analyze/report_figure.hpp"
#include "analyze/report_tables.hpp"
#include "analyze/share_correction.hpp"

namespace earshot {

namespace {

std::string names_of(const TallyRequest& request, EntityKind kind) {
  std::string names;
  for (const auto index : entities_of_kind(request, kind))
    names += (names.empty() ? "" : ", ") + request.entities[index].name;
  return names.empty() ? "none" : names;
}

std::string sources_of(const Report& report) {
  std::string names;
  for (const auto& source : report.sources)
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", source.name, source.coverage);
  return names.empty() ? "none" : names;
}

std::string models_of(const Report& report) {
  std::string models;
  for (const auto& generation : report.generations)
    models += fmt::format("{}{} ({} of the posts, model {}, config {})", models.empty() ? "" : "; ",
                          generation.model, group_digits(generation.posts), generation.model_hash,
                          generation.config_hash);
  return models.empty() ? "no post is labelled" : models;
}

bool is_corrected(const MetricInput& input) {
  return input.correction != nullptr && input.correction->why_not().empty();
}

std::string correction_of(const MetricInput& input) {
  if (input.correction == nullptr) return "shares are not corrected for its errors";
  const auto& audit = input.correction->audit();
  const auto audited = fmt::format("an audit of {} of {}", count_of(audit.n(), "post"),
                                   input.calendar.format_day(audit.at));
  if (!is_corrected(input))
    return fmt::format("shares are not corrected for its errors: of {}, {}", audited,
                       input.correction->why_not());
  return fmt::format(
      "shares of sentiment are corrected for its errors as {} found them (adjusted count)",
      audited);
}

std::string slas_of(const InboxRules& inbox) {
  std::string targets;
  for (const auto target : inbox.sla)
    targets += (targets.empty() ? "" : ", ") + format_duration(static_cast<double>(target.count()));
  return targets;
}

}  // namespace

ReportTable methods_table(const MetricInput& input, const Report& report) {
  const auto& project = input.project;
  const auto& request = input.tallies.request;
  ReportTable table{.name = "methods",
                    .title = "Sources & Methods Transparency Table",
                    .columns = {{"What", ""}, {"How", ""}}};
  const auto add = [&](std::string what, std::string how) {
    table.rows.push_back({{std::move(what), {}}, {std::move(how), {}}});
  };
  add("Time", report.window_shown + ", " + report.timezone);
  add("Sources and their coverage", sources_of(report));
  add("Query of the brand", project.brand.query);
  add("Competitors", names_of(request, EntityKind::competitor));
  add("Topics", names_of(request, EntityKind::topic));
  add("Own accounts", fmt::format("{} declared; what they write is not counted as the public's",
                                  project.brand.handles.size()));
  add("Items and mentions",
      "a post is an item, counted once; it is a mention of each brand and topic it is about");
  add("Repeats", fmt::format("posts of eight words or more in the same words are one item, the "
                             "earliest; replies and own posts never; {} here",
                             group_digits(report.collapsed)));
  add("Sentiment and stance", models_of(report) + "; " + correction_of(input));
  add("Advocacy", "a recommendation or a call to act, not praise; staff and affiliates never");
  add("Engagement",
      "likes, shares and replies as the source says; what it does not say is left "
      "out, never 0");
  add("Reach, influence", "not computed: there is no honest formula from posts");
  add("Answers", fmt::format("the first own reply within {}; where no replies are collected "
                             "nothing is said of answers",
                             format_duration(static_cast<double>(request.horizon.count()))));
  add("Response targets", slas_of(project.inbox) + " for priority 1, 2, 3");
  add("Intervals", fmt::format("95 %: Wilson for shares, {}order statistics or Kaplan-Meier for "
                               "medians",
                               is_corrected(input) ? "the bootstrap over audit and counts for "
                                                     "corrected ones, "
                                                   : ""));
  add("Small samples",
      fmt::format("under {} posts counts and the posts, no percentage", report.minimum_n));
  add("Posts, config, version",
      fmt::format("{}, {}, earshot {}", report.posts_hash, report.config_hash, report.version));
  return table;
}

}  // namespace earshot
