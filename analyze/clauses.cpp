#include "analyze/clauses.hpp"

#include <string>

namespace earshot {

class ClauseWords::Splitting {
 public:
  Splitting(ClauseWords& to, const TokenisedText& text, const PhraseFilter& filter)
      : to_{to},
        text_{text},
        filter_{filter},
        word_{to.words_.data()},
        candidate_{to.candidates_.data()} {}

  void run() {
    for (const Token& token : text_.tokens()) {
      switch (token.kind) {
        case TokenKind::word:
          put_word(token);
          break;
        case TokenKind::mention:
          if (follows_retweet()) foreign_ = true;
          put(mention_word);
          break;
        case TokenKind::link:
          end_clause(false);
          break;
        case TokenKind::punctuation:
          take_punctuation(text_.text_of(token), token.begin);
          break;
      }
    }
    end_clause(false);
    to_.word_count_ = count();
    to_.kept_ = static_cast<std::size_t>(candidate_ - to_.candidates_.data());
  }

 private:
  std::size_t count() const { return static_cast<std::size_t>(word_ - to_.words_.data()); }

  /// "don't" and "dont" are one word.
  void put_word(const Token& token) {
    if (!token.apostrophe) return put(token.hash);
    std::string& bare = to_.bare_;
    bare = text_.text_of(token);
    std::erase(bare, '\'');
    if (!bare.empty()) put(word_hash(bare));
  }

  void put(std::uint64_t hash) {
    if (count() > begin_) filter_last(hash);
    *word_++ = {hash, static_cast<std::uint32_t>(to_.clauses_.size()), quoted_ || foreign_};
  }

  /// Keeps the last word as a candidate if a phrase may begin with it and `next`.
  void filter_last(std::uint64_t next) {
    *candidate_ = static_cast<std::uint32_t>(count() - 1);
    candidate_ += filter_.may_begin(word_[-1].hash, next) ? 1 : 0;
  }

  void take_punctuation(std::string_view run, std::size_t begin) {
    for (std::size_t i = 0; i < run.size(); ++i) {
      switch (run[i]) {
        case '"':
          quoted_ = !quoted_;
          break;
        case '?':
          end_clause(true);
          break;
        case '.':
        case '!':
        case ',':
        case ';':
        case ':':
        case '(':
        case ')':
          end_clause(false);
          break;
        case '-':
          if (i == 0 && begin > 0 && text_.text()[begin - 1] == ' ') end_clause(false);
          break;
        default:
          break;
      }
    }
  }

  /// "... RT @name": what follows is the other's text, unless the post is nothing but that.
  bool follows_retweet() const { return count() > 3 && word_[-1].hash == word_hash("rt"); }

  void end_clause(bool asks) {
    const auto end = static_cast<std::uint32_t>(count());
    if (end > begin_) {
      filter_last(0);
      to_.clauses_.push_back({begin_, end, asks});
    } else if (asks && !to_.clauses_.empty()) {
      to_.clauses_.back().asks = true;
    }
    begin_ = end;
  }

  ClauseWords& to_;
  const TokenisedText& text_;
  const PhraseFilter& filter_;
  ClauseWord* word_;
  std::uint32_t* candidate_;
  std::uint32_t begin_ = 0;
  bool quoted_ = false;
  bool foreign_ = false;
};

void ClauseWords::split(const TokenisedText& text, const PhraseFilter& filter) {
  const std::size_t most = text.tokens().size() + 1;
  if (words_.size() < most) {
    words_.resize(most);
    candidates_.resize(most);
  }
  clauses_.clear();
  Splitting{*this, text, filter}.run();
}

}  // namespace earshot
