// An audit as a person does it: a sheet drawn, filled in and scored.
#include <doctest/doctest.h>

#include <algorithm>

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

/// 60 posts about the brand, a post a minute: 20 that anybody calls positive, 20 negative, 20
/// neutral.
std::string archive() {
  std::string csv = "id,channel,author,text,created_at\n";
  const std::vector<std::string> texts{"I love this wonderful box", "I hate this awful box",
                                       "the box was closed on Monday"};
  for (int i = 0; i < 60; ++i)
    csv += std::to_string(i) + ",forum,ann," + texts[static_cast<std::size_t>(i) % 3] +
           ",2026-08-01T09:" + (i < 10 ? "0" : "") + std::to_string(i) + ":00Z\n";
  return csv;
}

struct Shop : TemporaryFolder {
  Shop() {
    configure("box");
    write("posts.csv", archive());
    CHECK(run_earshot(*this, {"ingest", "posts.csv"}).exit_code == 0);
    CHECK(run_earshot(*this, {"analyze"}).exit_code == 0);
  }
  void configure(const std::string& query) const {
    write("earshot.toml", "[brand]\nquery = '" + query + "'\n[store]\npath = 's'\n");
  }

  /// Draws 30 posts and writes them as "sheet.csv", each labelled as its text says; of the positive
  /// ones every third is called neutral.
  void fill() const {
    const auto sheet = run_earshot(*this, {"audit", "draw", "30"}).out;
    std::string filled;
    int positive = 0;
    for (std::size_t at = 0; at < sheet.size();) {
      const auto end = sheet.find('\n', at) + 1;
      auto line = sheet.substr(at, end - at);
      at = end;
      const std::string label = line.find("love") != std::string::npos
                                    ? (++positive % 3 == 0 ? "neutral" : "positive")
                                : line.find("hate") != std::string::npos ? "negative"
                                                                         : "neutral";
      if (const auto gap = line.find(",,"); gap != std::string::npos) line.insert(gap + 1, label);
      filled += line;
    }
    write("sheet.csv", filled);
  }
};

}  // namespace

TEST_CASE("audit: what is asked for is checked before a store is looked for") {
  const TemporaryFolder folder;
  check_error(folder, {"audit"}, 2,
              "earshot audit: what to do is missing: earshot audit draw N, or earshot audit score "
              "FILE");
  check_error(folder, {"audit", "drow", "3"}, 2,
              "earshot audit: unknown 'drow', did you mean 'draw'?");
  check_error(folder, {"audit", "xyzzy"}, 2, "earshot audit: unknown 'xyzzy'; it is draw or score");
  check_error(folder, {"audit", "draw"}, 2,
              "earshot audit: how many posts is missing: earshot audit draw 300");
  check_error(folder, {"audit", "draw", "few"}, 2,
              "earshot audit: 'few' is not a number of posts, as in 300");
  check_error(folder, {"audit", "draw", "0"}, 2,
              "earshot audit: '0' is not a number of posts, as in 300");
  check_error(folder, {"audit", "score"}, 2,
              "earshot audit: which sheet is missing: earshot audit score FILE");
  check_error(folder, {"audit", "score", "x.csv", "--seed", "2"}, 2,
              "earshot audit: --seed goes with draw");
  check_error(folder, {"audit", "draw", "3", "--format", "json"}, 2,
              "earshot audit: --format goes with score");
  check_error(folder, {"audit", "draw", "3"}, 2,
              "earshot: there is no earshot.toml here; `earshot init` writes one, --config names "
              "one elsewhere");
}

TEST_CASE("audit: a sheet has as many posts of each label, and shows none of the labels") {
  const Shop shop;
  const auto sheet = run_earshot(shop, {"audit", "draw", "30"});
  CHECK(sheet.exit_code == 0);
  CHECK(sheet.err == "");
  CHECK(std::ranges::count(sheet.out, '\n') == 31);
  CHECK(sheet.out.starts_with("id,text,label,drawn\r\narchive:"));
  for (const auto* word : {"negative", "neutral", "positive"})
    CHECK(sheet.out.find(word) == std::string::npos);
  CHECK(run_earshot(shop, {"audit", "draw", "30"}).out == sheet.out);
  CHECK(run_earshot(shop, {"audit", "draw", "30", "--seed", "2"}).out != sheet.out);
}

TEST_CASE("audit: there may be fewer posts than asked for, or none") {
  const Shop shop;
  const auto sheet = run_earshot(shop, {"audit", "draw", "300"});
  CHECK(sheet.err == "earshot: there are only 60 posts to draw from\n");
  CHECK(std::ranges::count(sheet.out, '\n') == 61);
  check_error(shop, {"audit", "draw", "9", "--since", "2026-09-01", "--until", "2026-09-02"}, 2,
              "earshot audit: no post from 2026-09-01T00:00:00Z to 2026-09-02T00:00:00Z that is "
              "about the brand, a competitor or a topic has labels of the present model and "
              "config; run `earshot analyze`");
  shop.configure("box OR crate");
  const auto stale = run_earshot(shop, {"audit", "draw", "9"});
  CHECK(stale.err.ends_with("run `earshot analyze --all`\n"));
  CHECK(stale.exit_code == 2);
}

TEST_CASE("audit: a filled sheet gives scores, and is kept beside the store") {
  // Of ten posts each that are called negative and neutral all are, of those called positive 7.
  // The stream has 20 of each: positive .7/3 = 23.3 %, neutral (1 + .3)/3 = 43.3 %.
  const Shop shop;
  shop.fill();

  const auto ran =
      run_earshot(shop, {"audit", "score", "sheet.csv", "--now", "2026-09-02T08:00:00Z"});

  CHECK(ran.err == "");
  CHECK(ran.out ==
        "30 posts labelled by people, of 60 from 1 Aug 2026 to 1 Aug 2026\n"
        "\n"
        "accuracy 0.900 (standard error 0.048), macro recall 0.923, weighted as in the stream\n"
        "\n"
        "share of the stream by label (rows) and by what people say (columns)\n"
        "             posts  audited   negative    neutral   positive  precision\n"
        "negative        20       10     33.3 %      0.0 %      0.0 %      1.000\n"
        "neutral         20       10      0.0 %     33.3 %      0.0 %      1.000\n"
        "positive        20       10      0.0 %     10.0 %     23.3 %      0.700\n"
        "recall                           1.000      0.769      1.000\n"
        "\n"
        "share     as counted                corrected\n"
        "negative  33.3 % (22.7 to 45.9)     33.3 % (21.3 to 45.9)\n"
        "neutral   33.3 % (22.7 to 45.9)     43.3 % (26.8 to 63.8)\n"
        "positive  33.3 % (22.7 to 45.9)     23.3 % (5.6 to 39.4)\n"
        "\n"
        "Reports on these labels correct their shares by this audit.\n");
  const auto kept = shop.read("s/earshot.audits");
  CHECK(kept.find(" 2026-09-02T08:00:00Z 10 0 0 0 10 0 0 3 7 2026-08-01T00:00:00Z "
                  "2026-08-02T00:00:00Z 20 20 20\n") != std::string::npos);
  const auto json = run_earshot(shop, {"audit", "score", "--format", "json", "sheet.csv"}).out;
  CHECK(json.find(R"("accuracy":0.9000,"accuracy_error":0.0483,"macro_recall":0.9231)") !=
        std::string::npos);
  CHECK(json.find(R"("corrected":{"negative":{"share":0.3333,)") != std::string::npos);
  CHECK(json.ends_with("\"why_not\":null}\n"));
  CHECK(run_earshot(shop, {"verify"}).exit_code == 0);
}

TEST_CASE("audit: reports on the same labels correct their shares, and on others do not") {
  const Shop shop;
  const std::vector<std::string> report{"report",     "--metric", "sentiment_ratio", "--since",
                                        "2026-08-01", "--until",  "2026-08-02"};
  const auto plain = run_earshot(shop, report).out;
  CHECK(plain.find("20 : 20 : 20") != std::string::npos);
  shop.fill();
  CHECK(run_earshot(shop, {"audit", "score", "sheet.csv"}).exit_code == 0);

  const auto corrected = run_earshot(shop, report).out;
  CHECK(corrected.find("23.3 : 43.3 : 33.3 %") != std::string::npos);
  CHECK(corrected.find("positive, as labelled") != std::string::npos);

  shop.configure("box OR crate");
  CHECK(run_earshot(shop, {"analyze", "--all"}).exit_code == 0);
  CHECK(run_earshot(shop, report).out.find("20 : 20 : 20") != std::string::npos);
  shop.write("s/earshot.audits", "hello\n");
  check_error(shop, report, 1,
              "earshot: s/earshot.audits: line 1 is not of an audit; remove it, and score the "
              "sheets again");
}

TEST_CASE("audit: a sheet of other labels, and one that is no sheet, are refused") {
  const Shop shop;
  shop.fill();
  shop.configure("box OR crate");
  CHECK(run_earshot(shop, {"analyze", "--all"}).exit_code == 0);
  const auto ran = run_earshot(shop, {"audit", "score", "sheet.csv"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err.starts_with("earshot: sheet.csv:2: 'archive:"));
  CHECK(
      ran.err.ends_with("' has labels of another model or config than the sheet, or none; draw "
                        "a new one\n"));
  CHECK_FALSE(shop.has("s/earshot.audits"));
  check_error(shop, {"audit", "score", "posts.csv"}, 2,
              "earshot: posts.csv:1: unknown column 'channel'; the columns are: id, text, label, "
              "drawn");
  check_error(shop, {"audit", "score", "none.csv"}, 1,
              "earshot: none.csv: No such file or directory");
}

TEST_CASE("audit: posts that were corrected by hand since are left out") {
  const Shop shop;
  shop.fill();
  const auto id = shop.read("sheet.csv").substr(21);
  CHECK(run_earshot(shop, {"label", id.substr(0, id.find(',')), "--sentiment", "neutral"})
            .exit_code == 0);
  const auto ran = run_earshot(shop, {"audit", "score", "sheet.csv"});
  CHECK(
      ran.out.starts_with("29 posts labelled by people, of 60 from 1 Aug 2026 to 1 Aug 2026\n"
                          "left out: 1 post corrected by hand since\n"));
}

}  // namespace earshot::test
