#include "analyze/features.hpp"

#include "analyze/feature_rows.hpp"

namespace earshot {
namespace {

/// Takes all features as they are.
struct Listing {
  std::vector<std::uint32_t>& words;
  std::vector<std::uint32_t>& characters;
  std::vector<WordSeen>& seen;
  void word(std::uint32_t row) { words.push_back(row); }
  void character(std::uint32_t row) { characters.push_back(row); }
  void token(std::uint64_t hash, bool negated) { seen.push_back({hash, negated}); }
};

}  // namespace

void extract_features(const TokenisedText& text, const TextStyle& style, Features& features) {
  features.words_.clear();
  features.characters_.clear();
  features.seen_.clear();
  Listing listing{features.words_, features.characters_, features.seen_};
  take_features(text, style, listing);
}

bool find_word_rows(std::string_view normalised, WordRows& rows) {
  TokenisedText text;
  text.read(normalised);
  if (text.tokens().size() != 1) return false;
  const Token& token = text.tokens().front();
  if (token.end - token.begin != normalised.size()) return false;
  rows = {token.hash, feature_row(token.hash), negated_row(token.hash)};
  return true;
}

}  // namespace earshot
