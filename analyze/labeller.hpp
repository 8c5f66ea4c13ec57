#pragma once

#include <memory>
#include <span>

#include "analyze/project.hpp"
#include "analyze/sentiment.hpp"
#include "store/base/result.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

/// Labels posts: language, entities by query and by handle, sentiment, stance, intents, authorship,
/// near-duplicate group, links. Immutable; the same posts give the same labels at any thread count
/// and in any batch.
class Labeller {
 public:
  struct Rules;

  Labeller(Labeller&&) noexcept;
  Labeller& operator=(Labeller&&) noexcept;
  ~Labeller();

  /// `model` must outlive the labeller. Error `config`: a query of the project that can't be read,
  /// named by its entity.
  static Result<Labeller> create(const Project& project, const SentimentModel& model);

  const Generation& generation() const;

  /// `labels[i]` belongs to `posts[i]`; both of the same length. Parallel inside. Reuses what
  /// `labels` already holds, so that labelling batch after batch into the same span allocates next
  /// to nothing.
  void label(std::span<const Post> posts, std::span<Labels> labels) const;

 private:
  explicit Labeller(std::unique_ptr<Rules> rules);
  std::unique_ptr<Rules> rules_;
};

}  // namespace earshot
