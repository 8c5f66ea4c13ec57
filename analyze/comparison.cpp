#include "analyze/comparison.hpp"

#include <algorithm>
#include <optional>

#include "analyze/comparison_words.hpp"

namespace earshot {
namespace {

consteval std::uint64_t literal(std::string_view word) {
  return word_hash(word);
}

template <std::size_t size>
bool is_one_of(std::uint64_t word, const std::array<std::uint64_t, size>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// A name reaches so far back for its verb, and two names so far apart for what joins them.
/// What turns a verb round, or makes it unreal, stands no further before it.
constexpr std::uint32_t reach = 4, span = 10, scope = 16;

/// The parties of a post as far as they can be told apart: the first two of them.
struct Rivals {
  EntityIndex first = no_entity, second = no_entity;
  bool more = false;

  void add(EntityIndex party) {
    if (party == no_entity || party == first || party == second) return;
    if (first == no_entity)
      first = party;
    else if (second == no_entity)
      second = party;
    else
      more = true;
  }
  /// The only other one; `no_entity` if there are several.
  EntityIndex other_than(EntityIndex party) const {
    return more ? no_entity : party == first ? second : first;
  }
};

class Comparing {
 public:
  Comparing(const PostParts& post, std::vector<Verdict>& verdicts)
      : tokens_{post.tokens()}, parts_{post.parts()}, verdicts_{verdicts} {}

  void run() {
    for (const PostParts::Token& token : tokens_) rivals_.add(token.party);
    if (rivals_.second == no_entity) return;
    for (part_ = 0; part_ < parts_.size(); ++part_) {
      const PostParts::Part& part = parts_[part_];
      if (part.asks || part.foreign || part.entities.empty()) continue;
      begin_ = part.first;
      end_ = part.last;
      read_part();
    }
  }

 private:
  void read_part() {
    std::uint32_t before = end_;  // the name before; none yet
    for (std::uint32_t at = begin_; at < end_; ++at) {
      if (tokens_[at].party == no_entity) continue;
      const bool told = before != end_ && at - before <= span && compare_two(before, at);
      if (!told) read_one(at);
      before = at;
    }
  }

  std::uint64_t word(std::uint32_t at) const { return tokens_[at].hash; }

  template <class List>
  bool has(std::uint32_t from, std::uint32_t to, const List& list) const {
    for (std::uint32_t at = from; at < to; ++at)
      if (is_one_of(word(at), list)) return true;
    return false;
  }
  bool has_word(std::uint32_t from, std::uint32_t to, std::uint64_t wanted) const {
    for (std::uint32_t at = from; at < to; ++at)
      if (word(at) == wanted) return true;
    return false;
  }

  /// Where the words begin that may belong to the name at `at`.
  std::uint32_t back_from(std::uint32_t at) const { return at - std::min(at - begin_, reach); }

  /// Past articles and the like, the place of the last word before `at`; `end_` if there is none.
  std::uint32_t word_before(std::uint32_t at) const {
    while (at > begin_ && is_one_of(word(at - 1), fillers)) --at;
    return at == begin_ ? end_ : at - 1;
  }

  std::uint32_t scope_of(std::uint32_t at) const { return at - std::min(at - begin_, scope); }

  /// It is what somebody else does or says, or what is only thought of.
  bool unreal(std::uint32_t to) const {
    return has(scope_of(to), to, third_parties) || has(scope_of(to), to, unreal_words);
  }
  bool turned(std::uint32_t to) const { return has(scope_of(to), to, turning_words); }

  void put(EntityIndex winner, EntityIndex loser) {
    verdicts_.push_back({loser, false, part_});
    verdicts_.push_back({winner, true, part_});
  }
  void put(bool first_wins, std::uint32_t first, std::uint32_t second) {
    const EntityIndex one = tokens_[first].party, other = tokens_[second].party;
    put(first_wins ? one : other, first_wins ? other : one);
  }

  /// "... FIRST ... SECOND ...": whether it is a comparison, told or not.
  bool compare_two(std::uint32_t first, std::uint32_t second) {
    if (tokens_[first].party == tokens_[second].party) return false;
    if (const auto wins = winner_by_quality(first, second)) {
      if (!unreal(first) && !turned(second)) put(*wins, first, second);
      return true;
    }
    const auto wins = winner_by_choice(first, second);
    if (!wins) return false;
    if (unreal(first)) return true;
    const std::uint32_t begin = scope_of(first);
    if (!turned(first) && has_word(begin, first, literal("would")) &&
        !has(begin, first, choose_words))
      return true;
    put(*wins != turned(first), first, second);
    return true;
  }

  /// Whether the first wins by being better, or by beating the second.
  std::optional<bool> winner_by_quality(std::uint32_t first, std::uint32_t second) const {
    if (has(first + 1, second, beat_words)) return true;
    const bool than = has_word(first + 1, second, literal("than"));
    const bool to = word_before(second) != end_ && word(word_before(second)) == literal("to");
    const bool of = has_word(first + 1, second, literal("ahead")) ||
                    has_word(first + 1, second, literal("behind"));
    if (!than && !to && !of) return std::nullopt;
    if (to && !than && !has_word(first + 1, second, literal("superior")) &&
        !has_word(first + 1, second, literal("inferior")))
      return std::nullopt;
    if (has(first + 1, second, better_words)) return true;
    if (has(first + 1, second, worse_words)) return false;
    const std::uint32_t begin = back_from(first);
    const bool more = has_word(begin, second, literal("more"));
    const bool less =
        has_word(begin, second, literal("less")) || has_word(begin, second, literal("fewer"));
    if (more || less) {
      const bool bad = has(first + 1, second, bad_qualities) || has(begin, first, dislike_words);
      return bad != more;
    }
    if (has(begin, first, better_words)) return true;  // "better at Bolt than at Acme"
    if (has(begin, first, worse_words)) return false;
    return std::nullopt;
  }

  /// Whether the first wins by having been chosen, or the second because the first was left.
  std::optional<bool> winner_by_choice(std::uint32_t first, std::uint32_t second) const {
    const std::uint32_t link = word_before(second), begin = back_from(first);
    if (link == end_ || link <= first) return std::nullopt;
    const bool alone = link == first + 1;  // nothing else between the two names
    const std::uint64_t by = word(link);
    if (by == literal("for") && has(begin, first, leave_words)) return false;
    if (by == literal("with") && has(begin, first, leave_words)) return false;
    const std::uint32_t lead = word_before(first);
    const std::uint64_t before = lead == end_ ? 0 : word(lead);
    const bool moves = has(begin, first, move_words);
    if (by == literal("to") && (before == literal("from") || before == literal("leaving")) && moves)
      return false;
    if (by == literal("from") && before == literal("to") && moves) return true;
    const bool prefers = has(begin, first, prefer_words);
    if (prefers && (by == literal("to") || by == literal("over") || by == literal("than")))
      return true;
    if (by == literal("than") && has_word(begin, first, literal("rather"))) return true;
    const bool instead = by == literal("over") || is_instead(link);
    const bool opens = begin_ == first || lead == end_;
    if (instead && (opens ? alone || is_instead(link) : has(begin, first, choose_words)))
      return true;
    return std::nullopt;
  }

  /// "instead of", "rather than" (the "of" is passed over as an article is).
  bool is_instead(std::uint32_t link) const {
    return word(link) == literal("instead") ||
           (word(link) == literal("than") && link > begin_ && word(link - 1) == literal("rather"));
  }

  /// What is said with one name alone, the rival's being elsewhere.
  void read_one(std::uint32_t at) {
    const std::uint32_t lead = word_before(at);
    const std::uint32_t begin = back_from(at);
    if (lead != end_ && !unreal(at)) {
      const bool not_so = has(begin, at, turning_words);
      const bool done =
          word(lead) == literal("with") && lead > begin_ &&
          (word(lead - 1) == literal("done") || word(lead - 1) == literal("finished"));
      if ((is_one_of(word(lead), leave_words) || done) && !not_so) {
        verdicts_.push_back({tokens_[at].party, false, part_});
        left_ = true;
        return;
      }
      const bool moved = word(lead) == literal("to") || word(lead) == literal("with");
      if (moved && !not_so && has(begin, lead, move_words)) return join(at, begin, lead);
    }
    praise(at);
  }

  /// "switched to Bolt": away from the only rival.
  void join(std::uint32_t at, std::uint32_t begin, std::uint32_t lead) {
    const EntityIndex party = tokens_[at].party, rival = rivals_.other_than(party);
    if (left_)
      verdicts_.push_back({party, true, part_});
    else if (rival != no_entity && has(begin, lead, switch_words))
      put(party, rival);
  }

  /// "Bolt is so much better": than the only rival.
  void praise(std::uint32_t at) {
    const EntityIndex rival = rivals_.other_than(tokens_[at].party);
    const std::uint32_t last = std::min(end_, at + 6);
    if (rival == no_entity || last - at < 3 || unreal(last) || turned(last)) return;
    if (word(at + 1) != literal("is") && word(at + 1) != literal("was") &&
        word(at + 1) != literal("are"))
      return;
    for (std::uint32_t place = at + 2; place < last; ++place) {
      if (tokens_[place].named || word(place) == literal("getting")) return;
      const bool better = word(place) == literal("better"), worse = word(place) == literal("worse");
      if (!better && !worse) continue;
      if (place + 1 < end_ && word(place + 1) == literal("than")) return;
      put(better ? tokens_[at].party : rival, better ? rival : tokens_[at].party);
      return;
    }
  }

  std::span<const PostParts::Token> tokens_;
  std::span<const PostParts::Part> parts_;
  std::vector<Verdict>& verdicts_;
  Rivals rivals_;
  std::uint32_t part_ = 0, begin_ = 0, end_ = 0;
  bool left_ = false;  ///< A party was left so far.
};

}  // namespace

void find_verdicts(const PostParts& post, std::vector<Verdict>& verdicts) {
  verdicts.clear();
  Comparing{post, verdicts}.run();
}

}  // namespace earshot
