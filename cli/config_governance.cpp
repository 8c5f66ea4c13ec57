#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "analyze/checklist.hpp"
#include "cli/config_parts.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

void read_rule_scope(const TableReader& reader, PolicyRule& rule) {
  static constexpr std::array<std::string_view, 3> scopes{"posts", "replies", "all"};
  std::string on{"all"};
  reader.read("on", on);
  const auto found = std::ranges::find(scopes, on);
  if (found == scopes.end())
    return reader.complain("on", fmt::format("'on' must be posts, replies or all, not '{}'{}", on,
                                             did_you_mean(on, scopes)));
  rule.on = static_cast<PolicyRule::On>(found - scopes.begin());
}

PolicyRule read_rule(const toml::table& table, Complaints& complaints) {
  const TableReader reader{
      table, "a rule of [policy]", {"name", "require", "forbid", "on"}, complaints};
  PolicyRule rule;
  reader.require("name", rule.name);
  rule.forbids = reader.has("forbid");
  if (rule.forbids == reader.has("require"))
    reader.complain("name", "a rule of [policy] needs either 'require' or 'forbid', a query");
  const auto* key = rule.forbids ? "forbid" : "require";
  reader.require(key, rule.query);
  check_query(reader, key, rule.query);
  read_rule_scope(reader, rule);
  return rule;
}

void read_policy(const TableReader& file, Project& project, Complaints& complaints) {
  const auto* table = file.table_at("policy");
  if (table == nullptr) return;
  const auto* rules = TableReader{*table, "[policy]", {"rules"}, complaints}.array_at("rules");
  if (rules == nullptr) return;
  std::set<std::string> names;
  for (const auto& node : *rules) {
    if (!node.is_table())
      return complaints.add(
          node, "'rules': expected tables like {name = \"no promises\", forbid = \"guarantee*\"}");
    project.policy.push_back(read_rule(*node.as_table(), complaints));
    const auto& name = project.policy.back().name;
    if (!names.insert(name).second)
      complaints.add(node, fmt::format("there are two rules named '{}'", name));
  }
}

/// key = "answer", or key = {answer = ..., by = ..., on = ...}.
ChecklistAnswer read_answer(std::string_view key, const toml::node& node, const Project& project,
                            Complaints& complaints) {
  ChecklistAnswer answer{.question = std::string{key}, .answer = {}, .by = {}, .on = {}};
  if (const auto text = node.value_exact<std::string>()) {
    answer.answer = *text;
  } else if (const auto* table = node.as_table()) {
    const TableReader reader{
        *table, "an answer of [checklist]", {"answer", "by", "on"}, complaints};
    reader.read("answer", answer.answer);
    reader.read("by", answer.by);
    reader.read("on", answer.on);
    if (reader.has("on")) check_day(reader, "on", answer.on, project.timezone);
  } else {
    complaints.add(node, fmt::format("'{}' in [checklist]: expected a string or a table like "
                                     "{{answer = \"...\", by = \"...\", on = \"2026-08-01\"}}",
                                     key));
  }
  if (answer.answer.empty())
    complaints.add(node, fmt::format("'{}' in [checklist] has no answer", key));
  return answer;
}

void read_checklist(const TableReader& file, Project& project, Complaints& complaints) {
  const auto* table = file.table_at("checklist");
  if (table == nullptr) return;
  std::vector<std::string_view> keys;
  for (const auto& question : checklist_questions()) keys.push_back(question.key);
  const TableReader reader{*table, "[checklist]", keys, complaints};
  for (const auto key : keys)
    if (reader.has(key))
      project.checklist.push_back(read_answer(key, *table->get(key), project, complaints));
}

}  // namespace

void read_governance(const TableReader& file, Project& project, Complaints& complaints) {
  read_policy(file, project, complaints);
  read_checklist(file, project, complaints);
}

}  // namespace earshot
