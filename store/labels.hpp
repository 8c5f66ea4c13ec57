#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// The author's feeling as a reader would take it from the text; `unsupported` where the model does
/// not know the language, so that shares of sentiment leave the post out.
enum class Sentiment : std::int8_t { negative = -1, neutral = 0, positive = 1, unsupported = 2 };

/// Expressed persuasion, not praise: tells others to buy or to avoid.
enum class Stance : std::int8_t { detractor = -1, none = 0, advocate = 1 };

/// What a post wants. Any number of them.
enum class Intent : std::uint8_t {
  recommendation,
  purchase_intent,
  complaint,
  question,
  request,
  suggestion,
  thanks,
};
inline constexpr std::size_t intent_count = 7;

/// A set of intents.
class Intents {
 public:
  constexpr Intents() = default;
  constexpr explicit Intents(std::uint8_t bits) : bits_{bits} {}

  constexpr void add(Intent intent) { bits_ = static_cast<std::uint8_t>(bits_ | bit(intent)); }
  constexpr bool has(Intent intent) const { return (bits_ & bit(intent)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint8_t bits() const { return bits_; }
  friend constexpr bool operator==(Intents, Intents) = default;

 private:
  static constexpr unsigned bit(Intent intent) { return 1U << static_cast<unsigned>(intent); }
  std::uint8_t bits_ = 0;
};

std::string_view name_of(Sentiment sentiment);  ///< "negative" ...
std::string_view name_of(Stance stance);        ///< "detractor", "none", "advocate"
std::string_view name_of(Intent intent);        ///< "purchase_intent", ...

/// What else can be seen from a post itself.
enum class Mark : std::uint8_t {
  solved,         ///< Says that a problem is settled.
  how_to,         ///< Explains how something is done.
  link_only,      ///< Has a link and hardly a word beside it.
  press_release,  ///< Reads like a press release.
  automatic,      ///< Written by a machine: an auto-reply.
  look_alike,     ///< The author's name looks like the brand's, but no handle declares it.
  placed,         ///< The source names a place.
};
inline constexpr std::size_t mark_count = 7;

/// A set of marks.
class Marks {
 public:
  constexpr Marks() = default;
  constexpr explicit Marks(std::uint8_t bits) : bits_{bits} {}

  constexpr void add(Mark mark) { bits_ = static_cast<std::uint8_t>(bits_ | bit(mark)); }
  constexpr bool has(Mark mark) const { return (bits_ & bit(mark)) != 0; }
  constexpr std::uint8_t bits() const { return bits_; }
  friend constexpr bool operator==(Marks, Marks) = default;

 private:
  static constexpr unsigned bit(Mark mark) { return 1U << static_cast<unsigned>(mark); }
  std::uint8_t bits_ = 0;
};

/// Something that the config watches. Brand, competitors and topics are what is listened to; the
/// other kinds tag posts: what serves an objective or a pilot, what a department answers for, where
/// it was written, what the policy on own posts asks of them.
enum class EntityKind : std::uint8_t {
  brand,
  competitor,
  topic,
  objective,
  pilot,
  department,
  region,
  rule,
};
std::string_view name_of(EntityKind kind);

/// True for brand, competitors and topics.
constexpr bool is_listened_to(EntityKind kind) {
  return kind <= EntityKind::topic;
}

struct Entity {
  EntityKind kind = EntityKind::brand;
  std::string name;

  friend bool operator==(const Entity&, const Entity&) = default;
};

/// The number of an entity in its `Generation::entities` (or in `Project`'s, where it says so).
using EntityIndex = std::uint16_t;
inline constexpr EntityIndex no_entity = 0xFFFF;
inline constexpr EntityIndex brand_index = 0;  ///< The brand is always the first.

/// What made a set of labels: one model and one config. Labels of two generations are never mixed
/// silently.
struct Generation {
  std::string model;  ///< Name and version, for people.
  std::uint64_t model_hash = 0;
  std::uint64_t config_hash = 0;  ///< Of what labels depend on: queries, handles, rules.
  std::vector<Entity> entities;

  std::uint64_t id() const;  ///< Never 0.
};

/// A language as two ASCII letters of ISO 639-1; {0,0} where unknown.
using Lang = std::array<char, 2>;

/// What a post says about one entity of the config that it concerns.
struct EntityLabel {
  EntityIndex entity = no_entity;
  Sentiment sentiment = Sentiment::neutral;
  Stance stance = Stance::none;
  bool matched = false;    ///< The entity's query matches.
  bool addressed = false;  ///< The post @-mentions a handle of the entity.

  friend bool operator==(const EntityLabel&, const EntityLabel&) = default;
};

/// What we think of a post. Belongs to one content hash; a label for other content is ignored.
struct Labels {
  std::uint64_t content = 0;     ///< `content_hash` of the text that was labelled.
  std::uint64_t generation = 0;  ///< `Generation::id`; 0 means not labelled.
  std::uint64_t group = 0;       ///< Equal for near-duplicates; 0 where the post may not be one.
  std::uint64_t question = 0;    ///< Equal for questions of the same content words; 0 for others.
  Lang lang{};
  Sentiment sentiment = Sentiment::neutral;
  std::uint16_t sentiment_permille = 0;  ///< Probability of `sentiment`, 0 to 1000.
  Stance stance = Stance::none;          ///< Toward whatever the post is about.
  Intents intents;
  Marks marks;
  EntityIndex owner = no_entity;  ///< Whose handle wrote it: brand, a competitor, or the public.
  std::uint8_t priority = 3;      ///< 1 answer first ... 3.
  bool only_thanks = false;       ///< Says thanks and nothing else: needs no answer.
  bool affiliate = false;         ///< Staff, paid or affiliated: never an advocate.
  bool by_hand = false;           ///< Given by a person; wins over the model.
  std::vector<EntityLabel> entities;  ///< Sorted by entity.
  std::vector<std::uint64_t> links;   ///< Hashes of the canonical addresses it shares, sorted.

  friend bool operator==(const Labels&, const Labels&) = default;
};

}  // namespace earshot
