#include "ingest/reread.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace earshot {

namespace {

using std::chrono::hours;

constexpr hours steps[] = {hours{1}, hours{6}, hours{24}, hours{7 * 24}};
constexpr hours doubt{1};  // between the first time that a post is missing and the second
constexpr std::size_t most_missing = 1000;

/// Adds when each post of a window was first due, by its id.
Result<Done> note_due(const PostStore& store, const SourceState& state, Window window, hours step,
                      std::map<std::string, Instant, std::less<>>& due) {
  constexpr std::size_t posts_a_batch = 1000;
  ScanCursor cursor;
  StoredBatch batch;
  do {
    if (auto read = store.scan({.window = window}, cursor, posts_a_batch, batch); !read)
      return read.error();
    for (const StoredPost& stored : batch.posts) {
      const Post& post = stored.post;
      if (post.source != state.name || post.repost || !post.dated) continue;
      const auto [known, added] = due.emplace(post.native_id, post.posted_at + step);
      if (!added) known->second = std::min(known->second, post.posted_at + step);
    }
  } while (!batch.posts.empty());
  return Done{};
}

}  // namespace

Result<RereadPlan> plan_reread(const PostStore& store, const SourceState& state, Instant now,
                               std::size_t most, bool seen) {
  RereadPlan plan{.ids = {}, .to = now};
  if (state.reread_to == Instant{} || state.reread_to >= now) return plan;
  const Instant from = std::max(state.reread_to, now - *std::ranges::max_element(steps));

  std::map<std::string, Instant, std::less<>> due;
  for (const hours step : steps)
    if (auto noted = note_due(store, state, {from - step, now - step}, step, due); !noted)
      return noted.error();
  for (const MissingPost& post : state.missing) due.erase(post.native_id);
  if (seen || !due.empty())
    for (const MissingPost& post : state.missing)
      if (post.since + doubt <= now) plan.ids.push_back(post.native_id);

  std::vector<std::pair<Instant, std::string>> sorted;
  for (const auto& [id, at] : due) sorted.emplace_back(at, id);
  std::ranges::sort(sorted);
  std::size_t count = std::min(sorted.size(), most);
  while (count > 0 && count < sorted.size() && sorted[count].first == sorted[count - 1].first)
    ++count;  // a second is read whole or not at all
  if (count < sorted.size()) plan.to = sorted[count].first;
  for (std::size_t i = 0; i < count; ++i) plan.ids.push_back(std::move(sorted[i].second));
  return plan;
}

void forget_missing(const Page& page, SourceState& state) {
  if (state.missing.empty()) return;
  std::set<std::string_view> known;
  for (const Post& post : page.posts.posts) known.insert(post.native_id);
  for (const PostId& post : page.removed) known.insert(post.native_id);
  std::erase_if(state.missing,
                [&](const MissingPost& post) { return known.contains(post.native_id); });
}

void judge_missing(Page& page, SourceState& state, bool found, Instant now) {
  if (!found) return;
  for (const PostId& post : page.missing) {
    const auto known = std::ranges::find(state.missing, post.native_id, &MissingPost::native_id);
    if (known == state.missing.end()) {
      if (state.missing.size() < most_missing)
        state.missing.push_back({std::string{post.native_id}, now});
    } else if (known->since + doubt <= now) {
      page.removed.push_back(post);
    }
  }
  forget_missing(page, state);
}

}  // namespace earshot
