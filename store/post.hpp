#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/text_arena.hpp"
#include "store/base/time.hpp"

namespace earshot {

/// How many; nothing where the source does not say. Absent is not zero.
using Count = std::optional<std::uint64_t>;

/// What a post had gathered when it was last looked at. The latest `observed_at` wins; on a tie the
/// larger counts.
struct Engagement {
  Count likes;
  Count shares;
  Count replies;          ///< As the platform counts them, seen or not.
  Count followers;        ///< Of the author.
  Instant observed_at{};  ///< Epoch where the source does not say (archives).

  friend bool operator==(const Engagement&, const Engagement&) = default;
};

/// What somebody said, once. Identity is (network, native id). All texts are views, alive as long
/// as the batch that holds the post; UTF-8; empty where the source does not say.
struct Post {
  std::string_view network;      ///< "mastodon", "reddit", "twitter", or a feed's own id space.
  std::string_view native_id;    ///< The network's id, as text.
  std::string_view channel;      ///< The venue: instance, subreddit, feed, page.
  std::string_view author_id;    ///< The network's id of the author, else the name.
  std::string_view author_name;  ///< As shown.
  std::string_view text;         ///< Markup removed, never shortened. A title is the first line.
  std::string_view lang;         ///< BCP 47, as the source declares it.
  std::string_view parent_id;    ///< Native id of the post that this one answers.
  std::string_view root_id;      ///< Native id of the first post of the thread.
  std::string_view url;
  std::string_view place;   ///< Free text, country code or "lat,lon".
  std::string_view source;  ///< Name of the source that found it. The first by name is kept.
  Instant posted_at{};      ///< When the author posted it; when it was fetched if `dated` is false.
  Instant edited_at{};  ///< The source's own edit time, else the archive's declared time, else the
                        ///< epoch.
  Engagement engagement;
  Instant missing_at{};  ///< When its source last did not find it any more; the epoch: never.
  bool dated = true;     ///< `posted_at` is the platform's word.
  bool filtered =
      false;            ///< The source collects only what matches a query, so it is no denominator.
  bool repost = false;  ///< A bare share of another post.

  /// Not found any more since it was last seen: in no report, and shown to nobody.
  bool hidden() const { return missing_at > engagement.observed_at; }
};

/// Calls `visit` with each of the post's texts: for copying them, or writing them down. The order
/// never changes.
template <class AnyPost, class Visit>
void for_each_text(AnyPost& post, Visit&& visit) {
  for (auto* text : {&post.network, &post.native_id, &post.channel, &post.author_id,
                     &post.author_name, &post.text, &post.lang, &post.parent_id, &post.root_id,
                     &post.url, &post.place, &post.source})
    visit(*text);
}

/// Posts and the texts they point into. Move it, don't copy it.
struct PostBatch {
  std::vector<Post> posts;
  TextArena texts;

  void clear() {
    posts.clear();
    texts.clear();
  }
};

/// How the store names a post: by time, then by the hash of (network, native id). Sorts oldest
/// first.
struct PostKey {
  Instant posted_at{};
  std::uint64_t id = 0;

  friend auto operator<=>(const PostKey&, const PostKey&) = default;
};

/// The 64-bit hash that stands for (network, native id). Never 0.
std::uint64_t post_id_hash(std::string_view network, std::string_view native_id);

/// The hash that stands for an author; 0 where the source names none.
std::uint64_t author_hash(const Post& post);

/// `post_id_hash` of the post that this one answers, and of its thread's first; 0 where not said.
std::uint64_t parent_of(const Post& post);
std::uint64_t root_of(const Post& post);

/// The hash of everything that labels may depend on: text, author, thread, channel, language,
/// place, url, and the time if dated.
std::uint64_t content_hash(const Post& post);

/// "network:native id", the form in which a post is shown and asked for.
std::string post_id(const Post& post);

}  // namespace earshot
