#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analyze/words.hpp"
#include "store/labels.hpp"

namespace earshot {

/// An entity is named by the words [first, first + count) of a post.
struct Naming {
  EntityIndex entity = no_entity;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// A post that names several entities, cut into parts that each are about the same ones. A part
/// ends like a clause, at punctuation, and also before "but", "while" and their like, before "and"
/// unless it joins two names, and before an "I" that follows a name.
class PostParts {
 public:
  /// A word, or the words that name a brand or a competitor.
  struct Token {
    std::uint64_t hash = 0;         ///< `word_hash` of the word without apostrophes; 0 for a name.
    EntityIndex party = no_entity;  ///< Where the name is one party's.
    bool named = false;             ///< It names a party.
    std::uint32_t begin = 0, end = 0;  ///< Bytes of the text.
  };
  struct Part {
    std::uint32_t first = 0, last = 0;  ///< Tokens [first, last); never empty.
    bool asks = false;
    bool foreign = false;               ///< In quotation marks, or after "RT @name".
    std::vector<EntityIndex> entities;  ///< Named in it, sorted; empty where it names none.
  };

  /// `words` are those of `text`, `namings` lie in them and are sorted by place; entities below
  /// `parties` are brand and competitors.
  void cut(std::string_view text, std::span<const Word> words, std::span<const Naming> namings,
           EntityIndex parties);

  std::span<const Token> tokens() const { return tokens_; }
  std::span<const Part> parts() const { return parts_; }

 private:
  class Cutting;
  std::vector<Token> tokens_;
  std::vector<Part> parts_;
};

}  // namespace earshot
