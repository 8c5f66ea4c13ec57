#include "store/memory_post_store.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <utility>

#include "store/base/hash.hpp"
#include "store/coverage.hpp"
#include "store/versions.hpp"

namespace earshot {

namespace {

/// A post that owns its texts.
class OwnedPost {
 public:
  explicit OwnedPost(const Post& post) : post_{post} {
    for_each_text(post_, [&](std::string_view& text) { text = texts_.keep(text); });
  }

  const Post& post() const { return post_; }

 private:
  Post post_;
  TextArena texts_;
};

struct Row {
  OwnedPost owned;
  std::uint64_t content;
  Labels labels;  // content == 0 or of older content: waits for labels
  bool erased = false;
  std::uint64_t author = 0, parent = 0, root = 0;  // of an erased post, whose texts are gone

  bool labelled() const { return labels.content == content; }
};

bool is_left_out(const Row& row, HiddenPosts hidden) {
  return hidden == HiddenPosts::left_out && row.owned.post().hidden();
}

std::int64_t column(const Count& count) {
  return count ? static_cast<std::int64_t>(*count) : unknown_count;
}

class MemoryPostStore final : public PostStore {
 public:
  Result<AppendOutcome> append(const Append& batch) override {
    const std::unique_lock lock{mutex_};
    AppendOutcome outcome;
    if (batch.generation) generations_.insert_or_assign(batch.generation->id(), *batch.generation);
    for (const auto& post : batch.posts) append_post(post, outcome);
    for (const auto& labelled : batch.labels) append_labels(labelled, outcome);
    for (const auto& id : batch.erasures) erase_post(id, outcome);
    for (const auto& source : batch.sources) sources_.insert_or_assign(source.name, source);
    for (const auto& host : batch.hosts) {
      if (host.free_at == Instant{})
        hosts_.erase(host.host);
      else
        hosts_.insert_or_assign(host.host, host);
    }
    for (const auto& poll : batch.polls) polls_.insert_or_assign({poll.source, poll.at}, poll);
    return outcome;
  }

  Result<Done> scan(const ScanFilter& filter, ScanCursor& cursor, std::size_t limit,
                    StoredBatch& out) const override {
    const std::shared_lock lock{mutex_};
    out.clear();
    for (auto at = cursor ? rows_.upper_bound(*cursor) : rows_.begin();
         at != rows_.end() && out.posts.size() < limit; ++at) {
      cursor = at->first;
      const auto& [key, row] = *at;
      const bool waits = !row.labelled();
      if (row.erased || is_left_out(row, filter.hidden)) continue;
      if (filter.window && !filter.window->contains(key.posted_at)) continue;
      if (filter.unlabelled_only && !waits) continue;
      if (filter.not_generation && !waits && row.labels.generation == *filter.not_generation)
        continue;
      out.posts.push_back(stored(key, row, out.texts));
    }
    return Done{};
  }

  Result<Done> posts(std::span<const PostKey> keys, StoredBatch& out,
                     HiddenPosts hidden) const override {
    const std::shared_lock lock{mutex_};
    out.clear();
    for (const auto& key : keys) {
      const auto found = rows_.find(key);
      if (found == rows_.end() || found->second.erased || is_left_out(found->second, hidden))
        continue;
      out.posts.push_back(stored(key, found->second, out.texts));
    }
    return Done{};
  }

  Result<Done> facts(Window window,
                     const std::function<void(const FactBatch&)>& visit) const override {
    const std::shared_lock lock{mutex_};
    FactBatch batch;
    for (auto at = rows_.lower_bound({window.begin, 0});
         at != rows_.end() && at->first.posted_at < window.end; ++at) {
      add_fact(at->first, at->second, batch);
      if (batch.facts.size() == 1000) {
        visit(batch);
        batch.clear();
      }
    }
    if (!batch.facts.empty()) visit(batch);
    return Done{};
  }

  Result<Tallies> tally(const TallyRequest& request) const override {
    return tally_facts(*this, request);
  }
  Result<Done> roll_up(const RollupPlan&) override {
    return Done{};  // all is at hand
  }

  Result<Generation> generation(std::uint64_t id) const override {
    const std::shared_lock lock{mutex_};
    const auto found = generations_.find(id);
    if (found == generations_.end())
      return Error{Error::Kind::format, "the store knows no such generation of labels"};
    return found->second;
  }

  Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> generations() const override {
    const std::shared_lock lock{mutex_};
    std::map<std::uint64_t, std::uint64_t> counts;
    for (const auto& [key, row] : rows_)
      if (row.labelled() && !row.erased) ++counts[row.labels.generation];
    return std::vector<std::pair<std::uint64_t, std::uint64_t>>{counts.begin(), counts.end()};
  }

  Result<std::vector<std::pair<std::uint64_t, std::string>>> channel_names() const override {
    const std::shared_lock lock{mutex_};
    return std::vector<std::pair<std::uint64_t, std::string>>{channels_.begin(), channels_.end()};
  }

  Result<std::vector<HostState>> hosts() const override {
    const std::shared_lock lock{mutex_};
    std::vector<HostState> states;
    for (const auto& [name, state] : hosts_) states.push_back(state);
    return states;
  }

  Result<std::vector<SourceState>> sources() const override {
    const std::shared_lock lock{mutex_};
    std::vector<SourceState> states;
    for (const auto& [name, state] : sources_) states.push_back(state);
    return states;
  }

  Result<std::vector<Poll>> polls(Window window) const override {
    const std::shared_lock lock{mutex_};
    std::vector<Poll> found;
    for (const auto& [key, poll] : polls_)
      if (window.contains(poll.at)) found.push_back(poll);
    return found;
  }

  Result<StoreCounters> counters() const override {
    const std::shared_lock lock{mutex_};
    StoreCounters counters{.posts = rows_.size()};
    std::map<std::string, std::uint64_t> by_source;
    for (const auto& [key, row] : rows_) {
      if (!row.labelled() && !row.erased) ++counters.unlabelled;
      if (row.erased) ++counters.erased;
      ++by_source[std::string{row.owned.post().source}];
    }
    counters.posts_by_source.assign(by_source.begin(), by_source.end());
    return counters;
  }

  Result<std::optional<std::pair<Instant, Instant>>> span() const override {
    const std::shared_lock lock{mutex_};
    if (rows_.empty()) return std::optional<std::pair<Instant, Instant>>{};
    return std::optional{
        std::pair{rows_.begin()->first.posted_at, rows_.rbegin()->first.posted_at}};
  }

  Result<VerifyOutcome> verify() const override {  // nothing here is derived
    const std::shared_lock lock{mutex_};
    return VerifyOutcome{.posts = rows_.size()};
  }
  Result<Done> purge() override { return Done{}; }

 private:
  void append_post(const Post& post, AppendOutcome& outcome) {
    channels_.try_emplace(hash_bytes(post.channel), post.channel);
    const std::pair<std::string, std::string> id{post.network, post.native_id};
    const auto known = keys_.find(id);
    const auto content = content_hash(post);
    if (known == keys_.end()) {
      auto hash = post_id_hash(post.network, post.native_id);
      while (!ids_.insert(hash).second) ++hash;
      const PostKey key{post.posted_at, hash};
      keys_.emplace(id, key);
      rows_.emplace(key, Row{OwnedPost{post}, content, {}});
      ++outcome.added;
      return;
    }

    Row& row = rows_.find(known->second)->second;
    if (row.erased) return ++outcome.repeated, void();
    Post merged = row.owned.post();
    const auto change = merge_post(merged, row.content, post, content);
    if (change.any()) row.owned = OwnedPost{merged};
    if (change.content) row.labels = {};
    rekey(known->second, merged.posted_at);
    ++(change.content ? outcome.edited : change.counts ? outcome.recounted : outcome.repeated);
  }

  void rekey(PostKey& key, Instant posted_at) {
    if (key.posted_at == posted_at) return;
    auto node = rows_.extract(key);
    key.posted_at = posted_at;
    node.key() = key;
    rows_.insert(std::move(node));
  }

  void append_labels(const LabelledPost& labelled, AppendOutcome& outcome) {
    const auto found = rows_.find(labelled.key);
    if (found == rows_.end() || found->second.erased) return;
    if (labelled.labels.content != found->second.content) return;
    if (!labels_win(labelled.labels, found->second.labels)) return;
    found->second.labels = labelled.labels;
    ++outcome.labelled;
  }

  void erase_post(const PostId& id, AppendOutcome& outcome) {
    const auto known = keys_.find({std::string{id.network}, std::string{id.native_id}});
    if (known == keys_.end()) return;
    Row& row = rows_.find(known->second)->second;
    if (row.erased) return;
    const Post& post = row.owned.post();
    row.author = author_hash(post) == 0 ? 0 : author_token(known->second);
    row.parent = parent_of(post);
    row.root = root_of(post);
    row.owned = OwnedPost{anonymous(post)};
    row.erased = true;
    ++outcome.erased;
  }

  static StoredPost stored(const PostKey& key, const Row& row, TextArena& texts) {
    StoredPost out{row.owned.post(), key, row.content, {}};
    for_each_text(out.post, [&](std::string_view& text) { text = texts.keep(text); });
    if (row.labelled()) out.labels = row.labels;
    return out;
  }

  static void add_fact(const PostKey& key, const Row& row, FactBatch& batch) {
    const Post& post = row.owned.post();
    if (post.hidden() || (row.erased && !row.labelled())) return;
    Fact fact{.key = key,
              .channel = hash_bytes(post.channel),
              .author = row.erased ? row.author : author_hash(post),
              .parent = row.erased ? row.parent : parent_of(post),
              .root = row.erased ? row.root : root_of(post),
              .likes = column(post.engagement.likes),
              .shares = column(post.engagement.shares),
              .replies = column(post.engagement.replies),
              .followers = column(post.engagement.followers),
              .filtered = post.filtered,
              .repost = post.repost};
    if (row.labelled()) add_labels(row.labels, fact, batch);
    batch.facts.push_back(fact);
  }

  mutable std::shared_mutex mutex_;
  std::map<PostKey, Row> rows_;
  std::map<std::pair<std::string, std::string>, PostKey> keys_;
  std::set<std::uint64_t> ids_;
  std::map<std::uint64_t, Generation> generations_;
  std::map<std::uint64_t, std::string> channels_;
  std::map<std::string, SourceState> sources_;
  std::map<std::string, HostState> hosts_;
  std::map<std::pair<std::string, Instant>, Poll> polls_;
};

}  // namespace

std::unique_ptr<PostStore> make_memory_store() {
  return std::make_unique<MemoryPostStore>();
}

}  // namespace earshot
