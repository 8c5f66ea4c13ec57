#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "store/audience.hpp"
#include "store/cube_tally.hpp"
#include "store/facts.hpp"
#include "store/profiles.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// What the posts of a stretch of time add to those tallies that add up: those of a window are the
/// sums of the rollups of its stretches. No rollup reaches over a midnight of UTC, so that
/// near-duplicates are collapsed within it and its day alone. Exact integers; derived from facts,
/// and equal for equal facts.
struct Rollup {
  struct Generation {
    std::uint64_t id = 0, posts = 0;
    Instant begin{};  ///< Its oldest post.
    friend bool operator==(const Generation&, const Generation&) = default;
  };
  struct Channel {
    std::uint64_t channel = 0;
    std::uint64_t items = 0;
    std::uint64_t heard = 0;    ///< Items in the scope `listening`.
    std::uint64_t replies = 0;  ///< Labelled posts that answer something, near-duplicates too.
    friend bool operator==(const Channel&, const Channel&) = default;
  };

  /// Items of an `AccountRow` on one channel.
  struct Account {
    std::uint64_t channel = 0, author = 0;
    EntityIndex owner = no_entity;
    std::uint64_t items = 0;
    PostKey last;
    friend bool operator==(const Account&, const Account&) = default;
  };

  Window window{};
  std::uint64_t entities = 0;     ///< `entities_hash` of those by which its rows are numbered.
  std::uint64_t fingerprint = 0;  ///< Sum of a hash of each post, its counts and labels.
  std::uint64_t unlabelled = 0;
  std::uint64_t collapsed = 0;
  std::vector<Generation> generations;  ///< By id.
  std::vector<Channel> channels;        ///< By channel.
  std::vector<CubeRow> cube;            ///< Of bucket 0.
  std::vector<QuarterRow> quarters;
  std::vector<StanceRow> stances;  ///< By key.
  std::vector<Account> accounts;   ///< By channel, author and owner.

  friend bool operator==(const Rollup&, const Rollup&) = default;
};

/// Who asked in a stretch of a day, who was answered, and what the parties said: the rows of these
/// tables, but for what only a window can tell, whether channels have replies. They depend on the
/// posts within the horizon of the day, on either side.
struct Dialogue {
  /// One of `answers`, before it was counted.
  struct Question {
    PostKey key;  ///< The id is 0.
    std::uint64_t channel = 0;
    EntityIndex owner = no_entity;
    std::optional<std::int64_t> answered_after = {};  ///< As in `InboxItem`.

    friend bool operator==(const Question&, const Question&) = default;
  };

  std::vector<InboxItem> waits;
  std::vector<AnswerRow> answers;
  std::vector<OwnItem> activity;
  std::vector<Question> questions;  ///< Of these `answers` can be made for an earlier time.

  friend bool operator==(const Dialogue&, const Dialogue&) = default;
};
inline constexpr Tables dialogue_tables{Table::waits, Table::answers, Table::activity,
                                        Table::own_posts};

/// Tells lists of entities apart by which rows are numbered.
std::uint64_t entities_hash(std::span<const Entity> entities);

/// What an engine has ready. The stretches of one kind never overlap.
class KeptTallies {
 public:
  struct Entry {
    Window window;
    std::uint64_t entities = 0;
    std::string bytes;  ///< The engine's own.
  };

  virtual ~KeptTallies() = default;

  /// The rollups that begin in the window, oldest first.
  virtual Result<std::vector<Entry>> rollups(Window window) const = 0;
  virtual Result<Rollup> read_rollup(const Entry& entry) const = 0;

  /// The dialogues with this horizon that begin in the window, oldest first. All of them have been
  /// observed for the whole horizon.
  virtual Result<std::vector<Entry>> dialogues(Window window,
                                               std::chrono::seconds horizon) const = 0;
  /// As far as these tables go; with `questions` in place of `answers` if these are to be for an
  /// earlier time. Without `activity`, `own_posts` are those of the whole stretch.
  virtual Result<Dialogue> read_dialogue(const Entry& entry, Tables tables, bool early) const = 0;

  /// The stretches that begin in the window of which it is ready who said how much, oldest first;
  /// without bytes.
  virtual Result<std::vector<Entry>> authors(Window window) const = 0;
  /// The authors of one of `author_parts`.
  virtual Result<AuthorShares> read_authors(const Entry& entry, std::size_t part) const = 0;

  /// The windows that begin in the window of which the audience is ready, oldest first.
  virtual Result<std::vector<Entry>> audiences(Window window) const = 0;
  virtual Result<std::vector<AudienceRow>> read_audience(const Entry& entry) const = 0;
};

/// Those of a window, from facts alone: tables, horizon, now and entities are the request's, and
/// `own` and `inbox` may be asked for, too.
Result<Dialogue> dialogue_of_facts(const PostStore& store, const TallyRequest& request,
                                   Window window);

/// What each known author said in a window, in all scopes of an audience, from facts alone; now and
/// entities are the request's. Who is no handle and said no item, but spoke, has a row of no items
/// in `everything`.
Result<std::vector<AuthorRow>> authors_of_facts(const PostStore& store, const TallyRequest& request,
                                                Window window);

/// Makes the rollups of these stretches, rising and none over a midnight of UTC, and gives each to
/// `take`. Errors: the store's, and those of `take`.
Result<Done> make_rollups(const PostStore& store, std::span<const Entity> entities,
                          std::span<const Window> stretches,
                          const std::function<Result<Done>(const Rollup&)>& take);

/// Makes the dialogues of these stretches in the same way. Those that follow each other are made
/// together, a month at a time.
Result<Done> make_dialogues(
    const PostStore& store, std::span<const Entity> entities, std::chrono::seconds horizon,
    std::span<const Window> stretches,
    const std::function<Result<Done>(Window stretch, const Dialogue& dialogue)>& take);

/// Makes the rows of `authors_of_facts` of each of these stretches, and gives them to `take`.
/// Errors as above.
Result<Done> make_authors(
    const PostStore& store, std::span<const Entity> entities, std::span<const Window> stretches,
    const std::function<Result<Done>(Window stretch, std::span<const AuthorRow> rows)>& take);

/// Makes rollups of facts, one after the other.
class RollupBuilder {
 public:
  RollupBuilder(const TallyRequest& request, const Profiles& profiles);

  /// A labelled fact; oldest first. `repeat`: a near-duplicate of an earlier one of its day.
  void add(const Fact& fact, const Profile& profile, bool repeat);
  void add_unlabelled(const Fact& fact);

  /// The rollup of what was added since the last one, which is all that there is in the window.
  Rollup finish(Window window);

 private:
  struct Hash {
    std::size_t operator()(std::uint64_t key) const { return mix_bits(key); }
  };
  struct Heard {
    std::uint32_t items = 0, complaints = 0;
  };

  void note(const Fact& fact);
  void add_account(const Fact& fact, EntityIndex owner);
  void add_quarter(Instant at, const Profile& profile);
  void close_quarter();

  const TallyRequest& request_;
  Rollup rollup_;
  CubeTally cube_;
  FlatCounter<std::uint64_t, Rollup::Generation, Hash> generations_;
  FlatCounter<std::uint64_t, Rollup::Channel, Hash> channels_;
  std::map<std::tuple<std::uint64_t, std::uint64_t, EntityIndex>, Rollup::Account> accounts_;
  Instant quarter_{};
  std::vector<Heard> open_quarter_;  ///< By the number of a scope, as in `Profile::quarters`.
};

}  // namespace earshot
