#include "analyze/tokens.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "analyze/byte_block.hpp"

namespace earshot {
namespace {

constexpr std::size_t block = 64;  // bytes, as many as a mask has bits

/// What each byte of a block is, a bit each.
struct BlockMasks {
  std::uint64_t word = 0, mark = 0, apostrophe = 0;
  std::uint64_t punctuation = 0;
};

BlockMasks masks_of(const char* from) {
  BlockMasks masks;
  for (std::size_t i = 0; i < block; i += ByteBlock::size) {
    const ByteBlock bytes{from + i};
    const std::uint32_t apostrophe = bytes.equal_to('\'');
    const std::uint32_t mark = bytes.between(mention_mark, link_mark);
    const std::uint32_t word = bytes.between('a', 'z') | bytes.equal_to('0') | bytes.equal_to('_') |
                               apostrophe | bytes.beyond_ascii();
    const std::uint32_t other = ~(word | mark | bytes.equal_to(' ')) & 0xFFFF;
    masks.word |= std::uint64_t{word} << i;
    masks.mark |= std::uint64_t{mark} << i;
    masks.apostrophe |= std::uint64_t{apostrophe} << i;
    masks.punctuation |= std::uint64_t{other} << i;
  }
  return masks;
}

bool is_word_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || byte == '0' || byte == '_' || byte == '\'' ||
         static_cast<unsigned char>(byte) >= 0x80;
}

bool is_punctuation(char byte) {
  return !is_word_byte(byte) && byte != ' ' && byte != mention_mark && byte != link_mark;
}

constexpr std::array<bool, 256> ends_clause = [] {
  std::array<bool, 256> ends{};
  for (const unsigned char byte : {'.', ',', '!', '?', ';', ':'}) ends[byte] = true;
  return ends;
}();

/// ":d", "<0", ";p": a short face whose mouth is a letter or a digit. `end` is the end of its eyes;
/// after the text are blanks.
bool has_letter_mouth(const char* text, std::size_t begin, std::size_t end) {
  if (end - begin > 2) return false;
  const char eyes = text[begin];
  if (eyes != ':' && eyes != ';' && eyes != '=' && eyes != '<') return false;
  const char mouth = text[end];
  if (mouth != 'd' && mouth != 'p' && mouth != 'o' && mouth != '0' && mouth != 's') return false;
  return !is_word_byte(text[end + 1]);
}

std::uint64_t hash_of(const char* text, std::size_t begin, std::size_t end) {
  std::uint64_t hash = word_hash_seed;
  for (; end - begin > 8; begin += 8) hash = extend_word_hash(hash, load_eight(text + begin));
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - 8 * (end - begin));
  return extend_word_hash(hash, load_eight(text + begin) & mask);
}

}  // namespace

class TokenisedText::Cutting {
 public:
  explicit Cutting(TokenisedText& to) : text_{to.text_.data() + front}, token_{to.tokens_.data()} {}

  /// Takes the tokens that begin in the block at `begin`.
  void cut(std::size_t begin) {
    const BlockMasks masks = masks_of(text_ + begin);
    std::uint64_t starts = (masks.word & ~(masks.word << 1)) | masks.mark |
                           (masks.punctuation & ~(masks.punctuation << 1));
    if (taken_ > begin) {
      if (taken_ - begin >= block) return;
      starts &= ~std::uint64_t{0} << (taken_ - begin);
    }
    while (starts != 0) {
      const auto bit = static_cast<unsigned>(std::countr_zero(starts));
      starts &= starts - 1;
      if ((masks.word >> bit & 1) != 0)
        take_word(begin + bit, length_in(masks.word, bit), masks.apostrophe >> bit, bit);
      else if ((masks.punctuation >> bit & 1) != 0)
        take_punctuation(begin + bit, length_in(masks.punctuation, bit), bit, starts);
      else
        put(begin + bit, begin + bit + 1,
            text_[begin + bit] == mention_mark ? TokenKind::mention : TokenKind::link);
    }
  }

  const Token* end() const { return token_; }

 private:
  static unsigned length_in(std::uint64_t mask, unsigned bit) {
    return static_cast<unsigned>(std::countr_one(mask >> bit));
  }

  /// `apostrophes` begin at the word. One at the block's end may go on.
  void take_word(std::size_t begin, unsigned length, std::uint64_t apostrophes, unsigned bit) {
    std::size_t end = begin + length;
    bool apostrophe = (apostrophes & (~std::uint64_t{0} >> (block - length))) != 0;
    if (bit + length == block)
      for (; is_word_byte(text_[end]); ++end) apostrophe |= text_[end] == '\'';
    put(begin, end, TokenKind::word);
    token_[-1].apostrophe = apostrophe;
  }

  void take_punctuation(std::size_t begin, unsigned length, unsigned bit, std::uint64_t& starts) {
    std::size_t end = begin + length;
    if (bit + length == block)
      while (is_punctuation(text_[end])) ++end;
    if (has_letter_mouth(text_, begin, end)) {
      if (bit + length < block) starts &= ~(std::uint64_t{1} << (bit + length));
      put(begin, end + 1, TokenKind::punctuation);
      return;
    }
    put(begin, end, TokenKind::punctuation);
    token_[-1].ends_clause = std::any_of(text_ + begin, text_ + end, [](char byte) {
      return ends_clause[static_cast<unsigned char>(byte)];
    });
  }

  void put(std::size_t begin, std::size_t end, TokenKind kind) {
    *token_++ = {hash_of(text_, begin, end), static_cast<std::uint32_t>(begin),
                 static_cast<std::uint32_t>(end), kind};
    taken_ = end;
  }

  const char* text_;
  Token* token_;
  std::size_t taken_ = 0;  ///< All before this is part of a token, or a blank.
};

void TokenisedText::read(std::string_view normalised) {
  size_ = normalised.size();
  if (text_.size() < front + size_ + 2 * block) text_.resize(front + size_ + 2 * block);
  if (tokens_.size() < size_) tokens_.resize(size_);  // One a byte at the most.
  char* const text = text_.data() + front;
  std::memset(text_.data(), ' ', front);
  std::copy(normalised.begin(), normalised.end(), text);
  std::memset(text + size_, ' ', block + 8);
  Cutting cutting{*this};
  for (std::size_t begin = 0; begin < size_; begin += block) cutting.cut(begin);
  count_ = static_cast<std::size_t>(cutting.end() - tokens_.data());
}

}  // namespace earshot
