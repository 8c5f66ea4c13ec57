#include "analyze/items.hpp"

#include "store/day_repeats.hpp"

namespace earshot {

Result<Done> for_each_item(const PostStore& store, const TallyRequest& request, Window window,
                           const VisitItem& visit) {
  Renumbering renumbering{store, request.entities};
  Result<Done> renumbered = Done{};
  DayRepeats repeats;
  const Window reads{DayRepeats::reads_from(window.begin), window.end};
  const auto read = store.facts(reads, [&](const FactBatch& stored) {
    if (!renumbered) return;
    const auto numbered = renumbering.apply(stored);
    if (!numbered) {
      renumbered = numbered.error();
      return;
    }
    const FactBatch& batch = **numbered;
    for (std::size_t at = 0; at < batch.facts.size(); ++at) {
      const Fact& fact = batch.facts[at];
      if (fact.generation == 0 || repeats.is_repeat(stored.facts[at])) continue;
      if (window.contains(fact.key.posted_at)) visit(fact, batch.entities_of(fact));
    }
  });
  if (!read) return read.error();
  return renumbered;
}

}  // namespace earshot
