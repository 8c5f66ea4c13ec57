#include <doctest/doctest.h>

#include "ingest/mapping.hpp"
#include "ingest/source.hpp"
#include "tests/support/scripted_http.hpp"

using namespace earshot;

TEST_CASE("jetstream: posts that are made, changed and deleted are read from events") {
  SourceConfig config;
  config.name = "jet";
  config.type = "jetstream";
  config.path = std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/jetstream/events.jsonl";
  config.mapping = default_mapping();
  const auto source = find_source_type("jetstream")->make(config);
  REQUIRE(source);
  ScriptedHttp http;

  const auto page = (*source)->fetch(http, {}, from_unix(1'785'600'000));

  REQUIRE(page);
  REQUIRE(page->posts.posts.size() == 2);
  const Post& made = page->posts.posts[0];
  CHECK(made.network == "bluesky");
  CHECK(made.native_id == "at://did:plc:nell/app.bsky.feed.post/3k3");
  CHECK(made.author_id == "did:plc:nell");
  CHECK(made.text == "Same here");
  CHECK(made.lang == "en");
  CHECK(made.parent_id == "at://did:plc:arlo/app.bsky.feed.post/3k2");
  CHECK(made.root_id == "at://did:plc:arlo/app.bsky.feed.post/3k0");
  CHECK(made.url == "https://bsky.app/profile/did:plc:nell/post/3k3");
  CHECK(format_instant(made.posted_at) == "2026-08-01T10:03:00Z");
  CHECK(made.edited_at == Instant{});
  CHECK(made.engagement == Engagement{});
  const Post& changed = page->posts.posts[1];
  CHECK(changed.text == "Beans, fresher");
  CHECK(format_instant(changed.edited_at) == "2026-08-01T10:03:04Z");
  REQUIRE(page->removed.size() == 1);
  CHECK(page->removed[0].network == "bluesky");
  CHECK(page->removed[0].native_id == "at://did:plc:nell/app.bsky.feed.post/3k1");
  CHECK(page->rows == 7);
  REQUIRE(page->bad.size() == 2);
  CHECK(page->bad[0].line == 4);
  CHECK(page->bad[0].reason == "not JSON");
  CHECK(page->bad[1].line == 6);
  CHECK(page->bad[1].reason == "not an event of Jetstream");
}
