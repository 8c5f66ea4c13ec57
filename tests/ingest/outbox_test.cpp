#include <map>

#include <doctest/doctest.h>

#include "ingest/activity.hpp"
#include "ingest/archive_look.hpp"
#include "tests/support/read_archive.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

namespace {

SourceConfig config_of(const std::string& path) {
  SourceConfig config;
  config.name = "archive";
  config.path = path;
  config.mapping = default_mapping();
  return config;
}

const std::string outbox = std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/outbox/outbox.json";
const std::string nell = "https://farm.example/ap/users/1170205/statuses/";

}  // namespace

TEST_CASE("outbox: posts, shares, polls and pictures of a Mastodon archive are read") {
  const auto whole = read_archive_as("outbox", config_of(outbox));

  REQUIRE(whole.posts.size() == 5);
  const Post& post = whole.post(nell + "81");
  CHECK(post.network == "mastodon");
  CHECK(post.channel == "farm.example");
  CHECK(post.source == "archive");
  CHECK(post.author_id == "nell@farm.example");
  CHECK(post.author_name == "nell");
  CHECK(post.text == "Beans & tomatoes\nare in, café too");
  CHECK(post.lang == "en");
  CHECK(post.url == "https://farm.example/@nell/81");
  CHECK(format_instant(post.posted_at) == "2026-08-03T09:15:00Z");
  CHECK(post.edited_at == Instant{});
  CHECK(post.engagement.likes == 7U);
  CHECK(post.engagement.shares == 2U);
  CHECK_FALSE(post.engagement.replies.has_value());
  CHECK_FALSE(post.repost);

  const Post& share = whole.post(nell + "82/activity");
  CHECK(share.repost);
  CHECK(share.author_id == "nell@farm.example");
  CHECK(share.text == "");
  CHECK(share.url == "https://town.example/users/ann/statuses/4");
  CHECK(format_instant(share.posted_at) == "2026-08-03T10:00:00Z");

  const Post& reply = whole.post(nell + "83");
  CHECK(reply.text == "Food\n@ann on Friday");
  CHECK(reply.parent_id == "https://town.example/users/ann/statuses/5");
  CHECK(reply.lang == "de");
  CHECK_FALSE(reply.dated);

  const Post& question = whole.post(nell + "85");
  CHECK(question.text == "Which?\nBeans\nKale");
  CHECK(format_instant(question.edited_at) == "2026-08-03T12:30:00Z");
  CHECK(whole.post(nell + "86").text == "A box of kale");
}

TEST_CASE("outbox: what was for friends is left out, and deletions are told") {
  const auto whole = read_archive_as("outbox", config_of(outbox));

  for (const auto& post : whole.posts) CHECK(post.native_id != nell + "84");
  CHECK(whole.removed == std::vector<std::string>{nell + "80"});
  CHECK(whole.rows == 11);
  CHECK(whole.bad ==
        std::vector<std::string>{"10: a post that is not in the archive, only its address",
                                 "11: a post without id", "12: not JSON"});
}

TEST_CASE("outbox: what is no collection is an error, and one activity is one") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& bytes) {
    return read_archive_as("outbox", config_of(folder.write("a.json", bytes)));
  };

  CHECK(read("<html>").error.ends_with(
      "a.json: no collection of activities; an outbox is a JSON document"));
  CHECK(read("").error.ends_with("an outbox is a JSON document"));
  const auto note = read(R"({"type":"Note","id":"https://a.example/1","content":"x"})");
  REQUIRE(note.posts.size() == 1);
  CHECK(note.posts[0].author_id == "");
  CHECK(note.posts[0].channel == "a.example");
  CHECK(read(R"({"orderedItems":[{"id":1}]})").bad ==
        std::vector<std::string>{"1: not an activity: no type"});
  CHECK(read(R"({"orderedItems":[]})").rows == 0);
}

TEST_CASE("outbox: an actor's address has a name, or it is none of these") {
  CHECK(fediverse_address("https://a.example/users/ann") == "ann@a.example");
  CHECK(fediverse_address("https://a.example/@ann") == "ann@a.example");
  CHECK(fediverse_address("https://a.example/u/ann/") == "ann@a.example");
  CHECK(fediverse_address("https://a.example/ap/users/12") == "");
  CHECK(fediverse_address("https://a.example/actor/12") == "");
  CHECK(fediverse_address("https://a.example") == "");
  CHECK(fediverse_address("ann") == "");
}

TEST_CASE("outbox: an archive is known by what it is") {
  CHECK(look_at_archive(outbox).type == "outbox");
}

TEST_CASE("outbox: a large one is read in pages") {
  const TemporaryFolder folder;
  std::string bytes = R"({"type":"OrderedCollection","orderedItems":[)";
  for (int i = 0; i < 40'000; ++i)
    bytes += fmt::format(
        R"({}{{"type":"Create","object":{{"type":"Note","id":"https://a.example/{}","published":"2026-08-03T09:15:00Z","content":"<p>{}</p>"}}}})",
        i == 0 ? "" : ",", i, std::string(static_cast<std::size_t>(i % 300), 'x'));

  const auto whole = read_archive_as("outbox", config_of(folder.write("a.json", bytes + "]}")));

  CHECK(whole.pages.size() >= 2);
  CHECK(whole.posts.size() == 40'000);
  CHECK(whole.bad_rows == 0);
}

TEST_CASE("outbox: recorded objects of thirteen kinds of server are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto read = [&](const std::string& name) {
    return read_archive_as("outbox", config_of(data + "/payloads/activitypub/" + name + ".json"));
  };
  struct Counts {
    std::size_t posts = 1, removed = 0;
  };
  const std::map<std::string, Counts> recordings{
      {"discourse_objects_page", {}},
      {"discourse_objects_person", {0}},
      {"friendica_activities_create_note", {}},
      {"friendica_activities_create_page_1", {}},
      {"friendica_activities_create_page_2", {}},
      {"friendica_activities_delete", {0, 1}},
      {"friendica_activities_update_note", {}},
      {"friendica_objects_note_1", {}},
      {"friendica_objects_note_2", {}},
      {"friendica_objects_page_1", {}},
      {"friendica_objects_page_2", {}},
      {"friendica_objects_person_1", {0}},
      {"friendica_objects_person_2", {0}},
      {"gnusocial_activities_create_note", {}},
      {"gnusocial_activities_create_page", {}},
      {"gnusocial_objects_note", {}},
      {"gnusocial_objects_page", {}},
      {"gnusocial_objects_person", {0}},
      {"lemmy_activities_community_announce_create_page", {}},
      {"lemmy_activities_community_update_community", {0}},
      {"lemmy_activities_create_or_update_create_comment", {}},
      {"lemmy_activities_create_or_update_create_page", {}},
      {"lemmy_activities_create_or_update_update_page", {}},
      {"lemmy_activities_deletion_delete_page", {0, 1}},
      {"lemmy_activities_deletion_delete_user", {0, 1}},
      {"lemmy_collections_group_outbox", {2}},
      {"lemmy_collections_person_outbox", {0}},
      {"lemmy_objects_comment", {}},
      {"lemmy_objects_page", {}},
      {"lemmy_objects_page_image_and_link", {}},
      {"lemmy_objects_person", {0}},
      {"lotide_activities_create_note_reply", {}},
      {"lotide_activities_create_page", {}},
      {"lotide_activities_create_page_image", {}},
      {"lotide_activities_delete_note", {0, 1}},
      {"lotide_objects_note", {}},
      {"lotide_objects_page", {}},
      {"lotide_objects_person", {0}},
      {"mastodon_activities_create_note", {}},
      {"mastodon_activities_delete", {0, 1}},
      {"mastodon_collections_featured", {}},
      {"mastodon_objects_note_1", {}},
      {"mastodon_objects_note_2", {}},
      {"mastodon_objects_page", {}},
      {"mastodon_objects_person", {0}},
      {"mitra_activities_create_post", {}},
      {"mobilizon_objects_event", {}},
      {"mobilizon_objects_person", {0}},
      {"nodebb_objects_page", {}},
      {"nodebb_objects_person", {0}},
      {"peertube_activities_announce_video", {}},
      {"peertube_objects_note", {}},
      {"peertube_objects_person", {0}},
      {"peertube_objects_video", {}},
      {"pleroma_activities_create_note", {}},
      {"pleroma_activities_delete", {0, 1}},
      {"pleroma_objects_note", {}},
      {"pleroma_objects_person", {0}},
      {"smithereen_activities_create_note", {}},
      {"smithereen_objects_note", {}},
      {"smithereen_objects_person", {0}},
      {"wordpress_activities_announce", {}},
      {"wordpress_objects_note", {}},
      {"wordpress_objects_page", {}},
      {"wordpress_objects_person", {0}}};
  for (const auto& [name, counts] : recordings) {
    CAPTURE(name);
    const auto whole = read(name);
    CHECK(whole.error == "");
    CHECK(whole.bad == std::vector<std::string>{});
    CHECK(whole.posts.size() == counts.posts);
    CHECK(whole.removed.size() == counts.removed);
    for (const auto& post : whole.posts) {
      CHECK_FALSE(post.author_id.empty());
      CHECK(post.text.empty() == (name == "peertube_activities_announce_video"));
    }
  }
}

TEST_CASE("outbox: recorded objects say what they say") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto read = [&](const std::string& name) {
    return read_archive_as("outbox", config_of(data + "/payloads/activitypub/" + name + ".json"));
  };

  const auto mastodon = read("mastodon_activities_create_note");
  REQUIRE(mastodon.posts.size() == 1);
  CHECK(mastodon.posts[0].native_id ==
        "https://mastodon.madrid/users/felix/statuses/107224289116410645");
  CHECK(mastodon.posts[0].author_id == "felix@mastodon.madrid");
  CHECK(mastodon.posts[0].parent_id ==
        "https://mamot.fr/users/retiolus/statuses/107224244380204526");
  CHECK(mastodon.posts[0].url == "https://mastodon.madrid/@felix/107224289116410645");
  CHECK(format_instant(mastodon.posts[0].posted_at) == "2021-11-05T11:46:50Z");

  const auto peertube = read("peertube_objects_note");
  REQUIRE(peertube.posts.size() == 1);
  CHECK(peertube.posts[0].text == "@af2@bae.st idk");
  CHECK(peertube.posts[0].author_id == "yoge6785555@video.antopie.org");
  CHECK(peertube.posts[0].parent_id ==
        "https://bae.st/objects/87c1cbf5-542a-491d-af57-0414c8648381");

  const auto wordpress = read("wordpress_objects_note");
  REQUIRE(wordpress.posts.size() == 1);
  CHECK(wordpress.posts[0].text == "Nice! Hello from WordPress!");
  CHECK(wordpress.posts[0].lang == "en");
  CHECK(wordpress.posts[0].author_id == "pfefferle@pfefferle.org");

  const auto gnusocial = read("gnusocial_activities_create_page");
  REQUIRE(gnusocial.posts.size() == 1);
  CHECK(gnusocial.posts[0].text == "hello, world.\nThis is an interesting page.");
  CHECK(gnusocial.posts[0].author_id == "https://instance.gnusocial.test/actor/42");

  const auto lemmy = read("lemmy_activities_community_announce_create_page");
  REQUIRE(lemmy.posts.size() == 1);
  CHECK(lemmy.posts[0].author_id == "lemmy_beta@enterprise.lemmy.ml");
  CHECK_FALSE(lemmy.posts[0].repost);
  const auto page = read("lemmy_activities_create_or_update_update_page");
  REQUIRE(page.posts.size() == 1);
  CHECK(page.posts[0].channel == "https://enterprise.lemmy.ml/c/main");
  CHECK(page.posts[0].native_id == "http://ds9.lemmy.ml/post/1");

  const auto video = read("peertube_objects_video");
  REQUIRE(video.posts.size() == 1);
  CHECK(video.posts[0].author_id == "thelinuxexperiment@tilvids.com");
  CHECK(video.posts[0].url ==
        "https://tilvids.com/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1");
  CHECK(video.posts[0].text.starts_with("Mesa, Wayland & X.org in trouble"));
}
