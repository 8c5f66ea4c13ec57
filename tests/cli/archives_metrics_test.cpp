// The figures on real archives against the same figures worked out straight from the CSV by other
// code (tests/support/raw_archive*.hpp). Of a text only what it asks for is the program's word.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "analyze/advocacy.hpp"
#include "analyze/sentiment.hpp"
#include "tests/cli/archives_support.hpp"
#include "tests/support/raw_archive.hpp"
#include "tests/support/raw_archive_checks.hpp"
#include "tests/support/raw_archive_counts.hpp"
#include "tests/support/test_data.hpp"

namespace earshot::test {
namespace {

constexpr std::int64_t hour = 3600, day = 24 * hour;

RawProject airlines_project() {
  RawProject project;
  for (const auto& [name, handle] : std::initializer_list<std::pair<std::string, std::string>>{
           {"United", "united"},
           {"US Airways", "usairways"},
           {"American", "americanair"},
           {"Southwest", "southwestair"},
           {"JetBlue", "jetblue"},
           {"Virgin America", "virginamerica"}})
    project.parties.push_back({name, {'@' + handle}, {handle}});
  project.topics = {{"delays", {"delay*", "late", "on hold", "waiting", "stuck"}},
                    {"cancellations", {"cancel*", "rebook*"}},
                    {"baggage", {"bag", "bags", "baggage", "luggage", "suitcase"}},
                    {"staff", {"crew", "staff", "agent*", "attendant*", "pilot", "rude"}}};
  for (const auto& row : read_csv(source_tree + "/configs/examples/airlines_2015_places.csv")) {
    std::vector<std::string> words;
    std::istringstream parts{row.at("pattern")};
    bool quoted = false;
    for (std::string part; parts >> part;) {
      if (part == "OR") continue;
      const bool goes_on = quoted;
      quoted = part.starts_with('"') || (quoted && !part.ends_with('"'));
      std::erase(part, '"');
      if (goes_on)
        words.back() += ' ' + part;
      else
        words.push_back(part);
    }
    project.places.push_back({words, row.at("region")});
  }
  return project;
}

const std::vector<RawEntity> support_topics{
    {"delays", {"delay*", "late", "waiting", "stuck"}},
    {"baggage", {"bag", "bags", "baggage", "luggage", "suitcase"}},
    {"booking", {"book*", "reservation", "rebook*", "website", "app", "refund"}},
    {"staff", {"crew", "staff", "agent*", "attendant*", "pilot", "rude"}}};

RawProject support_project() {
  return {.parties = {{"Delta", {"delta"}, {"Delta"}},
                      {"American", {"americanair"}, {"AmericanAir"}},
                      {"Southwest", {"southwestair"}, {"SouthwestAir"}},
                      {"British Airways", {"british_airways"}, {"British_Airways"}}},
          .topics = support_topics,
          .urgent = {"stranded", "missed connection", "emergency"},
          .sla = {hour, 4 * hour, day}};
}

/// What the labels say that a text asks for.
class Wishes {
 public:
  Wishes() {
    auto loaded = SentimentModel::load(source_tree + "/configs/models/sentiment.model");
    REQUIRE(loaded);
    model_ = std::make_unique<SentimentModel>(*std::move(loaded));
  }
  RawWish operator()(const RawPost& post) {
    const auto feeling = model_->score(post.text, scratch_);
    const auto said = label_advocacy(scratch_.text, feeling, advocacy_);
    const auto has = [&](Intent intent) { return said.intents.has(intent); };
    return {has(Intent::question), has(Intent::complaint), has(Intent::request),
            has(Intent::purchase_intent), said.only_thanks};
  }

 private:
  std::unique_ptr<SentimentModel> model_;
  SentimentModel::Scratch scratch_;
  AdvocacyScratch advocacy_;
};

constexpr std::int64_t long_after = 1'577'836'800;  // 2020-01-01T00:00:00Z

}  // namespace

TEST_CASE("airlines 2015: the whole archive counts as the CSV does") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const TemporaryFolder folder;
  const auto file = data + "/corpora/airlines_2015.csv";
  ingest_and_label(folder, "airlines_2015", file);
  const auto archive = read_airlines_2015(file);
  CHECK(archive.posts.size() == 14'485);
  const auto project = airlines_project();
  const auto facts = raw_facts(archive, project, [](const RawPost&) { return RawWish{}; });
  const auto config = example_config("airlines_2015");

  const Figures whole{report_on(folder, config, "2008-01-01", "2016-01-01")};
  const RawCounts all{
      project, facts, {new_york_midnight(2008, 1, 1), new_york_midnight(2016, 1, 1), long_after}};
  REQUIRE(all.items_about(0).size() > 3'000);
  check_volume(all, whole);
  check_share_of_voice(all, whole);
  check_channels(all, whole);
  check_voices(all, whole);
  check_regions(all, whole);

  // The last three days that are whole, and the three before.
  const Figures three_days{report_on(folder, config, "2015-02-21", "2015-02-24")};
  const RawCounts counts{
      project, facts, {new_york_midnight(2015, 2, 21), new_york_midnight(2015, 2, 24), long_after}};
  check_volume(counts, three_days);
  check_days(counts, three_days, 2015, 2, 21);
  check_share_of_voice(counts, three_days);
  check_share_of_shares(counts, three_days);
  check_voices(counts, three_days);
  check_regions(counts, three_days);
  check_returning(counts, three_days, new_york_midnight(2015, 2, 18));
}

TEST_CASE("support 2017: November, all of autumn, and autumn while it lasts, are the CSV's") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const TemporaryFolder folder;
  const auto file = data + "/corpora/support_2017.csv";
  CHECK(ingest_and_label(folder, "support_2017", file) ==
        "support_2017.csv: 5,000 rows, 5,000 new, 0 repeats\n");
  const auto archive = read_support_2017(file);
  CHECK(archive.posts.size() == 5'000);
  const auto project = support_project();
  Wishes wishes;
  const auto facts = raw_facts(archive, project, std::ref(wishes));

  struct Span {
    std::string since, until, now;
    RawWindow window;
    std::int64_t before;
    std::vector<std::int64_t> mondays;
  };
  const auto midnight = new_york_midnight;
  std::vector<std::int64_t> mondays;  // 2 October is one
  for (int number = 2; number <= 30; number += 7) mondays.push_back(midnight(2017, 10, number));
  const std::vector<std::int64_t> november{midnight(2017, 11, 6), midnight(2017, 11, 13),
                                           midnight(2017, 11, 20), midnight(2017, 11, 27)};
  mondays.insert(mondays.end(), november.begin(), november.end());
  const auto noon = midnight(2017, 11, 27) + 12 * hour;
  const std::vector<Span> spans{
      {"2017-11-01",
       "2017-12-01",
       "2020-01-01T00:00:00Z",
       {midnight(2017, 11, 1), midnight(2017, 12, 1), long_after},
       midnight(2017, 10, 2),
       november},
      {"2017-10-01",
       "2017-12-01",
       "2020-01-01T00:00:00Z",
       {midnight(2017, 10, 1), midnight(2017, 12, 1), long_after},
       midnight(2017, 8, 1),
       mondays},
      // Then some still wait, and are seen to have waited for less than the horizon.
      {"2017-10-01",
       "2017-12-01",
       "2017-11-27T17:00:00Z",
       {midnight(2017, 10, 1), midnight(2017, 12, 1), noon},
       midnight(2017, 8, 1),
       mondays}};
  for (const auto& span : spans) {
    CAPTURE(span.since);
    CAPTURE(span.now);
    const Figures report{
        report_on(folder, example_config("support_2017"), span.since, span.until, span.now)};
    const RawCounts counts{project, facts, span.window};
    REQUIRE(counts.items_about(0).size() > 30);
    check_volume(counts, report);
    check_share_of_voice(counts, report);
    check_channels(counts, report);
    check_voices(counts, report);
    check_returning(counts, report, span.before);
    const auto inbox = counts.inbox();
    check_response(inbox, report);
    check_waits(inbox, report);
    if (span.now == "2017-11-27T17:00:00Z")
      CHECK(std::ranges::any_of(inbox, [](const RawWait& wait) {
        return !wait.answered && wait.observed < RawCounts::horizon;
      }));
    check_targets(project, inbox, report);
    check_dialogue(counts, report);
    check_responders(counts, report);
    check_continuity(counts, report, span.mondays);
    check_reciprocity(archive, counts, report);
  }
  const Figures report{
      report_on(folder, example_config("support_2017"), "2017-11-01", "2017-12-01")};
  check_days(RawCounts{project, facts, spans[0].window}, report, 2017, 11, 1);
}

TEST_CASE("support 2017: four handles on four channels share out the answers as in the CSV") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const TemporaryFolder folder;
  // The archive is of one channel and each airline has one handle. So here all four are one
  // business, and a column more says where a post was written: by the number of who wrote it.
  std::string csv = "tweet_id,author_id,created_at,text,in_response_to_tweet_id,venue\n";
  for (auto& row : read_csv(data + "/corpora/support_2017.csv")) {
    const auto& author = row.at("author_id");
    const std::array<std::string, 4> venues{"north", "south", "east", "north"};
    const bool number = author.find_first_not_of("0123456789") == std::string::npos;
    row["venue"] = number ? venues[std::stoul(author) % 4] : "desk";
    for (const auto* column :
         {"tweet_id", "author_id", "created_at", "text", "in_response_to_tweet_id", "venue"}) {
      csv += '"';
      for (const char c : row.at(column)) csv += c == '"' ? std::string{"\"\""} : std::string{c};
      csv += std::string_view{column} == "venue" ? "\"\n" : "\",";
    }
  }
  const auto file = folder.write("venues.csv", csv);
  const auto mapping = folder.write("mapping.toml", R"(
format = "csv"
network = "twitter"
date_format = "%a %b %d %H:%M:%S %z %Y"
[columns]
id = "tweet_id"
author_id = "author_id"
text = "text"
posted_at = "created_at"
parent = "in_response_to_tweet_id"
channel = "venue"
)");
  const auto config = folder.write("earshot.toml", R"(
[project]
timezone = "America/New_York"
[brand]
name = "Airlines"
query = "delta OR americanair OR southwestair OR british_airways"
handles = ["Delta", "AmericanAir", "SouthwestAir", "British_Airways"]
[[topic]]
name = "delays"
query = "delay* OR late OR waiting OR stuck"
[inbox]
sla = ["1h", "4h", "24h"]
)");
  ingest_and_label(folder, config, mapping, file);
  const auto archive = read_support_2017(file, "venue");
  RawProject project{.parties = {{"Airlines",
                                  {"delta", "americanair", "southwestair", "british_airways"},
                                  {"Delta", "AmericanAir", "SouthwestAir", "British_Airways"}}},
                     .topics = {support_topics[0]},
                     .sla = {hour, 4 * hour, day}};
  Wishes wishes;
  const auto facts = raw_facts(archive, project, std::ref(wishes));
  const Figures report{report_on(folder, config, "2017-10-01", "2017-12-01")};
  const RawCounts counts{
      project, facts, {new_york_midnight(2017, 10, 1), new_york_midnight(2017, 12, 1), long_after}};

  check_volume(counts, report);
  check_channels(counts, report);
  CHECK(double{report.metric("channel_breadth")["value"]} > 2);
  check_voices(counts, report);
  const auto inbox = counts.inbox();
  check_response(inbox, report);
  CHECK(report.metric("channel_parity")["value"].is_number());
  check_waits(inbox, report);
  check_targets(project, inbox, report);
  check_dialogue(counts, report);
  check_responders(counts, report);
  CHECK(double{report.figure("responder_concentration", "parts", "bus factor")["value"]} > 1);
  check_reciprocity(archive, counts, report);
}

}  // namespace earshot::test
