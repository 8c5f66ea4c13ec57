#include "analyze/lexicon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <set>

#include "analyze/normalise.hpp"
#include "store/base/file.hpp"
#include "store/base/hash.hpp"

namespace earshot {
namespace {

constexpr std::uint64_t valence_bits = 0xFFFF;
constexpr double most_valence = 100;

constexpr std::uint64_t mix(std::uint64_t key) {
  return key * 0x9E3779B97F4A7C15;
}

/// Where the search for a key begins, among `count` slots.
std::size_t first_slot(std::uint64_t key, std::size_t count) {
  return static_cast<std::size_t>(mix(key) >> 32) & (count - 1);
}

std::int64_t valence_in(std::uint64_t slot) {
  return static_cast<std::int16_t>(slot & valence_bits);
}

Result<double> read_valence(std::string_view text, const std::string& place) {
  double valence = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), valence);
  if (error != std::errc{} || end != text.data() + text.size() ||
      !(std::abs(valence) <= most_valence))
    return Error{Error::Kind::format,
                 fmt::format("{}: '{}' is no number from -100 to 100", place, text.substr(0, 40))};
  return valence;
}

}  // namespace

Result<LexiconFile> read_lexicon(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  return parse_lexicon(*bytes, path);
}

Result<LexiconFile> parse_lexicon(std::string_view bytes, const std::string& path) {
  LexiconFile file;
  file.name = path.substr(path.rfind('/') + 1);
  file.hash = hash_bytes(bytes);
  std::string normalised;
  for (std::size_t number = 1; !bytes.empty(); ++number) {
    std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::string place = fmt::format("{}:{}", path, number);
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos)
      return Error{Error::Kind::format, place + ": no tab between valence and word"};
    const auto valence = read_valence(line.substr(0, tab), place);
    if (!valence) return valence.error();
    normalise(line.substr(tab + 1), normalised);
    WordRows word;
    if (find_word_rows(normalised, word))
      file.words.push_back({word.hash, static_cast<std::int16_t>(std::lround(*valence * 100))});
  }
  if (file.words.empty())
    return Error{Error::Kind::format, fmt::format("{}: no word with a valence in it", path)};
  return file;
}

std::vector<std::uint64_t> make_lexicon_slots(std::span<const LexiconWord> words) {
  std::set<std::uint64_t> known;
  std::vector<std::uint64_t> entries;
  for (const LexiconWord& word : words)
    if (known.insert(word.hash & ~valence_bits).second && word.valence != 0)
      entries.push_back((word.hash & ~valence_bits) | static_cast<std::uint16_t>(word.valence));
  if (entries.empty()) return {};
  std::vector<std::uint64_t> slots(std::bit_ceil(entries.size() + entries.size() / 2 + 1));
  for (const std::uint64_t entry : entries) {
    std::size_t at = first_slot(entry & ~valence_bits, slots.size());
    while (slots[at] != 0) at = (at + 1) & (slots.size() - 1);
    slots[at] = entry;
  }
  return slots;
}

bool are_lexicon_slots(std::span<const std::uint64_t> slots) {
  return slots.empty() || (std::has_single_bit(slots.size()) &&
                           std::find(slots.begin(), slots.end(), 0) != slots.end());
}

Lexicon::Lexicon(std::span<const std::uint64_t> slots) : slots_{slots}, maybe_(maybe_bits / 64) {
  for (const std::uint64_t slot : slots) {
    if (slot == 0) continue;
    const std::size_t bit = maybe_bit(slot);
    maybe_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
}

std::int64_t Lexicon::valence_of(std::uint64_t key) const {
  std::size_t at = first_slot(key, slots_.size());
  while (slots_[at] != 0 && (slots_[at] & ~valence_bits) != key)
    at = (at + 1) & (slots_.size() - 1);
  return valence_in(slots_[at]);
}

ValenceSums Lexicon::sum(std::span<const WordSeen> seen) const {
  ValenceSums sums;
  for (const WordSeen& word : seen) {
    if (!may_hold(word)) continue;
    const std::int64_t plain = valence_of(word.hash & ~valence_bits);
    const std::int64_t valence = word.negated ? -plain * 74 / 100 : plain;
    sums.positive += std::max<std::int64_t>(valence, 0);
    sums.negative += std::max<std::int64_t>(-valence, 0);
  }
  return sums;
}

}  // namespace earshot
