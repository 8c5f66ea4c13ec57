#include "analyze/features.hpp"

#include <algorithm>
#include <array>

namespace earshot {
namespace {

// One multiplication spreads a sum of products over the high bits; the constants are odd and have
// no meaning.
constexpr std::uint64_t spread = 0x9E3779B97F4A7C15;
constexpr std::uint64_t word_base = 0x9FB21C651E98DF25;
constexpr std::uint64_t word_seed = 0xCBF29CE484222325;
constexpr std::uint64_t pair_salt = 0xC2B2AE3D27D4EB4F;
constexpr std::uint64_t negated_salt = 0x27D4EB2F165667C5;
constexpr std::uint64_t style_salt = 0x165667B19E3779F9;
constexpr std::array<std::uint64_t, 5> gram_base{0x2545F4914F6CDD1D, 0xD6E8FEB86659FD93,
                                                 0xA0761D6478BD642F, 0xE7037ED1A0B428DB,
                                                 0x8EBC6AF09C88C6E3};

constexpr std::uint32_t row_of(std::uint64_t hash) {
  hash ^= hash >> 32;
  return static_cast<std::uint32_t>((hash * spread) >> (64 - feature_bits));
}

/// Up to eight bytes as a number, the first byte lowest.
constexpr std::uint64_t pack(std::string_view bytes) {
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    packed |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return packed;
}

constexpr std::uint64_t extend(std::uint64_t hash, std::uint64_t packed) {
  hash = (hash ^ packed) * word_base;
  return hash ^ (hash >> 29);
}

constexpr std::uint64_t hash_word(std::string_view word) {
  std::uint64_t hash = word_seed;
  for (; word.size() > 8; word.remove_prefix(8)) hash = extend(hash, pack(word.substr(0, 8)));
  return extend(hash, pack(word));
}

/// The same as `hash_word(text.substr(begin, end - begin))`, with one load for a short word that is
/// not the last.
std::uint64_t hash_word_in(std::string_view text, std::size_t begin, std::size_t end) {
  if (end - begin > 8 || begin + 8 > text.size()) return hash_word(text.substr(begin, end - begin));
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - 8 * (end - begin));
  return extend(word_seed, pack(text.substr(begin, 8)) & mask);
}

/// After these a word may mean its opposite.
constexpr std::array<std::string_view, 44> negations{
    "not",     "no",        "never",    "none",     "nothing", "nobody",  "neither", "nor",
    "cannot",  "without",   "hardly",   "barely",   "don't",   "dont",    "doesn't", "doesnt",
    "didn't",  "didnt",     "isn't",    "isnt",     "wasn't",  "wasnt",   "aren't",  "arent",
    "weren't", "can't",     "cant",     "couldn't", "couldnt", "won't",   "wont",    "wouldn't",
    "wouldnt", "shouldn't", "shouldnt", "ain't",    "aint",    "haven't", "havent",  "hasn't",
    "hasnt",   "hadn't",    "nicht",    "n't"};

constexpr std::array<std::uint64_t, negations.size()> negation_hashes = [] {
  std::array<std::uint64_t, negations.size()> hashes{};
  for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = hash_word(negations[i]);
  return hashes;
}();

/// Which values of ten bits of a hash occur among the negations: rules out nearly all words with
/// one look.
constexpr std::size_t negation_slot(std::uint64_t hash) {
  return (hash >> 24) & 0x3FF;
}
constexpr std::array<bool, 1024> maybe_negation = [] {
  std::array<bool, 1024> maybe{};
  for (const std::uint64_t hash : negation_hashes) maybe[negation_slot(hash)] = true;
  return maybe;
}();

bool is_negation(std::uint64_t hash) {
  return maybe_negation[negation_slot(hash)] &&
         std::find(negation_hashes.begin(), negation_hashes.end(), hash) != negation_hashes.end();
}

constexpr std::uint64_t but = hash_word("but");
constexpr unsigned negation_reach = 4;  // words

/// 0 blank, 1 word, 2 punctuation, 3 punctuation that ends a clause.
constexpr std::array<std::uint8_t, 256> byte_class = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t byte = 0; byte < classes.size(); ++byte) classes[byte] = byte == ' ' ? 0 : 2;
  for (std::size_t byte = 'a'; byte <= 'z'; ++byte) classes[byte] = 1;
  for (std::size_t byte = 0x80; byte <= 0xFF; ++byte) classes[byte] = 1;
  for (const unsigned char byte : {'0', '_', '\'', mention_mark, link_mark}) classes[byte] = 1;
  for (const unsigned char byte : {'.', ',', '!', '?', ';', ':'}) classes[byte] = 3;
  return classes;
}();

std::uint8_t class_of(char byte) {
  return byte_class[static_cast<unsigned char>(byte)];
}

struct Token {
  std::uint64_t hash = word_seed;
  std::size_t end = 0;
  bool word = false;
  bool ends_clause = false;
};

/// ":d", "<0", ";p": a short face whose mouth is a letter or a digit. `end` is the end of its eyes.
bool has_letter_mouth(std::string_view text, std::size_t begin, std::size_t end) {
  if (end - begin > 2 || end >= text.size()) return false;
  const char eyes = text[begin];
  if (eyes != ':' && eyes != ';' && eyes != '=' && eyes != '<') return false;
  const char mouth = text[end];
  if (mouth != 'd' && mouth != 'p' && mouth != 'o' && mouth != '0' && mouth != 's') return false;
  return end + 1 == text.size() || class_of(text[end + 1]) != 1;
}

/// The token that starts at `begin`, which is no blank.
Token read_token(std::string_view text, std::size_t begin) {
  Token token;
  std::size_t at = begin;
  token.word = class_of(text[at]) == 1;
  if (token.word) {
    while (at < text.size() && class_of(text[at]) == 1) ++at;
  } else {
    for (; at < text.size() && class_of(text[at]) >= 2; ++at)
      token.ends_clause |= class_of(text[at]) == 3;
    if (has_letter_mouth(text, begin, at)) {
      ++at;
      token.ends_clause = false;
    }
  }
  token.hash = hash_word_in(text, begin, at);
  token.end = at;
  return token;
}

std::uint32_t* put_words(std::string_view text, std::uint32_t* to, WordSeen*& seen) {
  std::uint64_t before = word_seed;
  unsigned negated = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const Token token = read_token(text, at);
    at = token.end;
    *to++ = row_of(token.hash);
    *to++ = row_of(before * pair_salt + token.hash);
    before = token.hash;
    bool reached = false;
    if (token.ends_clause || token.hash == but) {
      negated = 0;
    } else if (token.word && is_negation(token.hash)) {
      negated = negation_reach;
    } else if (negated > 0) {
      --negated;
      reached = true;
      *to++ = row_of(token.hash + negated_salt);
    }
    *seen++ = {token.hash, reached};
  }
  return to;
}

/// 0, 1, 2, 3 to 4, 5 to 8, ... as 0, 1, 2, 3, 4, ...
constexpr std::uint32_t step_of(std::size_t count) {
  std::uint32_t step = 0;
  for (std::size_t reach = 1; step < 12 && count >= reach; ++step)
    reach = reach < 2 ? 2 : reach * 2 - 1;
  return step;
}

std::uint32_t* put_style(const TextStyle& style, std::size_t length, std::uint32_t* to) {
  const std::uint32_t loud = style.letters < 8 ? 0 : style.capitals * 8 / style.letters;
  const std::array<std::uint32_t, 8> steps{loud,
                                           step_of(style.exclamations),
                                           step_of(style.questions),
                                           step_of(style.elongations),
                                           step_of(style.mentions),
                                           step_of(style.links),
                                           step_of(style.hashtags),
                                           step_of(length / 16)};
  for (std::uint32_t i = 0; i < steps.size(); ++i)
    *to++ = row_of((std::uint64_t{i} * 64 + steps[i] + 1) * style_salt);
  return to;
}
constexpr std::size_t style_features = 8;

/// The character at `at`, which it moves on. `text` is UTF-8.
std::uint64_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(at++);
  if (first < 0x80) return first;
  std::uint32_t character = first;
  while (at < text.size() && (byte(at) & 0xC0U) == 0x80) character = character << 8 | byte(at++);
  return character;
}

constexpr unsigned gram_shift = 64 - feature_bits;

/// The high bits of such a sum hash well as they are (multiply-shift), so there is no further
/// mixing.
std::uint32_t* put_grams(std::string_view text, std::uint32_t* to) {
  // The text is read as if a blank stood before and after it. `c1` is the character before `c0`,
  // and so on.
  std::uint64_t c0 = ' ', c1 = 0, c2 = 0, c3 = 0, c4 = 0;
  std::size_t at = 0;
  const auto move_on = [&] {
    c4 = c3;
    c3 = c2;
    c2 = c1;
    c1 = c0;
    c0 = at < text.size() ? next_character(text, at) : (++at, std::uint64_t{' '});
  };
  const auto put = [&](std::uint64_t sum) {
    *to++ = static_cast<std::uint32_t>(sum >> gram_shift);
  };
  const auto three = [&] { return c0 * gram_base[0] + c1 * gram_base[1] + c2 * gram_base[2]; };
  for (unsigned read = 2; read <= 4 && at <= text.size(); ++read) {
    move_on();
    if (read >= 3) put(three());
  }
  while (at <= text.size()) {
    move_on();
    const std::uint64_t sum = three();
    put(sum);
    put(sum + c3 * gram_base[3] + c4 * gram_base[4]);
  }
  return to;
}

}  // namespace

void extract_features(std::string_view normalised, const TextStyle& style, Features& features) {
  constexpr std::size_t most_words = 3;  // a byte
  constexpr std::size_t most_grams = 2;  // a byte
  const std::size_t room = (most_words + most_grams) * (normalised.size() + 1) + style_features;
  if (features.rows_.size() < room) features.rows_.resize(room);
  std::uint32_t* const begin = features.rows_.data();
  if (features.seen_.size() < normalised.size()) features.seen_.resize(normalised.size());
  WordSeen* seen = features.seen_.data();
  std::uint32_t* const middle =
      put_style(style, normalised.size(), put_words(normalised, begin, seen));
  features.seen_count_ = static_cast<std::size_t>(seen - features.seen_.data());
  features.words_ = static_cast<std::size_t>(middle - begin);
  features.characters_ = static_cast<std::size_t>(put_grams(normalised, middle) - middle);
}

bool find_word_rows(std::string_view normalised, WordRows& rows) {
  if (normalised.empty() || normalised[0] == ' ') return false;
  const Token token = read_token(normalised, 0);
  if (token.end != normalised.size()) return false;
  rows = {token.hash, row_of(token.hash), row_of(token.hash + negated_salt)};
  return true;
}

}  // namespace earshot
