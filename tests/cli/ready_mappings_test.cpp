// The mappings that come with earshot: each is found, known by its columns, and reads an export.
#include "cli/ready_mappings.hpp"

#include <doctest/doctest.h>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/read_archive.hpp"

using namespace earshot;
using earshot::test::run_earshot;

namespace {

std::string fixture(const std::string& name) {
  return std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/mappings/" + name;
}

/// An export, read as a person would have it read who says nothing but its name.
ReadArchive read_export(const std::string& file, const std::string& mapping) {
  auto look = look_at_archive(fixture(file));
  if (file.ends_with(".csv")) look.type = "csv";
  CHECK(recognised_mapping(look) == mapping);
  const auto found = find_mapping(mapping, mapping);
  REQUIRE(found);
  SourceConfig config;
  config.path = fixture(file);
  config.mapping = found->mapping;
  auto whole = read_archive_as(found->format, config);
  CHECK(whole.error == "");
  CHECK(whole.bad == std::vector<std::string>{});
  return whole;
}

}  // namespace

TEST_CASE("ready mappings: every file of configs/mappings is one, and can be read") {
  CHECK(ready_mapping_names() ==
        "4cat, airlines_2015, brandwatch, facebook, make_corpus, meltwater, reviews, sprout, "
        "support_2017, talkwalker");
  for (const auto& ready : ready_mappings()) {
    const auto file = parse_mapping(ready.toml, std::string{ready.name});
    CHECK_MESSAGE(file, ready.name);
    const bool told_apart = !file->known_by.empty() || ready.name == "make_corpus";
    CHECK_MESSAGE(told_apart, ready.name);
  }
}

TEST_CASE("ready mappings: a file goes before a name, and a slip is named") {
  const TemporaryFolder folder;
  const auto path = folder.write(
      "brandwatch", "network = 'mine'\n[columns]\nid = 'a'\ntext = 'b'\nposted_at = 'c'\n");
  CHECK(find_mapping(path, "brandwatch")->mapping.network == "mine");
  CHECK(find_mapping(folder.file("sprout"), "sprout")->mapping.network == "sprout");
  CHECK(find_mapping("brandwach", "brandwach").error().message ==
        "there is no mapping 'brandwach', and no such file, did you mean 'brandwatch'?");
  CHECK(find_mapping("xyz", "xyz").error().message ==
        "there is no mapping 'xyz', and no such file; ready ones are " + ready_mapping_names());
  CHECK(find_mapping("/nowhere/map.toml", "map.toml")
            .error()
            .message.starts_with("/nowhere/map.toml"));
}

TEST_CASE("brandwatch: mentions below the lines about the query, counts of the right network") {
  const auto whole = read_export("brandwatch.csv", "brandwatch");

  REQUIRE(whole.posts.size() == 3);
  const Post& tweet = whole.post("81001");
  CHECK(tweet.network == "brandwatch");
  CHECK(tweet.channel == "twitter.com");
  CHECK(tweet.author_id == "4711");
  CHECK(tweet.author_name == "ann");
  CHECK(tweet.text == "The box came late again, two days\nin a row");
  CHECK(format_instant(tweet.posted_at) == "2026-08-03T09:15:00Z");
  CHECK(tweet.lang == "en");
  CHECK(tweet.place == "Brisbane");
  CHECK(tweet.url == "http://twitter.com/ann/statuses/81");
  CHECK(tweet.engagement.followers == 1204U);
  CHECK(tweet.engagement.likes == 12U);
  CHECK(tweet.engagement.shares == 1000U);
  CHECK(tweet.engagement.replies == 3U);
  CHECK_FALSE(tweet.repost);
  CHECK(whole.post("81002").repost);
  const Post& thread = whole.post("81003");
  CHECK(thread.channel == "brisbane");
  CHECK(thread.author_id == "cem");
  CHECK(thread.text == "Farm boxes?\nHas anyone tried");
  CHECK(thread.engagement.likes == 17U);
  CHECK(thread.engagement.replies == 4U);
}

TEST_CASE("meltwater: UTF-16 with tabs and the time apart, and the layout before") {
  const auto whole = read_export("meltwater.csv", "meltwater");
  REQUIRE(whole.posts.size() == 2);
  const Post& post = whole.post("d-81");
  CHECK(post.channel == "x.com");
  CHECK(post.author_id == "@ann");
  CHECK(post.author_name == "Ann");
  CHECK(post.text == "The box came late again – two days");
  CHECK(format_instant(post.posted_at) == "2026-08-03T09:15:00Z");
  CHECK(post.lang == "");
  CHECK(post.engagement.likes == 12U);
  CHECK(post.engagement.shares == 1000U);
  const Post& article = whole.post("d-82");
  CHECK(article.text == "Boxes for all\nGreen Basket delivers free of charge.");
  CHECK(format_instant(article.posted_at) == "2026-08-04T20:00:00Z");
  CHECK_FALSE(article.engagement.likes.has_value());

  const auto before = read_export("meltwater_2022.csv", "meltwater");
  REQUIRE(before.posts.size() == 1);
  CHECK(before.posts[0].native_id == "81");
  CHECK(before.posts[0].author_name == "@ann");
  CHECK(before.posts[0].text == "The box came late again");
  CHECK(format_instant(before.posts[0].posted_at) == "2022-08-03T09:15:00Z");
  CHECK(before.posts[0].engagement.followers == 1204U);
}

TEST_CASE("sprout: own posts with American dates and grouped numbers") {
  const auto whole = read_export("sprout.csv", "sprout");

  REQUIRE(whole.posts.size() == 2);
  const Post& post = whole.post("1234_81");
  CHECK(post.channel == "Facebook");
  CHECK(post.author_name == "Green Basket");
  CHECK(post.text == "Tomatoes this week, and beans");
  CHECK(format_instant(post.posted_at) == "2026-08-03T09:15:00Z");
  CHECK(post.engagement.likes == 1050U);
  CHECK(post.engagement.replies == 4U);
  const Post& other = whole.post("https://instagram.example/p/82");
  CHECK(format_instant(other.posted_at) == "2026-08-04T19:05:00Z");
  CHECK_FALSE(other.engagement.likes.has_value());
}

TEST_CASE("talkwalker: results by their address, with semicolons") {
  const auto whole = read_export("talkwalker.csv", "talkwalker");

  REQUIRE(whole.posts.size() == 2);
  const Post& post = whole.post("http://twitter.com/ann/statuses/81");
  CHECK(post.author_id == "tw:4711");
  CHECK(post.author_name == "ann");
  CHECK(post.channel == "http://twitter.com/");
  CHECK(post.parent_id == "http://twitter.com/greenbasket/statuses/80");
  CHECK(post.engagement.likes == 12U);
  CHECK(post.engagement.shares == 1000U);
  CHECK(post.place == "Australia");
  const Post& article = whole.post("http://news.example/boxes");
  CHECK(article.text == "Boxes for all\nGreen Basket delivers");
  CHECK(format_instant(article.posted_at) == "2026-08-04T12:00:00Z");
  CHECK(article.engagement.likes == 31U);
  CHECK(article.engagement.replies == 4U);
}

TEST_CASE("4cat: a thread of any platform") {
  const auto whole = read_export("4cat.csv", "4cat");

  REQUIRE(whole.posts.size() == 2);
  const Post& first = whole.post("abc1");
  CHECK(first.channel == "brisbane");
  CHECK(first.text == "Farm boxes?\nHas anyone tried, and liked, them?");
  CHECK(first.root_id == "");
  CHECK(first.engagement.likes == 17U);
  CHECK(first.engagement.replies == 4U);
  CHECK(first.url == "https://reddit.example/abc1");
  const Post& reply = whole.post("abc2");
  CHECK(reply.root_id == "abc1");
  CHECK(reply.author_id == "ben");
  CHECK_FALSE(reply.engagement.replies.has_value());
}

TEST_CASE("reviews: with and without an id and a text") {
  const auto whole = read_export("reviews.csv", "reviews");

  REQUIRE(whole.posts.size() == 2);
  const Post& review = whole.post("r-81");
  CHECK(review.channel == "greenbasket.example");
  CHECK(review.author_name == "Ann");
  CHECK(review.text == "Late again\nThe box came late again, two days");
  CHECK(review.lang == "en");
  CHECK(whole.posts[1].text == "Great beans");
  CHECK(whole.posts[1].native_id.size() == 16);
}

TEST_CASE("facebook: own posts and comments, with their letters whole again") {
  const auto whole = read_export("facebook.json", "facebook");
  REQUIRE(whole.posts.size() == 3);
  CHECK(whole.posts[0].text == "Café am Markt 🍅");
  CHECK(whole.posts[0].channel == "facebook");
  CHECK(format_instant(whole.posts[0].posted_at) == "2026-08-03T09:15:00Z");
  CHECK(format_instant(whole.posts[0].edited_at) == "2026-08-03T10:15:00Z");
  CHECK(whole.posts[1].text == "https://news.example/boxes");
  CHECK(whole.posts[2].text == "Ann Example added a new photo.");

  const auto comments = read_export("facebook_comments.json", "facebook");
  REQUIRE(comments.posts.size() == 1);
  CHECK(comments.posts[0].text == "Sehr schön");
  CHECK(comments.posts[0].author_name == "Ann Example");
  CHECK(comments.posts[0].channel == "Kochen");
}

TEST_CASE("ingest: an export is known by its columns, and stderr says as what it was read") {
  const TemporaryFolder folder;

  const auto ran = run_earshot(folder, {"ingest", "--store", "s", fixture("brandwatch.csv")});

  CHECK(ran.out == "brandwatch.csv: 3 rows, 3 new, 0 repeats\n");
  CHECK(ran.err == "earshot: " + fixture("brandwatch.csv") +
                       ": read by the mapping 'brandwatch', as its columns are called so\n");
  CHECK(ran.exit_code == 0);
  const auto named = run_earshot(
      folder, {"ingest", "--store", "s", "--mapping", "brandwatch", fixture("brandwatch.csv")});
  CHECK(named.out == "brandwatch.csv: 3 rows, 0 new, 3 repeats\n");
  CHECK(named.err == "");
}

TEST_CASE("ingest: the id space of an export can be named") {
  const TemporaryFolder folder;

  const auto ran = run_earshot(folder, {"ingest", "--store", "s", "--network", "reddit",
                                        "--mapping", "4cat", fixture("4cat.csv")});

  CHECK(ran.exit_code == 0);
  CHECK(run_earshot(folder, {"search", "--store", "s", "late"}).out.find("reddit:abc2") !=
        std::string::npos);
}

TEST_CASE(
    "ingest: an export that lacks a column or two is not guessed at, but its likes are named") {
  const TemporaryFolder folder;
  folder.write("page.csv", "Date,Network,Profile,Body\n8/3/2026 9:15 am,Facebook,Ann,late\n");

  const auto ran = run_earshot(folder, {"ingest", "--store", "s", "page.csv"});

  CHECK(ran.err ==
        "earshot: page.csv: its columns are most like those of 'sprout'; name a mapping with "
        "--mapping\n"
        "earshot: page.csv: no column 'id' (mapped to id); there are: Date, Network, Profile, "
        "Body\n");
  CHECK(ran.exit_code == 2);
}

TEST_CASE("ingest: a source of the config may name a ready mapping") {
  const TemporaryFolder folder;
  folder.write("earshot.toml",
               "[brand]\nquery = 'box'\n[[source]]\nname = 'mentions'\ntype = 'csv'\n"
               "path = '" +
                   fixture("brandwatch.csv") + "'\nmapping = 'brandwatch'\n");

  const auto ran = run_earshot(folder, {"ingest"});

  CHECK(ran.out == "mentions: 3 rows, 3 new, 0 repeats\n");
  CHECK(ran.err == "");
}
