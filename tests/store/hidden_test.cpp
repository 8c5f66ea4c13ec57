// Posts that their source does not find any more, on each store.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "store/post_store.hpp"
#include "tests/support/both_stores.hpp"
#include "tests/support/sample_posts.hpp"

namespace earshot {
namespace {

const Instant seen = from_unix(100), missed = from_unix(200), found = from_unix(300);

Post post_seen(std::string_view id, Instant at) {
  Post post = sample_post(id, "ann", "hello");
  post.engagement = {.likes = 1, .observed_at = at};
  return post;
}

Post post_missed(std::string_view id) {
  Post post = post_seen(id, seen);
  post.missing_at = missed;
  return post;
}

AppendOutcome append(PostStore& store, std::vector<Post> posts) {
  auto outcome = store.append({.posts = posts});
  REQUIRE(outcome);
  return *outcome;
}

/// Gives every post labels, hidden ones too.
void label_all(PostStore& store) {
  StoredBatch batch;
  ScanCursor cursor;
  REQUIRE(store.scan({.hidden = HiddenPosts::taken}, cursor, 1000, batch));
  std::vector<LabelledPost> labels;
  for (const auto& stored : batch.posts)
    labels.push_back({stored.key, sample_labels(stored.post, 1)});
  REQUIRE(store.append({.labels = labels}));
}

std::string scanned(const PostStore& store, const ScanFilter& filter) {
  std::string ids;
  StoredBatch batch;
  ScanCursor cursor;
  REQUIRE(store.scan(filter, cursor, 1000, batch));
  for (const auto& stored : batch.posts) ids += stored.post.native_id;
  std::ranges::sort(ids);
  return ids;
}

std::size_t count_facts(const PostStore& store) {
  std::size_t count = 0;
  REQUIRE(store.facts(all_time, [&](const FactBatch& batch) { count += batch.facts.size(); }));
  return count;
}

}  // namespace

TEST_CASE_TEMPLATE("a hidden post is in no fact, and read only by who asks for such ones", Store,
                   InMemory, OnDisk) {
  Store in;
  append(*in.store, {post_seen("1", seen), post_seen("2", seen)});
  const PostKey key{post_seen("2", seen).posted_at, post_id_hash("net", "2")};

  const auto outcome = append(*in.store, {post_missed("2")});

  CHECK(outcome.edited + outcome.recounted == 0);
  CHECK(count_facts(*in.store) == 1);
  CHECK(scanned(*in.store, {}) == "1");
  CHECK(scanned(*in.store, {.hidden = HiddenPosts::taken}) == "12");
  StoredBatch batch;
  REQUIRE(in.store->posts({&key, 1}, batch));
  CHECK(batch.posts.empty());
  REQUIRE(in.store->posts({&key, 1}, batch, HiddenPosts::taken));
  REQUIRE(batch.posts.size() == 1);
  CHECK(batch.posts[0].post.text == "hello");
  CHECK(batch.posts[0].post.missing_at == missed);
  CHECK(in.store->counters()->posts == 2);
  CHECK(in.store->verify()->faults.empty());
}

TEST_CASE_TEMPLATE("a later look shows a hidden post again, in whatever order they come", Store,
                   InMemory, OnDisk) {
  Post edited = post_missed("1");
  edited.missing_at = {};
  edited.text = "hello!";
  edited.edited_at = from_unix(50);
  const Post again = post_seen("1", found);
  std::vector<int> order{0, 1, 2, 3};
  do {
    std::vector<Post> all{post_seen("1", seen), post_missed("1"), edited, again};
    Store in;
    for (const int i : order) append(*in.store, {all[static_cast<std::size_t>(i)]});
    CHECK(count_facts(*in.store) == 1);
    CHECK(scanned(*in.store, {}) == "1");

    Store without;
    for (const int i : order)
      if (i != 3) append(*without.store, {all[static_cast<std::size_t>(i)]});
    CHECK(count_facts(*without.store) == 0);
    CHECK(scanned(*without.store, {}).empty());
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE_TEMPLATE("hiding a post is no edit: its labels stay, and it waits for them as others do",
                   Store, InMemory, OnDisk) {
  Store in;
  append(*in.store, {post_seen("1", seen), post_seen("2", seen)});
  label_all(*in.store);
  append(*in.store, {post_missed("1")});
  CHECK(in.store->counters()->unlabelled == 0);
  CHECK(*in.store->generations() == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 2}});
  append(*in.store, {post_missed("3")});

  CHECK(in.store->counters()->unlabelled == 1);
  CHECK(scanned(*in.store, {.unlabelled_only = true}).empty());
  CHECK(scanned(*in.store, {.unlabelled_only = true, .hidden = HiddenPosts::taken}) == "3");
  label_all(*in.store);
  CHECK(in.store->counters()->unlabelled == 0);
  CHECK(count_facts(*in.store) == 1);
}

TEST_CASE_TEMPLATE("a hidden post that is erased is a number in totals, as all erased ones", Store,
                   InMemory, OnDisk) {
  Store in;
  append(*in.store, {post_missed("1"), post_missed("2")});
  label_all(*in.store);
  const PostId id{"net", "1"};

  REQUIRE(in.store->append({.erasures = {&id, 1}}));

  CHECK(count_facts(*in.store) == 1);
  append(*in.store, {post_missed("1")});
  CHECK(count_facts(*in.store) == 1);
  CHECK(scanned(*in.store, {.hidden = HiddenPosts::taken}) == "2");
  CHECK(in.store->verify()->faults.empty());
}

TEST_CASE("posts stay hidden in blocks, in rows over them, and when the store is opened again") {
  OnDisk disk;
  std::vector<std::string> ids;
  for (int i = 0; i < 600; ++i) ids.push_back(std::to_string(i));
  std::vector<Post> posts;
  for (const auto& id : ids) posts.push_back(post_seen(id, seen));
  posts[5].missing_at = posts[6].missing_at = missed;
  append(*disk.store, posts);
  CHECK(count_facts(*disk.store) == 598);
  std::vector<Post> changed{posts[6], posts[7], posts[8]};
  changed[0].engagement.observed_at = found;
  changed[1].missing_at = changed[2].missing_at = missed;
  append(*disk.store, changed);
  CHECK(count_facts(*disk.store) == 597);

  disk.store.reset();
  disk.store = *open_rocks_store(disk.folder / "store", {.reserve_bytes = 0});
  CHECK(count_facts(*disk.store) == 597);

  // With so many changes rows are folded into blocks.
  for (int round = 0; round < 5; ++round) {
    for (auto& post : posts)
      if (!post.hidden()) post.engagement.likes = 2 + round;
    append(*disk.store, posts);
    CHECK(count_facts(*disk.store) == 597);
  }
  CHECK(disk.store->verify()->faults.empty());
}

}  // namespace earshot
