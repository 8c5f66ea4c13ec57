#include "store/versions.hpp"

#include <algorithm>

#include "store/base/hash.hpp"

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

PostChange merge_post(Post& stored, std::uint64_t& content, const Post& incoming,
                      std::uint64_t incoming_content) {
  PostChange change;
  const auto counts = merge_engagement(stored.engagement, incoming.engagement);
  const auto source = std::min(stored.source, incoming.source);
  const bool filtered = stored.filtered && incoming.filtered;
  const auto missing_at = std::max(stored.missing_at, incoming.missing_at);
  change.counts = counts != stored.engagement;
  change.other =
      source != stored.source || filtered != stored.filtered || missing_at != stored.missing_at;

  if (incoming_content == content) {
    const auto edited_at = std::max(stored.edited_at, incoming.edited_at);
    const auto posted_at =
        stored.dated ? stored.posted_at : std::min(stored.posted_at, incoming.posted_at);
    change.other = change.other || edited_at != stored.edited_at || posted_at != stored.posted_at;
    stored.edited_at = edited_at;
    stored.posted_at = posted_at;
  } else if (content_wins({incoming.edited_at, incoming_content}, {stored.edited_at, content})) {
    change.content = true;
    stored = incoming;
    content = incoming_content;
  }
  stored.engagement = counts;
  stored.source = source;
  stored.filtered = filtered;
  stored.missing_at = missing_at;
  return change;
}

Post anonymous(const Post& post) {
  Post bare;
  bare.channel = post.channel;
  bare.source = post.source;
  bare.posted_at = post.posted_at;
  bare.edited_at = post.edited_at;
  bare.engagement = post.engagement;
  bare.dated = post.dated;
  bare.filtered = post.filtered;
  bare.repost = post.repost;
  return bare;
}

std::uint64_t author_token(const PostKey& key) {
  return hash_pair("erased", {reinterpret_cast<const char*>(&key.id), sizeof key.id});
}

bool labels_win(const Labels& incoming, const Labels& stored) {
  return incoming.by_hand || !stored.by_hand || stored.content != incoming.content;
}

}  // namespace earshot
