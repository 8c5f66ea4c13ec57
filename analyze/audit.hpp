#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "store/base/result.hpp"
#include "store/base/time.hpp"
#include "store/labels.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// Numbers of posts that are negative, neutral and positive.
using SentimentCounts = std::array<std::uint64_t, 3>;

/// The place of a sentiment in these arrays, in which `unsupported` has none.
constexpr std::size_t place_of(Sentiment sentiment) {
  return static_cast<std::size_t>(static_cast<int>(sentiment) + 1);
}

std::uint64_t sum_of(const SentimentCounts& counts);

/// What a sample is drawn from: the posts of a window that have labels of one generation, are about
/// the brand, a competitor or a topic, are not written by one of them, are in a language that the
/// model knows, and were not labelled by hand.
struct AuditFrame {
  std::uint64_t generation = 0;
  Window window{};
  SentimentCounts stream{};  ///< How many of them the labels call what.

  friend bool operator==(const AuditFrame&, const AuditFrame&) = default;
};

/// What people found in a sample that was drawn at random from each of three groups: the posts that
/// the labels call negative, neutral, positive. Holds for one generation of labels and no other.
struct Audit {
  AuditFrame frame;
  Instant at{};                           ///< When it was scored.
  std::array<SentimentCounts, 3> rows{};  ///< [as labelled][as a person says]

  std::uint64_t n() const;  ///< Posts that a person labelled.

  friend bool operator==(const Audit&, const Audit&) = default;
};

/// Shares of the stream, each class weighted by how much of the stream the labels call so.
struct AuditScore {
  std::array<std::array<double, 3>, 3> confusion{};  ///< [as labelled][true]; adds up to 1.
  std::array<double, 3> recall{};                    ///< Of each true class; 0 for an absent one.
  std::array<double, 3> precision{};                 ///< Of each class as labelled; the same.
  double accuracy = 0;
  double accuracy_error = 0;  ///< Its standard error.
  double macro_recall = 0;    ///< Mean over the classes that occur.
};

/// Of each group that the stream has, at least one post must be labelled by a person.
///
/// Source of the standard error: Cochran, "Sampling Techniques" (1977), stratified sampling.
AuditScore score_audit(const Audit& audit);

struct AuditRequest {
  Window window{};
  std::size_t size = 0;    ///< Posts to draw; fewer where the frame has fewer.
  std::uint64_t seed = 1;  ///< Another one draws others.
};

/// A sample in an order that tells nothing of the labels.
struct AuditSample {
  AuditFrame frame;
  std::vector<PostKey> posts;
};

/// How many posts to draw from each group: as many from each, and where one has too few the others
/// share the rest.
SentimentCounts allocate_sample(std::uint64_t size, const SentimentCounts& stream);

/// Draws posts at random. The same posts, labels, window, size and seed give the same sample, in
/// whatever order they came into the store. Reads the window once and calls `progress` with the
/// posts read so far. Errors are the store's.
Result<AuditSample> draw_audit(const PostStore& store, const Generation& generation,
                               const AuditRequest& request,
                               const std::function<void(std::uint64_t)>& progress);

}  // namespace earshot
