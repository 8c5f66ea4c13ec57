// The main job on real archives: what is stored, what a report of it must say, and that the way in
// changes nothing.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "tests/cli/archives_support.hpp"
#include "tests/support/test_data.hpp"

namespace earshot::test {

TEST_CASE("airlines 2015: distinct ids are stored and repeats are reported") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const TemporaryFolder folder;
  CHECK(ingest_and_label(folder, "airlines_2015", data + "/corpora/airlines_2015.csv") ==
        "airlines_2015.csv: 14,640 rows, 14,485 new, 155 repeats\n");
}

TEST_CASE("airlines 2015: what it cannot give says so") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const TemporaryFolder folder;
  ingest_and_label(folder, "airlines_2015", data + "/corpora/airlines_2015.csv");

  const Figures report{
      report_on(folder, example_config("airlines_2015"), "2008-01-01", "2016-01-01")};

  for (const auto* name : {"response_rate", "first_response_time", "sla_attainment",
                           "unanswered_demand", "conversation_rate"}) {
    CAPTURE(name);
    CHECK(report.metric(name)["value"].is_null());
    CHECK(std::string_view{report.metric(name)["not_measurable"]}.size() > 20);
  }
}

TEST_CASE(
    "the same archive twice, shuffled or split in ten gives the same bytes, and so do 1, 2 and 8 "
    "threads") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto archive = data + "/corpora/support_2017.csv";
  const auto config = example_config("support_2017");
  const auto mapping = source_tree + "/configs/mappings/support_2017.toml";
  std::vector<std::string> records;  // a record may hold new lines
  {
    std::ifstream file{archive, std::ios::binary};
    std::string record, line;
    while (std::getline(file, line)) {
      record += line + '\n';
      if (std::ranges::count(record, '"') % 2 != 0) continue;
      records.push_back(std::exchange(record, {}));
    }
  }
  const std::string header = records[0];
  records.erase(records.begin());
  const auto report_of = [&](const std::vector<std::vector<std::string>>& runs,
                             const std::string& threads) {
    const TemporaryFolder folder;
    for (const auto& run : runs) {
      std::string part = header;
      for (const auto& record : run) part += record;
      folder.write("part.csv", part);
      CHECK(run_earshot(folder, {"ingest", "--config", config, "--store", "store", "--mapping",
                                 mapping, "--threads", threads, "--name", "twcs", "part.csv"})
                .exit_code == 0);
    }
    CHECK(run_earshot(folder,
                      {"analyze", "--config", config, "--store", "store", "--threads", threads})
              .exit_code == 0);
    const auto ran =
        run_earshot(folder, {"report", "--config", config, "--store", "store", "--threads", threads,
                             "--since", "2017-10-01", "--until", "2017-12-01", "--evidence",
                             "--explain", "--format", "json"});
    CHECK(ran.exit_code == 0);
    return ran.out;
  };

  const auto once = report_of({records}, "2");
  CHECK(once.size() > 10'000);

  auto shuffled = records;
  std::uint64_t state = 42;
  for (std::size_t i = shuffled.size() - 1; i > 0; --i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    std::swap(shuffled[i], shuffled[(state >> 33) % (i + 1)]);
  }
  std::vector<std::vector<std::string>> tenths(10);
  for (std::size_t i = 0; i < records.size(); ++i) tenths[i % 10].push_back(records[i]);

  CHECK(report_of({records, records}, "2") == once);
  CHECK(report_of({shuffled}, "2") == once);
  CHECK(report_of(tenths, "2") == once);
  CHECK(report_of({records}, "1") == once);
  CHECK(report_of({records}, "8") == once);
}

}  // namespace earshot::test
