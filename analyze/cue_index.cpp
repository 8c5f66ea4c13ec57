#include "analyze/cue_index.hpp"

#include <algorithm>
#include <cassert>

namespace earshot {
namespace {

std::uint64_t hash_in_phrase(std::string_view word) {
  return word == "_" ? 0 : word == "@" ? mention_word : word_hash(word);
}

}  // namespace

CueIndex::CueIndex() : slots_(slot_count) {
  for (const CuePhrases& group : cue_phrases) {
    for (std::string_view rest = group.phrases;;) {
      const std::size_t bar = rest.find('|');
      add(group.cue, rest.substr(0, bar));
      if (bar == std::string_view::npos) break;
      rest.remove_prefix(bar + 1);
    }
  }
  fill_slots();
}

void CueIndex::add(Cue cue, std::string_view words) {
  Phrase phrase;
  phrase.cue = cue;
  phrase.begin = static_cast<std::uint32_t>(words_.size());
  for (;;) {
    const std::size_t space = words.find(' ');
    words_.push_back(hash_in_phrase(words.substr(0, space)));
    ++phrase.length;
    if (space == std::string_view::npos) break;
    words.remove_prefix(space + 1);
  }
  const std::uint64_t first = words_[phrase.begin];
  const std::uint64_t second = phrase.length > 1 ? words_[phrase.begin + 1] : 0;
  assert(first != 0 && "a phrase begins with a word");
  if (second == 0) {
    phrase.key = first;
    beginnings_.first.add(first);
  } else {
    phrase.key = PhraseFilter::pair_of(first, second);
    beginnings_.pairs.add(phrase.key);
  }
  phrases_.push_back(phrase);
}

void CueIndex::fill_slots() {
  assert(phrases_.size() < 0xFFFF && "places in slots are of 16 bits");
  std::stable_sort(phrases_.begin(), phrases_.end(),
                   [](const Phrase& a, const Phrase& b) { return tag_of(a.key) < tag_of(b.key); });
  for (std::size_t begin = 0, end = 0; begin < phrases_.size(); begin = end) {
    const std::uint32_t tag = tag_of(phrases_[begin].key);
    while (end < phrases_.size() && tag_of(phrases_[end].key) == tag) ++end;
    slots_[slot_of(phrases_[begin].key)] = {tag, static_cast<std::uint16_t>(begin),
                                            static_cast<std::uint16_t>(end)};
  }
}

bool CueIndex::stands(const Phrase& phrase, std::span<const ClauseWord> words) const {
  if (words.size() < phrase.length) return false;
  for (std::size_t i = 0; i < phrase.length; ++i)
    if (words_[phrase.begin + i] != 0 && words_[phrase.begin + i] != words[i].hash) return false;
  return true;
}

}  // namespace earshot
