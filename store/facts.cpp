#include "store/facts.hpp"

namespace earshot {

void add_labels(const Labels& labels, Fact& fact, FactBatch& batch) {
  fact.generation = labels.generation;
  fact.group = labels.group;
  fact.question = labels.question;
  fact.lang = labels.lang;
  fact.sentiment = labels.sentiment;
  fact.stance = labels.stance;
  fact.intents = labels.intents;
  fact.marks = labels.marks;
  fact.owner = labels.owner;
  fact.priority = labels.priority;
  fact.only_thanks = labels.only_thanks;
  fact.affiliate = labels.affiliate;
  fact.first_entity = static_cast<std::uint32_t>(batch.entities.size());
  fact.entity_count = static_cast<std::uint32_t>(labels.entities.size());
  fact.first_link = static_cast<std::uint32_t>(batch.links.size());
  fact.link_count = static_cast<std::uint32_t>(labels.links.size());
  batch.entities.insert(batch.entities.end(), labels.entities.begin(), labels.entities.end());
  batch.links.insert(batch.links.end(), labels.links.begin(), labels.links.end());
}

}  // namespace earshot
