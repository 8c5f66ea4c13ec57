// Correcting labels as a person does it.
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

/// A folder with a store of three posts, all of them labelled, in a store called "s".
struct Shop : TemporaryFolder {
  Shop() {
    configure("box");
    write("posts.csv",
          "id,channel,author,text,created_at\n"
          "1,forum,ann,\"I love this wonderful box,\nreally\",2026-08-01T09:00:00Z\n"
          "2,forum,ben,the box was closed on Monday,2026-08-02T09:00:00Z\n"
          "3,forum,cem,what an awful box I hate it,2026-08-03T09:00:00Z\n");
    CHECK(run_earshot(*this, {"ingest", "posts.csv"}).exit_code == 0);
    CHECK(run_earshot(*this, {"analyze"}).exit_code == 0);
  }
  void configure(const std::string& query) const {
    write("earshot.toml",
          "[brand]\nquery = '" + query + "'\n[inbox]\nurgent = 'awful'\n[store]\npath = 's'\n");
  }
};

}  // namespace

TEST_CASE("label: what is asked for is checked before a store is looked for") {
  const TemporaryFolder folder;
  check_error(folder, {"label"}, 2,
              "earshot label: which post is missing: earshot label NETWORK:ID --sentiment "
              "positive");
  check_error(folder, {"label", "net:1"}, 2,
              "earshot label: what the post says is missing: --sentiment, --stance or --intent");
  check_error(folder, {"label", "ann", "--sentiment", "positive"}, 2,
              "earshot label: 'ann' is not the id of a post, as in mastodon:123");
  check_error(folder, {"label", "net:1", "--sentiment", "postive"}, 2,
              "earshot label: --sentiment must be negative, neutral or positive, not 'postive'");
  check_error(folder, {"label", "net:1", "--stance", "xyzzy"}, 2,
              "earshot label: --stance must be detractor, none or advocate, not 'xyzzy'");
  check_error(folder, {"label", "net:1", "--intent", "complain"}, 2,
              "earshot label: --intent must be recommendation, purchase_intent, complaint, "
              "question, request, suggestion, thanks or none, not 'complain'");
  check_error(folder, {"label", "net:1", "--intent", "none", "--intent", "thanks"}, 2,
              "earshot label: --intent none goes with no other --intent");
  check_error(folder, {"label", "--list", "--export", "x"}, 2,
              "earshot label: ask for one of --list and --export");
  check_error(folder, {"label", "--list", "net:1"}, 2,
              "earshot label: --list and --export are about all corrections, and correct none");
  check_error(folder, {"label", "net:1", "--sentiment", "positive", "--format", "tsv"}, 2,
              "earshot label: --format goes with --list");
  check_error(folder, {"label", "net:1", "--sentiment", "positive"}, 2,
              "earshot: there is no earshot.toml here; `earshot init` writes one, --config names "
              "one elsewhere");
  check_error(folder, {"label", "--store", "s", "--list"}, 10,
              "earshot: s: no store there; `earshot ingest` makes one");
}

TEST_CASE("label: a correction wins over the model, also after the config has changed") {
  const Shop shop;
  check_error(shop, {"label", "archive:9", "--sentiment", "negative"}, 2,
              "earshot label: no post 'archive:9' is stored");

  const auto ran =
      run_earshot(shop, {"label", "archive:1", "--sentiment", "negative", "--intent", "complaint"});
  CHECK(
      ran.out ==
      "archive:1: sentiment negative (was positive), stance none, intents complaint (was none); by "
      "hand from now on\n");
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);

  shop.configure("box OR crate");
  CHECK(run_earshot(shop, {"analyze", "--all"}).exit_code == 0);
  const auto again = run_earshot(shop, {"analyze"});
  CHECK(again.err == "");
  CHECK(run_earshot(shop, {"label", "--list"}).out ==
        "id\tposted_at\tsentiment\tstance\tintents\ttext\n"
        "archive:1\t2026-08-01T09:00:00Z\tnegative\tnone\tcomplaint\tI love this wonderful box, "
        "really\n");
}

TEST_CASE("label: a second correction keeps what the first one said") {
  const Shop shop;
  CHECK(run_earshot(shop, {"label", "archive:2", "--sentiment", "positive"}).exit_code == 0);
  CHECK(run_earshot(shop, {"label", "archive:2", "--stance", "advocate"}).out ==
        "archive:2: sentiment positive, stance advocate (was none), intents none; by hand from now "
        "on\n");
  const auto json = run_earshot(shop, {"label", "--list", "--format", "jsonl"}).out;
  CHECK(json.find(R"("sentiment":"positive","sentiment_p":1.000,"stance":"advocate")") !=
        std::string::npos);
  CHECK(json.find(R"("entities":[{"kind":"brand")") != std::string::npos);
  CHECK(run_earshot(shop, {"verify"}).exit_code == 0);
}

TEST_CASE("label: corrections are lines that train takes") {
  const Shop shop;
  check_error(shop, {"label", "--export", "mine.tsv"}, 2,
              "earshot label: no post is labelled by hand yet; `earshot label NETWORK:ID` does "
              "that");
  CHECK_FALSE(shop.has("mine.tsv"));
  for (const auto* words : {"archive:1 negative", "archive:2 positive", "archive:3 neutral"}) {
    const std::string both = words;
    CHECK(
        run_earshot(shop, {"label", both.substr(0, 9), "--sentiment", both.substr(10)}).exit_code ==
        0);
  }

  const auto written = run_earshot(shop, {"label", "--export", "mine.tsv"});
  CHECK(written.out == "3 lines written to mine.tsv\n");
  CHECK(shop.read("mine.tsv") ==
        "negative\tI love this wonderful box, really\n"
        "positive\tthe box was closed on Monday\n"
        "neutral\twhat an awful box I hate it\n");
  CHECK(run_earshot(shop, {"train", "--output", "own.model", "mine.tsv"}).exit_code == 0);
}

}  // namespace earshot::test
