#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"
#include "store/facts.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// A post that its source did not find any more when it was asked for it again.
struct MissingPost {
  std::string network;
  std::string native_id;
  Instant posted_at{};
  Instant since{};  ///< When it was first not found.

  friend bool operator==(const MissingPost&, const MissingPost&) = default;
};

/// What a source must remember between runs, and how it has been faring.
struct SourceState {
  std::string name;
  std::string type;
  std::string cursor;                ///< The source's own; opaque here.
  std::string etag;                  ///< As the server sent it, byte for byte.
  std::string last_modified;         ///< The same.
  std::string body_hash;             ///< Of the last body, so that an unchanged 200 costs no parse.
  std::chrono::seconds interval{0};  ///< Between polls; 0 for archives, which have no schedule.
  Instant first_poll{};
  Instant last_poll{};
  Instant last_ok{};
  Instant last_new{};  ///< When it last brought a post that was not stored yet.
  Instant next_try{};  ///< Not to be polled before.
  Instant failing_since{};
  std::uint32_t failures = 0;  ///< In a row.
  std::string last_error;
  bool gone = false;             ///< The server said 410, or 404 for a month.
  std::uint64_t posts = 0;       ///< Stored by this source.
  Instant missing_since{};       ///< The first 404 of those that nothing but silence came between.
  std::chrono::seconds wish{0};  ///< Between polls, as its last document said; 0: nothing.
  std::uint32_t skip_hours = 0;  ///< A bit for each hour of UTC in which it is not to be polled.
  std::uint8_t skip_days = 0;    ///< The same for each day of the week, from Sunday.
  /// Where its address leads for good, without the query; and how many polls in a row said so.
  std::string moved_to;
  std::uint32_t moved = 0;
  Instant reread_to{};  ///< Posts that were due to be read again until then have been.
  std::vector<MissingPost> missing;

  friend bool operator==(const SourceState&, const SourceState&) = default;
};

/// What a server must be remembered for between runs: all sources that ask it share it.
struct HostState {
  std::string host;   ///< Name or address in lower case, without port.
  Instant free_at{};  ///< Not to be asked before. The epoch: nothing to remember any more.

  friend bool operator==(const HostState&, const HostState&) = default;
};

/// One entry of the ledger of polls.
struct Poll {
  std::string source;
  Instant at{};
  bool ok = false;
  /// The feed may have lost posts since the poll before: nothing in it was known yet.
  bool overflow = false;
  std::uint64_t posts = 0;

  friend bool operator==(const Poll&, const Poll&) = default;
};

/// Labels for a stored post.
struct LabelledPost {
  PostKey key;
  Labels labels;
};

/// A post by its full identity.
struct PostId {
  std::string_view network;
  std::string_view native_id;
};

/// One write: all of it or nothing. Any order, any overlap with what is stored; the result is the
/// same.
struct Append {
  std::span<const Post> posts = {};
  std::span<const LabelledPost> labels = {};
  /// Must come with, or before, the first labels that name it.
  std::optional<Generation> generation = {};
  std::span<const SourceState> sources = {};  ///< Replaces the state of these sources.
  std::span<const HostState> hosts = {};      ///< The same of these hosts.
  std::span<const Poll> polls = {};
  /// Taken last. These posts lose text, ids, author and address for good, and stay as anonymous
  /// facts with a token for an author, so that published totals hold; one without labels, which is
  /// in no total, leaves nothing to be read. The same id again stays erased. Ids that are not
  /// stored are passed over.
  std::span<const PostId> erasures = {};
};

/// What became of the posts of an `Append`.
struct AppendOutcome {
  std::uint64_t added = 0;      ///< Not stored before.
  std::uint64_t edited = 0;     ///< Known, with newer content: waits for labels again.
  std::uint64_t recounted = 0;  ///< Known, with newer counts only.
  std::uint64_t repeated = 0;   ///< Known, nothing new.
  std::uint64_t labelled = 0;   ///< Labels that belong to the stored content.
  std::uint64_t erased = 0;     ///< Not erased before.
};

/// A post as it is stored. Labels are those of its present content, `generation` 0 if it has none.
struct StoredPost {
  Post post;
  PostKey key;
  std::uint64_t content = 0;
  Labels labels;
};

/// A batch of a scan; views live until the next call that fills it.
struct StoredBatch {
  std::vector<StoredPost> posts;
  TextArena texts;

  void clear() {
    posts.clear();
    texts.clear();
  }
};

/// What becomes of posts that are hidden (`Post::hidden`). Nobody who shows posts takes them.
enum class HiddenPosts : std::uint8_t { left_out, taken };

struct ScanFilter {
  std::optional<Window> window = {};
  bool unlabelled_only = false;  ///< Only posts that wait for labels.
  /// Only posts whose labels are of another generation, or that have none.
  std::optional<std::uint64_t> not_generation = {};
  HiddenPosts hidden = HiddenPosts::left_out;
};

/// Where a scan goes on: after this key.
using ScanCursor = std::optional<PostKey>;

/// Totals kept by the store itself, checked when it is opened.
struct StoreCounters {
  std::uint64_t posts = 0;       ///< Erased and hidden ones too.
  std::uint64_t unlabelled = 0;  ///< Waiting for labels; erased ones never do.
  std::uint64_t erased = 0;
  std::vector<std::pair<std::string, std::uint64_t>> posts_by_source;

  friend bool operator==(const StoreCounters&, const StoreCounters&) = default;
};

/// What `verify` found.
struct VerifyOutcome {
  std::uint64_t posts = 0;          ///< Looked at, erased ones too.
  std::vector<std::string> faults;  ///< A line each, for people; none in a sound store.
};

/// What reports are expected to ask for.
struct RollupPlan {
  std::span<const Entity> entities = {};
  std::span<const Instant> cuts = {};        ///< Where windows and buckets may end; rising.
  std::chrono::seconds horizon{7 * 86'400};  ///< As in `TallyRequest`.
  std::span<const Instant> months = {};      ///< Where months begin, of those cuts.
  std::span<const Instant> years = {};       ///< The same of years.
  /// No post is expected from before this instant any more: a day that was over then is counted,
  /// the newest too. By default only those before the newest post's.
  Instant settled = Instant::min();
};

/// Where posts, labels and sources' states are kept. One writer at a time; reads may go on beside
/// it, from other threads (of the same store) and other processes (opened for reading). All errors
/// are of the `store_*` kinds.
class PostStore {
 public:
  virtual ~PostStore() = default;

  /// Writes all or nothing, and returns when it is durable. Versions are resolved by the rules of
  /// design.md section 2 (content by edit time, then hash; counts by observation; labels only for
  /// their content, by hand first), never by order of arrival.
  virtual Result<AppendOutcome> append(const Append& batch) = 0;

  /// Fills `out` with the next posts after `cursor`, oldest first, at most `limit`, and moves the
  /// cursor. Empty at the end. Leaves out erased posts.
  virtual Result<Done> scan(const ScanFilter& filter, ScanCursor& cursor, std::size_t limit,
                            StoredBatch& out) const = 0;

  /// The posts of these keys, in the same order; keys that are not stored, or erased, are left out.
  virtual Result<Done> posts(std::span<const PostKey> keys, StoredBatch& out,
                             HiddenPosts hidden = HiddenPosts::left_out) const = 0;

  /// The facts of a window in the order of their keys, batch by batch; none of a hidden post. Reads
  /// no text.
  virtual Result<Done> facts(Window window,
                             const std::function<void(const FactBatch&)>& visit) const = 0;

  /// The closed set of tables over a window. Exact; equal for every engine.
  virtual Result<Tallies> tally(const TallyRequest& request) const = 0;

  /// Makes ready what reports add up, so that they need not read the posts for it. What is ready
  /// already and still right is kept; days that are not settled are left out, and so is who was
  /// answered in the horizon before them.
  virtual Result<Done> roll_up(const RollupPlan& plan) = 0;

  /// The generation of that id (`format` error if there is none).
  virtual Result<Generation> generation(std::uint64_t id) const = 0;

  /// How many stored posts have labels of which generation, sorted by id; posts without labels
  /// and erased ones are not among them.
  virtual Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> generations() const = 0;

  /// Hash and name of every channel, sorted by hash.
  virtual Result<std::vector<std::pair<std::uint64_t, std::string>>> channel_names() const = 0;

  /// The states of all sources, sorted by name.
  virtual Result<std::vector<SourceState>> sources() const = 0;

  /// The hosts that something is remembered of, sorted by name.
  virtual Result<std::vector<HostState>> hosts() const = 0;

  /// The ledger, sorted by source and time.
  virtual Result<std::vector<Poll>> polls(Window window) const = 0;

  virtual Result<StoreCounters> counters() const = 0;

  /// The time of the oldest post and of the newest; nothing in an empty store.
  virtual Result<std::optional<std::pair<Instant, Instant>>> span() const = 0;

  /// Reads everything, and computes again all that is derived from posts and labels: counters,
  /// indexes, rollups. Faults are what differs; an error is what could not be read.
  virtual Result<VerifyOutcome> verify() const = 0;

  /// Returns when nothing that was erased or replaced is left in any file.
  virtual Result<Done> purge() = 0;
};

}  // namespace earshot
