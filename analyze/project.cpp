#include "analyze/project.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/base/hash.hpp"

namespace earshot {

namespace {

/// Changes with what the labeller does by itself, so that older labels count as stale.
constexpr std::string_view label_rules = "rules 4";

/// Feeds strings to a running hash; the length first, so that two lists never look alike.
class Digest {
 public:
  void add(std::string_view text) { hash_ = hash_bytes(text, hash_ + text.size() + 1); }
  void add(const Party& party) {
    add(party.name);
    add(party.query);
    for (const auto& handle : party.handles) {
      add(handle.network);
      add(handle.name);
    }
    add("affiliates");
    for (const auto& affiliate : party.affiliates) add(affiliate);
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0;
};

}  // namespace

std::vector<Entity> entities_of(const Project& project) {
  std::vector<Entity> entities{{EntityKind::brand, project.brand.name}};
  for (const auto& competitor : project.competitors)
    entities.push_back({EntityKind::competitor, competitor.name});
  for (const auto& topic : project.topics) entities.push_back({EntityKind::topic, topic.name});
  for (const auto& objective : project.objectives)
    if (!objective.query.empty()) entities.push_back({EntityKind::objective, objective.name});
  for (const auto& pilot : project.pilots)
    if (!pilot.query.empty()) entities.push_back({EntityKind::pilot, pilot.name});
  const auto add_once = [&](EntityKind kind, const std::string& name) {
    const Entity entity{kind, name};
    if (!name.empty() && std::ranges::find(entities, entity) == entities.end())
      entities.push_back(entity);
  };
  for (const auto& topic : project.topics) add_once(EntityKind::department, topic.department);
  for (const auto& place : project.places) add_once(EntityKind::region, place.region);
  for (const auto& rule : project.policy) add_once(EntityKind::rule, rule.name);
  return entities;
}

std::vector<std::string> departments_of(const Project& project) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const auto& topic : project.topics) add(topic.department);
  for (const auto& handle : project.brand.handles) add(handle.department);
  return names;
}

std::uint64_t labelling_hash(const Project& project) {
  Digest digest;
  digest.add(label_rules);
  digest.add(project.brand);
  for (const auto& competitor : project.competitors) digest.add(competitor);
  digest.add("topics");
  for (const auto& topic : project.topics) {
    digest.add(topic.name);
    digest.add(topic.query);
    digest.add(topic.department);
  }
  digest.add(project.inbox.urgent);
  for (const auto& objective : project.objectives) {
    digest.add(objective.name);
    digest.add(objective.query);
  }
  for (const auto& pilot : project.pilots) {
    digest.add(pilot.name);
    digest.add(pilot.query);
  }
  for (const auto& place : project.places) {
    digest.add(place.pattern);
    digest.add(place.region);
  }
  for (const auto& rule : project.policy) {
    digest.add(rule.name);
    digest.add(rule.query);
  }
  return digest.value();
}

std::string query_of(const Project& project, const Entity& entity) {
  const auto named = [&](const auto& list) {
    for (const auto& one : list)
      if (one.name == entity.name) return one.query;
    return std::string{};
  };
  switch (entity.kind) {
    case EntityKind::brand:
      return project.brand.query;
    case EntityKind::competitor:
      return named(project.competitors);
    case EntityKind::topic:
      return named(project.topics);
    case EntityKind::objective:
      return named(project.objectives);
    case EntityKind::pilot:
      return named(project.pilots);
    case EntityKind::rule:
      return named(project.policy);
    case EntityKind::department: {
      std::string any;
      for (const auto& topic : project.topics)
        if (topic.department == entity.name)
          any += fmt::format("{}({})", any.empty() ? "" : " OR ", topic.query);
      return any;
    }
    case EntityKind::region:
      break;
  }
  return {};
}

}  // namespace earshot
