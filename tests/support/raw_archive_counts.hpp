#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/raw_archive.hpp"

namespace earshot::test {

// What an archive says about a business in a window, counted plainly: loops over all posts, and
// loops in loops.

/// The brand, a competitor or a topic, with the words that find it, as `says_any` takes them.
struct RawEntity {
  std::string name;
  std::vector<std::string> words;
  std::vector<std::string> handles = {};  ///< None of a topic.
};

/// A line of the table of places: the words, or one "box:SOUTH,WEST,NORTH,EAST", that tell it.
struct RawPlace {
  std::vector<std::string> words;
  std::string region;
};

struct RawProject {
  std::vector<RawEntity> parties;  ///< The brand first.
  std::vector<RawEntity> topics;
  std::vector<std::string> urgent = {};
  std::array<std::int64_t, 3> sla = {};  ///< Seconds, by priority.
  std::vector<RawPlace> places = {};     ///< The first that fits.
};

/// What a text asks for: the labels' business, and the one thing taken from the program.
struct RawWish {
  bool question = false, complaint = false, request = false, purchase = false;
  bool only_thanks = false;
};

struct RawFact {
  const RawPost* post = nullptr;
  std::optional<std::size_t> owner;  ///< The party whose handle wrote it.
  std::set<std::size_t> about;       ///< Parties, then topics, whose words it says.
  bool addresses_brand = false;
  bool automatic = false;
  int priority = 3;
  std::string same;    ///< Equal for near-duplicates; empty where there can be none.
  std::string region;  ///< Empty where unknown.
  RawWish wish;
};

std::vector<RawFact> raw_facts(const RawArchive& archive, const RawProject& project,
                               const std::function<RawWish(const RawPost&)>& wish_of);

struct RawWindow {
  std::int64_t begin = 0, end = 0, now = 0;
};

/// A post that needs the brand's answer.
struct RawWait {
  const RawFact* fact = nullptr;
  std::optional<std::int64_t> answered;  ///< Seconds after.
  std::int64_t observed = 0;             ///< For so long an answer would have been seen.
};

class RawCounts {
 public:
  static constexpr std::int64_t horizon = 7 * 86'400;

  RawCounts(const RawProject& project, const std::vector<RawFact>& facts, RawWindow window);

  /// About a party or topic, and not by itself: parties first, then topics. Topics are not spoken
  /// of by the brand.
  bool in(const RawFact& fact, std::size_t entity) const;
  bool heard(const RawFact& fact) const;  ///< In any of them.
  bool by_brand(const RawFact& fact) const { return fact.owner == 0U; }
  bool own_reply(const RawFact& fact) const;

  std::vector<const RawFact*> heard_items() const;
  std::vector<const RawFact*> items_about(std::size_t entity) const;
  std::map<std::string, int> items_by_author(const std::vector<const RawFact*>& of) const;
  std::vector<const RawFact*> own_replies() const;  ///< In the window.

  std::vector<RawWait> inbox() const;

  /// The posts of each thread in which somebody replied in the window, oldest first.
  std::vector<std::vector<const RawFact*>> threads() const;

  const RawProject& project;
  RawWindow window;
  std::vector<const RawFact*> known;  ///< Up to window or now: all that the store remembers.
  std::vector<const RawFact*> seen;   ///< In the window and the horizon on either side.
  std::vector<const RawFact*> posts;  ///< In the window.
  std::vector<const RawFact*> items;  ///< Of them, the first of near-duplicates of a day.

 private:
  const RawFact* find_seen(const std::string& id) const;
  std::string root_of(const RawFact& fact) const;
  std::optional<std::int64_t> first_answer(const RawFact& fact) const;

  std::map<std::string, const RawFact*> seen_by_id_;
};

/// Half the mean difference of all pairs, itself with itself among them, over the mean.
double plain_gini(const std::vector<int>& counts);

/// Wilson's interval as the two ends at which the share lies z standard errors away: found by
/// halving, not by his formula.
std::pair<double, double> plain_wilson(std::int64_t hits, std::int64_t n);

/// Kaplan and Meier's curve at each time of an answer: the share that still waits, and Greenwood's
/// sum for its variance.
struct PlainStep {
  std::int64_t time = 0;
  double waiting = 1, greenwood = 0;
};
std::vector<PlainStep> plain_kaplan_meier(const std::vector<RawWait>& waits);

}  // namespace earshot::test
