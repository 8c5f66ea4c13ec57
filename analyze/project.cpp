#include "analyze/project.hpp"

#include "store/base/hash.hpp"

namespace earshot {

namespace {

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
  return entities;
}

std::uint64_t labelling_hash(const Project& project) {
  Digest digest;
  digest.add(project.brand);
  for (const auto& competitor : project.competitors) digest.add(competitor);
  digest.add("topics");
  for (const auto& topic : project.topics) {
    digest.add(topic.name);
    digest.add(topic.query);
  }
  digest.add(project.inbox.urgent);
  return digest.value();
}

}  // namespace earshot
