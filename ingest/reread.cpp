#include "ingest/reread.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/api.hpp"

namespace earshot {

namespace {

using std::chrono::hours;

constexpr hours steps[] = {hours{1}, hours{6}, hours{24}, hours{7 * 24}};
constexpr hours doubt{1};  // between the first time that a post is missing and the second
constexpr std::size_t most_missing = 1000;

struct Due {
  Instant at{};  ///< When it was first due.
  Post post;
};

/// Due posts by their ids.
using DuePosts = std::map<std::string, Due, std::less<>>;

/// Adds the posts of a window, and their texts to `texts`.
Result<Done> note_due(const PostStore& store, const Source& source, std::string_view name,
                      Window window, hours step, DuePosts& due, TextArena& texts) {
  constexpr std::size_t posts_a_batch = 1000;
  ScanCursor cursor;
  StoredBatch batch;
  do {
    const ScanFilter filter{.window = window, .hidden = HiddenPosts::taken};
    if (auto read = store.scan(filter, cursor, posts_a_batch, batch); !read) return read.error();
    for (const StoredPost& stored : batch.posts) {
      const Post& post = stored.post;
      if (post.source != name || post.repost || !post.dated || !source.can_reread(post)) continue;
      const auto [known, added] = due.try_emplace(std::string{post.native_id});
      Due& entry = known->second;
      if (added) {
        entry = {post.posted_at + step, to_reread(post)};
        for_each_text(entry.post, [&](std::string_view& text) { text = texts.keep(text); });
      }
      entry.at = std::min(entry.at, post.posted_at + step);
    }
  } while (!batch.posts.empty());
  return Done{};
}

/// Adds those that were missing an hour ago and more.
Result<Done> add_missing(const PostStore& store, SourceState& state, Instant now,
                         PostBatch& posts) {
  std::vector<PostKey> keys;
  for (const MissingPost& post : state.missing)
    if (post.since + doubt <= now)
      keys.push_back({post.posted_at, post_id_hash(post.network, post.native_id)});
  StoredBatch batch;
  if (auto read = store.posts(keys, batch, HiddenPosts::taken); !read) return read.error();
  std::set<std::string_view> stored;
  for (const StoredPost& found : batch.posts) {
    add_post(posts, to_reread(found.post));
    stored.insert(found.post.native_id);
  }
  std::erase_if(state.missing, [&](const MissingPost& post) {
    return post.since + doubt <= now && !stored.contains(post.native_id);
  });
  return Done{};
}

}  // namespace

Post to_reread(Post post) {
  post.author_id = post.author_name = post.text = {};
  return post;
}

Result<RereadPlan> plan_reread(const PostStore& store, const Source& source, SourceState& state,
                               Instant now, std::size_t most, bool seen) {
  RereadPlan plan{.posts = {}, .to = now};
  if (state.reread_to == Instant{} || state.reread_to >= now) return plan;
  const Instant from = std::max(state.reread_to, now - *std::ranges::max_element(steps));

  DuePosts due;
  for (const hours step : steps)
    if (auto noted = note_due(store, source, state.name, {from - step, now - step}, step, due,
                              plan.posts.texts);
        !noted)
      return noted.error();
  for (const MissingPost& post : state.missing) due.erase(post.native_id);
  if (seen || !due.empty())
    if (auto added = add_missing(store, state, now, plan.posts); !added) return added.error();

  std::vector<Due> sorted;
  for (const auto& [id, post] : due) sorted.push_back(post);
  std::ranges::stable_sort(sorted, {}, &Due::at);
  std::size_t count = std::min(sorted.size(), most);
  while (count > 0 && count < sorted.size() && sorted[count].at == sorted[count - 1].at)
    ++count;  // a second is read whole or not at all
  if (count < sorted.size()) plan.to = sorted[count].at;
  for (std::size_t i = 0; i < count; ++i) plan.posts.posts.push_back(sorted[i].post);
  return plan;
}

void forget_missing(const Page& page, SourceState& state) {
  if (state.missing.empty()) return;
  std::set<std::string_view> known;
  for (const Post& post : page.posts.posts)
    if (!post.hidden()) known.insert(post.native_id);
  for (const PostId& post : page.removed) known.insert(post.native_id);
  std::erase_if(state.missing,
                [&](const MissingPost& post) { return known.contains(post.native_id); });
}

Result<Done> judge_missing(const PostStore& store, Page& page, std::span<const Post> missing,
                           SourceState& state, Instant now) {
  std::vector<PostKey> unseen;
  for (const Post& post : missing) {
    const auto known = std::ranges::find(state.missing, post.native_id, &MissingPost::native_id);
    if (known == state.missing.end()) {
      unseen.push_back({post.posted_at, post_id_hash(post.network, post.native_id)});
      if (state.missing.size() < most_missing)
        state.missing.push_back(
            {std::string{post.network}, std::string{post.native_id}, post.posted_at, now});
    } else if (known->since + doubt <= now) {
      page.removed.push_back({post.network, post.native_id});
    }
  }
  // As they are stored, so that nothing else about them changes.
  StoredBatch batch;
  if (auto read = store.posts(unseen, batch); !read) return read.error();
  for (StoredPost& stored : batch.posts) {
    stored.post.missing_at = now;
    add_post(page.posts, stored.post);
  }
  forget_missing(page, state);
  return Done{};
}

}  // namespace earshot
