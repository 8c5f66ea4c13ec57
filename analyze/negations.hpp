#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyze/tokens.hpp"

namespace earshot {

inline constexpr std::array<std::string_view, 44> negations{
    "not",     "no",        "never",    "none",     "nothing", "nobody",  "neither", "nor",
    "cannot",  "without",   "hardly",   "barely",   "don't",   "dont",    "doesn't", "doesnt",
    "didn't",  "didnt",     "isn't",    "isnt",     "wasn't",  "wasnt",   "aren't",  "arent",
    "weren't", "can't",     "cant",     "couldn't", "couldnt", "won't",   "wont",    "wouldn't",
    "wouldnt", "shouldn't", "shouldnt", "ain't",    "aint",    "haven't", "havent",  "hasn't",
    "hasnt",   "hadn't",    "nicht",    "n't"};

inline constexpr std::array<std::uint64_t, negations.size()> negation_hashes = [] {
  std::array<std::uint64_t, negations.size()> hashes{};
  for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = word_hash(negations[i]);
  return hashes;
}();

/// Which values of ten bits of a hash occur among the negations: rules out nearly all words with
/// one look.
constexpr std::size_t negation_slot(std::uint64_t hash) {
  return (hash >> 24) & 0x3FF;
}
inline constexpr std::array<bool, 1024> maybe_negation = [] {
  std::array<bool, 1024> maybe{};
  for (const std::uint64_t hash : negation_hashes) maybe[negation_slot(hash)] = true;
  return maybe;
}();

/// True of the hash of a word after which others may mean their opposite.
inline bool is_negation(std::uint64_t word) {
  return maybe_negation[negation_slot(word)] &&
         std::find(negation_hashes.begin(), negation_hashes.end(), word) != negation_hashes.end();
}

}  // namespace earshot
