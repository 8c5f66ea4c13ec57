#include "store/versions.hpp"

#include <algorithm>

namespace earshot {

bool content_wins(const ContentVersion& incoming, const ContentVersion& stored) {
  if (incoming.edited_at != stored.edited_at) return incoming.edited_at > stored.edited_at;
  return incoming.content > stored.content;
}

Engagement merge_engagement(const Engagement& stored, const Engagement& incoming) {
  if (incoming.observed_at != stored.observed_at)
    return incoming.observed_at > stored.observed_at ? incoming : stored;
  return {std::max(stored.likes, incoming.likes), std::max(stored.shares, incoming.shares),
          std::max(stored.replies, incoming.replies),
          std::max(stored.followers, incoming.followers), stored.observed_at};
}

bool labels_win(const Labels& incoming, const Labels& stored) {
  return incoming.by_hand || !stored.by_hand || stored.content != incoming.content;
}

}  // namespace earshot
