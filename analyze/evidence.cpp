#include "analyze/evidence.hpp"

#include <algorithm>
#include <set>

#include "analyze/items.hpp"

namespace earshot {

namespace {

/// Adds up the weights of one metric's rows, which come oldest first.
class Collector {
 public:
  Collector(Evidence& evidence, std::size_t limit) : evidence_{evidence}, limit_{limit} {}

  void add(PostKey key, const Weight& weight) {
    if (weight.eligible == 0) return;
    evidence_.eligible += weight.eligible;
    evidence_.used += weight.used;
    evidence_.sum += weight.counted;
    list(key, weight);
  }

  /// The same where each author counts once.
  void add(PostKey key, const Weight& weight, std::uint64_t author) {
    if (weight.eligible == 0) return;
    evidence_.eligible += eligible_.insert(author).second;
    if (weight.used > 0) evidence_.used += used_.insert(author).second;
    if (weight.counted > 0) evidence_.sum += up_.insert(author).second;
    if (weight.counted < 0) evidence_.sum -= down_.insert(author).second;
    list(key, weight);
  }

 private:
  void list(PostKey key, const Weight& weight) {
    const bool counted = weight.counted != 0;
    auto& keys = counted ? evidence_.counted : evidence_.others;
    ++(counted ? evidence_.counted_total : evidence_.others_total);
    if (keys.size() < limit_) keys.push_back(key);
  }

  Evidence& evidence_;
  std::size_t limit_;
  std::set<std::uint64_t> eligible_, used_, up_, down_;
};

Result<Done> collect_facts(const PostStore& store, const Tallies& tallies, const Project& project,
                           std::span<const Metric* const> wanted,
                           std::vector<Collector>& collectors) {
  const auto& request = tallies.request;
  const auto window = request.window();
  std::vector<std::size_t> of_facts;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]->definition.evidence.fact != nullptr) of_facts.push_back(i);
  return for_each_item(store, request, {window.begin, std::min(window.end, request.now)},
                       [&](const Fact& fact, std::span<const EntityLabel> entities) {
                         const FactView view{fact, entities, request};
                         for (const auto i : of_facts) {
                           const auto& rule = wanted[i]->definition.evidence;
                           const auto weight = rule.fact(view, project);
                           if (rule.by_author)
                             collectors[i].add(fact.key, weight, fact.author);
                           else
                             collectors[i].add(fact.key, weight);
                         }
                       });
}

std::vector<PostKey> sorted_posts(std::vector<PostKey> posts) {
  std::ranges::sort(posts);
  posts.erase(std::unique(posts.begin(), posts.end()), posts.end());
  return posts;
}

/// The weights of the rows of one table, oldest first.
template <class Row, class Weigh>
void collect_rows(const std::vector<Row>& rows, Collector& collector, Weigh weigh) {
  std::vector<const Row*> sorted;
  for (const auto& row : rows) sorted.push_back(&row);
  std::ranges::stable_sort(sorted, {}, [](const Row* row) { return row->key; });
  for (const auto* row : sorted) collector.add(row->key, weigh(*row));
}

}  // namespace

Result<std::vector<Evidence>> collect_evidence(const PostStore& store, const MetricInput& input,
                                               std::span<const Metric* const> wanted,
                                               std::size_t limit) {
  const auto& tallies = input.tallies;
  const auto& project = input.project;
  std::vector<Evidence> evidence(wanted.size());
  std::vector<Collector> collectors;
  for (auto& one : evidence) collectors.emplace_back(one, limit);

  bool needs_facts = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& rule = wanted[i]->definition.evidence;
    const auto weigh_by = [&](auto weigh) {
      return [&, weigh](const auto& row) { return weigh(row, tallies, project); };
    };
    needs_facts = needs_facts || rule.fact != nullptr;
    if (rule.own != nullptr) collect_rows(tallies.own, collectors[i], weigh_by(rule.own));
    if (rule.inbox != nullptr) collect_rows(tallies.inbox, collectors[i], weigh_by(rule.inbox));
    if (rule.raised != nullptr) collect_rows(tallies.raised, collectors[i], weigh_by(rule.raised));
    if (rule.posts != nullptr)
      for (const auto& key : sorted_posts(rule.posts(input))) collectors[i].add(key, {1, 1, 1});
  }
  if (needs_facts)
    if (auto read = collect_facts(store, tallies, project, wanted, collectors); !read)
      return read.error();
  return evidence;
}

}  // namespace earshot
