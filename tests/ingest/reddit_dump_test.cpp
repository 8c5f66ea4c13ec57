#include <string>

#include <doctest/doctest.h>
#include <zstd.h>

#include "ingest/mapping.hpp"
#include "ingest/source.hpp"
#include "store/base/file.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

const std::string fixture =
    std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/reddit_dump/dump.jsonl";

Page read_dump(const std::string& path, const std::string& subreddits = {}) {
  SourceConfig config;
  config.name = "dump";
  config.type = "reddit_dump";
  config.path = path;
  config.mapping = default_mapping();
  if (!subreddits.empty()) config.options.emplace("subreddits", subreddits);
  const auto source = find_source_type("reddit_dump")->make(config);
  REQUIRE(source);
  ScriptedHttp http;
  auto page = (*source)->fetch(http, {}, from_unix(1'785'600'000));
  REQUIRE(page);
  return std::move(*page);
}

}  // namespace

TEST_CASE("reddit_dump: submissions and comments of old and new dumps become posts") {
  const auto page = read_dump(fixture);

  REQUIRE(page.posts.posts.size() == 6);
  const Post& submission = page.posts.posts[0];
  CHECK(submission.network == "reddit");
  CHECK(submission.native_id == "t3_aa1");
  CHECK(submission.channel == "beans");
  CHECK(submission.author_id == "t2_n1");
  CHECK(submission.author_name == "nell");
  CHECK(submission.text ==
        "Late boxes <again>\nMy green_basket box was late & cold.\n"
        "Photo https://pics.example/1?a=1&b=2");
  CHECK(submission.url == "https://www.reddit.com/r/beans/comments/aa1/late_boxes/");
  CHECK(submission.source == "dump");
  CHECK(submission.parent_id.empty());
  CHECK(submission.root_id.empty());
  CHECK(format_instant(submission.posted_at) == "2026-08-01T10:00:00Z");
  CHECK(format_instant(submission.edited_at) == "2026-08-01T11:00:00Z");
  CHECK(submission.engagement == Engagement{17, 1, 4, {}, from_unix(1'785'708'015)});
  CHECK_FALSE(submission.filtered);
  CHECK_FALSE(submission.repost);
  const Post& comment = page.posts.posts[1];
  CHECK(comment.native_id == "t1_c1b");
  CHECK(comment.channel == "Beans");
  CHECK(comment.author_id == "arlo");
  CHECK(comment.text == "Same here :(");  // the rest is a quote
  CHECK(comment.parent_id == "t1_c1a");
  CHECK(comment.root_id == "t3_aa1");
  CHECK(comment.url == "https://www.reddit.com/comments/aa1/_/c1b/");
  CHECK(format_instant(comment.posted_at) == "2011-01-01T00:00:00Z");
  CHECK(comment.edited_at == Instant{});
  CHECK(comment.engagement == Engagement{3, {}, {}, {}, from_unix(1'426'667'000)});
}

TEST_CASE("reddit_dump: what is gone is told, what waits for moderators is passed over") {
  const auto page = read_dump(fixture);

  REQUIRE(page.posts.posts.size() == 6);
  const Post& orphan = page.posts.posts[2];
  CHECK(orphan.native_id == "t1_c2");
  CHECK(orphan.author_id.empty());
  CHECK(orphan.author_name.empty());
  CHECK(orphan.text == "An account is gone, its words are not");
  CHECK(orphan.engagement == Engagement{});
  CHECK(page.posts.posts[3].text == "Back on the second visit");
  CHECK_FALSE(page.posts.posts[3].engagement.likes);
  REQUIRE(page.removed.size() == 2);
  CHECK(page.removed[0].network == "reddit");
  CHECK(page.removed[0].native_id == "t1_c3");
  CHECK(page.removed[1].native_id == "t1_c4");
}

TEST_CASE("reddit_dump: a link is part of the text, and a crosspost of the same title a repost") {
  const auto page = read_dump(fixture);

  REQUIRE(page.posts.posts.size() == 6);
  CHECK(page.posts.posts[4].text == "Beanbox opens\nhttps://beanbox.example/?a=1&b=2");
  CHECK_FALSE(page.posts.posts[4].repost);
  CHECK(page.posts.posts[5].text == "Beanbox opens");
  CHECK(page.posts.posts[5].repost);
}

TEST_CASE("reddit_dump: a line that can't be read costs itself, and says why") {
  const auto page = read_dump(fixture);

  CHECK(page.rows == 12);
  CHECK(page.bad_rows == 3);
  REQUIRE(page.bad.size() == 3);
  CHECK(page.bad[0].line == 10);
  CHECK(page.bad[0].reason == "t1_c6: no date that can be read");
  CHECK(page.bad[1].line == 11);
  CHECK(page.bad[1].reason == "neither a submission nor a comment");
  CHECK(page.bad[2].line == 12);
  CHECK(page.bad[2].reason == "not JSON: a string that is never closed");
}

TEST_CASE("reddit_dump: only the subreddits that were asked for are taken") {
  const auto peas = read_dump(fixture, "r/Peas");
  const auto both = read_dump(fixture, "peas, beans");

  REQUIRE(peas.posts.posts.size() == 1);
  CHECK(peas.posts.posts[0].native_id == "t3_aa3");
  CHECK(peas.removed.empty());
  CHECK(peas.bad_rows == 1);
  CHECK(both.posts.posts.size() == 6);
}

TEST_CASE("reddit_dump: a month that was compressed with a window of 2 GB is read") {
  const TemporaryFolder folder;
  const auto text = *read_file(fixture);
  std::string bytes(ZSTD_compressBound(text.size()) + 1000, '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 31);
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer out{bytes.data(), bytes.size(), 0};
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush);  // so that its size is not known
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
  ZSTD_freeCCtx(context);

  const auto page = read_dump(folder.write("RS_2026-08.zst", bytes.substr(0, out.pos)));

  CHECK(page.posts.posts.size() == 6);
  CHECK(page.rows == 12);
}
