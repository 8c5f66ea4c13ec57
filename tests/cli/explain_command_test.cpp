// Why a post got its labels, as a person asks for it.
#include <doctest/doctest.h>

#include "tests/cli/run_earshot.hpp"

namespace earshot::test {
namespace {

/// Checks that the command ends with this code and line, and says nothing on stdout.
void check_error(const TemporaryFolder& folder, const std::vector<std::string>& words,
                 int exit_code, const std::string& message) {
  const auto ran = run_earshot(folder, words);
  CHECK(ran.err == message + "\n");
  CHECK(ran.out == "");
  CHECK(ran.exit_code == exit_code);
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A folder with a store of two posts, in a store called "s".
struct Shop : TemporaryFolder {
  Shop() {
    configure("box");
    write("posts.csv",
          "id,channel,author,text,created_at\n"
          "1,forum,ann,\"I love this wonderful box. I highly recommend it to everyone!\","
          "2026-08-01T09:00:00Z\n"
          "2,forum,acme,@acme thanks for the late parcel,2026-08-02T09:00:00Z\n");
    CHECK(run_earshot(*this, {"ingest", "posts.csv"}).exit_code == 0);
  }
  void configure(const std::string& query) const {
    write("earshot.toml",
          "[brand]\nname = 'Acme'\nquery = '" + query +
              "'\nhandles = [{name = 'acme'}]\n"
              "[[topic]]\nname = 'delivery'\nquery = 'late OR parcel'\n[store]\npath = 's'\n");
  }
};

}  // namespace

TEST_CASE("explain: what is asked for is checked before a store is looked for") {
  const TemporaryFolder folder;
  check_error(folder, {"explain"}, 2,
              "earshot explain: which post is missing: earshot explain NETWORK:ID, or --text "
              "\"...\"");
  check_error(folder, {"explain", "ann"}, 2,
              "earshot explain: 'ann' is not the id of a post, as in mastodon:123");
  check_error(folder, {"explain", "net:1", "--text", "x"}, 2,
              "earshot explain: give the id of a post or --text, not both");
  check_error(folder, {"explain", "net:1", "--format", "csv"}, 2,
              "earshot explain: --format must be text or json, not 'csv'");
  check_error(folder, {"explain", "net:1"}, 2,
              "earshot: there is no earshot.toml here; `earshot init` writes one, --config names "
              "one elsewhere");
}

TEST_CASE("explain: a post is told by words, clauses and queries") {
  const Shop shop;
  check_error(shop, {"explain", "archive:9"}, 2, "earshot explain: no post 'archive:9' is stored");
  const auto waiting = run_earshot(shop, {"explain", "archive:1"}).out;
  CHECK(has(waiting, "labels      not stored: what the present model and config say\n"));
  CHECK(run_earshot(shop, {"analyze"}).exit_code == 0);

  const auto first = run_earshot(shop, {"explain", "archive:1"});
  CHECK(first.exit_code == 0);
  CHECK(first.err == "");
  CHECK(
      first.out.starts_with("archive:1  2026-08-01T09:00:00Z  forum  ann\n"
                            "  I love this wonderful box. I highly recommend it to everyone!\n"
                            "\n"
                            "sentiment   positive\n"
                            "  model     positive (negative 0."));
  CHECK(has(first.out, "\n  towards + "));
  CHECK(has(first.out, "love +"));
  CHECK(has(first.out, "\nstance      advocate\n"));
  CHECK(has(first.out, "\n  advocate: \"I highly recommend it to everyone!\"\n"));
  CHECK(has(first.out, "\n  rule commend: \"highly recommend\"\n"));
  CHECK(has(first.out, "\n  complaint: log-odds -"));
  CHECK(has(first.out, "\n  n-grams   "));
  CHECK(has(first.out,
            "\nabout       brand Acme: positive, advocate; its query matches: box (by: box)\n"));
  CHECK(has(first.out, "\nwritten by  no account of the config\n"));
  CHECK(has(first.out, "\nlabels      by model "));
  CHECK(run_earshot(shop, {"explain", "archive:1"}).out == first.out);

  const auto second = run_earshot(shop, {"explain", "archive:2"}).out;
  CHECK(has(second, "; addressed\n"));
  CHECK(has(second, "topic delivery: "));
  CHECK(has(second, "; its query matches: late OR parcel (by: late, parcel)\n"));
  CHECK(has(second, "\nwritten by  Acme\n"));
}

TEST_CASE("explain: labels by hand, and those of another config, are called so") {
  const Shop shop;
  CHECK(run_earshot(shop, {"analyze"}).exit_code == 0);
  CHECK(run_earshot(shop, {"label", "archive:1", "--sentiment", "negative"}).exit_code == 0);
  shop.configure("box OR crate");

  const auto text = run_earshot(shop, {"explain", "archive:1"}).out;
  CHECK(has(text, "\nsentiment   negative, by hand\n  model     positive ("));
  CHECK(has(text, "\nlabels      by hand; all else by model "));
  CHECK(text.ends_with(", not the present model and config\n"));

  const auto json = run_earshot(shop, {"explain", "--format", "json", "archive:1"}).out;
  CHECK(json.starts_with(R"({"id":"archive:1","text":"I love)"));
  CHECK(has(json, R"("sentiment":{"label":"negative","model":"positive","probabilities":)"));
  CHECK(has(json, R"("toward_positive":[{"word":"love","weight":)"));
  CHECK(has(json, R"({"label":"advocate","clause":"I highly recommend it to everyone!"})"));
  CHECK(has(json, R"({"rule":"commend","phrase":"highly recommend","counts":true})"));
  CHECK(has(json, R"("features":[{"kind":")"));
  CHECK(has(json, R"("query":"box OR crate","words":["box"]})"));
  CHECK(has(json, R"("by_hand":true,"stored":true,"present":false,)"));
}

TEST_CASE("explain: a text of one's own needs no config and no store") {
  const TemporaryFolder folder;
  const auto ran = run_earshot(folder, {"explain", "--text", "what an awful box"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.starts_with("  what an awful box\n\nsentiment   negative\n"));
  CHECK(has(ran.out, "\nabout       nothing that the config names\n"));
  const auto json = run_earshot(folder, {"explain", "--format", "json", "--text", "so so"}).out;
  CHECK(json.starts_with(R"({"id":null,"text":"so so",)"));
}

}  // namespace earshot::test
