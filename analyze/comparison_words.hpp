#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyze/clauses.hpp"

namespace earshot {

/// The words that comparisons are told by, as hashes: lower case, without apostrophes.
template <std::size_t size>
consteval std::array<std::uint64_t, size> word_hashes(
    const std::string_view (&words)[size]) {  // NOLINT(modernize-avoid-c-arrays): deduces the size
  std::array<std::uint64_t, size> hashes{};
  for (std::size_t i = 0; i < size; ++i) hashes[i] = word_hash(words[i]);
  return hashes;
}

/// "left Acme for Bolt"
inline constexpr auto leave_words = word_hashes(
    {"left",     "leave",     "leaving",    "leaves",     "ditched", "ditch",     "ditching",
     "dumped",   "dump",      "dumping",    "dropped",    "drop",    "dropping",  "quit",
     "quitting", "abandoned", "abandon",    "abandoning", "traded",  "trade",     "trading",
     "swapped",  "swap",      "swapping",   "replaced",   "replace", "replacing", "cancelled",
     "canceled", "cancel",    "cancelling", "canceling"});

/// "switched from Acme to Bolt"
inline constexpr auto move_words = word_hashes(
    {"switched", "switch",   "switching", "moved",     "move",        "moving",   "changed",
     "change",   "changing", "migrated",  "migrate",   "migrating",   "went",     "going",
     "go",       "gone",     "jumped",    "converted", "transferred", "upgraded", "came",
     "come",     "defected", "moves",     "switches"});

/// Of these "to Bolt" alone says that another was left.
inline constexpr auto switch_words =
    word_hashes({"switched", "switching", "switch", "migrated", "migrating", "defected", "moved"});

/// "prefer Bolt to Acme"
inline constexpr auto prefer_words =
    word_hashes({"prefer", "preferred", "prefers", "preferring", "favor", "favour"});

/// "choose Bolt over Acme"
inline constexpr auto choose_words = word_hashes(
    {"choose",    "chose",  "chosen",  "choosing", "pick",   "picked",   "picking", "take",
     "took",      "taking", "buy",     "bought",   "buying", "use",      "used",    "using",
     "recommend", "try",    "tried",   "get",      "got",    "getting",  "with",    "to",
     "at",        "want",   "wanted",  "love",     "like",   "trust",    "rather",  "from",
     "have",      "order",  "ordered", "shop",     "prefer", "preferred"});

/// "like Bolt more than Acme"
inline constexpr auto like_words =
    word_hashes({"like", "liked", "love", "loved", "trust", "enjoy", "use", "need", "want", "value",
                 "rate", "appreciate", "recommend"});
inline constexpr auto dislike_words =
    word_hashes({"hate", "hated", "dislike", "despise", "loathe", "distrust"});

/// "is better than"
inline constexpr auto better_words = word_hashes(
    {"better",     "faster",   "cheaper", "nicer",    "easier",    "fresher",  "tastier",
     "friendlier", "stronger", "smarter", "cleaner",  "safer",     "quicker",  "superior",
     "greater",    "happier",  "lighter", "smoother", "cooler",    "quieter",  "brighter",
     "sweeter",    "kinder",   "fairer",  "simpler",  "healthier", "snappier", "sharper",
     "comfier",    "richer",   "ahead",   "tougher",  "prettier",  "sturdier", "steadier"});
inline constexpr auto worse_words = word_hashes(
    {"worse",   "slower",  "pricier",  "dearer",   "inferior", "poorer", "weaker",   "uglier",
     "dirtier", "ruder",   "clunkier", "buggier",  "costlier", "duller", "flimsier", "behind",
     "noisier", "laggier", "dumber",   "shabbier", "staler",   "heavier"});
/// "more expensive than"
inline constexpr auto bad_qualities = word_hashes(
    {"expensive",     "annoying",    "unreliable",  "broken",    "terrible", "awful",
     "rude",          "frustrating", "complicated", "confusing", "useless",  "buggy",
     "disappointing", "boring",      "painful",     "dangerous", "costly",   "overpriced",
     "stressful",     "difficult",   "problems",    "issues",    "trouble",  "money",
     "bugs",          "ads"});

/// "Bolt beats Acme"
inline constexpr auto beat_words =
    word_hashes({"beats", "beat", "outperforms", "outclasses", "trumps", "destroys", "crushes",
                 "smokes", "tops", "surpasses", "trounces", "outshines", "demolishes"});

/// May stand between a verb and a name, or before one.
inline constexpr auto fillers =
    word_hashes({"a", "an", "the", "my", "our", "their", "some", "new", "your", "old", "this",
                 "that", "these", "any", "good", "of"});

/// Before a verb these turn round what it says.
inline constexpr auto turning_words = word_hashes(
    {"not",    "never",   "dont", "wont",    "wouldnt",  "cant",    "cannot",  "didnt",
     "havent", "hadnt",   "no",   "isnt",    "wasnt",    "arent",   "aint",    "doesnt",
     "hardly", "nothing", "none", "neither", "shouldnt", "couldnt", "without", "nobody"});

/// What is thought of, asked for or hoped.
inline constexpr auto unreal_words =
    word_hashes({"if",      "should",   "could", "might",  "may",       "thinking", "considering",
                 "tempted", "planning", "want",  "wants",  "wanna",     "whether",  "maybe",
                 "perhaps", "gonna",    "hope",  "hoping", "wondering", "unless",   "considered",
                 "tells",   "ask",      "asked", "why",    "how",       "trying"});

/// Whose doing or saying it is, if not the author's.
inline constexpr auto third_parties = word_hashes(
    {"he",        "she",      "they",       "friend",    "friends",  "people",   "everyone",
     "everybody", "someone",  "somebody",   "who",       "says",     "said",     "claims",
     "thinks",    "told",     "reportedly", "according", "brother",  "sister",   "mom",
     "mum",       "dad",      "wife",       "husband",   "son",      "daughter", "boss",
     "neighbour", "neighbor", "customers",  "users",     "many",     "his",      "her",
     "their",     "you",      "ceo",        "analyst",   "analysts", "players",  "coworker",
     "colleague", "ads"});

}  // namespace earshot
