#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::test {

// A second reader of the two real archives, for figures worked out straight from the CSV: slow,
// plain, and with nothing of the program's in it but the hash that orders posts of one second.

using CsvRow = std::map<std::string, std::string>;  // by column

/// RFC 4180, one character at a time. Records with too few or too many fields are left out.
std::vector<CsvRow> read_csv(const std::string& path);

struct RawPost {
  std::string id, author, text, parent, place, channel;  ///< Parent: empty where it answers nobody.
  std::int64_t at = 0;                                   ///< Seconds since 1970, UTC.
  std::int64_t shares = 0;
};

struct RawArchive {
  std::vector<RawPost> posts;  ///< Each id once, in the order of time.

  /// Null for a post that is not in the archive.
  const RawPost* find(const std::string& id) const;

  std::map<std::string, std::size_t> by_id;
};

/// "Customer Support on Twitter"; `channels` names a column for the channel, empty: all "twitter".
RawArchive read_support_2017(const std::string& path, const std::string& channels = {});

/// "Twitter US Airline Sentiment".
RawArchive read_airlines_2015(const std::string& path);

/// A to Z in small letters, all else as it is.
std::string lower(std::string text);

/// A word of a text in lower case, without its sigil.
struct RawWord {
  std::string text;
  char sigil = 0;  ///< '@', '#' or none.
};

/// The words of a text, links left out.
std::vector<RawWord> raw_words(const std::string& text);

/// True if any of these is said: "late", "delay*" (what begins so), "on hold" (one after the
/// other), "@delta" (as a mention only; words without a sigil are found as mention and hashtag,
/// too).
bool says_any(const std::vector<RawWord>& words, const std::vector<std::string>& wanted);

/// What near-duplicates have in common: the words but for mentions and a leading "RT". Empty for a
/// text under eight words.
std::string sameness(const std::vector<RawWord>& words);

/// Midnight in New York, by the rule of daylight saving since 2007. `day` may run over the end of
/// the month by one.
std::int64_t new_york_midnight(int year, int month, int day);

}  // namespace earshot::test
