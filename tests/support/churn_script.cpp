#include "tests/support/churn_script.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace earshot::test {

namespace {

constexpr std::int64_t day_zero = 1'767'225'600;  // 2026-01-01
constexpr std::int64_t day = 86'400;
constexpr std::int64_t days = 90;

std::vector<StoredPost> all_posts(const PostStore& store, const ScanFilter& filter,
                                  TextArena& texts) {
  std::vector<StoredPost> found;
  StoredBatch batch;
  ScanCursor cursor;
  while (store.scan(filter, cursor, 5'000, batch) && !batch.posts.empty()) {
    texts.absorb(std::move(batch.texts));
    std::ranges::move(batch.posts, std::back_inserter(found));
    batch = {};
  }
  return found;
}

}  // namespace

Append ChurnBatch::append() const {
  return {.posts = posts, .labels = labels, .erasures = erasures};
}

std::vector<Generation> ChurnScript::generations() {
  const Entity basket{EntityKind::brand, "Basket"}, crate{EntityKind::competitor, "Crate"},
      price{EntityKind::topic, "price"}, van{EntityKind::pilot, "evening van"},
      north{EntityKind::region, "north"}, gone{EntityKind::topic, "gone"};
  return {{.model = "one",
           .model_hash = 1,
           .config_hash = 7,
           .entities = {basket, crate, price, van, north}},
          {.model = "two",
           .model_hash = 2,
           .config_hash = 7,
           .entities = {basket, gone, north, crate, price}}};
}

std::vector<TallyRequest> ChurnScript::requests() {
  const auto request = [](std::int64_t from, std::int64_t to, std::int64_t step) {
    TallyRequest made;
    for (auto at = from; at <= to; at += step) made.edges.push_back(from_unix(day_zero + at * day));
    made.now = from_unix(day_zero + to * day);
    made.entities = generations()[0].entities;
    made.previous = {from_unix(day_zero + (2 * from - to) * day), made.edges.front()};
    return made;
  };
  return {request(-1, days + 13, 13), request(days - 14, days, 1)};
}

Count ChurnScript::count_below(std::size_t limit) {
  if (one_in(3)) return {};
  return below(limit);
}

/// Never the same twice: a text that goes back to what it was keeps its first date in one order
/// only.
std::string_view ChurnScript::text() {
  const auto number = ++edits_;
  return texts_.keep(fmt::format("text {} {:{}}", number, "", below(200)));
}

Instant ChurnScript::moment() {
  const auto at = static_cast<std::int64_t>(below(days * day));
  return from_unix(day_zero + (one_in(4) ? at / day * day : at));  // many at the same moment
}

Post ChurnScript::new_post() {
  Post post;
  post.network = one_in(10) ? "other" : "drawn";
  post.native_id = texts_.keep(fmt::format("post{}", latest_.size()));
  post.channel = texts_.keep(fmt::format("channel {}", latest_.size() % 5));
  if (!one_in(20))
    post.author_id = post.author_name = texts_.keep(fmt::format("author{}", below(200)));
  post.text = text();
  post.url = texts_.keep(fmt::format("https://town.example/{}", latest_.size()));
  post.lang = one_in(5) ? "de" : "en";
  post.place = one_in(9) ? "Logan" : "";
  post.source = one_in(2) ? "a" : "b";
  post.posted_at = moment();
  post.dated = !one_in(4);
  post.filtered = one_in(4);
  post.repost = one_in(15);
  post.engagement = {count_below(50), count_below(9), count_below(9), count_below(900),
                     from_unix(static_cast<std::int64_t>(below(3)))};
  if (one_in(3)) post.parent_id = texts_.keep(fmt::format("post{}", below(latest_.size() + 20)));
  if (one_in(20)) post.root_id = texts_.keep(fmt::format("post{}", below(latest_.size() + 1)));
  return post;
}

/// An answer to an old post that is stored long after it was written.
Post ChurnScript::reply() {
  const Post& parent = latest_[below(latest_.size())];
  auto post = new_post();
  post.network = parent.network;
  post.parent_id = parent.native_id;
  post.channel = parent.channel;
  post.posted_at = parent.posted_at + std::chrono::seconds{below(9 * day)};
  return post;
}

Post ChurnScript::edit(Post post) {
  post.text = text();
  if (post.dated && one_in(3)) post.posted_at = moment();
  if (!one_in(4)) post.edited_at = from_unix(static_cast<std::int64_t>(1 + below(40)));
  if (one_in(8)) post.parent_id = texts_.keep(fmt::format("post{}", below(latest_.size())));
  return post;
}

Post ChurnScript::seen_again(Post post) {
  if (!post.dated) post.posted_at = moment();
  if (one_in(4)) post.source = one_in(2) ? "a" : "c";
  if (one_in(4)) post.filtered = false;
  return post;
}

std::vector<Post> ChurnScript::past(std::size_t count) {
  std::vector<Post> posts;
  for (std::size_t i = 0; i < count; ++i) {
    posts.push_back(new_post());
    latest_.push_back(posts.back());
  }
  for (auto i = posts.size(); i > 1; --i) std::swap(posts[i - 1], posts[below(i)]);
  drawn_.insert(drawn_.end(), posts.begin(), posts.end());
  return posts;
}

/// One change of the post of that number, or a new post.
void ChurnScript::change(std::size_t number, ChurnBatch& batch) {
  const auto kind = below(10);
  if (kind == 0 && options_.erasures) {
    const Post& post = latest_[number];
    batch.erasures.push_back({post.network, one_in(9) ? "never seen" : post.native_id});
    return;
  }
  auto post = latest_[number];
  if (kind <= 3) {
    post = edit(post);
  } else if (kind <= 5) {
    post.engagement = {count_below(80), count_below(20), count_below(20), count_below(900),
                       from_unix(static_cast<std::int64_t>(below(9)))};
    if (one_in(3)) post.missing_at = from_unix(static_cast<std::int64_t>(below(9)));
  } else if (kind <= 7) {
    post = seen_again(post);
  } else {
    post = kind == 8 ? reply() : new_post();
    latest_.push_back(post);
    number = latest_.size() - 1;
  }
  latest_[number] = post;
  recent_.push_back(number);
  if (recent_.size() > 200) recent_.erase(recent_.begin());
  drawn_.push_back(post);
  batch.posts.push_back(post);
}

ChurnBatch ChurnScript::changes(const PostStore& store, std::size_t count, bool dense) {
  ChurnBatch batch;
  std::vector<std::size_t> numbers;
  const auto middle = latest_[below(latest_.size())].posted_at;
  for (std::size_t i = 0; i < latest_.size(); ++i)
    if (!dense || std::chrono::abs(latest_[i].posted_at - middle) < std::chrono::days{3})
      numbers.push_back(i);
  for (std::size_t i = 0; i < count; ++i) {
    if (!recent_.empty() && one_in(3))  // what has changed changes again
      change(recent_[below(recent_.size())], batch);
    else
      change(numbers[below(numbers.size())], batch);
  }

  for (const auto& post : batch.posts)  // labels for what comes in the same write
    if (one_in(6)) {
      const PostKey key{post.posted_at, post_id_hash(post.network, post.native_id)};
      const StoredPost coming{.post = post, .key = key, .content = content_hash(post)};
      batch.labels.push_back({key, draw_labels(coming, below(2), one_in(6))});
    }
  if (count < 4) return batch;
  const auto stored = all_posts(store, {.hidden = HiddenPosts::taken}, texts_);
  if (stored.empty()) return batch;
  for (std::size_t i = 0; i < count / 4; ++i) {
    const auto& post = stored[below(stored.size())];
    batch.labels.push_back({post.key, draw_labels(post, below(2), one_in(2))});
    if (one_in(5)) batch.labels.back().labels.content ^= 1;  // of a text that is no longer there
  }
  return batch;
}

ChurnBatch ChurnScript::labels(const PostStore& store, std::size_t model, bool all) {
  ChurnBatch batch;
  const ScanFilter filter{.unlabelled_only = !all, .hidden = HiddenPosts::taken};
  for (const auto& post : all_posts(store, filter, texts_))
    if (all || !one_in(4)) batch.labels.push_back({post.key, draw_labels(post, model, false)});
  return batch;
}

Labels ChurnScript::draw_labels(const StoredPost& stored, std::size_t model, bool by_hand) {
  static const auto known = generations();
  Labels labels{.content = stored.content, .generation = known[model].id()};
  labels.by_hand = by_hand;
  if (stored.post.author_id == "author1") labels.owner = brand_index;
  if (one_in(6) && stored.post.parent_id.empty()) labels.group = 1 + below(40);
  if (one_in(6)) labels.question = 1 + below(9);
  if (one_in(2)) labels.lang = {'e', 'n'};
  labels.sentiment = static_cast<Sentiment>(static_cast<int>(below(4)) - 1);
  labels.sentiment_permille = static_cast<std::uint16_t>(below(1'001));
  labels.stance = static_cast<Stance>(static_cast<int>(below(3)) - 1);
  labels.intents = Intents{static_cast<std::uint8_t>(random_() & random_() & 0x7F)};
  labels.marks = Marks{static_cast<std::uint8_t>(random_() & random_() & random_() & 0x7F)};
  labels.priority = static_cast<std::uint8_t>(1 + below(3));
  labels.only_thanks = one_in(20);
  labels.affiliate = one_in(30);
  for (EntityIndex entity = 0; entity < known[model].entities.size(); ++entity)
    if (one_in(3))
      labels.entities.push_back(
          {.entity = entity,
           .sentiment = static_cast<Sentiment>(static_cast<int>(below(4)) - 1),
           .stance = static_cast<Stance>(static_cast<int>(below(3)) - 1),
           .matched = !one_in(5),
           .addressed = one_in(4)});
  for (std::uint64_t link = 1; link <= 12; ++link)
    if (one_in(15)) labels.links.push_back(link << 40);
  return labels;
}

}  // namespace earshot::test
