#include "ingest/api.hpp"

#include <doctest/doctest.h>

#include "tests/support/scripted_http.hpp"

using namespace earshot;
using std::chrono::seconds;

namespace {

const Instant now = from_unix(1'785'542'400);  // 2026-08-01T00:00:00Z

SourceConfig config_at(const std::string& url) {
  SourceConfig config;
  config.url = url;
  return config;
}

ApiAnswer answer_to(HttpResponse response) {
  ScriptedHttp http;
  http.answer("https://api.example/x", std::move(response));
  auto answer = get_json(http, {.url = "https://api.example/x"}, now);
  REQUIRE(answer);
  return std::move(*answer);
}

}  // namespace

TEST_CASE("api: a token goes to the host that the config names, and to nobody else") {
  const auto config = config_at("https://api.example:8443/base");
  const auto sent = [&](const std::string& url) {
    return request_header(api_request(config, url, "Bearer s").headers, "Authorization");
  };

  CHECK(sent("https://api.example:8443/v1/x") == "Bearer s");
  CHECK(sent("https://evil.example/v1/x").empty());
  CHECK(sent("http://api.example:8443/v1/x").empty());
  CHECK(sent("https://api.example/v1/x").empty());
  CHECK(request_header(api_request(config, "https://api.example:8443/", "").headers, "Accept") ==
        "application/json");
}

TEST_CASE("api: headers of the config win over our own") {
  auto config = config_at("https://api.example");
  config.headers = {{"accept", "application/vnd.x+json"}};

  const auto request = api_request(config, "https://api.example/x", "");

  CHECK(request.headers == HttpHeaders{{"accept", "application/vnd.x+json"}});
}

TEST_CASE("api: an answer is JSON, its validators and its size") {
  const auto answer =
      answer_to({.status = 200, .headers = {{"etag", "\"1\""}}, .body = "{\"a\":1}"});

  REQUIRE(answer.json);
  CHECK(answer.json->root().at("a").text() == "1");
  CHECK(answer.page.etag == "\"1\"");
  CHECK(answer.page.bytes_read == 7);
  CHECK_FALSE(answer.page.wait);
}

TEST_CASE("api: a refusal has its status and the wait that the server names") {
  const auto answer = answer_to({.status = 503, .headers = {{"retry-after", "120"}}, .body = "no"});
  CHECK_FALSE(answer.json);
  CHECK(answer.page.refused_status == 503);
  CHECK(answer.page.wait == seconds{120});

  const auto dated =
      answer_to({.status = 429, .headers = {{"retry-after", "Sat, 01 Aug 2026 00:05:00 GMT"}}});
  CHECK(dated.page.wait == seconds{300});
  CHECK_FALSE(answer_to({.status = 404}).page.wait);
}

TEST_CASE("api: what a refusal says is kept if it is JSON") {
  const auto said = answer_to({.status = 400, .body = R"({"error_name":"throttle_violation"})"});
  REQUIRE(said.refusal);
  CHECK(said.refusal->root().at("error_name").text() == "throttle_violation");
  CHECK_FALSE(said.json);
  CHECK_FALSE(answer_to({.status = 400, .body = "<html>"}).refusal);
  CHECK_FALSE(answer_to({.status = 200, .body = "{}"}).refusal);
}

TEST_CASE("api: a 403 for lack of budget is a limit and no ban") {
  const auto limit =
      answer_to({.status = 403,
                 .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1785542460"}}});
  CHECK(limit.page.refused_status == 429);
  CHECK(limit.page.wait == seconds{60});
  CHECK(answer_to({.status = 403}).page.refused_status == 403);
}

TEST_CASE("api: a budget that is used up asks for a pause, however its end is written") {
  const auto wait = [](const std::string& prefix, const std::string& left,
                       const std::string& reset) {
    return budget_wait({{prefix + "remaining", left}, {prefix + "reset", reset}}, now);
  };

  CHECK(wait("x-ratelimit-", "0", "2026-08-01T00:05:00.643385Z") == seconds{300});
  CHECK(wait("x-ratelimit-", "0", "1785542460") == seconds{60});
  CHECK(wait("x-ratelimit-", "0.0", "77") == seconds{77});
  CHECK(wait("ratelimit-", "0", "30") == seconds{30});
  CHECK(wait("x-ratelimit-", "0", "2026-07-01T00:00:00Z") == seconds{0});
  CHECK_FALSE(wait("x-ratelimit-", "1", "77"));
  CHECK_FALSE(wait("x-ratelimit-", "0", "soon"));
  CHECK_FALSE(budget_wait({}, now));
}

TEST_CASE("api: an answer that is no JSON is an error with its address, but not its query") {
  ScriptedHttp http;
  http.answer("https://api.example/x?key=s3cr3t", {.status = 200, .body = "<html>"});

  const auto answer = get_json(http, {.url = "https://api.example/x?key=s3cr3t"}, now);

  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == Error::Kind::format);
  CHECK(answer.error().message == "https://api.example/x?...: not JSON");
}

TEST_CASE("api: links are found by their relation") {
  const std::string_view header =
      "<https://a.example/?max_id=1,2>; rel=\"next\", <https://a.example/?min_id=5>; "
      "title=\"x\"; rel=prev, <z>; rel=\"last first\"";

  CHECK(link_target(header, "next") == "https://a.example/?max_id=1,2");
  CHECK(link_target(header, "prev") == "https://a.example/?min_id=5");
  CHECK(link_target(header, "first") == "z");
  CHECK(link_target(header, "up").empty());
  CHECK(link_target("<a>; rel=", "next").empty());
  CHECK(link_target("<a; rel=\"next\"", "next").empty());
}

TEST_CASE("api: queries are written and read with their encoding") {
  CHECK(with_query("https://a.example/x", {{"q", "a b&ü"}, {"none", ""}, {"n", "40"}}) ==
        "https://a.example/x?q=a%20b%26%C3%BC&n=40");
  CHECK(with_query("https://a.example/x", {{"q", ""}}) == "https://a.example/x");
  CHECK(query_value("https://a.example/x?q=a%20b%26+c&n=4#n=5", "q") == "a b& c");
  CHECK(query_value("https://a.example/x?q=a&n=4#n=5", "n") == "4");
  CHECK(query_value("https://a.example/x?n", "n").empty());
  CHECK(query_value("https://a.example/x?q=%zz%4", "q") == "%zz%4");
  CHECK(query_value("https://a.example/x", "n").empty());
}

TEST_CASE("api: a cursor of several values is lines, and no value breaks out of its own") {
  std::string cursor;
  add_to_cursor(cursor, "newest", "5");
  add_to_cursor(cursor, "page", "a=b");
  add_to_cursor(cursor, "empty", "");
  add_to_cursor(cursor, "lines", "1\nnewest=9");
  add_to_cursor(cursor, "long", std::string(1001, 'x'));

  CHECK(cursor == "newest=5\npage=a=b\n");
  CHECK(cursor_value(cursor, "page") == "a=b");
  CHECK(cursor_number(cursor, "newest") == Count{5});
  CHECK_FALSE(cursor_number(cursor, "page"));
  CHECK(cursor_value(cursor, "age").empty());
  CHECK(cursor_value("no line", "no line").empty());
}
