#include "tests/sql/random_corpus.hpp"

#include <algorithm>
#include <random>
#include <string>

#include <fmt/format.h>

#include "store/base/text_arena.hpp"
#include "store/memory_post_store.hpp"

namespace earshot::test {

namespace {

constexpr int post_count = 3'000;
constexpr std::int64_t day_zero = 1'767'225'600;  // 2026-01-01
constexpr std::int64_t days = 60;

/// The project's entities as an older config had them: in another order, without some, and with one
/// that is gone.
std::vector<Entity> older_entities() {
  return {{EntityKind::brand, "Basket"},      {EntityKind::competitor, "Crate"},
          {EntityKind::competitor, "Barrel"}, {EntityKind::topic, "gone"},
          {EntityKind::topic, "price"},       {EntityKind::topic, "delivery"},
          {EntityKind::department, "orders"}, {EntityKind::rule, "sign-off"}};
}

/// Draws posts and labels one by one.
class Drawer {
 public:
  explicit Drawer(std::uint64_t seed) : random_{seed} {
    for (const auto& entities : {random_entities(), older_entities()})
      generations_.push_back({.model = "drawn",
                              .model_hash = generations_.size() + 1,
                              .config_hash = 7,
                              .entities = entities});
  }

  std::unique_ptr<PostStore> draw() {
    auto store = make_memory_store();
    for (int i = 0; i < post_count; ++i) posts_.push_back(draw_post(i));
    bool good = store->append({.posts = posts_}).has_value();
    for (const auto& generation : generations_) {
      std::vector<LabelledPost> labels;
      for (const auto& post : posts_)
        if (const bool older = post.posted_at < from_unix(day_zero + 20 * 86'400);
            older == (&generation == &generations_[1]) && !one_in(40))
          labels.push_back({{post.posted_at, post_id_hash(post.network, post.native_id)},
                            draw_labels(post, generation)});
      good = good && store->append({.labels = labels, .generation = generation});
    }
    good = good && draw_sources(*store);
    return good ? std::move(store) : nullptr;
  }

 private:
  // Not std::uniform_int_distribution, which every library draws differently.
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  Count count_below(std::int64_t limit) {
    if (one_in(3)) return {};
    return static_cast<std::uint64_t>(below(limit));
  }
  std::string_view name(std::string_view prefix, std::int64_t number) {
    return texts_.keep(fmt::format("{}{}", prefix, number));
  }

  /// Now and then at the very moment of the post before it; most answers come soon after. Nobody
  /// answers in channel 4.
  Post draw_post(int number) {
    Post post;
    post.network = "drawn";
    post.native_id = name("post", number);
    post.channel = name("it's a\tchannel\\", below(5));
    if (!one_in(20)) post.author_id = name("author", below(30));
    post.text = post.native_id;
    post.source = "drawn";
    if (!one_in(12)) at_ = day_zero + (one_in(20) ? -below(400 * 86'400) : below(days * 86'400));
    post.posted_at = from_unix(at_);
    if (number > 0 && post.channel.back() != '4' && below(5) < 3) draw_parent(number, post);
    post.engagement = {count_below(50), count_below(9), count_below(9), count_below(900)};
    post.filtered = one_in(4);
    post.repost = one_in(15);
    return post;
  }

  void draw_parent(int number, Post& post) {
    const auto to = one_in(10)  ? below(post_count + 100)
                    : one_in(2) ? number - 1 - below(std::min(number, 3))
                                : below(number);
    post.parent_id = name("post", to);
    if (one_in(25)) post.root_id = name("post", below(post_count));
    if (to >= number || one_in(8)) return;
    const auto& parent = posts_[static_cast<std::size_t>(to)];
    at_ = to_unix(parent.posted_at) + (one_in(3) ? 0 : below(72 * 3'600));
    post.posted_at = from_unix(at_);
    if (one_in(4)) post.author_id = parent.author_id;
    if (parent.channel.back() != '4') post.channel = parent.channel;
  }

  Labels draw_labels(const Post& post, const Generation& generation) {
    Labels labels{.content = content_hash(post), .generation = generation.id()};
    const auto author =
        post.author_id.empty() ? 99 : std::stoi(std::string{post.author_id}.substr(6));
    if (author < 6) labels.owner = static_cast<EntityIndex>(author / 2);  // two handles a party
    if (one_in(5) && post.parent_id.empty())
      labels.group = 1 + static_cast<std::uint64_t>(below(40));
    if (one_in(6)) labels.question = 1 + static_cast<std::uint64_t>(below(9));
    labels.sentiment = static_cast<Sentiment>(below(4) - 1);
    labels.stance = static_cast<Stance>(below(3) - 1);
    labels.intents = Intents{static_cast<std::uint8_t>(random_() & random_() & 0x7F)};
    labels.marks = Marks{static_cast<std::uint8_t>(random_() & random_() & random_() & 0x7F)};
    labels.priority = static_cast<std::uint8_t>(1 + below(3));
    labels.only_thanks = one_in(20);
    labels.affiliate = author % 10 == 9;
    for (std::size_t entity = 0; entity < generation.entities.size(); ++entity)
      if (one_in(3))
        labels.entities.push_back({.entity = static_cast<EntityIndex>(entity),
                                   .sentiment = static_cast<Sentiment>(below(4) - 1),
                                   .stance = static_cast<Stance>(below(3) - 1),
                                   .matched = !one_in(5),
                                   .addressed = one_in(4)});
    for (std::uint64_t link = 1; link <= 12; ++link)
      if (one_in(15)) labels.links.push_back(link * 0x9E3779B97F4A7C15ULL);
    std::ranges::sort(labels.links);
    return labels;
  }

  bool draw_sources(PostStore& store) {
    std::vector<SourceState> sources;
    std::vector<Poll> polls;
    for (const std::int64_t interval : {0, 900, 3'600, 5'400, 86'400}) {
      SourceState source{.name = fmt::format("every {} s", interval)};
      source.interval = std::chrono::seconds{interval};
      source.first_poll = from_unix(day_zero + below(30 * 86'400));
      for (auto at = source.first_poll; at < from_unix(day_zero + days * 86'400);
           at += std::max(source.interval, std::chrono::seconds{3'000}))
        if (!one_in(9))
          polls.push_back({.source = source.name,
                           .at = at + std::chrono::seconds{below(600)},
                           .ok = !one_in(7),
                           .overflow = one_in(12)});
      sources.push_back(std::move(source));
    }
    return store.append({.sources = sources, .polls = polls}).has_value();
  }

  std::mt19937_64 random_;
  std::vector<Generation> generations_;
  std::vector<Post> posts_;
  TextArena texts_;
  std::int64_t at_ = day_zero;
};

}  // namespace

std::vector<Entity> random_entities() {
  return {{EntityKind::brand, "Basket"},       {EntityKind::competitor, "Crate"},
          {EntityKind::competitor, "Barrel"},  {EntityKind::topic, "delivery"},
          {EntityKind::topic, "price"},        {EntityKind::objective, "fewer late boxes"},
          {EntityKind::pilot, "evening van"},  {EntityKind::department, "orders"},
          {EntityKind::department, "kitchen"}, {EntityKind::region, "north"},
          {EntityKind::rule, "sign-off"}};
}

std::unique_ptr<PostStore> make_random_store(std::uint64_t seed) {
  return Drawer{seed}.draw();
}

}  // namespace earshot::test
