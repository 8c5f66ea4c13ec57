#include "analyze/corrections.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "analyze/marks.hpp"
#include "analyze/words.hpp"

namespace earshot {

namespace {

void set_sentiment(Sentiment sentiment, Labels& labels) {
  labels.sentiment = sentiment;
  for (auto& row : labels.entities) row.sentiment = sentiment;
}

/// Nobody is an advocate of who he speaks for, so the party that wrote the post gets no stance.
void set_stance(Stance stance, std::span<const Entity> entities, Labels& labels) {
  labels.stance = stance;
  const auto is_party = [&](const EntityLabel& row) {
    return row.entity < entities.size() && entities[row.entity].kind <= EntityKind::competitor;
  };
  const bool one_party = std::ranges::count_if(labels.entities, is_party) == 1;
  for (auto& row : labels.entities)
    row.stance = one_party && is_party(row) && row.entity != labels.owner ? stance : Stance::none;
}

std::uint64_t question_in(const Post& post) {
  WordSplitter splitter;
  std::vector<std::uint64_t> scratch;
  return question_of(splitter.split(post.text), scratch);
}

/// With what follows from intents: how soon to answer, and which questions are the same.
void set_intents(Intents intents, const Post& post, bool urgent, Labels& labels) {
  labels.intents = intents;
  Intents thanks;
  thanks.add(Intent::thanks);
  labels.only_thanks = intents == thanks;
  labels.question = intents.has(Intent::question) ? question_in(post) : 0;
  const bool wants = intents.has(Intent::question) || intents.has(Intent::request) ||
                     intents.has(Intent::purchase_intent);
  labels.priority = urgent || intents.has(Intent::complaint) ? 1 : wants ? 2 : 3;
}

/// Whether the words of a post are urgent, as far as two sets of labels show it: a complaint hides
/// it in either.
bool seems_urgent(const Labels& one, const Labels& other) {
  const auto shows = [](const Labels& labels) {
    return labels.priority == 1 && !labels.intents.has(Intent::complaint);
  };
  return shows(one) || (one.intents.has(Intent::complaint) && shows(other));
}

}  // namespace

void correct(const Correction& correction, const Post& post, std::span<const Entity> entities,
             bool urgent, Labels& labels) {
  if (correction.sentiment) {
    set_sentiment(*correction.sentiment, labels);
    labels.sentiment_permille = 1000;
  }
  if (correction.stance) set_stance(*correction.stance, entities, labels);
  if (correction.intents) set_intents(*correction.intents, post, urgent, labels);
  labels.by_hand = true;
}

void keep_correction(const Labels& by_hand, const Post& post, std::span<const Entity> entities,
                     Labels& fresh) {
  const bool same_everywhere = std::ranges::all_of(
      by_hand.entities, [&](const EntityLabel& row) { return row.sentiment == by_hand.sentiment; });
  if (same_everywhere || by_hand.sentiment != fresh.sentiment)
    set_sentiment(by_hand.sentiment, fresh);
  fresh.sentiment_permille = by_hand.sentiment_permille;
  if (by_hand.stance != fresh.stance) set_stance(by_hand.stance, entities, fresh);
  if (by_hand.intents != fresh.intents)
    set_intents(by_hand.intents, post, seems_urgent(fresh, by_hand), fresh);
  fresh.by_hand = true;
}

}  // namespace earshot
