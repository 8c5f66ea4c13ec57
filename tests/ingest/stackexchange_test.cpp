#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/source.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/scripted_http.hpp"

using namespace earshot;
using std::chrono::seconds;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
const std::string api = "https://api.stackexchange.com/2.3";
const std::string newest = api +
                           "/questions?site=gardening&sort=activity&order=desc&pagesize=40"
                           "&filter=withbody";
const std::string children = "?site=gardening&sort=creation&order=asc&pagesize=40";
const std::string answers = api + "/questions/71/answers" + children + "&filter=withbody";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "garden";
  config.type = "stackexchange";
  config.url = api;
  config.options = std::move(options);
  return config;
}

const SourceConfig whole_site = config_with({{"site", "gardening"}});

Page next(Source& source, HttpClient& http, const std::string& cursor = {}) {
  auto page = source.fetch(http, {.cursor = cursor}, now);
  REQUIRE(page);
  return std::move(*page);
}

HttpResponse fixture(const std::string& name) {
  return answer_of_fixture("stackexchange/" + name);
}

std::string walk_url(const std::string& from, const std::string& page = {}) {
  return api + "/questions?site=gardening&sort=activity&order=asc&min=" + from + "&pagesize=40" +
         page + "&filter=withbody";
}

std::string comments_url(const std::string& ids) {
  return api + "/posts/" + ids + "/comments" + children + "&filter=withbody";
}

HttpResponse question(int id, int activity, bool more) {
  return ok(fmt::format(
      R"({{"items":[{{"question_id":{},"title":"t","creation_date":1,"answer_count":0,"last_activity_date":{}}}],"has_more":{}}})",
      id, activity, more));
}

const std::string nothing = R"({"items":[],"has_more":false})";

}  // namespace

TEST_CASE("stackexchange: questions are read with all that they say") {
  ScriptedHttp http;
  http.answer(newest, fixture("questions.json"));

  const auto page = next(*source_of(whole_site), http);

  REQUIRE(page.posts.posts.size() == 2);
  const Post& beans = page.posts.posts[0];
  CHECK(beans.network == "stackexchange");
  CHECK(beans.native_id == "gardening.stackexchange.com/71");
  CHECK(beans.channel == "gardening.stackexchange.com");
  CHECK(beans.author_id == "31");
  CHECK(beans.author_name == "Nell & Co");
  CHECK(beans.text == "Why don't my \"beans\" grow?\nThey stay small.\n5 < 6");
  CHECK(beans.parent_id.empty());
  CHECK(beans.root_id.empty());
  CHECK(beans.url == "https://gardening.stackexchange.com/questions/71/why-don-t-my-beans-grow");
  CHECK(beans.source == "garden");
  CHECK(format_instant(beans.posted_at) == "2026-08-01T10:00:00Z");
  CHECK(format_instant(beans.edited_at) == "2026-08-01T10:10:00Z");
  CHECK(beans.engagement == Engagement{4, {}, 1, {}, now});
  CHECK_FALSE(beans.filtered);
  const Post& late = page.posts.posts[1];
  CHECK(late.author_id.empty());
  CHECK(late.author_name == "user9");
  CHECK(late.url == "https://gardening.stackexchange.com/q/72");
  CHECK(late.engagement == Engagement{{}, {}, 0, {}, now});  // below zero
  CHECK(page.rows == 4);
  CHECK(page.bad_rows == 2);
  CHECK(page.bad.at(0).reason == "gardening.stackexchange.com/73: no date that can be read");
  CHECK(page.bad.at(1).reason == "a post without id");
}

TEST_CASE("stackexchange: answers and comments follow their questions and join them") {
  ScriptedHttp http;
  http.answer(newest, fixture("questions.json"));
  http.answer(api + "/questions/71;73/answers" + children + "&filter=withbody",
              fixture("answers.json"));
  http.answer(comments_url("71;72;73"), ok(nothing));
  http.answer(comments_url("94"), fixture("comments.json"));
  const auto source = source_of(whole_site);

  const auto first = next(*source, http);
  const auto second = next(*source, http, first.next_cursor);
  const auto third = next(*source, http, second.next_cursor);
  const auto fourth = next(*source, http, third.next_cursor);

  CHECK(first.next_cursor ==
        "questions=1785581000\ntask0=answers 1 71:71;73:73;\n"
        "task1=comments 1 71:71;72:72;73:73;\n");
  CHECK(first.more);
  REQUIRE(second.posts.posts.size() == 1);
  const Post& answer = second.posts.posts[0];
  CHECK(answer.native_id == "gardening.stackexchange.com/94");
  CHECK(answer.parent_id == "gardening.stackexchange.com/71");
  CHECK(answer.root_id == "gardening.stackexchange.com/71");
  CHECK(answer.text == "Water them.");
  CHECK(answer.url == "https://gardening.stackexchange.com/a/94");
  CHECK(answer.engagement == Engagement{7, {}, {}, {}, now});
  CHECK(second.next_cursor ==
        "questions=1785581000\ntask0=comments 1 71:71;72:72;73:73;\ntask1=comments 1 94:71;\n");
  CHECK(third.posts.posts.empty());
  REQUIRE(fourth.posts.posts.size() == 1);
  const Post& comment = fourth.posts.posts[0];
  CHECK(comment.native_id == "gardening.stackexchange.com/comment/456");
  CHECK(comment.parent_id == answer.native_id);
  CHECK(comment.root_id == "gardening.stackexchange.com/71");
  CHECK(comment.text == "I did, & twice.");
  CHECK(comment.url == "https://gardening.stackexchange.com/posts/comments/456");
  CHECK(fourth.next_cursor == "questions=1785581000\n");
  CHECK_FALSE(fourth.more);
  CHECK(fourth.gapless);
}

TEST_CASE("stackexchange: questions, answers and comments are read again as they were found") {
  const std::string again = "?site=gardening&pagesize=100&filter=withbody";
  ScriptedHttp http;
  http.answer(newest, fixture("questions.json"));
  http.answer(api + "/questions/71;73/answers" + children + "&filter=withbody",
              fixture("answers.json"));
  http.answer(comments_url("71;72;73"), ok(nothing));
  http.answer(comments_url("94"), fixture("comments.json"));
  http.answer(api + "/questions/71;72;5" + again, fixture("questions.json"));
  http.answer(api + "/answers/94" + again, fixture("answers.json"));
  http.answer(api + "/comments/456;457" + again, fixture("comments.json"));
  const auto source = source_of(whole_site);
  std::vector<Page> first;
  for (int i = 0; i < 4; ++i)
    first.push_back(next(*source, http, i == 0 ? "" : first.back().next_cursor));
  std::vector<Post> asked{first[3].posts.posts[0], first[0].posts.posts[0], first[1].posts.posts[0],
                          first[0].posts.posts[1]};
  asked.push_back({.native_id = "gardening.stackexchange.com/5"});
  asked.push_back({.native_id = "gardening.stackexchange.com/comment/457"});

  std::vector<Page> pages;
  for (std::string cursor; pages.empty() || pages.back().more;) {
    auto page = source->reread(http, {.cursor = cursor}, asked, now);
    REQUIRE(page);
    REQUIRE(pages.size() < 3);
    cursor = page->next_cursor;
    pages.push_back(std::move(*page));
  }

  CHECK(source->rereads() == 100);
  for (const Post& post : asked) CHECK(source->can_reread(post));
  CHECK_FALSE(source->can_reread({.native_id = "stackoverflow.com/71"}));
  REQUIRE(pages.size() == 3);
  REQUIRE(pages[0].posts.posts.size() == 2);
  CHECK(content_hash(pages[0].posts.posts[0]) == content_hash(asked[1]));
  CHECK(content_hash(pages[0].posts.posts[1]) == content_hash(asked[3]));
  CHECK(pages[0].posts.posts[0].engagement == Engagement{4, {}, 1, {}, now});
  REQUIRE(pages[0].missing.size() == 1);
  CHECK(pages[0].missing[0].network == "stackexchange");
  CHECK(pages[0].missing[0].native_id == "gardening.stackexchange.com/5");
  REQUIRE(pages[1].posts.posts.size() == 1);
  CHECK(content_hash(pages[1].posts.posts[0]) == content_hash(asked[2]));
  REQUIRE(pages[2].posts.posts.size() == 1);
  CHECK(content_hash(pages[2].posts.posts[0]) == content_hash(asked[0]));
  REQUIRE(pages[2].missing.size() == 1);
  CHECK(pages[2].missing[0].native_id == "gardening.stackexchange.com/comment/457");
}

TEST_CASE("stackexchange: a limit, or a wish to wait, holds for what is read again") {
  const std::string url = api + "/questions/71?site=gardening&pagesize=100&filter=withbody&key=k";
  ScriptedHttp http;
  http.answer(url, {.status = 400,
                    .body = R"({"error_name":"throttle_violation",)"
                            R"("error_message":"more requests available in 82 seconds"})"});
  http.answer(url, ok(R"({"items":[],"backoff":10})"));
  const auto source = source_of(whole_site);
  const auto asked = posts_called({"gardening.stackexchange.com/71"});

  const auto refused = source->reread(http, {.token = "k"}, asked, now);
  const auto empty = source->reread(http, {.token = "k"}, asked, now);

  REQUIRE(refused);
  CHECK(refused->refused_status == 429);
  CHECK(refused->wait == seconds{82});
  CHECK(refused->missing.empty());
  REQUIRE(empty);
  CHECK(empty->wait == seconds{10});
  CHECK(empty->missing.size() == 1);
}

TEST_CASE("stackexchange: later polls walk from old to new by activity") {
  ScriptedHttp http;
  http.answer(walk_url("880"), question(5, 1050, true));
  http.answer(comments_url("5"), ok(nothing));
  http.answer(walk_url("1050"), question(6, 1070, false));
  http.answer(comments_url("6"), ok(nothing));
  const auto source = source_of(whole_site);

  const auto first = next(*source, http, "questions=1000\n");
  const auto children_read = next(*source, http, first.next_cursor);
  const auto last = next(*source, http, children_read.next_cursor);
  const auto end = next(*source, http, last.next_cursor);

  CHECK(first.next_cursor == "questions=1050\nquestions_from=1050\ntask0=comments 1 5:5;\n");
  CHECK(children_read.next_cursor == "questions=1050\nquestions_from=1050\n");
  CHECK(children_read.more);
  CHECK(end.next_cursor == "questions=1070\n");
  CHECK_FALSE(end.more);
}

TEST_CASE("stackexchange: a question that comes again is no reason to read what hangs on it") {
  ScriptedHttp http;
  http.answer(walk_url("880"), question(5, 1000, false));

  const auto page = next(*source_of(whole_site), http, "questions=1000\n");

  CHECK(page.posts.posts.size() == 1);
  CHECK(page.next_cursor == "questions=1000\n");
  CHECK_FALSE(page.more);
}

TEST_CASE("stackexchange: what a stopped run left is read first, then the questions") {
  ScriptedHttp http;
  http.answer(answers, ok(R"({"items":[],"has_more":true})"));
  http.answer(api + "/questions/71/answers" + children + "&page=2&filter=withbody", ok(nothing));
  http.answer(walk_url("880"), ok(nothing));
  const auto source = source_of(whole_site);

  const auto first = next(*source, http, "questions=1000\ntask0=answers 1 71:71;\n");
  const auto second = next(*source, http, first.next_cursor);
  const auto third = next(*source, http, second.next_cursor);

  CHECK(first.next_cursor == "questions=1000\ntask0=answers 2 71:71;\n");
  CHECK(second.next_cursor == "questions=1000\n");
  CHECK(second.more);
  CHECK_FALSE(third.more);
  CHECK(third.next_cursor == "questions=1000\n");
}

TEST_CASE("stackexchange: a tag, a search and a day are asked for, and the key goes along") {
  const auto asked = [](std::map<std::string, std::string, std::less<>> options,
                        std::string_view token) {
    ScriptedHttp http;
    const auto page =
        source_of(config_with(std::move(options)))->fetch(http, {.token = token}, now);
    CHECK_FALSE(page);
    return http.requests().at(0).url;
  };

  CHECK(asked({{"site", "gardening"}, {"tag", "beans;late"}}, "") ==
        api +
            "/questions?site=gardening&tagged=beans%3Blate&sort=activity&order=desc"
            "&pagesize=40&filter=withbody");
  CHECK(
      asked({{"site", "gardening"}, {"search", "green basket"}, {"since", "2026-08-01"}}, "k(y") ==
      api +
          "/search/advanced?site=gardening&q=green%20basket&sort=activity&order=asc"
          "&min=1785542400&pagesize=40&filter=withbody&key=k%28y");
}

TEST_CASE("stackexchange: the service's waits are heeded") {
  ScriptedHttp http;
  http.answer(newest, ok(R"({"items":[],"has_more":false,"backoff":10,"quota_remaining":5})"));
  http.answer(newest, ok(R"({"items":[],"has_more":false,"backoff":10,"quota_remaining":0})"));
  http.answer(newest, ok(nothing));
  const auto source = source_of(whole_site);

  CHECK(next(*source, http).wait == seconds{10});
  CHECK(next(*source, http).wait == seconds{28'800});  // until midnight
  CHECK_FALSE(next(*source, http).wait);
}

TEST_CASE("stackexchange: too many requests are a limit, whatever its status") {
  ScriptedHttp http;
  http.answer(newest, {.status = 400,
                       .body = R"({"error_id":502,"error_name":"throttle_violation",)"
                               R"("error_message":"too many requests from this IP, more )"
                               R"(requests available in 82 seconds"})"});
  http.answer(newest, {.status = 400, .body = R"({"error_name":"bad_parameter"})"});
  const auto source = source_of(whole_site);

  const auto limited = next(*source, http);
  const auto wrong = next(*source, http);

  CHECK(limited.refused_status == 429);
  CHECK(limited.wait == seconds{82});
  CHECK(wrong.refused_status == 400);
}

TEST_CASE("stackexchange: a list that is refused does not stop the others") {
  ScriptedHttp http;
  http.answer(answers, {.status = 404});
  const auto source = source_of(whole_site);

  const auto page = next(*source, http, "questions=1000\ntask0=answers 1 71:71;\n");

  CHECK(page.refused_status == 0);
  CHECK(page.next_cursor == "questions=1000\n");
  CHECK(page.more);
}

TEST_CASE("stackexchange: an answer without a list is a format error that hides the key") {
  ScriptedHttp http;
  http.answer(newest + "&key=s3cr3t", ok("{}"));

  const auto page = source_of(whole_site)->fetch(http, {.token = "s3cr3t"}, now);

  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message ==
        "https://api.stackexchange.com/2.3/questions?...: not a list of posts");
}

TEST_CASE("stackexchange: a site is named as the API or as its address names it") {
  const auto channel_of = [](const std::string& site) {
    ScriptedHttp http;
    http.answer(
        api + "/questions?site=" + site + "&sort=activity&order=desc&pagesize=40&filter=withbody",
        question(5, 950, false));
    const auto page = next(*source_of(config_with({{"site", site}})), http);
    REQUIRE(page.posts.posts.size() == 1);
    return std::string{page.posts.posts[0].channel};
  };

  CHECK(channel_of("stackoverflow") == "stackoverflow.com");
  CHECK(channel_of("stackoverflow.com") == "stackoverflow.com");
  CHECK(channel_of("es.stackoverflow") == "es.stackoverflow.com");
  CHECK(channel_of("mathoverflow.net") == "mathoverflow.net");
  CHECK(channel_of("superuser") == "superuser.com");
  CHECK(channel_of("unix") == "unix.stackexchange.com");
}

TEST_CASE("stackexchange: what the options can't mean is told") {
  const auto error_of = [](std::map<std::string, std::string, std::less<>> options) {
    const auto made = find_source_type("stackexchange")->make(config_with(std::move(options)));
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == Error::Kind::config);
    return made.error().message;
  };

  CHECK(error_of({}) == "stackexchange needs a 'site'");
  CHECK(error_of({{"site", "unix"}, {"since", "x"}}) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}
