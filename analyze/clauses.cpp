#include "analyze/clauses.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace earshot {
namespace {

constexpr std::size_t block = 64;  // bytes, as many as a mask has bits

bool is_word_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || byte == '0' || byte == '_' ||
         static_cast<unsigned char>(byte) >= 0x80;
}

/// Eight bytes as a number, the first byte lowest.
std::uint64_t load(const char* from) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
  }
  std::uint64_t bytes = 0;
  for (unsigned i = 0; i < 8; ++i)
    bytes |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
  return bytes;
}

constexpr std::uint64_t all(std::uint64_t byte) {
  return byte * 0x0101010101010101;
}

/// The top bit of each byte, together.
std::uint64_t gather(std::uint64_t bytes) {
  return ((bytes & all(0x80)) >> 7) * 0x0102040810204080 >> 56;
}

/// What each byte of a block is, a bit each.
struct BlockMasks {
  std::uint64_t word = 0;
  std::uint64_t other = 0;  ///< Neither of a word nor blank.
};

BlockMasks masks_of(const char* from) {
  BlockMasks masks;
  for (std::size_t i = 0; i < block; i += 8) {
    const std::uint64_t bytes = load(from + i), low = bytes & all(0x7F);
    // Sums of two 7-bit numbers set the top bit and don't spill into the next byte.
    const auto is = [&](char byte) {
      return ~((low ^ all(static_cast<unsigned char>(byte))) + all(0x7F));
    };
    const std::uint64_t letter = (low + all(0x80 - 'a')) & ~(low + all(0x7F - 'z'));
    const std::uint64_t word = letter | is('0') | is('_') | bytes;
    masks.word |= gather(word) << i;
    masks.other |= gather(~(word | is(' '))) << i;
  }
  return masks;
}

}  // namespace

class ClauseWords::Splitting {
 public:
  Splitting(ClauseWords& to, const WordFilter& filter)
      : to_{to},
        filter_{filter},
        text_{to.text_.data()},
        word_{to.words_.data()},
        candidate_{to.candidates_.data()} {}

  void run() {
    std::uint64_t inside = 0;  // 1 if the last block ended in a word
    for (std::size_t begin = 0; begin < to_.size_; begin += block) {
      const BlockMasks masks = masks_of(text_ + begin);
      std::uint64_t events = (masks.word & ~(masks.word << 1 | inside)) | masks.other;
      inside = masks.word >> 63;
      for (; events != 0; events &= events - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(events));
        if ((masks.word >> bit & 1) != 0)
          put_word(begin + bit, static_cast<unsigned>(std::countr_one(masks.word >> bit)) + bit);
        else
          put_other(begin + bit);
      }
    }
    end_clause(false);
    to_.word_count_ = count();
    to_.kept_ = static_cast<std::size_t>(candidate_ - to_.candidates_.data());
  }

 private:
  std::size_t count() const { return static_cast<std::size_t>(word_ - to_.words_.data()); }

  /// `last` is the bit after the word's last in its block; at the block's end the word may go on.
  void put_word(std::size_t begin, unsigned last) {
    std::size_t end = begin / block * block + last;
    if (last == block)
      while (is_word_byte(text_[end])) ++end;
    std::uint64_t hash = word_hash_seed;
    for (; end - begin > 8; begin += 8) hash = extend_word_hash(hash, load(text_ + begin));
    const std::uint64_t mask = ~std::uint64_t{0} >> (64 - 8 * (end - begin));
    put(extend_word_hash(hash, load(text_ + begin) & mask));
  }

  void put(std::uint64_t hash) {
    *candidate_ = static_cast<std::uint32_t>(count());
    candidate_ += filter_.may_hold(hash) ? 1 : 0;
    *word_++ = {hash, static_cast<std::uint32_t>(to_.clauses_.size()), quoted_ || foreign_};
  }

  void put_other(std::size_t at) {
    switch (text_[at]) {
      case mention_mark:
        if (follows_retweet()) foreign_ = true;
        return put(mention_word);
      case '"':
        quoted_ = !quoted_;
        return;
      case '?':
        return end_clause(true);
      case '.':
      case '!':
      case ',':
      case ';':
      case ':':
      case '(':
      case ')':
      case link_mark:
        return end_clause(false);
      case '-':
        if (at > 0 && text_[at - 1] == ' ') end_clause(false);
        return;
      default:
        return;
    }
  }

  /// "... RT @name": what follows is the other's text, unless the post is nothing but that.
  bool follows_retweet() const { return count() > 3 && word_[-1].hash == word_hash("rt"); }

  void end_clause(bool asks) {
    const auto end = static_cast<std::uint32_t>(count());
    if (end > begin_)
      to_.clauses_.push_back({begin_, end, asks});
    else if (asks && !to_.clauses_.empty())
      to_.clauses_.back().asks = true;
    begin_ = end;
  }

  ClauseWords& to_;
  const WordFilter& filter_;
  const char* text_;
  ClauseWord* word_;
  std::uint32_t* candidate_;
  std::uint32_t begin_ = 0;
  bool quoted_ = false;
  bool foreign_ = false;
};

/// "don't" and "dont" are one word.
void ClauseWords::copy_without_apostrophes(std::string_view text) {
  if (text_.size() < text.size() + 2 * block) text_.resize(text.size() + 2 * block);
  char* to = text_.data();
  const char* from = text.data();
  const char* const end = from + text.size();
  while (from != end) {
    const auto rest = static_cast<std::size_t>(end - from);
    const auto* stop = static_cast<const char*>(std::memchr(from, '\'', rest));
    const auto length = stop == nullptr ? rest : static_cast<std::size_t>(stop - from);
    std::memcpy(to, from, length);
    to += length;
    from += length;
    if (stop == nullptr) break;
    const bool inside =
        to != text_.data() && is_word_byte(to[-1]) && from + 1 != end && is_word_byte(from[1]);
    if (!inside) *to++ = '\'';
    ++from;
  }
  size_ = static_cast<std::size_t>(to - text_.data());
  std::memset(to, ' ', block + 8);
}

void ClauseWords::split(std::string_view normalised, const WordFilter& filter) {
  copy_without_apostrophes(normalised);
  if (words_.size() <= size_) {  // A word a byte at the most, as mentions are.
    words_.resize(size_ + 1);
    candidates_.resize(size_ + 1);
  }
  clauses_.clear();
  Splitting{*this, filter}.run();
}

}  // namespace earshot
