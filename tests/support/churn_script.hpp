#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "store/base/text_arena.hpp"
#include "store/post_store.hpp"

namespace earshot::test {

/// One write that owns its lists. Its texts live as long as the script that drew it.
struct ChurnBatch {
  std::vector<Post> posts;
  std::vector<LabelledPost> labels;
  std::vector<PostId> erasures;

  Append append() const;
};

/// Draws what happens to the posts of a store over the years: posts in any order, edits that move
/// the date and edits that don't, counts, posts that were not found, repeats, posts without a date
/// seen again, replies and posts that come late, labels by model and by hand, for present content
/// and for old, erasures, and erased posts that come again. The same seed draws the same.
class ChurnScript {
 public:
  struct Options {
    std::uint64_t seed = 1;
    bool erasures = true;
  };
  explicit ChurnScript(Options options) : options_{options}, random_{options.seed} {}

  /// The posts of a project's past, shuffled, each of them new.
  std::vector<Post> past(std::size_t count);

  /// `count` changes to a store that holds what `store` holds now: to posts of all times, or
  /// `dense`, of one week.
  ChurnBatch changes(const PostStore& store, std::size_t count, bool dense);

  /// Labels by the model of that number (0 or 1) for most posts that wait, or for all.
  ChurnBatch labels(const PostStore& store, std::size_t model, bool all);

  /// What the labels are of: two models that number their entities differently.
  static std::vector<Generation> generations();

  /// A request over all that was drawn, and one over its last fortnight.
  static std::vector<TallyRequest> requests();

  /// All posts that were drawn so far, every version.
  const std::vector<Post>& drawn() const { return drawn_; }

  /// A number below `limit`, from the script's own source of chance.
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

 private:
  bool one_in(std::size_t n) { return below(n) == 0; }
  Count count_below(std::size_t limit);
  std::string_view text();
  Instant moment();
  Post new_post();
  Post reply();
  Post edit(Post post);
  Post seen_again(Post post);
  void change(std::size_t number, ChurnBatch& batch);
  Labels draw_labels(const StoredPost& stored, std::size_t model, bool by_hand);

  Options options_;
  std::mt19937_64 random_;
  TextArena texts_;
  std::vector<Post> latest_;         ///< By number: the version drawn last.
  std::vector<std::size_t> recent_;  ///< Numbers of the posts that changed last.
  std::vector<Post> drawn_;
  std::uint64_t edits_ = 0;
};

}  // namespace earshot::test
