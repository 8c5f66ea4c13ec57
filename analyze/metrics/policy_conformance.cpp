#include <algorithm>

#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

bool is_about(const PolicyRule& rule, const OwnItem& item) {
  return rule.on == PolicyRule::On::all || item.root == (rule.on == PolicyRule::On::posts);
}

bool keeps(const PolicyRule& rule, const OwnItem& item, const TallyRequest& request) {
  const auto entity = find_entity(request, EntityKind::rule, rule.name);
  return std::ranges::binary_search(item.entities, entity) != rule.forbids;
}

bool is_ruled(const OwnItem& item, const Project& project) {
  return is_own(item) && std::ranges::any_of(project.policy, [&](const PolicyRule& rule) {
           return is_about(rule, item);
         });
}

bool conforms(const OwnItem& item, const TallyRequest& request, const Project& project) {
  return std::ranges::all_of(project.policy, [&](const PolicyRule& rule) {
    return !is_about(rule, item) || keeps(rule, item, request);
  });
}

Figure by_rule(const MetricInput& input, const PolicyRule& rule) {
  std::uint64_t about = 0;
  std::uint64_t kept = 0;
  for (const auto& item : input.tallies.own) {
    if (!is_own(item) || !is_about(rule, item)) continue;
    ++about;
    if (keeps(rule, item, input.tallies.request)) ++kept;
  }
  auto figure = share_figure(rule.name, Unit::percent, kept, about, about);
  if (about == 0) figure.not_measurable = "no own item of the window is under this rule";
  return figure;
}

MetricValue measure_conformance(const MetricInput& input) {
  const auto& project = input.project;
  std::uint64_t own = 0;
  std::uint64_t ruled = 0;
  std::uint64_t kept = 0;
  for (const auto& item : input.tallies.own) {
    if (!is_own(item)) continue;
    ++own;
    if (!is_ruled(item, project)) continue;
    ++ruled;
    if (conforms(item, input.tallies.request, project)) ++kept;
  }
  std::string why;
  if (project.policy.empty())
    why = "no rule is declared: add one under [policy]";
  else if (own == 0)
    why = why_no_own_posts(project);
  else if (ruled == 0)
    why = "no own item of the window is under a rule";
  if (!why.empty()) return {.figure = not_measurable({}, Unit::percent, std::move(why), own)};
  MetricValue value{.figure = share_figure({}, Unit::percent, kept, ruled, own)};
  for (const auto& rule : project.policy) value.breakdown.push_back({"rule", by_rule(input, rule)});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts and answers of yours keep all your rules.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 posts and answers of yours, {} keep all your rules.",
                     of_every_100(*figure.value));
}

Weight weigh(const OwnItem& item, const Tallies& tallies, const Project& project) {
  const bool used = is_ruled(item, project);
  return {is_own(item), used, used && conforms(item, tallies.request, project)};
}

}  // namespace

/// Own items, posts and answers but no bare shares, that keep every rule about them / own items
/// that any rule is about: who is under no rule keeps none. No value without rules or such items.
MetricDefinition policy_conformance() {
  return {.formula =
              "own posts and answers that match every required rule and no forbidden one / "
              "own posts and answers that a rule is about",
          .source = "Altimeter, stage Formalized (2013)",
          .misleading_when =
              "rules are taken too literally, or posts were labelled before a rule "
              "was written",
          .measure = measure_conformance,
          .reads = {Table::activity},
          .sentence = say,
          .evidence = {.own = weigh}};
}

}  // namespace earshot
