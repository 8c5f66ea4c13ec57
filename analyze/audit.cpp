#include "analyze/audit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include "store/base/hash.hpp"

namespace earshot {

namespace {

constexpr std::size_t batch_size = 20'000;

double ratio(double part, double whole) {
  return whole == 0 ? 0 : part / whole;
}

/// A post with its place in the order of the draw, which is that of random numbers.
struct Ticket {
  std::uint64_t number = 0;
  PostKey key;

  friend auto operator<=>(const Ticket&, const Ticket&) = default;
};

std::uint64_t number_of(const PostKey& key, std::uint64_t seed) {
  const std::array<std::uint64_t, 2> words{static_cast<std::uint64_t>(to_unix(key.posted_at)),
                                           key.id};
  return hash_bytes({reinterpret_cast<const char*>(words.data()), sizeof words}, seed);
}

/// The smallest tickets of those that were shown, at most `size`.
class Draw {
 public:
  explicit Draw(std::size_t size) : size_{size} {}

  void show(const Ticket& ticket) {
    if (size_ == 0 || (kept_.size() == size_ && !(ticket < kept_.front()))) return;
    if (kept_.size() == size_) {
      std::ranges::pop_heap(kept_);
      kept_.pop_back();
    }
    kept_.push_back(ticket);
    std::ranges::push_heap(kept_);
  }

  std::vector<Ticket> smallest(std::size_t count) {
    std::ranges::sort(kept_);
    kept_.resize(std::min(count, kept_.size()));
    return std::move(kept_);
  }

 private:
  std::size_t size_;
  std::vector<Ticket> kept_;  // a heap, the largest in front
};

bool is_in_frame(const Labels& labels, const Generation& generation, std::uint64_t id) {
  if (labels.generation != id || labels.by_hand || labels.owner != no_entity ||
      labels.sentiment == Sentiment::unsupported)
    return false;
  return std::ranges::any_of(labels.entities, [&](const EntityLabel& row) {
    return row.entity < generation.entities.size() &&
           is_listened_to(generation.entities[row.entity].kind);
  });
}

}  // namespace

std::uint64_t sum_of(const SentimentCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t Audit::n() const {
  return sum_of(rows[0]) + sum_of(rows[1]) + sum_of(rows[2]);
}

AuditScore score_audit(const Audit& audit) {
  AuditScore score;
  const auto stream = static_cast<double>(sum_of(audit.frame.stream));
  double variance = 0;
  for (std::size_t given = 0; given < 3; ++given) {
    const double weight = ratio(static_cast<double>(audit.frame.stream[given]), stream);
    const auto drawn = static_cast<double>(sum_of(audit.rows[given]));
    for (std::size_t truth = 0; truth < 3; ++truth)
      score.confusion[given][truth] =
          weight * ratio(static_cast<double>(audit.rows[given][truth]), drawn);
    const double right = ratio(static_cast<double>(audit.rows[given][given]), drawn);
    variance += weight * weight * ratio(right * (1 - right), drawn);
  }
  double recalls = 0;
  double classes = 0;
  for (std::size_t label = 0; label < 3; ++label) {
    const auto& given = score.confusion[label];
    double truth = 0;
    for (const auto& row : score.confusion) truth += row[label];
    score.recall[label] = ratio(given[label], truth);
    score.precision[label] = ratio(given[label], given[0] + given[1] + given[2]);
    score.accuracy += given[label];
    recalls += score.recall[label];
    classes += truth > 0 ? 1 : 0;
  }
  score.accuracy_error = std::sqrt(variance);
  score.macro_recall = ratio(recalls, classes);
  return score;
}

SentimentCounts allocate_sample(std::uint64_t size, const SentimentCounts& stream) {
  std::array<std::size_t, 3> order{0, 1, 2};
  std::ranges::stable_sort(order, {}, [&](std::size_t place) { return stream[place]; });
  SentimentCounts sample{};
  std::uint64_t groups = order.size();
  for (const auto place : order) {  // the smallest first: what it lacks the others get
    sample[place] = std::min(stream[place], size / groups);
    size -= sample[place];
    --groups;
  }
  return sample;
}

Result<AuditSample> draw_audit(const PostStore& store, const Generation& generation,
                               const AuditRequest& request,
                               const std::function<void(std::uint64_t)>& progress) {
  const auto id = generation.id();
  AuditSample sample{.frame = {id, request.window, {}}, .posts = {}};
  std::array<Draw, 3> draws{Draw{request.size}, Draw{request.size}, Draw{request.size}};
  StoredBatch batch;
  ScanCursor cursor;
  std::uint64_t seen = 0;
  for (;;) {
    batch.clear();
    const ScanFilter filter{.window = request.window};
    if (auto read = store.scan(filter, cursor, batch_size, batch); !read) return read.error();
    if (batch.posts.empty()) break;
    for (const auto& stored : batch.posts) {
      if (!is_in_frame(stored.labels, generation, id)) continue;
      const auto place = place_of(stored.labels.sentiment);
      ++sample.frame.stream[place];
      draws[place].show({number_of(stored.key, request.seed), stored.key});
    }
    progress(seen += batch.posts.size());
  }
  const auto sizes = allocate_sample(request.size, sample.frame.stream);
  std::vector<Ticket> drawn;
  for (std::size_t place = 0; place < draws.size(); ++place)
    std::ranges::copy(draws[place].smallest(sizes[place]), std::back_inserter(drawn));
  std::ranges::sort(drawn);
  for (const auto& ticket : drawn) sample.posts.push_back(ticket.key);
  return sample;
}

}  // namespace earshot
