#include "analyze/share_correction.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "analyze/labelled_file.hpp"
#include "analyze/sentiment.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

namespace {

using Rows = std::array<SentimentCounts, 3>;

/// Of each class 8 in 10 get their label, and 1 in 10 each of the others.
constexpr Rows eight_in_ten{{{80, 10, 10}, {10, 80, 10}, {10, 10, 80}}};

Audit audit_of(const Rows& rows, const SentimentCounts& stream = {100, 100, 100}) {
  return {.frame = {.generation = 1, .window = {}, .stream = stream}, .at = {}, .rows = rows};
}

std::string why_not(const Rows& rows) {
  const ShareCorrection correction{audit_of(rows)};
  CHECK_FALSE(correction.correct({10, 20, 30}));
  return correction.why_not();
}

/// How far off the shares of negative and positive are, both together.
double error_of(const std::array<double, 3>& shares, const SentimentCounts& truth) {
  const auto n = static_cast<double>(sum_of(truth));
  return std::abs(shares[0] - static_cast<double>(truth[0]) / n) +
         std::abs(shares[2] - static_cast<double>(truth[2]) / n);
}

struct Labelled {
  std::size_t truth = 0, given = 0;
};

std::vector<Labelled> label_file(const SentimentModel& model, const std::string& path) {
  const auto file = read_labelled_file(path);
  REQUIRE(file);
  SentimentModel::Scratch scratch;
  std::vector<Labelled> rows;
  for (const auto& row : file->rows)
    rows.push_back({row.label, place_of(model.score(row.text, scratch).sentiment)});
  return rows;
}

/// Mean errors, plain and corrected: each half is the audit once, and the other is a stream from
/// which two of three posts of one class are missing, for each class in turn.
std::pair<double, double> errors_on(const std::vector<Labelled>& rows) {
  double plain = 0, corrected = 0;
  for (std::size_t half = 0; half < 2; ++half) {
    Audit audit;
    for (std::size_t i = half; i < rows.size(); i += 2) {
      ++audit.frame.stream[rows[i].given];
      ++audit.rows[rows[i].given][rows[i].truth];
    }
    const ShareCorrection correction{audit};
    REQUIRE(correction.why_not().empty());
    for (std::size_t rare = 0; rare < 3; ++rare) {
      SentimentCounts counted{}, truth{};
      for (std::size_t i = 1 - half, seen = 0; i < rows.size(); i += 2) {
        if (rows[i].truth == rare && seen++ % 3 != 0) continue;
        ++counted[rows[i].given];
        ++truth[rows[i].truth];
      }
      std::array<double, 3> shares{};
      for (std::size_t c = 0; c < 3; ++c)
        shares[c] = static_cast<double>(counted[c]) / static_cast<double>(sum_of(counted));
      plain += error_of(shares, truth) / 6;
      const auto result = correction.correct(counted);
      REQUIRE(result);
      for (std::size_t c = 0; c < 3; ++c) shares[c] = result->share[c].value;
      corrected += error_of(shares, truth) / 6;
    }
  }
  return {plain, corrected};
}

}  // namespace

TEST_CASE("share correction: the shares for which the labels would give what was counted") {
  // M = .7 I + .1 J, so p = (q - .1) / .7: 24, 59, 17 of 100 are 20, 70, 10.
  const ShareCorrection correction{audit_of(eight_in_ten)};
  const auto corrected = correction.correct({24, 59, 17});
  REQUIRE(corrected);
  CHECK(corrected->share[0].value == doctest::Approx(0.2));
  CHECK(corrected->share[1].value == doctest::Approx(0.7));
  CHECK(corrected->share[2].value == doctest::Approx(0.1));
  CHECK(corrected->net.value == doctest::Approx(-0.1));
  REQUIRE(corrected->polar);
  CHECK(corrected->polar->value == doctest::Approx(-1.0 / 3));
  CHECK(correction.why_not().empty());
  CHECK_FALSE(correction.correct({0, 0, 0}));
}

TEST_CASE("share correction: what falls below 0 is 0, and the rest is scaled") {
  // (q - .1) / .7 of 5, 80, 15 in 100 is -.0714, 1, .0714; without the first 1/1.0714,
  // .0714/1.0714.
  const auto corrected = ShareCorrection{audit_of(eight_in_ten)}.correct({5, 80, 15});
  REQUIRE(corrected);
  CHECK(corrected->share[0].value == 0);
  CHECK(corrected->share[1].value == doctest::Approx(14.0 / 15));
  CHECK(corrected->share[2].value == doctest::Approx(1.0 / 15));
}

TEST_CASE("share correction: in the window of the audit it gives what the audit found") {
  // The labels call 800 of 1,000 neutral, a tenth of which is negative: .08 + .08 + .01.
  const auto corrected =
      ShareCorrection{audit_of(eight_in_ten, {100, 800, 100})}.correct({100, 800, 100});
  REQUIRE(corrected);
  CHECK(corrected->share[0].value == doctest::Approx(0.17));
  CHECK(corrected->share[1].value == doctest::Approx(0.66));
  CHECK(corrected->share[2].value == doctest::Approx(0.17));
}

TEST_CASE("share correction: labels without an error change nothing") {
  const auto corrected =
      ShareCorrection{audit_of({{{50, 0, 0}, {0, 50, 0}, {0, 0, 50}}})}.correct({24, 59, 17});
  REQUIRE(corrected);
  CHECK(corrected->share[0].value == doctest::Approx(0.24));
  CHECK(corrected->share[2].value == doctest::Approx(0.17));
  CHECK(corrected->net.value == doctest::Approx(-0.07));
}

TEST_CASE("share correction: the interval holds the value and is wider than the plain one") {
  const ShareCorrection correction{audit_of(eight_in_ten)};
  for (const SentimentCounts& counts :
       {SentimentCounts{24, 59, 17}, SentimentCounts{240, 590, 170}, SentimentCounts{5, 80, 15},
        SentimentCounts{0, 3, 0}, SentimentCounts{1000, 0, 0}}) {
    const auto corrected = correction.correct(counts);
    REQUIRE(corrected);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& [value, interval] = corrected->share[i];
      CHECK(interval.low <= value);
      CHECK(value <= interval.high);
      CHECK(interval.low >= 0);
      CHECK(interval.high <= 1);
      CHECK(interval.low < interval.high);
    }
    CHECK(corrected->net.interval.low <= corrected->net.value);
    CHECK(corrected->net.value <= corrected->net.interval.high);
  }
  const auto corrected = correction.correct({240, 590, 170});
  const auto plain = *wilson_interval(240, 1000);
  const auto& interval = corrected->share[0].interval;
  CHECK(interval.high - interval.low > 1.3 * (plain.high - plain.low));
  CHECK(interval.method == "adjusted count, bootstrap");
}

TEST_CASE("share correction: more rows of the audit and more posts give a narrower interval") {
  const auto width = [](const Rows& rows, const SentimentCounts& counts) {
    const auto interval = ShareCorrection{audit_of(rows)}.correct(counts)->share[0].interval;
    return interval.high - interval.low;
  };
  constexpr Rows ten_times{{{800, 100, 100}, {100, 800, 100}, {100, 100, 800}}};
  const auto small = width(eight_in_ten, {240, 590, 170});
  CHECK(width(ten_times, {240, 590, 170}) < 0.8 * small);
  CHECK(width(ten_times, {24'000, 59'000, 17'000}) < 0.5 * small);
}

TEST_CASE("share correction: the interval is that of the errors' sum where little is clipped") {
  // By the delta method, p = (.2, .7, .1). The counts: sqrt(.24 x .76 / 1000) / .7 = .0193. The
  // audit: a row of label i and class j moves p[0] by c = p[j] (1 - M[0][j]) / .7 for i = 0, else
  // by -p[j] M[0][j] / .7; the variances of .7 c in the three groups of 100 rows are .0310, .0012
  // and .0022, so sqrt(.0343 / 100) / .7 = .0265. Together .0327, and 2 x 1.96 of these are .128.
  const auto corrected = ShareCorrection{audit_of(eight_in_ten)}.correct({240, 590, 170});
  const auto& interval = corrected->share[0].interval;
  CHECK(interval.high - interval.low == doctest::Approx(0.128).epsilon(0.07));
}

TEST_CASE("share correction: the same audit and counts give the same digits") {
  const auto once = ShareCorrection{audit_of(eight_in_ten)}.correct({24, 59, 17});
  const auto twice = ShareCorrection{audit_of(eight_in_ten)}.correct({24, 59, 17});
  CHECK(once->share[0].interval == twice->share[0].interval);
  CHECK(once->net.interval == twice->net.interval);
}

TEST_CASE("share correction: an audit that says too little corrects nothing, and says why") {
  CHECK(why_not({{{80, 10, 0}, {10, 80, 1}, {10, 10, 0}}}) ==
        "it has 1 positive post, and needs 5 of each kind");
  CHECK(why_not({{{0, 10, 10}, {0, 80, 10}, {0, 10, 80}}}) ==
        "it has 0 negative posts, and needs 5 of each kind");
  CHECK(why_not({{{34, 33, 33}, {33, 34, 33}, {33, 33, 34}}}) ==
        "the labels tell the three kinds apart too badly");
  CHECK(why_not({{{20, 20, 20}, {20, 20, 20}, {20, 20, 20}}}) ==
        "the labels tell the three kinds apart too badly");
}

TEST_CASE("share correction: on posts of other class shares it beats plain counting") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto model = SentimentModel::load(EARSHOT_SOURCE_DIR "/configs/models/sentiment.model");
  REQUIRE(model);
  int better = 0;
  for (const auto* name : {"brand_dev", "goemotions_dev", "umsab_english_dev", "tweeteval_dev"}) {
    const auto rows = label_file(*model, data + "/sentiment/" + name + ".tsv");
    const auto [plain, corrected] = errors_on(rows);
    MESSAGE(std::string{name} << ", n = " << rows.size() << ": plain " << plain << ", corrected "
                              << corrected);
    better += corrected < plain ? 1 : 0;
  }
  CHECK(better >= 3);
}
