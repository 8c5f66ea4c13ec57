#include "analyze/advocacy.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "analyze/advocacy_cues.hpp"
#include "analyze/normalise.hpp"

namespace earshot {
namespace {

using Word = AdvocacyScratch::Word;
using Clause = AdvocacyScratch::Clause;

constexpr std::uint64_t hash_seed = 0xCBF29CE484222325;
constexpr std::uint64_t extend(std::uint64_t hash, char byte) {
  return (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
}
constexpr std::uint64_t hash_of(std::string_view word) {
  std::uint64_t hash = hash_seed;
  for (const char byte : word) hash = extend(hash, byte);
  return hash;
}
constexpr std::string_view mention{&mention_mark, 1};

// ---- The phrases, found by the hash of their first word ----

struct Phrase {
  Cue cue = Cue::recommend;
  std::string_view words;
  std::uint64_t first = 0;   ///< Hash of the first word,
  std::uint64_t second = 0;  ///< and of the second; 0 if there is none or it may be any.
};

constexpr std::uint64_t hash_in_phrase(std::string_view word) {
  return word.empty() || word == "_" ? 0 : hash_of(word == "@" ? mention : word);
}

constexpr std::size_t phrase_count = [] {
  std::size_t count = 0;
  for (const CuePhrases& group : cue_phrases)
    count +=
        1 + static_cast<std::size_t>(std::count(group.phrases.begin(), group.phrases.end(), '|'));
  return count;
}();

constexpr std::size_t buckets = 1024;
constexpr std::size_t bucket_of(std::uint64_t hash) {
  return (hash >> 20) % buckets;
}

struct PhraseIndex {
  std::array<Phrase, phrase_count> phrases{};
  std::array<std::uint16_t, buckets + 1>
      begin{};  ///< Bucket i has phrases [begin[i], begin[i + 1]).
};

constexpr std::array<Phrase, phrase_count> split_phrases() {
  std::array<Phrase, phrase_count> all{};
  std::size_t count = 0;
  for (const CuePhrases& group : cue_phrases) {
    std::string_view rest = group.phrases;
    for (;;) {
      const std::size_t bar = rest.find('|');
      const std::string_view words = rest.substr(0, bar);
      const std::size_t space = words.find(' ');
      const std::string_view more =
          space == std::string_view::npos ? std::string_view{} : words.substr(space + 1);
      all[count++] = {group.cue, words, hash_in_phrase(words.substr(0, space)),
                      hash_in_phrase(more.substr(0, more.find(' ')))};
      if (bar == std::string_view::npos) break;
      rest.remove_prefix(bar + 1);
    }
  }
  return all;
}

constexpr PhraseIndex index = [] {
  PhraseIndex made;
  const std::array<Phrase, phrase_count> all = split_phrases();
  for (const Phrase& phrase : all) ++made.begin[bucket_of(phrase.first) + 1];
  for (std::size_t i = 0; i < buckets; ++i)
    made.begin[i + 1] = static_cast<std::uint16_t>(made.begin[i + 1] + made.begin[i]);
  std::array<std::uint16_t, buckets> used{};
  for (const Phrase& phrase : all) {
    const std::size_t bucket = bucket_of(phrase.first);
    made.phrases[static_cast<std::size_t>(made.begin[bucket] + used[bucket]++)] = phrase;
  }
  return made;
}();

/// Does the phrase stand at the front of `words`?
bool match(std::string_view phrase, std::span<const Word> words) {
  for (const Word& word : words) {
    const std::size_t space = phrase.find(' ');
    const std::string_view expected = phrase.substr(0, space);
    if (expected == "@" ? word.text != mention : expected != "_" && expected != word.text)
      return false;
    if (space == std::string_view::npos) return true;
    phrase.remove_prefix(space + 1);
  }
  return false;
}

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// ---- The text as words and clauses ----

bool is_word_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || byte == '0' || byte == '_' ||
         static_cast<unsigned char>(byte) >= 0x80;
}

class Splitter {
 public:
  explicit Splitter(AdvocacyScratch& scratch) : scratch_{scratch} {}

  void run() {
    scratch_.words.clear();
    scratch_.clauses.clear();
    remove_apostrophes();
    const std::string_view text = scratch_.lowered;
    for (std::size_t at = 0; at < text.size();) {
      if (is_word_byte(text[at]))
        at = put_word(text, at);
      else
        put_other(text, at++);
    }
    end_clause(false);
  }

 private:
  /// "don't" and "dont" are one word.
  void remove_apostrophes() {
    std::string& text = scratch_.lowered;
    std::size_t to = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool inside = text[at] == '\'' && to > 0 && is_word_byte(text[to - 1]) &&
                          at + 1 < text.size() && is_word_byte(text[at + 1]);
      if (!inside) text[to++] = text[at];
    }
    text.resize(to);
  }

  std::size_t put_word(std::string_view text, std::size_t begin) {
    std::uint64_t hash = hash_seed;
    std::size_t at = begin;
    for (; at < text.size() && is_word_byte(text[at]); ++at) hash = extend(hash, text[at]);
    put(text.substr(begin, at - begin), hash);
    return at;
  }

  void put_other(std::string_view text, std::size_t at) {
    switch (text[at]) {
      case mention_mark:
        if (follows_retweet()) foreign_ = true;
        return put(text.substr(at, 1), hash_of(mention));
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
        if (at > 0 && text[at - 1] == ' ') end_clause(false);
        return;
      default:
        return;
    }
  }

  /// "... RT @name": what follows is the other's text, unless the post is nothing but that.
  bool follows_retweet() const {
    return scratch_.words.size() > 3 && scratch_.words.back().text == "rt";
  }

  void put(std::string_view text, std::uint64_t hash) {
    scratch_.words.push_back(
        {text, hash, static_cast<std::uint32_t>(scratch_.clauses.size()), quoted_ || foreign_});
  }

  void end_clause(bool asks) {
    const auto end = static_cast<std::uint32_t>(scratch_.words.size());
    if (end > begin_)
      scratch_.clauses.push_back({begin_, end, asks});
    else if (asks && !scratch_.clauses.empty())
      scratch_.clauses.back().asks = true;
    begin_ = end;
  }

  AdvocacyScratch& scratch_;
  std::uint32_t begin_ = 0;
  bool quoted_ = false;
  bool foreign_ = false;
};

// ---- What the phrases found say together ----

/// How often each cue occurs, and what its place in the text adds.
struct Findings {
  std::array<unsigned, cue_count> counts{};
  unsigned advocates = 0;  ///< One past the last clause that advocates; 0: none.
  unsigned detracts = 0;
  bool advises = false;
  bool question = false;
  bool request = false;  ///< By its form: "can you ... ?"
  bool mentions = false;

  bool has(Cue cue) const { return counts[static_cast<std::size_t>(cue)] > 0; }
  unsigned count(Cue cue) const { return counts[static_cast<std::size_t>(cue)]; }
};

class Reader {
 public:
  Reader(const AdvocacyScratch& scratch, Sentiment sentiment)
      : scratch_{scratch}, sentiment_{sentiment} {}

  Findings run() {
    for (std::size_t i = 0; i < scratch_.words.size(); ++i) read_at(i);
    for (const Clause& clause : scratch_.clauses) read_question(clause);
    return findings_;
  }

 private:
  void read_at(std::size_t at) {
    const Word& word = scratch_.words[at];
    if (word.text == mention) findings_.mentions = true;
    if (word.quoted) return;
    const Clause& clause = clause_of(word);
    const std::span<const Word> rest{scratch_.words.data() + at, clause.end - at};
    const std::uint64_t next = rest.size() > 1 ? rest[1].hash : 0;
    const std::size_t bucket = bucket_of(word.hash);
    for (std::size_t i = index.begin[bucket]; i < index.begin[bucket + 1]; ++i) {
      const Phrase& phrase = index.phrases[i];
      if (phrase.first != word.hash || (phrase.second != 0 && phrase.second != next)) continue;
      if (match(phrase.words, rest)) take(phrase.cue, at, clause);
    }
  }

  const Clause& clause_of(const Word& word) const { return scratch_.clauses[word.clause]; }

  void take(Cue cue, std::size_t at, const Clause& clause) {
    switch (cue) {
      case Cue::recommend:
        return take_recommendation(at, clause);
      case Cue::look:
        if (is_imperative(at, clause)) take_look(clause);
        return;
      case Cue::must:
        if (negated(at, clause) || clause.asks || sentiment_ == Sentiment::negative) return;
        return take_advice(clause);
      case Cue::loyal:
        if (sentiment_ == Sentiment::positive && !clause.asks && !somebody_else(at, clause))
          findings_.advocates = one_past(clause);
        return;
      case Cue::warn:
        if (clause.asks || somebody_else(at, clause) || is_told_or_done(at, clause)) return;
        if (has_word(clause, "enough")) return;  // "can't recommend it enough"
        findings_.advises = true;
        findings_.detracts = one_past(clause);
        break;
      case Cue::leave:
        if (sentiment_ != Sentiment::positive && !conditional(clause))
          findings_.detracts = one_past(clause);
        break;
      case Cue::condemn:
        if (negated(at, clause) || clause.asks) return;
        findings_.detracts = one_past(clause);
        break;
      case Cue::purchase:
        if (negated(at, clause) || somebody_else(at, clause)) return;
        break;
      case Cue::ask:
        if (clause.asks && asks_somebody(clause)) findings_.question = true;
        return;
      case Cue::ask_plainly:
        findings_.question = true;
        return;
      default:
        break;
    }
    ++findings_.counts[static_cast<std::size_t>(cue)];
  }

  void take_recommendation(std::size_t at, const Clause& clause) {
    if (clause.asks || conditional_have(at, clause)) return;
    if (negated(at, clause)) {
      if (has_word(clause, "enough")) return;
      findings_.advises = true;
      findings_.detracts = one_past(clause);
      return;
    }
    if (somebody_else(at, clause) || sentiment_ == Sentiment::negative) return;
    take_advice(clause);
  }

  void take_advice(const Clause& clause) {
    if (clause.asks && sentiment_ != Sentiment::positive) return;
    findings_.advises = true;
    if (sentiment_ != Sentiment::negative) findings_.advocates = one_past(clause);
  }

  /// "check out ..." spreads the word; it takes pleasure to make it persuasion.
  void take_look(const Clause& clause) {
    findings_.advises = true;
    if (sentiment_ == Sentiment::positive) findings_.advocates = one_past(clause);
  }

  unsigned one_past(const Clause& clause) const {
    return static_cast<unsigned>(&clause - scratch_.clauses.data()) + 1;
  }

  std::string_view text_at(std::size_t at) const { return scratch_.words[at].text; }

  bool negated(std::size_t at, const Clause& clause) const {
    for (std::size_t back = 1; back <= 3 && at >= clause.begin + back; ++back)
      if (is_one_of(text_at(at - back), negating_words)) return true;
    return false;
  }

  bool somebody_else(std::size_t at, const Clause& clause) const {
    for (std::size_t back = 1; back <= 2 && at >= clause.begin + back; ++back)
      if (is_one_of(text_at(at - back), other_people)) return true;
    return findings_.has(Cue::report);
  }

  /// "would have recommended": did not.
  bool conditional_have(std::size_t at, const Clause& clause) const {
    return at + 2 < clause.end && text_at(at) == "would" && text_at(at + 1) == "have";
  }

  bool conditional(const Clause& clause) const {
    return has_word(clause, "if") || text_at(clause.begin) == "how";
  }

  bool is_imperative(std::size_t at, const Clause& clause) const {
    if (at == clause.begin) return true;
    const std::string_view before = text_at(at - 1);
    if (before == mention) return true;
    if (before == "to") return at >= clause.begin + 2 && text_at(at - 2) == "sure";
    return is_one_of(before, before_imperative);
  }

  bool has_word(const Clause& clause, std::string_view word) const {
    for (std::size_t at = clause.begin; at < clause.end; ++at)
      if (text_at(at) == word) return true;
    return false;
  }

  /// "please don't use ..." is said to the brand, "i don't use ..." is no advice.
  bool is_told_or_done(std::size_t at, const Clause& clause) const {
    return at > clause.begin && is_one_of(text_at(at - 1), before_plain_negation);
  }

  /// Not only rhetoric about the world: the post is addressed, or the question has somebody in it.
  bool asks_somebody(const Clause& clause) const {
    if (scratch_.words.front().text == mention) return true;
    for (std::size_t at = clause.begin; at < clause.end; ++at)
      if (is_one_of(text_at(at), people_asked)) return true;
    return false;
  }

  void read_question(const Clause& clause) {
    if (!clause.asks || scratch_.words[clause.begin].quoted) return;
    std::size_t at = clause.begin;
    while (at < clause.end && (text_at(at) == mention || is_one_of(text_at(at), openers))) ++at;
    if (clause.end - at < 3 || !asks_somebody(clause)) return;
    const std::string_view first = text_at(at), second = text_at(at + 1), third = text_at(at + 2);
    const bool to_you = second == "you" || second == "u" || second == "someone" ||
                        second == "somebody" || second == "we";
    if ((first == "can" || first == "could" || first == "would" || first == "will") && to_you &&
        !is_one_of(third, asking_verbs))
      findings_.request = second != "we";
    else if (is_one_of(first, question_words) ||
             (first == "why" && sentiment_ != Sentiment::negative))
      findings_.question = true;
  }

  const AdvocacyScratch& scratch_;
  Sentiment sentiment_;
  Findings findings_;
};

/// How much speaks for a complaint: reality below expectation, told to or about the brand.
int complaint_score(const Findings& found, Sentiment sentiment) {
  int score = 0;
  score += 3 * static_cast<int>(std::min(found.count(Cue::fault), 2U));
  score += static_cast<int>(std::min(found.count(Cue::annoyance), 3U));
  score += found.has(Cue::leave) || found.has(Cue::condemn) ? 3 : 0;
  score += sentiment == Sentiment::negative ? 2 : sentiment == Sentiment::positive ? -3 : 0;
  score += found.mentions ? 2 : 0;
  return score;
}
constexpr int complaint_threshold = 5;

Stance stance_of(const Findings& found) {
  if (found.has(Cue::promotion) && found.advocates > found.detracts) return Stance::none;
  if (found.advocates > found.detracts) return Stance::advocate;
  if (found.detracts > found.advocates) return Stance::detractor;
  return Stance::none;
}

/// "... Thanks!" after a question or a request is politeness.
bool only_polite(const AdvocacyScratch& scratch, const Intents& intents) {
  return (intents.has(Intent::question) || intents.has(Intent::request)) &&
         !scratch.clauses.empty() && scratch.clauses.back().end - scratch.clauses.back().begin <= 3;
}

constexpr std::size_t short_thanks = 30;  // words

}  // namespace

AdvocacyLabels label_advocacy(std::string_view text, Sentiment sentiment,
                              AdvocacyScratch& scratch) {
  normalise(text, scratch.lowered);
  Splitter{scratch}.run();
  const Findings found = Reader{scratch, sentiment}.run();
  AdvocacyLabels labels;
  labels.stance = stance_of(found);
  if (found.advises && !(found.has(Cue::promotion) && found.detracts == 0))
    labels.intents.add(Intent::recommendation);
  if (found.has(Cue::purchase)) labels.intents.add(Intent::purchase_intent);
  if (complaint_score(found, sentiment) >= complaint_threshold)
    labels.intents.add(Intent::complaint);
  if (found.question && !found.has(Cue::rhetorical)) labels.intents.add(Intent::question);
  if (found.request || found.has(Cue::request)) labels.intents.add(Intent::request);
  if (found.has(Cue::suggestion)) labels.intents.add(Intent::suggestion);
  if (found.has(Cue::thanks) && !found.has(Cue::no_thanks) && sentiment != Sentiment::negative &&
      !only_polite(scratch, labels.intents))
    labels.intents.add(Intent::thanks);
  Intents alone;
  alone.add(Intent::thanks);
  labels.only_thanks = labels.intents == alone && labels.stance == Stance::none &&
                       scratch.words.size() <= short_thanks;
  return labels;
}

}  // namespace earshot
