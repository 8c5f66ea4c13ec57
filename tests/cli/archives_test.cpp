// The main job on real archives, against figures worked out straight from the CSV by other code.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "analyze/advocacy.hpp"
#include "analyze/sentiment.hpp"
#include "store/post.hpp"
#include "tests/cli/run_earshot.hpp"
#include "tests/support/test_data.hpp"

namespace earshot::test {
namespace {

const std::string source_tree = EARSHOT_SOURCE_DIR;

// ---- the other code: a CSV file, words, days, all done plainly -------------------------------

using CsvRow = std::map<std::string, std::string>;

/// RFC 4180, one character at a time.
std::vector<CsvRow> read_csv(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::vector<std::vector<std::string>> records{{""}};
  bool quoted = false;
  for (char c = 0; file.get(c);) {
    if (quoted && c == '"' && file.peek() == '"') {
      records.back().back() += '"';
      file.get(c);
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      records.back().emplace_back();
    } else if (!quoted && c == '\n') {
      records.push_back({""});
    } else if (quoted || c != '\r') {
      records.back().back() += c;
    }
  }
  std::vector<CsvRow> rows;
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (records[i].size() != records[0].size()) continue;
    CsvRow row;
    for (std::size_t k = 0; k < records[0].size(); ++k) row[records[0][k]] = records[i][k];
    rows.push_back(row);
  }
  return rows;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// The text with its typographic signs as plain ones: quotes, dashes and emoji separate words, the
/// curly apostrophe does not.
std::string plain(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view{text}.substr(i);
    if (rest.starts_with("\xE2\x80\x99")) {
      out += '\'';
      i += 2;
    } else if (rest.starts_with("\xE2\x80\x8D") || rest.starts_with("\xEF\xB8\x8F")) {
      i += 2;
    } else if (rest.starts_with("\xE2")) {
      out += ' ';
      i += 2;
    } else if (rest.starts_with("\xF0")) {
      out += ' ';
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// The text in lower case without its links.
std::string without_links(const std::string& text) {
  std::istringstream words{lower(plain(text))};
  std::string out, word;
  while (words >> word)
    if (const auto link = word.find("http"); link != std::string::npos)
      out += ' ' + word.substr(0, link);
    else
      out += ' ' + word;
  return out;
}

/// True if `word` (lower case, perhaps with @) stands in the text by itself.
bool says(const std::string& text, const std::string& word) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !in_word(text[at - 1]);
    const auto end = at + word.size();
    if (starts && (end == text.size() || !in_word(text[end]))) return true;
  }
  return false;
}

/// What near-duplicates have in common; empty for a text under eight words.
std::string sameness(const std::string& text) {
  std::string key, word;
  int words = 0;
  bool mention = false;
  const auto push = [&] {
    while (!word.empty() && word.back() == '\'') word.pop_back();
    if (!word.empty() && !mention && !(words == 0 && key.empty() && word == "rt")) {
      key += word + ' ';
      ++words;
    }
    word.clear();
    mention = false;
  };
  for (const char c : without_links(text) + ' ') {
    if (in_word(c) || (c == '\'' && !word.empty())) {
      word += c;
    } else {
      push();
      mention = c == '@';
    }
  }
  return words < 8 ? std::string{} : key;
}

std::int64_t days_from_civil(std::int64_t y, std::int64_t m,
                             std::int64_t d) {  // Hinnant's arithmetic
  y -= m <= 2 ? 1 : 0;
  const std::int64_t era = y / 400, yoe = y - era * 400;
  const std::int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/// "Tue Oct 31 22:10:47 +0000 2017"
std::int64_t twitter_time(const std::string& date) {
  char month[4] = {};
  int day = 0, hour = 0, minute = 0, second = 0, year = 0;
  REQUIRE(std::sscanf(date.c_str(), "%*3s %3s %d %d:%d:%d +0000 %d", month, &day, &hour, &minute,
                      &second, &year) == 6);
  const std::string months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto number = static_cast<std::int64_t>(months.find(month) / 3 + 1);
  return days_from_civil(year, number, day) * 86'400 + hour * 3600 + minute * 60 + second;
}

struct Tweet {
  std::string id, author, text, parent;
  std::int64_t at = 0;
};

// ---- the program --------------------------------------------------------------------------

struct Figures {
  explicit Figures(const std::string& json) : document{parser.parse(json)} {}
  simdjson::dom::element metric(std::string_view name) {
    for (const auto metric : document["metrics"].get_array())
      if (std::string_view{metric["name"]} == name) return metric;
    FAIL("no metric ", name);
    return {};
  }
  simdjson::dom::parser parser;
  simdjson::dom::element document;
};

std::string whole_report(const TemporaryFolder& folder, const std::string& config,
                         const std::string& until) {
  const auto ran =
      run_earshot(folder, {"report", "--config", config, "--store", "store", "--format", "json",
                           "--since", "2008-01-01", "--until", until, "--now",
                           "2020-01-01T00:00:00Z", "--compare", "none"});
  CHECK(ran.exit_code == 0);
  return ran.out;
}

std::string ingest_and_label(const TemporaryFolder& folder, const std::string& name,
                             const std::string& archive) {
  const auto config = source_tree + "/configs/examples/" + name + ".toml";
  const auto mapping = source_tree + "/configs/mappings/" + name + ".toml";
  const auto ingested = run_earshot(
      folder, {"ingest", "--config", config, "--store", "store", "--mapping", mapping, archive});
  CHECK(ingested.exit_code == 0);
  CHECK(run_earshot(folder, {"analyze", "--config", config, "--store", "store"}).exit_code == 0);
  return ingested.out;
}

const std::vector<std::string> airlines{"@united",       "@usairways", "@americanair",
                                        "@southwestair", "@jetblue",   "@virginamerica"};

}  // namespace

TEST_CASE(
    "airlines 2015: distinct ids are stored, repeats are reported, share of voice is the CSV's") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const TemporaryFolder folder;
  const auto archive = data + "/corpora/airlines_2015.csv";

  const auto summary = ingest_and_label(folder, "airlines_2015", archive);
  CHECK(summary == "airlines_2015.csv: 14,640 rows, 14,485 new, 155 repeats\n");

  std::map<std::string, CsvRow> by_id;
  for (const auto& row : read_csv(archive)) by_id[row.at("tweet_id")] = row;
  CHECK(by_id.size() == 14'485);
  std::vector<CsvRow> rows;
  for (const auto& [id, row] : by_id) rows.push_back(row);
  // All of one offset, so this sorts by time; of two in one second the store takes the smaller hash
  // of the id for the first.
  std::ranges::sort(rows, {}, [](const CsvRow& row) {
    return std::pair{row.at("tweet_created"), post_id_hash("twitter", row.at("tweet_id"))};
  });
  std::set<std::string> seen;
  std::map<std::string, int> mentions;
  int collapsed = 0;
  for (const auto& row : rows) {
    const auto same = sameness(row.at("text"));
    if (!same.empty() && !seen.insert(same).second) {
      ++collapsed;
      continue;
    }
    for (const auto& airline : airlines)
      if ('@' + lower(row.at("name")) != airline && says(without_links(row.at("text")), airline))
        ++mentions[airline];
  }
  int all = 0;
  for (const auto& [airline, count] : mentions) all += count;
  REQUIRE(all > 10'000);

  Figures report{
      whole_report(folder, source_tree + "/configs/examples/airlines_2015.toml", "2016-01-01")};
  const auto share = report.metric("share_of_voice");
  CHECK(std::int64_t{share["numerator"]} == mentions["@united"]);
  CHECK(std::int64_t{share["denominator"]} == all);
  CHECK(double{share["value"]} ==
        doctest::Approx(100.0 * mentions["@united"] / all).epsilon(0.001));
  CHECK(std::int64_t{report.document["labels"]["collapsed"]} == collapsed);
}

TEST_CASE("airlines 2015: what it cannot give says so") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const TemporaryFolder folder;
  ingest_and_label(folder, "airlines_2015", data + "/corpora/airlines_2015.csv");

  Figures report{
      whole_report(folder, source_tree + "/configs/examples/airlines_2015.toml", "2016-01-01")};

  for (const auto* name : {"response_rate", "first_response_time", "sla_attainment",
                           "unanswered_demand", "conversation_rate"}) {
    CAPTURE(name);
    CHECK(report.metric(name)["value"].is_null());
    CHECK(std::string_view{report.metric(name)["not_measurable"]}.size() > 20);
  }
}

TEST_CASE("support 2017: share of voice, response rate and first response are the CSV's") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const TemporaryFolder folder;
  const auto archive = data + "/corpora/support_2017.csv";
  CHECK(ingest_and_label(folder, "support_2017", archive) ==
        "support_2017.csv: 5,000 rows, 5,000 new, 0 repeats\n");

  std::map<std::string, Tweet> tweets;
  for (const auto& row : read_csv(archive)) {
    Tweet tweet{row.at("tweet_id"), row.at("author_id"), row.at("text"),
                row.at("in_response_to_tweet_id"), twitter_time(row.at("created_at"))};
    tweets[tweet.id] = tweet;
  }
  CHECK(tweets.size() == 5'000);
  std::vector<const Tweet*> in_time;
  for (const auto& [id, tweet] : tweets) in_time.push_back(&tweet);
  std::ranges::stable_sort(in_time, {}, &Tweet::at);

  const std::vector<std::string> handles{"Delta", "AmericanAir", "SouthwestAir", "British_Airways"};
  std::set<std::string> seen;
  std::set<const Tweet*> items;
  for (const auto* tweet : in_time) {
    const bool own = std::ranges::count(handles, tweet->author) > 0;
    const auto same = tweet->parent.empty() && !own ? sameness(tweet->text) : std::string{};
    if (same.empty() || seen.insert(same).second) items.insert(tweet);
  }
  std::map<std::string, int> mentions;
  for (const auto* tweet : items)
    for (const auto& handle : handles)
      if (tweet->author != handle && says(without_links(tweet->text), lower(handle)))
        ++mentions[handle];
  int all = 0;
  for (const auto& [handle, count] : mentions) all += count;
  REQUIRE(mentions["Delta"] > 50);

  Figures report{
      whole_report(folder, source_tree + "/configs/examples/support_2017.toml", "2019-01-01")};
  CHECK(std::int64_t{report.metric("share_of_voice")["numerator"]} == mentions["Delta"]);
  CHECK(std::int64_t{report.metric("share_of_voice")["denominator"]} == all);

  // Who needs an answer. What a text asks for is the label's business; the rest is worked out here.
  auto model = SentimentModel::load(source_tree + "/configs/models/sentiment.model");
  REQUIRE(model);
  SentimentModel::Scratch scratch;
  AdvocacyScratch advocacy;
  const auto root_of = [&](const Tweet* tweet) {
    std::set<std::string> walked;
    while (!tweet->parent.empty() && walked.insert(tweet->id).second) {
      const auto parent = tweets.find(tweet->parent);
      if (parent == tweets.end()) return tweet->parent;
      tweet = &parent->second;
    }
    return tweet->id;
  };
  constexpr std::int64_t horizon = 7 * 86'400;
  std::vector<std::optional<std::int64_t>> answers;
  for (const auto* tweet : in_time) {
    if (tweet->author == "Delta" || !items.contains(tweet)) continue;
    const auto said =
        label_advocacy(tweet->text, model->score(tweet->text, scratch).sentiment, advocacy);
    if (said.only_thanks) continue;
    const auto parent = tweets.find(tweet->parent);
    const bool to_own = parent != tweets.end() && parent->second.author == "Delta";
    const bool addressed = says(lower(tweet->text), "@delta");
    const bool asks = said.intents.has(Intent::question) || said.intents.has(Intent::complaint) ||
                      said.intents.has(Intent::request);
    if (!to_own && !addressed && !(asks && says(without_links(tweet->text), "delta"))) continue;

    std::optional<std::int64_t> direct, in_thread;
    for (const auto* reply : in_time) {
      if (reply->author != "Delta" || reply->at < tweet->at || reply->at >= tweet->at + horizon)
        continue;
      if (reply->parent == tweet->id && !direct) direct = reply->at - tweet->at;
      const auto to = tweets.find(reply->parent);
      if (to != tweets.end() && to->second.author == tweet->author && reply->at > tweet->at &&
          root_of(reply) == root_of(tweet) && !in_thread)
        in_thread = reply->at - tweet->at;
    }
    answers.push_back(direct ? direct : in_thread);
  }
  const auto answered =
      std::ranges::count_if(answers, [](const auto& answer) { return answer.has_value(); });
  REQUIRE(answered > 50);
  const auto rate = report.metric("response_rate");
  CHECK(std::int64_t{rate["numerator"]} == answered);
  CHECK(std::int64_t{rate["denominator"]} == std::ssize(answers));

  // All are watched for the whole horizon, so the Kaplan-Meier median is the time at which half of
  // all have an answer.
  std::vector<std::int64_t> times;
  for (const auto& answer : answers)
    if (answer) times.push_back(*answer);
  std::ranges::sort(times);
  const auto half = (answers.size() + 1) / 2;
  REQUIRE(times.size() >= half);
  CHECK(double{report.metric("first_response_time")["value"]} ==
        doctest::Approx(static_cast<double>(times[half - 1])));
}

TEST_CASE(
    "the same archive twice, shuffled or split in ten gives the same bytes, and so do 1, 2 and 8 "
    "threads") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto archive = data + "/corpora/support_2017.csv";
  const auto config = source_tree + "/configs/examples/support_2017.toml";
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
