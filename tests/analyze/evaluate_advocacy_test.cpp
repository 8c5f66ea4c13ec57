#include "analyze/evaluate_advocacy.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_model.hpp"

using namespace earshot;

namespace {
Result<AdvocacyEvaluation> evaluate(std::string_view lines, FileHalf half = FileHalf::all) {
  const TemporaryFolder folder;
  std::ofstream{folder / "posts.tsv", std::ios::binary} << lines;
  auto result = evaluate_advocacy(tiny_model(), folder / "posts.tsv", half);
  if (!result) {
    const std::string place = folder / "posts.tsv";
    REQUIRE(result.error().kind == Error::Kind::format);
    REQUIRE(result.error().message.starts_with(place));
    return Error{result.error().kind, result.error().message.substr(place.size())};
  }
  CHECK(result->file == folder / "posts.tsv");
  return result;
}

std::string error_of(std::string_view lines) {
  const auto result = evaluate(lines);
  return result ? "no error" : result.error().message;
}
}  // namespace

TEST_CASE("evaluate advocacy: hits, given and wanted are counted by label") {
  const auto result = evaluate(
      "advocate\trecommendation\tany\tI highly recommend this wonderful shop\n"
      "advocate\t-\tany\tit is Monday\r\n"
      "\n"
      "none\tquestion,request\tany\thow do i cancel my order\n"
      "none\t-\tI highly recommend this great shop, wonderful\n");

  REQUIRE(result);
  CHECK(result->rows == 4);
  const LabelScore& advocate = result->stances[2];
  CHECK(advocate.hits == 1);
  CHECK(advocate.given == 2);
  CHECK(advocate.wanted == 2);
  CHECK(result->stances[1].hits == 1);
  CHECK(result->stances[0].wanted == 0);
  CHECK(result->intents[static_cast<std::size_t>(Intent::question)].hits == 1);
  CHECK(result->intents[static_cast<std::size_t>(Intent::request)].wanted == 1);
  CHECK(result->intents[static_cast<std::size_t>(Intent::request)].given == 0);
}

TEST_CASE("evaluate advocacy: a file of complaints tells of nothing else") {
  const auto result = evaluate(
      "complaint\t@shop terrible service, still waiting for my refund\n"
      "other\tI highly recommend this shop\n");

  REQUIRE(result);
  const auto& complaint = result->intents[static_cast<std::size_t>(Intent::complaint)];
  CHECK(complaint.hits == 1);
  CHECK(complaint.given == 1);
  CHECK(complaint.wanted == 1);
  CHECK(result->stances[2].given == 0);
  CHECK(result->intents[static_cast<std::size_t>(Intent::recommendation)].given == 0);
}

TEST_CASE("evaluate advocacy: ratios and their standard errors") {
  const LabelScore score{.hits = 6, .given = 8, .wanted = 10};

  CHECK(score.precision() == doctest::Approx(0.75));
  CHECK(score.precision_error() == doctest::Approx(std::sqrt(0.75 * 0.25 / 8)));
  CHECK(score.recall() == doctest::Approx(0.6));
  CHECK(score.recall_error() == doctest::Approx(std::sqrt(0.6 * 0.4 / 10)));
  CHECK(score.f1() == doctest::Approx(12.0 / 18));
  // J = 6 / 12; the slope of 2J / (1 + J) there is 2 / 1.5^2.
  CHECK(score.f1_error() == doctest::Approx(2 / 2.25 * std::sqrt(0.25 / 12)));
  CHECK(LabelScore{}.f1() == 0);
  CHECK(LabelScore{}.f1_error() == 0);

  AdvocacyEvaluation evaluation;
  evaluation.stances = {score, score, LabelScore{}};
  CHECK(evaluation.stance_macro_f1() == doctest::Approx(24.0 / 18 / 3));
  CHECK(evaluation.stance_macro_f1_error() ==
        doctest::Approx(std::sqrt(2.0) * score.f1_error() / 3));
}

TEST_CASE("evaluate advocacy: two halves make the whole") {
  std::string lines;
  for (int i = 0; i < 40; ++i) lines += "none\t-\tpost number " + std::string(i, 'x') + "\n";

  const auto all = evaluate(lines);
  const auto first = evaluate(lines, FileHalf::first), second = evaluate(lines, FileHalf::second);

  REQUIRE(all);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->rows + second->rows == all->rows);
  CHECK(first->rows >= 10);
  CHECK(second->rows >= 10);
}

TEST_CASE("evaluate advocacy: a line that can't be read is named") {
  CHECK(error_of("none\t-\tfine\nno tab\n") == ":2: no tab between label and text");
  CHECK(error_of("none\ttext\n") == ":1: no tab between intents and text");
  CHECK(error_of("none\tquestion,joy\ttext\n") == ":1: unknown intent 'joy'");
  CHECK(error_of("positive\ttext\n") ==
        ":1: unknown label 'positive', expected advocate, detractor, none, complaint or other");
  CHECK(error_of("\n\n") == ": no labelled line in it");
}

TEST_CASE("evaluate advocacy: the first label tells what a file is of") {
  const TemporaryFolder folder;
  const auto is_one = [&](std::string_view lines) {
    std::ofstream{folder / "posts.tsv", std::ios::binary} << lines;
    const auto answer = is_advocacy_file(folder / "posts.tsv");
    REQUIRE(answer);
    return *answer;
  };
  CHECK(is_one("\r\nnone\t-\ttext\n"));
  CHECK(is_one("other\ttext"));
  CHECK_FALSE(is_one("positive\ttext\n"));
  CHECK_FALSE(is_one("advocate of\ttext\n"));
  CHECK_FALSE(is_one(""));
  CHECK_FALSE(is_advocacy_file(folder / "none.tsv"));
}
