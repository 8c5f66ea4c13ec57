#include "analyze/advocacy.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <type_traits>
#include <utility>

#include "analyze/advocacy_cues.hpp"
#include "analyze/complaint_weights.hpp"
#include "analyze/cue_index.hpp"

namespace earshot {
namespace {

const CueIndex& cue_index() {
  static const CueIndex made;
  return made;
}

template <std::size_t size>
constexpr std::array<std::uint64_t, size> hashes_of(
    const std::array<std::string_view, size>& words) {
  std::array<std::uint64_t, size> hashes{};
  for (std::size_t i = 0; i < size; ++i) hashes[i] = word_hash(words[i]);
  return hashes;
}

/// The hash of a word that the rules name.
consteval std::uint64_t literal(std::string_view word) {
  return word_hash(word);
}

constexpr auto negating = hashes_of(negating_words);
constexpr auto others = hashes_of(other_people);
constexpr auto plain_negation = hashes_of(before_plain_negation);
constexpr auto advising = hashes_of(before_advice);
constexpr auto ordinary = hashes_of(ordinary_conditions);
constexpr auto own = hashes_of(own_words);
constexpr auto keeping_away = hashes_of(words_of_avoiding);
constexpr auto lasting = hashes_of(before_forever);
constexpr auto asked = hashes_of(people_asked);
constexpr auto telling = hashes_of(asking_verbs);
constexpr auto urging = hashes_of(before_imperative);
constexpr auto asking = hashes_of(question_words);
constexpr auto opening = hashes_of(openers);

template <std::size_t size>
bool is_one_of(std::uint64_t word, const std::array<std::uint64_t, size>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// ---- What the phrases found say together ----

/// How often each cue occurs, and what its place in the text adds.
struct Findings {
  std::array<unsigned, cue_count> counts{};
  unsigned advocates = 0;  ///< One past the last clause that advocates; 0: none.
  unsigned detracts = 0;
  bool advises = false;
  bool asks = false;  ///< There is a question mark behind a word.
  bool question = false;
  bool request = false;  ///< By its form: "can you ... ?"

  /// The same text with nothing concluded from it.
  Findings without_conclusions() const {
    Findings bare;
    bare.counts = counts;
    return bare;
  }
  friend bool operator==(const Findings&, const Findings&) = default;

  bool has(Cue cue) const { return counts[static_cast<std::size_t>(cue)] > 0; }
  unsigned count(Cue cue) const { return counts[static_cast<std::size_t>(cue)]; }
};

/// For labels, which don't ask which rules there were.
struct NoTrace {};

/// `Trace` is `NoTrace` or `std::vector<FoundRule>`.
template <class Trace>
class Reader {
 public:
  Reader(const ClauseWords& text, Sentiment sentiment, Trace& trace)
      : words_{text.words()},
        clauses_{text.clauses()},
        candidates_{text.candidates()},
        sentiment_{sentiment},
        trace_{trace} {}

  Findings run() {
    for (const std::uint32_t at : candidates_) read_at(at);
    for (const Clause& clause : clauses_) {
      if (!clause.asks) continue;
      findings_.asks = true;
      watch_question(clause);
    }
    return findings_;
  }

 private:
  void read_at(std::size_t at) {
    const ClauseWord& word = words_[at];
    if (word.quoted && !traces) return;
    const Clause& clause = clauses_[word.clause];
    cue_index().find(words_.subspan(at, clause.end - at), [&](Cue cue, std::size_t length) {
      if constexpr (traces) watch(cue, at, length, clause);
      if (!word.quoted) take(cue, at, clause);
    });
  }

  /// Whether a phrase counts is seen from what it alone would change.
  void watch(Cue cue, std::size_t at, std::size_t length, const Clause& clause) {
    const Findings before = findings_;
    const Findings bare = findings_.without_conclusions();
    findings_ = bare;
    if (!words_[at].quoted) take(cue, at, clause);
    trace_.push_back({cue_names[static_cast<std::size_t>(cue)], static_cast<std::uint32_t>(at),
                      static_cast<std::uint32_t>(at + length), findings_ != bare});
    findings_ = before;
  }

  void watch_question(const Clause& clause) {
    if constexpr (traces) {
      const Findings before = findings_;
      findings_ = findings_.without_conclusions();
      read_question(clause);
      for (const auto& [found, name] : {std::pair{findings_.question, "question_form"},
                                        std::pair{findings_.request, "request_form"}})
        if (found) trace_.push_back({name, clause.begin, clause.end, true});
      findings_ = before;
    }
    read_question(clause);
  }

  void take(Cue cue, std::size_t at, const Clause& clause) {
    switch (cue) {
      case Cue::commend:
        return take_recommendation(at, clause, true);
      case Cue::recommend:
        return take_recommendation(at, clause, sentiment_ != Sentiment::negative);
      case Cue::look:
        if (is_imperative(at, clause) || has_ordinary_condition(clause)) take_look(clause);
        return;
      case Cue::must:
        if (negated(at, clause) || clause.asks || sentiment_ == Sentiment::negative) return;
        return take_advice(clause);
      case Cue::loyal:
        if (sentiment_ == Sentiment::positive) take_vow(at, clause);
        return;
      case Cue::vow:
        return take_vow(at, clause);
      case Cue::forever:
        if (ends_short_clause(at, clause)) take_vow(at, clause);
        return;
      case Cue::avoid:
        if (is_imperative(at, clause) || is_one_of(word_at(at - 1), advising))
          take_warning(at, clause);
        return;
      case Cue::warn:
        if (!is_told_or_done(at, clause)) take_warning(at, clause);
        return;
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

  void take_warning(std::size_t at, const Clause& clause) {
    if (clause.asks || somebody_else(at, clause)) return;
    if (has_word(clause, literal("enough"))) return;  // "can't recommend it enough"
    findings_.advises = true;
    findings_.detracts = one_past(clause);
  }

  void take_vow(std::size_t at, const Clause& clause) {
    if (clause.asks || somebody_else(at, clause) || negated(at, clause)) return;
    findings_.advocates = one_past(clause);
  }

  /// "acme forever", not "took forever to answer".
  bool ends_short_clause(std::size_t at, const Clause& clause) const {
    return clause.end - clause.begin <= 4 && clause.end - at <= 3 && at > clause.begin &&
           !is_one_of(word_at(at - 1), lasting);
  }

  /// `pleased`: whatever the text's mood, these words are meant.
  void take_recommendation(std::size_t at, const Clause& clause, bool pleased) {
    if (clause.asks || conditional_have(at, clause)) return;
    const bool against = has_one_of(clause, keeping_away);  // "I recommend avoiding them"
    if (negated(at, clause) || against) {
      if (has_word(clause, literal("enough")) || (against && negated(at, clause))) return;
      findings_.advises = true;
      findings_.detracts = one_past(clause);
      return;
    }
    if (somebody_else(at, clause) || !pleased) return;
    findings_.advises = true;
    findings_.advocates = one_past(clause);
  }

  void take_advice(const Clause& clause) {
    if (clause.asks && sentiment_ != Sentiment::positive) return;
    findings_.advises = true;
    if (sentiment_ != Sentiment::negative) findings_.advocates = one_past(clause);
  }

  /// "check out ..." spreads the word, unless it is the author's own thing; it takes pleasure to
  /// make it persuasion.
  void take_look(const Clause& clause) {
    if (has_one_of(clause, own)) return;
    findings_.advises = true;
    if (sentiment_ == Sentiment::positive) findings_.advocates = one_past(clause);
  }

  unsigned one_past(const Clause& clause) const {
    return static_cast<unsigned>(&clause - clauses_.data()) + 1;
  }

  std::uint64_t word_at(std::size_t at) const { return words_[at].hash; }

  bool negated(std::size_t at, const Clause& clause) const {
    for (std::size_t back = 1; back <= 3 && at >= clause.begin + back; ++back)
      if (is_one_of(word_at(at - back), negating)) return true;
    return false;
  }

  bool somebody_else(std::size_t at, const Clause& clause) const {
    for (std::size_t back = 1; back <= 2 && at >= clause.begin + back; ++back)
      if (is_one_of(word_at(at - back), others)) return true;
    return findings_.has(Cue::report);
  }

  /// "would have recommended": did not.
  bool conditional_have(std::size_t at, const Clause& clause) const {
    return at + 2 < clause.end && word_at(at) == literal("would") &&
           word_at(at + 1) == literal("have");
  }

  bool conditional(const Clause& clause) const {
    return has_word(clause, literal("if")) || word_at(clause.begin) == literal("how");
  }

  bool is_imperative(std::size_t at, const Clause& clause) const {
    if (at == clause.begin) return true;
    const std::uint64_t before = word_at(at - 1);
    if (before == mention_word) return true;
    if (before == literal("to"))
      return at >= clause.begin + 2 && word_at(at - 2) == literal("sure");
    return is_one_of(before, urging);
  }

  /// "if you like coffee check out ...": everybody may.
  bool has_ordinary_condition(const Clause& clause) const {
    return clause.end - clause.begin > 2 && word_at(clause.begin) == literal("if") &&
           is_one_of(word_at(clause.begin + 1), ordinary);
  }

  template <std::size_t size>
  bool has_one_of(const Clause& clause, const std::array<std::uint64_t, size>& list) const {
    for (std::size_t at = clause.begin; at < clause.end; ++at)
      if (is_one_of(word_at(at), list)) return true;
    return false;
  }

  bool has_word(const Clause& clause, std::uint64_t word) const {
    for (std::size_t at = clause.begin; at < clause.end; ++at)
      if (word_at(at) == word) return true;
    return false;
  }

  /// "please don't use ..." is said to the brand, "i don't use ..." is no advice.
  bool is_told_or_done(std::size_t at, const Clause& clause) const {
    return at > clause.begin && is_one_of(word_at(at - 1), plain_negation);
  }

  /// Not only rhetoric about the world: the post is addressed, or the question has somebody in it.
  bool asks_somebody(const Clause& clause) const {
    if (words_.front().hash == mention_word) return true;
    for (std::size_t at = clause.begin; at < clause.end; ++at)
      if (is_one_of(word_at(at), asked)) return true;
    return false;
  }

  void read_question(const Clause& clause) {
    if (words_[clause.begin].quoted) return;
    std::size_t at = clause.begin;
    while (at < clause.end && (word_at(at) == mention_word || is_one_of(word_at(at), opening)))
      ++at;
    if (clause.end - at < 3 || !asks_somebody(clause)) return;
    const std::uint64_t first = word_at(at), second = word_at(at + 1), third = word_at(at + 2);
    const bool to_you = second == literal("you") || second == literal("u") ||
                        second == literal("someone") || second == literal("somebody") ||
                        second == literal("we");
    if ((first == literal("can") || first == literal("could") || first == literal("would") ||
         first == literal("will")) &&
        to_you && !is_one_of(third, telling))
      findings_.request = second != literal("we");
    else if (is_one_of(first, asking) ||
             (first == literal("why") && sentiment_ != Sentiment::negative))
      findings_.question = true;
  }

  static constexpr bool traces = !std::is_same_v<Trace, NoTrace>;

  std::span<const ClauseWord> words_;
  std::span<const Clause> clauses_;
  std::span<const std::uint32_t> candidates_;
  Sentiment sentiment_;
  Trace& trace_;
  Findings findings_;
};

/// The log-odds of a complaint, reality below expectation, told to or about the brand; hundredths.
int complaint_score(const Findings& found, const SentimentScore& feeling, std::size_t words) {
  int score = complaint_bias;
  for (const ComplaintCue& weight : complaint_cues)
    for (unsigned i = 0; i < std::min(found.count(weight.cue), 3U); ++i) score += weight.steps[i];
  score += found.asks ? complaint_question_mark : 0;
  score += found.question ? complaint_question : 0;
  score += found.request ? complaint_request : 0;
  score += complaint_negative * feeling.negative_permille / 1000;
  score += complaint_positive * feeling.positive_permille / 1000;
  return score + complaint_length[std::min(words / 6, complaint_length.size() - 1)];
}

/// A question or a plea to the brand is no complaint for being told to it: something in it must be
/// amiss, or the text likely enough negative. (F1 .774 against .770 in the
/// cross-validation.)
bool names_trouble(const Findings& found, const SentimentScore& feeling) {
  constexpr std::array<Cue, 5> trouble{Cue::fault, Cue::annoyance, Cue::condemn, Cue::leave,
                                       Cue::rhetorical};
  return feeling.negative_permille >= 300 ||
         std::ranges::any_of(trouble, [&](Cue cue) { return found.has(cue); });
}

Stance stance_of(const Findings& found) {
  if (found.has(Cue::promotion) && found.advocates > found.detracts) return Stance::none;
  if (found.advocates > found.detracts) return Stance::advocate;
  if (found.detracts > found.advocates) return Stance::detractor;
  return Stance::none;
}

/// "... Thanks!" after a question or a request is politeness.
bool only_polite(std::span<const Clause> clauses, const Intents& intents) {
  return (intents.has(Intent::question) || intents.has(Intent::request)) && !clauses.empty() &&
         clauses.back().end - clauses.back().begin <= 3;
}

constexpr std::size_t short_thanks = 30;  // words

}  // namespace

AdvocacyLabels label_advocacy(const TokenisedText& post, const SentimentScore& feeling,
                              AdvocacyScratch& scratch) {
  const Sentiment sentiment = feeling.sentiment;
  ClauseWords& text = scratch.text;
  text.split(post, cue_index().beginnings());
  NoTrace none;
  const Findings found = Reader{text, sentiment, none}.run();
  AdvocacyLabels labels;
  labels.stance = stance_of(found);
  if (found.advises && !(found.has(Cue::promotion) && found.detracts == 0))
    labels.intents.add(Intent::recommendation);
  if (found.has(Cue::purchase)) labels.intents.add(Intent::purchase_intent);
  if (names_trouble(found, feeling) &&
      complaint_score(found, feeling, text.words().size()) >= complaint_threshold)
    labels.intents.add(Intent::complaint);
  if (found.question && !found.has(Cue::rhetorical)) labels.intents.add(Intent::question);
  if (found.request || found.has(Cue::request)) labels.intents.add(Intent::request);
  if (found.has(Cue::suggestion)) labels.intents.add(Intent::suggestion);
  if (found.has(Cue::thanks) && !found.has(Cue::no_thanks) && sentiment != Sentiment::negative &&
      !only_polite(text.clauses(), labels.intents))
    labels.intents.add(Intent::thanks);
  Intents alone;
  alone.add(Intent::thanks);
  labels.only_thanks = labels.intents == alone && labels.stance == Stance::none &&
                       text.words().size() <= short_thanks;
  return labels;
}

AdvocacyTrace trace_advocacy(const TokenisedText& post, const SentimentScore& feeling,
                             AdvocacyScratch& scratch) {
  ClauseWords& text = scratch.text;
  text.split(post, cue_index().beginnings());
  AdvocacyTrace trace;
  const Findings found = Reader{text, feeling.sentiment, trace.rules}.run();
  trace.complaint_log_odds = complaint_score(found, feeling, text.words().size()) / 100.0;
  trace.complaint_threshold = complaint_threshold / 100.0;
  return trace;
}

}  // namespace earshot
