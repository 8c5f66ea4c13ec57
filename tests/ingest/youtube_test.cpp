#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/source.hpp"
#include "ingest/youtube_item.hpp"
#include "store/base/file.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
const std::string api = "https://youtube.googleapis.com/youtube/v3/";
const std::string threads =
    api + "commentThreads?part=snippet%2Creplies&order=time&textFormat=plainText&maxResults=100&";
const std::string channel = threads + "allThreadsRelatedToChannelId=UCgreenbasket00000000000";
const std::string replies = api +
                            "comments?part=snippet&parentId=Ugx3&textFormat=plainText&"
                            "maxResults=100";
const std::string search =
    api + "search?part=snippet&type=video&order=date&maxResults=50&q=green%20basket";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "tube";
  config.type = "youtube";
  config.url = "https://youtube.googleapis.com";
  config.options = std::move(options);
  config.token = {TokenPlace::Kind::environment, "X"};
  return config;
}

SourceConfig listening() {
  return config_with({{"account", "https://www.youtube.com/channel/UCgreenbasket00000000000"}});
}

Result<Page> tried(Source& source, HttpClient& http, const std::string& cursor = {},
                   Instant at = now) {
  return source.fetch(http, {.cursor = cursor, .token = "k-e-y"}, at);
}

Page fetched(Source& source, HttpClient& http, const std::string& cursor = {}, Instant at = now) {
  auto page = tried(source, http, cursor, at);
  REQUIRE_MESSAGE(page, page.error().message);
  return std::move(*page);
}

HttpResponse fixture(const std::string& name) {
  return answer_of_fixture("youtube/" + name);
}

HttpResponse refusal(const std::string& reason) {
  return {
      .status = 403,
      .body = fmt::format(R"({{"error":{{"code":403,"errors":[{{"reason":"{}"}}]}}}})", reason)};
}

/// Threads of these minutes after ten.
HttpResponse threads_of(const std::vector<int>& minutes, const std::string& next = {}) {
  std::string items;
  for (const int minute : minutes)
    items += fmt::format(
        R"({}{{"id":"U{}","snippet":{{"videoId":"v","topLevelComment":{{"id":"U{}","snippet":{{"textDisplay":"t","publishedAt":"{}"}}}}}}}})",
        items.empty() ? "" : ",", minute, minute,
        format_instant(from_unix(1'785'578'400 + 60 * minute)));
  return ok(fmt::format(R"({{"items":[{}]{}}})", items,
                        next.empty() ? "" : fmt::format(R"(,"nextPageToken":"{}")", next)));
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("youtube")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("youtube: comments and the replies that come with them become posts") {
  ScriptedHttp http;
  http.answer(channel, fixture("threads.json"));

  const auto page = fetched(*source_of(listening()), http);

  REQUIRE(page.posts.posts.size() == 3);
  const Post& comment = page.posts.posts[0];
  CHECK(comment.network == "youtube");
  CHECK(comment.native_id == "Ugx3");
  CHECK(comment.channel == "UCgreenbasket00000000000");
  CHECK(comment.author_id == "UCnell");
  CHECK(comment.author_name == "@nell");
  CHECK(comment.text == "Where is my box?\nThree days late & cold");
  CHECK(comment.parent_id.empty());
  CHECK(comment.url == "https://www.youtube.com/watch?v=vid00000001&lc=Ugx3");
  CHECK(comment.source == "tube");
  CHECK(format_instant(comment.posted_at) == "2026-08-01T10:03:00Z");
  CHECK(format_instant(comment.edited_at) == "2026-08-01T11:00:00Z");
  CHECK(comment.engagement == Engagement{7, {}, 3, {}, now});
  CHECK_FALSE(comment.filtered);
  const Post& reply = page.posts.posts[1];
  CHECK(reply.native_id == "Ugx3.9a");
  CHECK(reply.channel == "UCgreenbasket00000000000");
  CHECK(reply.parent_id == "Ugx3");
  CHECK(reply.root_id == "Ugx3");
  CHECK(reply.edited_at == Instant{});
  CHECK(reply.url == "https://www.youtube.com/watch?v=vid00000001&lc=Ugx3.9a");
  const Post& bare = page.posts.posts[2];
  CHECK(bare.text == "Love it");
  CHECK(bare.author_id == "Arlo");
  CHECK(bare.url == "https://www.youtube.com/channel/UCgreenbasket00000000000");
  CHECK(bare.engagement == Engagement{{}, {}, 0, {}, now});
  CHECK(page.rows == 4);
  CHECK(page.bad_rows == 1);
  CHECK(page.bad.at(0).reason == "Ugx1: no date that can be read");
  CHECK(page.gapless);
  CHECK(page.more);
  CHECK(page.next_cursor ==
        "newest=1785578580\ndeep=1785600000\n"
        "thread0=Ugx3 vid00000001 UCgreenbasket00000000000\n");
}

TEST_CASE("youtube: the other replies of a comment are asked for, page by page") {
  ScriptedHttp http;
  http.answer(channel, fixture("threads.json"));
  const std::string reply =
      R"({"items":[{"id":"Ugx3.9b","snippet":{"textDisplay":"Me too","parentId":"Ugx3","publishedAt":"2026-08-01T10:30:00Z"}}])";
  http.answer(replies, ok(reply + R"(,"nextPageToken":"r1"})"));
  http.answer(replies + "&pageToken=r1", ok(reply + "}"));
  const auto source = source_of(listening());

  const auto list = fetched(*source, http);
  const auto first = fetched(*source, http, list.next_cursor);
  const auto second = fetched(*source, http, first.next_cursor);

  REQUIRE(first.posts.posts.size() == 1);
  CHECK(first.posts.posts[0].parent_id == "Ugx3");
  CHECK(first.posts.posts[0].channel == "UCgreenbasket00000000000");
  CHECK(first.posts.posts[0].url == "https://www.youtube.com/watch?v=vid00000001&lc=Ugx3.9b");
  CHECK(first.more);
  CHECK(first.next_cursor == list.next_cursor + "replies=r1\n");
  CHECK_FALSE(second.more);
  CHECK(second.next_cursor == "newest=1785578580\ndeep=1785600000\n");
}

namespace {

/// All steps of reading posts again.
std::vector<Page> reread(Source& source, HttpClient& http, std::span<const Post> posts) {
  std::vector<Page> pages;
  std::string cursor;
  do {
    REQUIRE(pages.size() < 20);
    auto page = source.reread(http, {.cursor = cursor, .token = "k-e-y"}, posts, now);
    REQUIRE_MESSAGE(page, page.error().message);
    cursor = page->next_cursor;
    pages.push_back(std::move(*page));
  } while (pages.back().more);
  return pages;
}

std::vector<std::string> missing_of(const std::vector<Page>& pages) {
  std::vector<std::string> ids;
  for (const Page& page : pages)
    for (const PostId& post : page.missing) ids.emplace_back(post.native_id);
  return ids;
}

const std::string comments_again = api + "comments?part=snippet&id=";
const std::string threads_again = api + "commentThreads?part=snippet&id=";

}  // namespace

TEST_CASE("youtube: comments and replies are read again as their threads had them") {
  ScriptedHttp http;
  http.answer(channel, fixture("threads.json"));
  http.answer(threads_again + "Ugx3%2CUgx2%2CUgx8&textFormat=plainText", fixture("threads.json"));
  http.answer(comments_again + "Ugx3.9a%2CUgx3.9z&textFormat=plainText",
              ok(R"({"items":[{"id":"Ugx3.9a","snippet":{"textDisplay":"Sorry! We look into it",)"
                 R"("parentId":"Ugx3","authorDisplayName":"@greenbasket",)"
                 R"("authorChannelId":{"value":"UCgreenbasket00000000000"},"likeCount":5,)"
                 R"("publishedAt":"2026-08-01T10:20:00Z","updatedAt":"2026-08-01T10:20:00Z"}}]})"));
  auto config = listening();
  SUBCASE("in the channel that they say") {}
  SUBCASE("in the channel that the config says") {
    config.channel = "tube";
  }
  const auto source = source_of(config);
  const auto first = fetched(*source, http);
  auto asked = first.posts.posts;
  for (const std::string_view id : {"Ugx3.9z", "Ugx8"}) asked.push_back({.native_id = id});

  const auto pages = reread(*source, http, asked);

  CHECK(source->rereads() == 50);
  REQUIRE(pages.size() == 2);
  const auto& comments = pages[0].posts.posts;
  REQUIRE(comments.size() == 2);
  CHECK(content_hash(comments[0]) == content_hash(first.posts.posts[0]));
  CHECK(comments[0].engagement.replies == 3);
  CHECK(content_hash(comments[1]) == content_hash(first.posts.posts[2]));
  const auto& answers = pages[1].posts.posts;
  REQUIRE(answers.size() == 1);
  CHECK(content_hash(answers[0]) == content_hash(first.posts.posts[1]));
  CHECK(answers[0].engagement.likes == 5);
  CHECK(missing_of(pages) == std::vector<std::string>{"Ugx8", "Ugx3.9z"});
}

TEST_CASE("youtube: videos are read again as the search had led to them") {
  const std::string video =
      R"({"id":"vid00000001","snippet":{"publishedAt":"2026-08-01T10:20:00Z","channelId":"UCfood",)"
      R"("channelTitle":"Food TV","title":"A box"},"statistics":{"likeCount":"31"}})";
  ScriptedHttp http;
  http.answer(search, ok(R"({"items":[{"id":{"videoId":"vid00000001"},"snippet":{}}]})"));
  http.answer(api + "videos?part=snippet%2Cstatistics&id=vid00000001",
              ok(R"({"items":[)" + video + "]}"));
  http.answer(api + "videos?part=snippet%2Cstatistics&id=vid00000001%2Cvid00000002",
              ok(R"({"items":[)" + video + "]}"));
  const auto source = source_of(config_with({{"search", "green basket"}}));
  const auto first = fetched(*source, http, fetched(*source, http).next_cursor);

  const auto pages = reread(*source, http, posts_called({"vid00000001", "vid00000002"}));

  REQUIRE(pages.size() == 1);
  REQUIRE(pages[0].posts.posts.size() == 1);
  CHECK(content_hash(pages[0].posts.posts[0]) == content_hash(first.posts.posts[0]));
  CHECK(missing_of(pages) == std::vector<std::string>{"vid00000002"});
}

TEST_CASE("youtube: where one that is gone is told for all, posts are read again one by one") {
  const std::string plain = "&textFormat=plainText";
  const auto thread = [](const std::string& id) {
    return ok(fmt::format(
        R"({{"items":[{{"id":"{0}","snippet":{{"videoId":"v","topLevelComment":{{"id":"{0}","snippet":{{"textDisplay":"t","publishedAt":"2026-08-01T10:00:00Z"}}}}}}}}]}})",
        id));
  };
  ScriptedHttp http;
  http.answer(threads_again + "Ua%2CUb%2CUc" + plain, {.status = 404});
  http.answer(threads_again + "Ua" + plain, thread("Ua"));
  http.answer(threads_again + "Ub" + plain, {.status = 404});
  http.answer(threads_again + "Uc" + plain, thread("Uc"));
  http.answer(comments_again + "Ua.1" + plain, refusal("forbidden"));
  const auto source = source_of(listening());

  const auto pages = reread(*source, http, posts_called({"Ua", "Ua.1", "Ub", "Uc"}));

  REQUIRE(pages.size() == 5);
  CHECK(pages[0].missing.empty());
  CHECK(pages[1].posts.posts.size() == 1);
  CHECK(pages[3].posts.posts.size() == 1);
  CHECK(missing_of(pages) == std::vector<std::string>{"Ub", "Ua.1"});
}

TEST_CASE("youtube: a budget that is used up ends the reading again") {
  const std::string url = threads_again + "Ua%2CUb&textFormat=plainText";
  ScriptedHttp http;
  http.answer(url, refusal("quotaExceeded"));
  http.answer(url, ok("{}"));
  const auto source = source_of(listening());

  const auto pages = reread(*source, http, posts_called({"Ua", "Ub"}));
  const auto broken = source->reread(http, {}, posts_called({"Ua", "Ub"}), now);

  REQUIRE(pages.size() == 1);
  CHECK(pages[0].refused_status == 429);
  CHECK(pages[0].missing.empty());
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message ==
        "https://youtube.googleapis.com/youtube/v3/commentThreads?...: not a list of items");
}

TEST_CASE("youtube: a thread that is gone is passed over, a limit is not") {
  ScriptedHttp http;
  http.answer(channel, fixture("threads.json"));
  http.answer(replies, {.status = 404});
  http.answer(replies, {.status = 500});
  const auto source = source_of(listening());

  const auto passed = fetched(*source, http, fetched(*source, http).next_cursor);
  const auto failed = fetched(*source, http, fetched(*source, http).next_cursor);

  CHECK(passed.refused_status == 0);
  CHECK_FALSE(passed.more);
  CHECK(passed.next_cursor == "newest=1785578580\ndeep=1785600000\n");
  CHECK(failed.refused_status == 500);
}

TEST_CASE("youtube: the key goes as a header and is in no address and no error") {
  ScriptedHttp http;
  http.answer(channel, ok("<html>"));

  const auto page = tried(*source_of(listening()), http);

  REQUIRE_FALSE(page);
  CHECK(page.error().message ==
        "https://youtube.googleapis.com/youtube/v3/commentThreads?...: not JSON");
  REQUIRE(http.requests().size() == 1);
  CHECK(http.requests()[0].url == channel);
  CHECK(request_header(http.requests()[0].headers, "X-Goog-Api-Key") == "k-e-y");
}

TEST_CASE("youtube: a first poll takes a page, the next ones walk back to what is known") {
  ScriptedHttp http;
  http.answer(channel, threads_of({20, 19}, "older"));
  http.answer(channel, threads_of({40, 39}, "p1"));
  http.answer(channel + "&pageToken=p1", threads_of({30, 19}, "p2"));
  http.answer(channel, threads_of({40, 10}, "p1"));
  const auto source = source_of(listening());

  const auto first = fetched(*source, http);
  const auto second = fetched(*source, http, first.next_cursor);
  const auto third = fetched(*source, http, second.next_cursor);
  const auto nothing = fetched(*source, http, third.next_cursor);

  CHECK_FALSE(first.more);
  CHECK(first.next_cursor == "newest=1785579600\ndeep=1785600000\n");  // 10:20
  CHECK(second.more);
  CHECK(second.next_cursor ==
        "newest=1785579600\ntop=1785580800\nfloor=1785579600\ndeep=1785600000\npage=p1\n");
  CHECK_FALSE(third.more);
  CHECK(third.next_cursor == "newest=1785580800\ndeep=1785600000\n");  // 10:40
  CHECK_FALSE(nothing.more);
  CHECK(nothing.next_cursor == third.next_cursor);
}

TEST_CASE("youtube: once a day a walk goes back a week, for what came late") {
  ScriptedHttp http;
  http.answer(channel, threads_of({20, -9000}, "p1"));            // six days
  http.answer(channel + "&pageToken=p1", threads_of({-12'000}));  // eight
  const auto source = source_of(listening());
  const std::string before = "newest=1785579600\ndeep=1785513600\n";  // a day ago

  const auto first = fetched(*source, http, before);
  const auto second = fetched(*source, http, first.next_cursor);

  CHECK(first.next_cursor ==
        "newest=1785579600\ntop=1785579600\nfloor=1784974800\ndeep=1785600000\npage=p1\n");
  CHECK(first.more);
  CHECK_FALSE(second.more);
  CHECK(second.next_cursor == "newest=1785579600\ndeep=1785600000\n");
}

TEST_CASE("youtube: with 'since' the first poll walks back to that day, or to the end") {
  ScriptedHttp http;
  const std::string video = threads + "videoId=vid00000001";
  http.answer(video, threads_of({20, 19}, "p1"));
  http.answer(video + "&pageToken=p1", threads_of({18}));
  const auto source = source_of(config_with(
      {{"video", "https://www.youtube.com/watch?v=vid00000001&t=9"}, {"since", "2026-07-01"}}));

  const auto first = fetched(*source, http);
  const auto second = fetched(*source, http, first.next_cursor);

  CHECK(first.more);
  CHECK_FALSE(second.more);
  CHECK(second.next_cursor == "newest=1785579600\ndeep=1785600000\n");
}

TEST_CASE("youtube: a walk whose cursor the server has forgotten begins at the top again") {
  ScriptedHttp http;
  http.answer(channel + "&pageToken=old", {.status = 400});
  http.answer(channel, {.status = 400});
  const auto source = source_of(listening());

  const auto forgotten =
      fetched(*source, http, "newest=1785579600\ntop=1785580800\nfloor=1785579600\npage=old\n");
  const auto refused = fetched(*source, http, forgotten.next_cursor);

  CHECK(forgotten.more);
  CHECK(forgotten.refused_status == 0);
  CHECK(forgotten.next_cursor == "newest=1785579600\ntop=1785580800\nfloor=1785579600\n");
  CHECK(refused.refused_status == 400);
}

TEST_CASE("youtube: a budget that is used up comes back at midnight in California") {
  ScriptedHttp http;
  http.answer(channel, refusal("quotaExceeded"));
  http.answer(channel, refusal("rateLimitExceeded"));
  http.answer(channel, refusal("commentsDisabled"));
  http.answer(channel, {.status = 403, .body = "no"});
  const auto source = source_of(listening());

  const auto used_up = fetched(*source, http);
  const auto too_fast = fetched(*source, http);
  const auto disabled = fetched(*source, http);
  const auto unknown = fetched(*source, http);

  CHECK(used_up.refused_status == 429);
  CHECK(used_up.wait == std::chrono::hours{15});  // it is nine in the morning there
  CHECK(too_fast.refused_status == 429);
  CHECK_FALSE(too_fast.wait);
  CHECK(disabled.refused_status == 403);
  CHECK(unknown.refused_status == 403);
}

TEST_CASE("youtube: a used-up budget of searches is no reason to spare the host") {
  ScriptedHttp http;
  http.answer(search, refusal("quotaExceeded"));

  const auto page = fetched(*source_of(config_with({{"search", "green basket"}})), http);

  CHECK(page.refused_status == 403);
  CHECK(page.wait == std::chrono::hours{15});
}

TEST_CASE("youtube: midnight in California, also when the clocks change") {
  struct Case {
    std::int64_t now;
    int seconds;
  };
  for (const auto& each :
       {Case{1'785'567'600, 86'400},  // 2026-08-01T07:00:00Z, midnight itself
        Case{1'785'567'599, 1}, Case{1'767'254'400, 86'400},  // 2026-01-01T08:00:00Z, in winter
        Case{1'772'956'800, 23 * 3600},   // 2026-03-08T08:00:00Z: an hour is left out
        Case{1'772'967'600, 20 * 3600},   // 2026-03-08T11:00:00Z, four in the morning
        Case{1'793'516'400, 25 * 3600}})  // 2026-11-01T07:00:00Z: an hour comes twice
  {
    CAPTURE(each.now);
    CHECK(until_pacific_midnight(from_unix(each.now)) == std::chrono::seconds{each.seconds});
  }
}

TEST_CASE("youtube: a channel's handle is looked up once") {
  ScriptedHttp http;
  http.answer(api + "channels?part=id&forHandle=%40greenbasket",
              ok(R"({"items":[{"id":"UCgreenbasket00000000000"}]})"));
  http.answer(api + "channels?part=id&forHandle=%40nobody", ok(R"({"items":[]})"));
  http.answer(channel, threads_of({20}));
  const auto source =
      source_of(config_with({{"account", "https://youtube.com/@greenbasket/videos"}}));
  const auto wrong = source_of(config_with({{"account", "@nobody"}}));

  const auto looked_up = fetched(*source, http);
  const auto page = fetched(*source, http, looked_up.next_cursor);
  const auto missing = tried(*wrong, http);

  CHECK(looked_up.more);
  CHECK(looked_up.next_cursor == "account=UCgreenbasket00000000000\n");
  CHECK(page.posts.posts.size() == 1);
  CHECK(page.next_cursor ==
        "account=UCgreenbasket00000000000\nnewest=1785579600\ndeep=1785600000\n");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message ==
        "https://youtube.googleapis.com/youtube/v3/channels?...: not a channel");
}

TEST_CASE("youtube: videos that a search finds are read with description and counts") {
  ScriptedHttp http;
  http.answer(search, ok(R"({"nextPageToken":"s1","items":[)"
                         R"({"id":{"kind":"youtube#video","videoId":"vid00000001"},)"
                         R"("snippet":{"publishedAt":"2026-08-01T10:20:00Z","title":"Cut &#39;"}},)"
                         R"({"id":{"kind":"youtube#channel","channelId":"UCx"}}]})"));
  http.answer(api + "videos?part=snippet%2Cstatistics&id=vid00000001",
              ok(R"({"items":[{"id":"vid00000001","snippet":{"publishedAt":"2026-08-01T10:20:00Z",)"
                 R"("channelId":"UCfood","channelTitle":"Food TV","title":"Green Basket's box",)"
                 R"("description":"We tried it.\n\nAll of it.","defaultAudioLanguage":"en-AU"},)"
                 R"("statistics":{"viewCount":"900","likeCount":"31","commentCount":"4"}}]})"));
  http.answer(search + "&publishedAfter=2026-07-31T10%3A20%3A00Z", ok(R"({"items":[]})"));
  const auto source = source_of(config_with({{"search", "green basket"}}));

  const auto found = fetched(*source, http);
  const auto page = fetched(*source, http, found.next_cursor);
  const auto later = fetched(*source, http, page.next_cursor);

  CHECK(found.posts.posts.empty());
  CHECK(found.more);
  CHECK(found.next_cursor.empty());
  REQUIRE(page.posts.posts.size() == 1);
  const Post& video = page.posts.posts[0];
  CHECK(video.native_id == "vid00000001");
  CHECK(video.channel == "UCfood");
  CHECK(video.author_id == "UCfood");
  CHECK(video.author_name == "Food TV");
  CHECK(video.text == "Green Basket's box\nWe tried it.\n\nAll of it.");
  CHECK(video.lang == "en-AU");
  CHECK(video.url == "https://www.youtube.com/watch?v=vid00000001");
  CHECK(video.engagement == Engagement{31, {}, 4, {}, now});
  CHECK(video.filtered);
  CHECK_FALSE(page.more);
  CHECK(page.next_cursor == "newest=1785579600\ndeep=1785600000\n");
  CHECK_FALSE(later.more);
}

TEST_CASE("youtube: a search whose videos are refused is done again") {
  ScriptedHttp http;
  http.answer(search, ok(R"({"items":[{"id":{"videoId":"vid00000001"},)"
                         R"("snippet":{"publishedAt":"2026-08-01T10:20:00Z"}}]})"));
  http.answer(api + "videos?part=snippet%2Cstatistics&id=vid00000001", {.status = 503});
  const auto source = source_of(config_with({{"search", "green basket"}}));

  fetched(*source, http);
  const auto refused = fetched(*source, http);
  fetched(*source, http);

  CHECK(refused.refused_status == 503);
  CHECK(http.requests().back().url == search);
}

TEST_CASE("youtube: an answer without items is a format error") {
  ScriptedHttp http;
  http.answer(channel, ok("[]"));

  const auto page = tried(*source_of(listening()), http);

  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message ==
        "https://youtube.googleapis.com/youtube/v3/commentThreads?...: not a list of items");
}

TEST_CASE("youtube: videos and channels are known by every form of their addresses") {
  const auto asked = [](std::map<std::string, std::string, std::less<>> options) {
    ScriptedHttp http;
    CHECK_FALSE(tried(*source_of(config_with(std::move(options))), http));  // no script
    return http.requests().at(0).url;
  };
  for (const auto* address :
       {"vid00000001", "https://youtu.be/vid00000001?si=x",
        "https://m.youtube.com/watch?app=m&v=vid00000001#t=1",
        "https://www.youtube.com/shorts/vid00000001", "https://youtube.com/live/vid00000001?a=b"})
    CHECK(asked({{"video", address}}) == threads + "videoId=vid00000001");
  for (const auto* address : {"UCgreenbasket00000000000",
                              "https://www.youtube.com/channel/UCgreenbasket00000000000/videos"})
    CHECK(asked({{"account", address}}) == channel);
}

TEST_CASE("youtube: what the options can't mean is told") {
  CHECK(error_of(config_with({})) == "youtube needs one of 'video', 'account' and 'search'");
  CHECK(error_of(config_with({{"video", "vid00000001"}, {"search", "a"}})) ==
        "youtube needs one of 'video', 'account' and 'search'");
  CHECK(error_of(config_with({{"video", "https://beans.example/"}})) ==
        "'video' is the address of a video, https://www.youtube.com/watch?v=..., and not "
        "'https://beans.example/'");
  CHECK(error_of(config_with({{"account", "greenbasket"}})) ==
        "'account' is a channel, @handle or https://www.youtube.com/channel/UC..., and not "
        "'greenbasket'");
  CHECK(error_of(config_with({{"search", "a"}, {"since", "x"}})) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}

TEST_CASE("youtube: recorded comments are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto body = [&](const std::string& name) {
    return ok(*read_file(data + "/payloads/youtube/" + name + ".json"));
  };
  const auto read = [&](const std::string& name) {
    ScriptedHttp http;
    http.answer(channel, body("comment_threads_" + name));
    return fetched(*source_of(listening()), http);
  };
  struct Recorded {
    const char* file;
    std::size_t posts;
  };
  for (const auto& recorded :
       {Recorded{"comment_thread_single", 1}, Recorded{"comment_threads_all_to_me", 4},
        Recorded{"comment_threads_by_channel", 2}, Recorded{"comment_threads_by_video_paged_1", 5},
        Recorded{"comment_threads_by_video_paged_2", 5}, Recorded{"comment_threads_multi", 2},
        Recorded{"comment_threads_with_search", 1}}) {
    CAPTURE(recorded.file);
    const auto page = read(recorded.file);
    CHECK(page.posts.posts.size() == recorded.posts);
    CHECK(page.bad_rows == 0);
  }

  const auto page = read("comment_threads_by_video_paged_1");
  const Post& first = page.posts.posts.at(0);
  CHECK(first.native_id == "UgyZ1jqkHKYvi1-ruOZ4AaABAg");
  CHECK(first.text == "Google.com");
  CHECK(first.author_id == "UCzj-CjKYmGlZ7vTL-vOe57A");
  CHECK(first.author_name == "himani agarwal");
  CHECK(format_instant(first.posted_at) == "2019-11-26T15:51:44Z");
  CHECK(first.url == "https://www.youtube.com/watch?v=F1UP7wRCPH8&lc=UgyZ1jqkHKYvi1-ruOZ4AaABAg");
  CHECK(page.posts.posts.at(2).engagement == Engagement{4, {}, 0, {}, now});
  CHECK(page.posts.posts.at(3).text ==
        "All account on Android store for data show the Google and YouTube video Android computer "
        "system fordata show\n        settings displayed");
  CHECK(page.next_cursor.find("thread0=UgwI_ylXVnzPS8Q-oAV4AaABAg F1UP7wRCPH8 \n") !=
        std::string::npos);

  ScriptedHttp http;
  const std::string parent =
      api +
      "comments?part=snippet&parentId=Ugw5zYU6n9pmIgAZWvN4AaABAg&textFormat=plainText&"
      "maxResults=100";
  http.answer(channel, ok(R"({"items":[{"id":"Ugw5zYU6n9pmIgAZWvN4AaABAg","snippet":)"
                          R"({"totalReplyCount":3,"topLevelComment":{}}}]})"));
  http.answer(parent, body("comments_comments_by_parent_paged_1"));
  const auto source = source_of(listening());
  const auto answered = fetched(*source, http, fetched(*source, http).next_cursor);
  REQUIRE(answered.posts.posts.size() == 2);
  CHECK(answered.posts.posts[0].text == "this is the third reply!");
  CHECK(answered.posts.posts[0].parent_id == "Ugw5zYU6n9pmIgAZWvN4AaABAg");
  CHECK(format_instant(answered.posts.posts[1].posted_at) == "2019-12-01T04:46:20Z");
  http.answer(parent +
                  "&pageToken="
                  "R0FJeVZnbzBJTl9zNXRxNXlPWUNNaWtRQUJpQ3RNeW4wcFBtQWlBQktBTXdDam9XT1RGNlZETmpXV0kx"
                  "UWpJNU1YcGhOV1ZLZUhwek1SSWVDQVVTR2xWbmR6VjZXVlUyYmpsd2JVbG5RVnBYZGs0MFFXRkJRa0Zu"
                  "T2lBSUFSSWNOVHBWWjNjMWVsbFZObTQ1Y0cxSlowRmFWM1pPTkVGaFFVSkJadw%3D%3D",
              body("comments_comments_by_parent_paged_2"));
  const auto last = fetched(*source, http, answered.next_cursor);
  REQUIRE(last.posts.posts.size() == 1);
  CHECK(last.posts.posts[0].text == "hey, this is the replay");
  CHECK_FALSE(last.more);
}

TEST_CASE("youtube: recorded searches and videos are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto body = [&](const std::string& name) {
    return ok(*read_file(data + "/payloads/youtube/" + name + ".json"));
  };
  struct Recorded {
    const char* file;
    std::size_t ids;
  };
  for (const auto& recorded :
       {Recorded{"search_by_developer", 5}, Recorded{"search_by_event", 25},
        Recorded{"search_by_keywords_p1", 25}, Recorded{"search_by_keywords_p2", 25},
        Recorded{"search_by_location", 5}, Recorded{"search_by_related_video", 5},
        Recorded{"search_videos_by_channel", 5}, Recorded{"search_channels", 0}}) {
    CAPTURE(recorded.file);
    ScriptedHttp http;
    http.answer(search, body(std::string{"search_"} + recorded.file));
    const auto source = source_of(config_with({{"search", "green basket"}}));
    const auto found = fetched(*source, http);
    CHECK(found.more == (recorded.ids > 0));
    if (recorded.ids == 0) continue;
    CHECK_FALSE(tried(*source, http, found.next_cursor));  // no script: only asked
    const auto url = http.requests().back().url;
    std::size_t ids = 1;
    for (auto at = url.find("%2C", url.find("&id=")); at != std::string::npos;
         at = url.find("%2C", at + 1))
      ++ids;
    CHECK(ids == recorded.ids);
  }

  const auto read = [&](const std::string& name) {
    ScriptedHttp http;
    http.answer(search, ok(R"({"items":[{"id":{"videoId":"D-lhorsDlUQ"}}]})"));
    http.answer(api + "videos?part=snippet%2Cstatistics&id=D-lhorsDlUQ", body("videos_" + name));
    const auto source = source_of(config_with({{"search", "green basket"}}));
    return fetched(*source, http, fetched(*source, http).next_cursor);
  };
  CHECK(read("videos_chart_paged_1").posts.posts.size() == 5);
  CHECK(read("videos_chart_paged_2").posts.posts.size() == 3);
  CHECK(read("videos_info_multi").posts.posts.size() == 2);
  const auto single = read("videos_info_single");
  REQUIRE(single.posts.posts.size() == 1);
  const Post& video = single.posts.posts[0];
  CHECK(video.text.starts_with("What are Actions on Google (Assistant on Air)\nIn the first"));
  CHECK(video.author_name == "Google Developers");
  CHECK(video.lang == "en");
  CHECK(format_instant(video.posted_at) == "2019-03-21T20:37:49Z");
}

TEST_CASE("youtube: a recorded refusal keeps its status") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  ScriptedHttp http;
  http.answer(channel, {.status = 403,
                        .body = *read_file(data + "/payloads/youtube/error_permission_resp.json")});

  const auto page = fetched(*source_of(listening()), http);

  CHECK(page.refused_status == 403);
}
