#include "tests/support/raw_archive.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "store/post.hpp"

namespace earshot::test {

namespace {

std::int64_t days_from_civil(std::int64_t y, std::int64_t m,
                             std::int64_t d) {  // Hinnant's arithmetic
  y -= m <= 2 ? 1 : 0;
  const std::int64_t era = y / 400, yoe = y - era * 400;
  const std::int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/// "Tue Oct 31 22:10:47 +0000 2017"
std::int64_t support_time(const std::string& date) {
  char month[4] = {};
  int day = 0, hour = 0, minute = 0, second = 0, year = 0;
  REQUIRE(std::sscanf(date.c_str(), "%*3s %3s %d %d:%d:%d +0000 %d", month, &day, &hour, &minute,
                      &second, &year) == 6);
  const std::string months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto number = static_cast<std::int64_t>(months.find(month) / 3 + 1);
  return days_from_civil(year, number, day) * 86'400 + hour * 3600 + minute * 60 + second;
}

/// "2015-02-24 11:35:52 -0800"; all of the archive is of this offset.
std::int64_t airlines_time(const std::string& date) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  REQUIRE(std::sscanf(date.c_str(), "%d-%d-%d %d:%d:%d -0800", &year, &month, &day, &hour, &minute,
                      &second) == 6);
  REQUIRE(date.ends_with(" -0800"));
  return days_from_civil(year, month, day) * 86'400 + (hour + 8) * 3600 + minute * 60 + second;
}

/// Of two posts in one second the store takes that with the smaller hash of its id for the first.
RawArchive in_order_of_time(std::map<std::string, RawPost> posts) {
  RawArchive archive;
  for (auto& [id, post] : posts) archive.posts.push_back(std::move(post));
  std::ranges::sort(archive.posts, {}, [](const RawPost& post) {
    return std::pair{post.at, post_id_hash("twitter", post.id)};
  });
  for (std::size_t i = 0; i < archive.posts.size(); ++i) archive.by_id[archive.posts[i].id] = i;
  return archive;
}

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
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
  while (words >> word) out += ' ' + word.substr(0, word.find("http"));
  return out;
}

/// `wanted` in lower case, perhaps with a sigil before and a star behind.
bool is_word(const RawWord& word, std::string wanted) {
  if (wanted[0] == '@' || wanted[0] == '#') {
    if (word.sigil != wanted[0]) return false;
    wanted.erase(0, 1);
  }
  auto bare = word.text;  // without the possessive
  if (bare.size() > 2 && bare.ends_with("'s")) bare.erase(bare.size() - 2);
  if (wanted.back() != '*') return word.text == wanted || bare == wanted;
  wanted.pop_back();
  return word.text.starts_with(wanted);
}

int weekday_of(std::int64_t days) {  // 0 is Sunday; 1 January 1970 was a Thursday
  return static_cast<int>((days + 4) % 7);
}

std::int64_t nth_sunday(int year, int month, int n) {
  const auto first = days_from_civil(year, month, 1);
  return first + (7 - weekday_of(first)) % 7 + 7 * (n - 1);
}

}  // namespace

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

const RawPost* RawArchive::find(const std::string& id) const {
  const auto found = by_id.find(id);
  return found == by_id.end() ? nullptr : &posts[found->second];
}

RawArchive read_support_2017(const std::string& path, const std::string& channels) {
  std::map<std::string, RawPost> posts;
  for (const auto& row : read_csv(path)) {
    RawPost post{.id = row.at("tweet_id"),
                 .author = row.at("author_id"),
                 .text = row.at("text"),
                 .parent = row.at("in_response_to_tweet_id"),
                 .channel = channels.empty() ? "twitter" : row.at(channels),
                 .at = support_time(row.at("created_at"))};
    posts[post.id] = post;
  }
  return in_order_of_time(std::move(posts));
}

RawArchive read_airlines_2015(const std::string& path) {
  std::map<std::string, RawPost> posts;
  for (const auto& row : read_csv(path)) {
    RawPost post{.id = row.at("tweet_id"),
                 .author = row.at("name"),
                 .text = row.at("text"),
                 .place = row.at("tweet_location"),
                 .channel = "twitter",
                 .at = airlines_time(row.at("tweet_created")),
                 .shares = std::stoll(row.at("retweet_count"))};
    posts[post.id] = post;
  }
  return in_order_of_time(std::move(posts));
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

std::vector<RawWord> raw_words(const std::string& text) {
  std::vector<RawWord> words;
  RawWord word;
  for (const char c : without_links(text) + ' ') {
    if (in_word(c) || (c == '\'' && !word.text.empty())) {
      word.text += c;
      continue;
    }
    const bool glued = !word.text.empty();  // as in joe@example.org
    while (!word.text.empty() && word.text.back() == '\'') word.text.pop_back();
    if (!word.text.empty()) words.push_back(word);
    word = {.text = {}, .sigil = !glued && (c == '@' || c == '#') ? c : '\0'};
  }
  return words;
}

bool says_any(const std::vector<RawWord>& words, const std::vector<std::string>& wanted) {
  for (const auto& phrase : wanted) {
    std::istringstream parts{phrase};
    const std::vector<std::string> sequence{std::istream_iterator<std::string>{parts}, {}};
    for (std::size_t i = 0; i + sequence.size() <= words.size(); ++i) {
      std::size_t k = 0;
      while (k < sequence.size() && is_word(words[i + k], sequence[k])) ++k;
      if (k == sequence.size()) return true;
    }
  }
  return false;
}

std::string sameness(const std::vector<RawWord>& words) {
  std::string key;
  int count = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].sigil == '@') continue;
    if (i == 0 && words[i].sigil == 0 && words[i].text == "rt") continue;
    key += words[i].text + ' ';
    ++count;
  }
  return count < 8 ? std::string{} : key;
}

std::int64_t new_york_midnight(int year, int month, int day) {
  const auto days = days_from_civil(year, month, day);
  // Clocks change at two in the night of these Sundays, so after their midnight.
  const bool summer = days > nth_sunday(year, 3, 2) && days <= nth_sunday(year, 11, 1);
  return days * 86'400 + (summer ? 4 : 5) * 3600;
}

}  // namespace earshot::test
