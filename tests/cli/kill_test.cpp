// SIGKILL at any moment of the main job, then a rerun: the same report, nothing lost, nothing
// doubled. And a report beside an ingest.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <random>
#include <thread>

#include "tests/cli/run_earshot.hpp"

namespace earshot::test {
namespace {

const std::string config =
    "[project]\nname = 'Corner Shop'\n"
    "[brand]\nquery = 'shop OR @corner'\nhandles = ['corner']\n"
    "[[competitor]]\nname = 'Mall'\nquery = 'mall'\n"
    "[[topic]]\nname = 'boxes'\nquery = 'box*'\n";

/// An archive of posts about the shop, with replies by its owner; a few come twice.
std::string archive(int posts) {
  std::string csv = "id,channel,author,text,created_at,in_reply_to,likes\n";
  for (int i = 0; i < posts; ++i) {
    const bool reply = i % 5 == 4;
    csv += fmt::format(
        "{0},forum,{1},\"{2} number {0} in the {3}, "
        "{4}\",2026-08-{5:02}T{6:02}:{7:02}:00Z,{8},{9}\n",
        i % 97 == 96 ? i - 50 : i, reply ? "corner" : fmt::format("author{}", i % 301),
        i % 3 == 0 ? "late box" : "good day", i % 4 == 0 ? "mall" : "shop",
        i % 7 == 0 ? "will it come today?" : "thanks", 1 + i * 28 / posts, i % 24, i % 60,
        reply ? std::to_string(i - 1) : "", i % 11);
  }
  return csv;
}

const std::vector<std::string> report{"report",     "--since",  "2026-08-01", "--until",
                                      "2026-09-01", "--format", "json",       "--evidence"};

struct Shop : TemporaryFolder {
  explicit Shop(const std::string& csv) {
    write("earshot.toml", config +
                              "[store]\npath = 'store'\n[[source]]\nname = 'posts'\ntype = "
                              "'csv'\npath = 'posts.csv'\n");
    write("posts.csv", csv);
  }
};

/// Starts the command, kills it after `delay`, and says whether that was in time.
bool kill_after(const TemporaryFolder& folder, const std::vector<std::string>& words,
                std::chrono::microseconds delay) {
  const TemporaryFolder capture;
  const auto child = start_earshot(folder, capture, words);
  std::this_thread::sleep_for(delay);
  kill(child, SIGKILL);
  return wait_for(child) == 128 + SIGKILL;
}

std::chrono::microseconds time_of(const TemporaryFolder& folder,
                                  const std::vector<std::string>& words) {
  const auto start = std::chrono::steady_clock::now();
  CHECK(run_earshot(folder, words).exit_code == 0);
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                               start);
}

}  // namespace

TEST_CASE("SIGKILL at 100 moments of ingest and analyze costs nothing but time") {
  const auto csv = archive(6'000);
  std::string expected;
  std::chrono::microseconds ingest_time{}, analyze_time{};
  {
    const Shop shop{csv};
    ingest_time = time_of(shop, {"ingest"});
    analyze_time = time_of(shop, {"analyze"});
    expected = run_earshot(shop, report).out;
  }
  REQUIRE(expected.size() > 5'000);

  std::mt19937 random{11};
  const auto moment = [&](std::chrono::microseconds whole) {
    return std::chrono::microseconds{
        static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(whole.count()))};
  };
  int kills = 0;
  for (int round = 0; kills < 100 && round < 200; ++round) {
    const Shop shop{csv};
    kills += kill_after(shop, {"ingest"}, moment(ingest_time)) ? 1 : 0;
    kills += kill_after(shop, {"ingest"}, moment(ingest_time)) ? 1 : 0;
    const auto ingested = run_earshot(shop, {"ingest"});
    REQUIRE(ingested.err == "");
    REQUIRE(ingested.exit_code == 0);
    kills += kill_after(shop, {"analyze"}, moment(analyze_time)) ? 1 : 0;
    REQUIRE(run_earshot(shop, {"analyze"}).exit_code == 0);

    const auto ran = run_earshot(shop, report);

    REQUIRE(ran.exit_code == 0);
    REQUIRE(ran.out == expected);
  }
  CHECK(kills >= 100);
}

TEST_CASE("a report during an ingest sees what is there and disturbs nothing") {
  const Shop shop{archive(20'000)};
  const TemporaryFolder capture;
  const auto child = start_earshot(shop, capture, {"ingest"});
  int reports = 0;
  for (int status = 0; waitpid(child, &status, WNOHANG) == 0;) {
    if (!shop.has("store/CURRENT")) continue;
    const auto ran = run_earshot(shop, report);
    CHECK((ran.exit_code == 0 || ran.exit_code == 10));  // 10: the store is being made
    reports += ran.exit_code == 0 ? 1 : 0;
  }
  CHECK(reports > 0);

  CHECK(run_earshot(shop, {"analyze"}).exit_code == 0);
  const Shop quiet{archive(20'000)};
  CHECK(run_earshot(quiet, {"ingest"}).exit_code == 0);
  CHECK(run_earshot(quiet, {"analyze"}).exit_code == 0);
  CHECK(run_earshot(shop, report).out == run_earshot(quiet, report).out);
}

TEST_CASE("SIGTERM ends an ingest between two pages and keeps what was acknowledged") {
  const Shop shop{archive(20'000)};
  const TemporaryFolder capture;
  const auto child = start_earshot(shop, capture, {"ingest"});
  std::this_thread::sleep_for(std::chrono::milliseconds{60});
  kill(child, SIGTERM);

  const auto code = wait_for(child);

  CHECK((code == 128 + SIGTERM || code == 0));
  CHECK(run_earshot(shop, {"ingest"}).exit_code == 0);
}

}  // namespace earshot::test
