// analyze, report, run and classify as a person meets them, with the model that earshot comes with.
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "store/rocks/rocks_post_store.hpp"
#include "tests/cli/run_earshot.hpp"

using earshot::TemporaryFolder;
using earshot::test::run_earshot;
using earshot::test::start_earshot;
using earshot::test::wait_for;

namespace {

constexpr const char* header = "id,channel,author,text,created_at,in_reply_to\n";

std::string row(int id, const std::string& text) {
  const std::string day = std::to_string(10 + id % 20);
  return std::to_string(id) + ",forum,author" + std::to_string(id % 97) + "," + text + ",2026-08-" +
         day + "T09:00:00Z,\n";
}

std::string archive(int posts) {
  std::string csv = header;
  for (int id = 0; id < posts; ++id)
    csv += row(id, "the green box number " + std::to_string(id) + " came late");
  return csv;
}

/// A folder with a config and an archive of 40 posts about the brand.
struct Project : TemporaryFolder {
  explicit Project(int posts = 40, const std::string& query = "box") {
    configure(query);
    write("page.csv", archive(posts));
  }
  void configure(const std::string& query) const {
    write("earshot.toml", "[brand]\nname = 'Acme'\nquery = '" + query +
                              "'\n[[source]]\nname = 'page'\ntype = 'csv'\npath = 'page.csv'\n");
  }
};

std::string model_name() {
  const TemporaryFolder folder;
  folder.write("t.tsv", "positive\tlovely\n");
  const auto json = run_earshot(folder, {"evaluate", "--format", "json", "t.tsv"}).out;
  const auto begin = json.find(R"("model":")") + 9;
  return json.substr(begin, json.find('"', begin) - begin);
}

}  // namespace

TEST_CASE("analyze: labels what is new, and only that") {
  const Project project;
  REQUIRE(run_earshot(project, {"ingest"}).exit_code == 0);

  const auto first = run_earshot(project, {"analyze"});
  CHECK(first.out == "40 posts labelled (model " + model_name() + ")\n");
  CHECK(first.err == "");
  CHECK(first.exit_code == 0);

  CHECK(run_earshot(project, {"analyze"}).out == "0 posts labelled (model " + model_name() + ")\n");
}

TEST_CASE("analyze: after the config has changed it says so, and --all labels again") {
  const Project project;
  REQUIRE(run_earshot(project, {"run"}).exit_code == 0);
  project.configure("box OR crate");

  const auto stale = run_earshot(project, {"analyze"});
  CHECK(stale.err ==
        "earshot: 40 posts have labels of another model or config; run `earshot analyze --all` to "
        "label them "
        "again\n");

  const auto again = run_earshot(project, {"analyze", "--all"});
  CHECK(again.out.starts_with("40 posts labelled"));
  CHECK(again.err == "");
}

TEST_CASE(
    "analyze: a query that can't be read is an error of the config, before the store is touched") {
  const Project project{40, "(box"};
  const auto ran = run_earshot(project, {"analyze"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err == "earshot: earshot.toml:3: 'query': column 1: missing ')'\n");
}

TEST_CASE("analyze: a model that is not there is an error of the config") {
  const Project project;
  project.write("earshot.toml", "[model]\nsentiment = 'none.model'\n[brand]\nquery = 'box'\n");
  const auto ran = run_earshot(project, {"analyze"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err.find("none.model") != std::string::npos);
  CHECK(std::ranges::count(ran.err, '\n') == 1);
}

TEST_CASE("run: is silent when all is well, and tells with -v what it did") {
  const Project project;

  const auto quiet = run_earshot(project, {"run"});
  CHECK(quiet.out == "");
  CHECK(quiet.err == "");
  CHECK(quiet.exit_code == 0);

  const auto verbose = run_earshot(project, {"run", "-v"});
  CHECK(verbose.out ==
        "page: 40 rows, 0 new, 40 repeats\n0 posts labelled (model " + model_name() + ")\n");
}

TEST_CASE("run: while another one writes it exits with 11, silently while that one is young") {
  const Project project;
  REQUIRE(run_earshot(project, {"run"}).exit_code == 0);
  const auto holder = earshot::open_rocks_store(project.file("earshot.store"), {});
  REQUIRE(holder);

  const auto second = run_earshot(project, {"run"});
  CHECK(second.exit_code == 11);
  CHECK(second.err == "");

  const auto watched = run_earshot(project, {"run", "-v"});
  CHECK(watched.exit_code == 11);
  CHECK(watched.err.starts_with("earshot: earshot.store: process " + std::to_string(getpid())));
  CHECK(run_earshot(project, {"ingest"}).exit_code == 11);
}

TEST_CASE("run: a holder that has been at it for long is named") {
  const Project project;
  REQUIRE(run_earshot(project, {"run"}).exit_code == 0);
  const auto holder = earshot::open_rocks_store(project.file("earshot.store"), {});
  REQUIRE(holder);
  project.write("earshot.store/earshot.lock", "process 1, since 2020-01-01T00:00:00Z,");

  const auto second = run_earshot(project, {"run"});

  CHECK(second.exit_code == 11);
  CHECK(second.err ==
        "earshot: earshot.store: process 1, since 2020-01-01T00:00:00Z, is writing\n");
}

TEST_CASE("run: a report and a search work beside a writer") {
  const Project project;
  REQUIRE(run_earshot(project, {"run"}).exit_code == 0);
  const auto holder = earshot::open_rocks_store(project.file("earshot.store"), {});
  REQUIRE(holder);

  CHECK(run_earshot(project, {"report", "--since", "2026-08-01", "--until", "2026-09-01"})
            .exit_code == 0);
  CHECK(run_earshot(project, {"search", "late", "--format", "jsonl", "--limit", "3"}).exit_code ==
        0);
}

TEST_CASE(
    "run: asked to stop, it stops after the batch at hand, keeps its work and says which signal it "
    "was") {
  const TemporaryFolder capture;
  const Project project{60'000};
  const auto child = start_earshot(project, capture, {"run", "--summary-file", "summary.json"});
  std::this_thread::sleep_for(std::chrono::milliseconds{400});
  kill(child, SIGTERM);

  const int exit_code = wait_for(child);

  // On a fast machine the run may have ended before the signal came.
  CHECK((exit_code == 143 || exit_code == 0));
  if (project.has("summary.json"))
    CHECK(project.read("summary.json").find("\"exit_code\":" + std::to_string(exit_code)) !=
          std::string::npos);
  CHECK(run_earshot(project, {"run"}).exit_code == 0);
  CHECK(run_earshot(project, {"sources", "--format", "json"}).out.find(R"("posts":60000)") !=
        std::string::npos);
}

TEST_CASE("report: the window that nobody asked for is all of an old archive, and it says so") {
  const Project project;
  REQUIRE(run_earshot(project, {"run"}).exit_code == 0);

  const auto old = run_earshot(project, {"report", "--now", "2027-03-01T00:00:00Z"});
  CHECK(old.err ==
        "earshot: nothing is newer than 2026-08-29, so this is about all posts, from 2026-08-10 "
        "on; --since and "
        "--until ask for less\n");
  CHECK(old.exit_code == 0);

  const auto recent =
      run_earshot(project, {"report", "--now", "2026-09-01T00:00:00Z", "--format", "json"});
  CHECK(recent.err == "");
  CHECK(recent.out.find("2026-08-02T00:00:00Z") != std::string::npos);
}

TEST_CASE("report: --output writes the same bytes that stdout gets, whatever the threads") {
  const Project project;
  REQUIRE(run_earshot(project, {"run"}).exit_code == 0);
  const std::vector<std::string> ask{"report",     "--since",  "2026-08-01", "--until",
                                     "2026-09-01", "--format", "json"};
  const auto shown = run_earshot(project, ask);

  auto to_file = ask;
  to_file.insert(to_file.end(), {"--output", "report.json", "--threads", "1"});
  const auto silent = run_earshot(project, to_file);

  CHECK(silent.out == "");
  CHECK(silent.err == "");
  CHECK(project.read("report.json") == shown.out);
}

TEST_CASE("report: what is wrong with the question is said before the store is opened") {
  const Project project;
  const auto error_of = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "report");
    const auto ran = run_earshot(project, words);
    CHECK(ran.exit_code == 2);
    return ran.err;
  };
  CHECK(error_of({"--last", "soon"}) ==
        "earshot report: --last 'soon' is not a duration like 12h, 30d or 8w\n");
  CHECK(error_of({"--format", "pdf"}) ==
        "earshot report: --format must be text, json, csv, md, xlsx or html, not 'pdf'\n");
  CHECK(error_of({"--compare", "last"}) ==
        "earshot report: --compare must be none or previous, not 'last'\n");
}

TEST_CASE("report: an unknown view or metric is named with a guess") {
  const Project project;
  REQUIRE(run_earshot(project, {"run"}).exit_code == 0);
  const auto view = run_earshot(project, {"report", "planing"});
  CHECK(view.exit_code == 2);
  CHECK(view.err.find("did you mean 'planning'?") != std::string::npos);
  const auto metric = run_earshot(project, {"report", "--metric", "response_rat"});
  CHECK(metric.exit_code == 2);
  CHECK(metric.err.find("did you mean 'response_rate'?") != std::string::npos);
}

TEST_CASE("report: --list names the metrics without a config") {
  const TemporaryFolder folder;
  const auto list = run_earshot(folder, {"report", "--list"});
  CHECK(list.exit_code == 0);
  CHECK(list.out.find("response_rate") != std::string::npos);
}

TEST_CASE("classify: one object a line in the order of the lines, whatever the threads") {
  const TemporaryFolder folder;
  std::string posts;
  for (int i = 0; i < 5000; ++i)
    posts += R"({"id":)" + std::to_string(i) + R"(,"text":"the box number )" + std::to_string(i) +
             " came late\"}\n";

  const auto one = run_earshot(folder, {"classify", "--input", "jsonl", "--threads", "1"}, posts);
  const auto four = run_earshot(folder, {"classify", "--input", "jsonl", "--threads", "4"}, posts);

  CHECK(one.exit_code == 0);
  CHECK(one.err == "");
  CHECK(one.out == four.out);
  CHECK(std::ranges::count(one.out, '\n') == 5000);
  CHECK(one.out.starts_with(R"({"id":0,"sentiment":")"));
  CHECK(one.out.rfind(R"({"id":4999,"sentiment":")") != std::string::npos);
}

TEST_CASE("classify: plain text, with all five answers and nothing on stderr") {
  const TemporaryFolder folder;
  const auto ran =
      run_earshot(folder, {"classify"}, "I love it, wonderful and delicious, thank you\n");
  CHECK(ran.out.starts_with(R"({"sentiment":")"));
  for (const auto* member :
       {R"(","sentiment_p":)", R"("stance":)", R"("intents":[)", R"("lang":"en"})"})
    CHECK(ran.out.find(member) != std::string::npos);
  CHECK(ran.err == "");
}

TEST_CASE("classify: a language that the model does not speak is not guessed") {
  const TemporaryFolder folder;
  const std::string lines =
      "{\"text\":\"この店は最高です。また行きます\"}\n"
      "{\"text\":\"love it\",\"lang\":\"nl\"}\n";
  const auto ran = run_earshot(folder, {"classify", "--input", "jsonl"}, lines);
  CHECK(ran.exit_code == 0);
  CHECK(ran.out ==
        "{\"sentiment\":\"unsupported\",\"sentiment_p\":null,\"stance\":\"none\",\"intents\":[],"
        "\"lang\":\"ja\"}\n"
        "{\"sentiment\":\"unsupported\",\"sentiment_p\":null,\"stance\":\"none\",\"intents\":[],"
        "\"lang\":\"nl\"}\n");
}

TEST_CASE("classify: a bad line is an error in its place, and exit code 3") {
  const TemporaryFolder folder;
  const std::string lines =
      "{\"id\":\"a\\\"b\",\"text\":\"gut\",\"lang\":\"de\"}\n"
      "\n[1]\n{\"id\":1}\n{\"text\":1}\n{\"text\":\"a\"\n{\"text\":\"a\"} x\n\"\xff\"\n";

  const auto ran = run_earshot(folder, {"classify", "--input", "jsonl"}, lines);

  CHECK(ran.exit_code == 3);
  CHECK(ran.err == "earshot: 7 lines could not be read; the answers say why\n");
  CHECK(ran.out.starts_with(R"({"id":"a\"b","sentiment":)"));
  CHECK(ran.out.substr(ran.out.find('\n') + 1) ==
        "{\"error\":\"the line is empty\"}\n"
        "{\"error\":\"not a JSON object\"}\n"
        "{\"error\":\"there is no 'text'\"}\n"
        "{\"error\":\"the text is not a string\"}\n"
        "{\"error\":\"not valid JSON\"}\n"
        "{\"error\":\"not valid JSON\"}\n"
        "{\"error\":\"not UTF-8\"}\n");
}

TEST_CASE("classify: the text may be in another field, and its own lang is believed") {
  const TemporaryFolder folder;
  const auto ran = run_earshot(folder, {"classify", "--input", "jsonl", "--field", "body"},
                               R"({"body":"ok","lang":"nl"})");
  CHECK(ran.out.ends_with("\"lang\":\"nl\"}\n"));
  CHECK(ran.exit_code == 0);
}

TEST_CASE("train and evaluate: a model of one's own, from labelled lines") {
  const TemporaryFolder folder;
  std::string labelled;
  for (int i = 0; i < 30; ++i)
    labelled += "positive\tlovely fresh box " + std::to_string(i) +
                "\nnegative\tawful rotten box " + std::to_string(i) + "\nneutral\tthe box is box " +
                std::to_string(i) + "\n";
  folder.write("labelled.tsv", labelled);

  const auto trained = run_earshot(folder, {"train", "--output", "own.model", "--name", "own-1",
                                            "labelled.tsv", "--tune", "labelled.tsv"});
  REQUIRE(trained.exit_code == 0);
  CHECK(trained.err == "");
  CHECK(trained.out.starts_with("file"));

  const auto scored =
      run_earshot(folder, {"evaluate", "--model", "own.model", "--format", "json", "labelled.tsv"});
  CHECK(scored.out.starts_with(
      R"({"model":"own-1","files":[{"file":"labelled.tsv","rows":90,"accuracy":1.0000,)"));

  const auto broken = run_earshot(folder, {"evaluate", "--model", "labelled.tsv", "labelled.tsv"});
  CHECK(broken.exit_code == 2);
}

TEST_CASE("train: posts in other languages than the model's are not guessed at") {
  const TemporaryFolder folder;
  folder.write("labelled.tsv", "positive\tlovely box\nnegative\tawful box\nneutral\tthe box\n");
  const auto language = [&](const std::string& code) {
    return run_earshot(folder,
                       {"train", "--output", "own.model", "--language", code, "labelled.tsv"});
  };
  const auto sentiment_in = [&](const std::string& lang) {
    const auto out = run_earshot(folder, {"classify", "--input", "jsonl", "--model", "own.model"},
                                 R"({"text":"lovely box","lang":")" + lang + "\"}\n")
                         .out;
    return out.substr(0, out.find(','));
  };

  REQUIRE(language("nl").exit_code == 0);
  CHECK(sentiment_in("nl") == R"({"sentiment":"positive")");
  CHECK(sentiment_in("en") == R"({"sentiment":"unsupported")");
  REQUIRE(run_earshot(folder, {"train", "--output", "own.model", "labelled.tsv"}).exit_code == 0);
  CHECK(sentiment_in("en") == R"({"sentiment":"positive")");
  const auto wrong = language("english");
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.err == "earshot train: 'english' is no code of a language: two letters, as en\n");
}

TEST_CASE("evaluate: a file of stances is scored beside one of sentiment") {
  const TemporaryFolder folder;
  folder.write("mood.tsv", "positive\tlovely\n");
  folder.write("stance.tsv",
               "advocate\trecommendation\tI highly recommend this shop\n"
               "advocate\t-\tit is Monday\n");
  const auto text = run_earshot(folder, {"evaluate", "mood.tsv", "stance.tsv"});
  CHECK(text.exit_code == 0);
  CHECK(text.out.find("\n\nfile             rows  label            labelled    given      "
                      "precision         recall             F1\n"
                      "stance.tsv          2  advocate                2        1  "
                      "1.000 ± 0.000  0.500 ± 0.354  0.667 ± 0.314\n") != std::string::npos);

  const auto json = run_earshot(folder, {"evaluate", "--format", "json", "stance.tsv"}).out;
  CHECK(json.find(R"("files":[],"advocacy":[{"file":"stance.tsv","rows":2,"stance_macro_f1":)") !=
        std::string::npos);
  CHECK(json.find(R"("recommendation":{"labelled":1,"given":1,"precision":1.0000,)") !=
        std::string::npos);
}
