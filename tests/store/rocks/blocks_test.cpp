#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "store/rocks/label_block.hpp"
#include "store/rocks/post_block.hpp"
#include "tests/support/sample_posts.hpp"

namespace earshot::rocks {
namespace {

std::vector<PlacedPost> placed(const std::vector<Post>& posts) {
  std::vector<PlacedPost> all;
  for (const auto& post : posts)
    all.push_back({{post.posted_at, post_id_hash(post.network, post.native_id)}, &post, nullptr});
  return all;
}

void check_same(const Post& left, const Post& right) {
  for_each_text(left, [&, at = 0](std::string_view text) mutable {
    int other = 0;
    for_each_text(right, [&](std::string_view candidate) {
      if (other++ == at) CHECK(text == candidate);
    });
    ++at;
  });
  CHECK(left.posted_at == right.posted_at);
  CHECK(left.edited_at == right.edited_at);
  CHECK(left.missing_at == right.missing_at);
  CHECK(left.engagement == right.engagement);
  CHECK(left.dated == right.dated);
  CHECK(left.filtered == right.filtered);
  CHECK(left.repost == right.repost);
}

}  // namespace

TEST_CASE("posts come back from a block with all that they say") {
  std::vector<Post> posts{sample_post("100", "ann", "hello", 1), sample_post("101", "", "", 2),
                          sample_post("102", "bob", "a\nb", 3)};
  posts[0].url = "https://town.example/ann/status/100?x=100";
  posts[0].author_name = "Ann";
  posts[1].author_name = "only a name";
  posts[1].url = "https://town.example/\x01\x02";  // bytes that mark what an address repeats
  posts[1].parent_id = "100";
  posts[1].root_id = "100";
  posts[1].engagement = {.likes = 0,
                         .shares = 7,
                         .replies = {},
                         .followers = 1ULL << 40U,
                         .observed_at = from_unix(9)};
  posts[2].dated = false;
  posts[2].filtered = posts[2].repost = true;
  posts[2].edited_at = from_unix(-5);
  posts[1].missing_at = from_unix(10);
  posts[2].missing_at = from_unix(-1);
  posts[2].lang = "en";
  posts[2].place = "Logan";
  posts[2].network = "other";
  std::string heads, texts;
  encode_heads(placed(posts), heads);
  encode_texts(placed(posts), texts);

  PostBlock block;
  REQUIRE(block.read_heads(heads));
  REQUIRE(block.read_texts(texts));

  REQUIRE(block.size() == posts.size());
  for (std::size_t i = 0; i < posts.size(); ++i) {
    check_same(block.post(i), posts[i]);
    CHECK(block.keys()[i] == placed(posts)[i].key);
    CHECK(block.hidden(i) == (i == 1));
    const Fact fact = block.fact(i);
    CHECK(fact.author == author_hash(posts[i]));
    CHECK(fact.parent == parent_of(posts[i]));
    CHECK(fact.root == root_of(posts[i]));
    CHECK(fact.likes == (i == 1 ? 0 : unknown_count));
  }
}

TEST_CASE("a post that took another's place keeps its key in a block") {
  const std::vector<Post> posts{sample_post("1", "ann", "x"), sample_post("2", "ann", "y")};
  auto places = placed(posts);
  places[1].key.id = 77;
  std::string heads;
  encode_heads(places, heads);

  PostBlock block;
  REQUIRE(block.read_heads(heads));

  CHECK(block.keys()[0] == places[0].key);
  CHECK(block.keys()[1].id == 77);
}

TEST_CASE("bytes that are no block are refused") {
  const std::vector<Post> posts{sample_post("1", "ann", "x")};
  std::string heads, texts, packed;
  encode_heads(placed(posts), heads);
  encode_texts(placed(posts), texts);
  compress({"\x01\x05"}, packed);  // five posts, and nothing of them
  PostBlock block;

  CHECK_FALSE(block.read_heads("garbage"));
  CHECK_FALSE(block.read_heads(packed));
  CHECK_FALSE(block.read_heads(texts));
  CHECK(block.size() == 0);
  REQUIRE(block.read_heads(heads));
  CHECK_FALSE(block.read_texts(heads));
}

TEST_CASE("labels come back from a block; posts without any have none") {
  std::mt19937 random{5};
  std::vector<Labels> labels(50);
  std::vector<const Labels*> rows;
  for (auto& one : labels) {
    one.content = 9;
    one.generation = 1 + random() % 3;
    one.group = random() % 2 == 0 ? 0 : random();
    one.question = random() % 4 == 0 ? random() : 0;
    one.lang = {'e', static_cast<char>('a' + random() % 26)};
    one.sentiment = static_cast<Sentiment>(static_cast<int>(random() % 4) - 1);
    one.stance = static_cast<Stance>(static_cast<int>(random() % 3) - 1);
    one.sentiment_permille = static_cast<std::uint16_t>(random() % 1001);
    one.intents = Intents{static_cast<std::uint8_t>(random() % 128)};
    one.marks = Marks{static_cast<std::uint8_t>(random() % 128)};
    one.owner = random() % 3 == 0 ? EntityIndex{2} : no_entity;
    one.priority = static_cast<std::uint8_t>(1 + random() % 3);
    one.only_thanks = random() % 2 == 0;
    one.affiliate = random() % 2 == 0;
    one.by_hand = random() % 2 == 0;
    for (unsigned i = 0; i < random() % 3; ++i)
      one.entities.push_back({.entity = static_cast<EntityIndex>(i),
                              .sentiment = Sentiment::negative,
                              .stance = Stance::advocate,
                              .matched = random() % 2 == 0,
                              .addressed = true});
    for (unsigned i = 0; i < random() % 3; ++i) one.links.push_back(random());
    rows.push_back(random() % 5 == 0 ? nullptr : &one);
  }
  std::string bytes;
  encode_labels(rows, bytes);

  LabelBlock block;
  REQUIRE(block.read(bytes, rows.size()));

  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(block.labelled(i) == (rows[i] != nullptr));
    CHECK(block.labels(i, 9) == (rows[i] == nullptr ? Labels{} : labels[i]));
  }
  CHECK_FALSE(block.read(bytes, rows.size() - 1));
  CHECK_FALSE(block.labelled(0));
  CHECK_FALSE(block.read("garbage", 3));
}

}  // namespace earshot::rocks
