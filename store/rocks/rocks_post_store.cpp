#include "store/rocks/rocks_post_store.hpp"

#include <rocksdb/write_batch.h>

#include <fmt/format.h>

#include <mutex>

#include "store/coverage.hpp"
#include "store/rocks/append.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/content_cache.hpp"
#include "store/rocks/database.hpp"
#include "store/rocks/id_index.hpp"
#include "store/rocks/kept_tallies.hpp"
#include "store/rocks/ledger.hpp"
#include "store/rocks/reader.hpp"
#include "store/rocks/source_counts.hpp"
#include "store/rocks/verify.hpp"

namespace earshot {

namespace {

using rocks::Database;
using rocks::Family;

class RocksPostStore final : public PostStore {
 public:
  RocksPostStore(Database database, rocks::Ledger ledger, rocks::SourceCounts by_source,
                 const RocksOptions& options)
      : database_{std::move(database)},
        index_{database_},
        ledger_{std::move(ledger)},
        by_source_{std::move(by_source)},
        id_hash_{options.id_hash} {}
  ~RocksPostStore() override {
    if (!index_.settle()) return;  // the next process does it
  }

  Result<AppendOutcome> append(const Append& batch) override {
    auto next = ledger();
    rocks::Appender appender{database_, index_, contents_, next, id_hash_};
    auto outcome = appender.add(batch);
    if (!outcome) return outcome.error();
    next = appender.ledger();
    ++next.batch;
    by_source_.write(appender.by_source(), database_, appender.writes());
    if (auto written = rocks::write_ledger(database_, next, appender.writes()); !written)
      return written.error();
    set_ledger(next, appender.by_source());
    // From here on it is acknowledged; what follows only changes how it lies.
    if (appender.wrote_blocks()) contents_.clear();
    if (appender.indexed().empty()) return outcome;
    if (auto indexed = index_.add(appender.indexed(), next.posts); !indexed) return indexed.error();
    const auto before = next.batch;
    const auto folded = rocks::fold_rows(database_, index_, next);
    set_ledger(next);
    if (next.batch != before) contents_.clear();
    if (!folded) return folded.error();
    return outcome;
  }

  Result<Done> scan(const ScanFilter& filter, ScanCursor& cursor, std::size_t limit,
                    StoredBatch& out) const override {
    if (filter.unlabelled_only && ledger().unlabelled == 0) return out.clear(), Done{};
    return rocks::scan(database_, contents_, filter, cursor, limit, out);
  }
  Result<Done> posts(std::span<const PostKey> keys, StoredBatch& out,
                     HiddenPosts hidden) const override {
    return rocks::read_posts(database_, keys, hidden, out);
  }
  Result<Done> facts(Window window,
                     const std::function<void(const FactBatch&)>& visit) const override {
    return rocks::read_facts(database_, window, visit);
  }
  Result<Tallies> tally(const TallyRequest& request) const override {
    const rocks::StoredTallies kept{database_};
    return tally_facts(*this, request, &kept);
  }
  Result<Done> roll_up(const RollupPlan& plan) override {
    return rocks::keep_tallies(database_, *this, plan);
  }

  Result<Generation> generation(std::uint64_t id) const override {
    return rocks::read_generation(database_, id);
  }
  Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> generations() const override {
    return ledger().generations;
  }
  Result<std::vector<std::pair<std::uint64_t, std::string>>> channel_names() const override {
    return rocks::read_channels(database_);
  }
  Result<std::vector<SourceState>> sources() const override {
    return rocks::read_sources(database_);
  }
  Result<std::vector<HostState>> hosts() const override { return rocks::read_hosts(database_); }
  Result<std::vector<Poll>> polls(Window window) const override {
    return rocks::read_polls(database_, window);
  }
  Result<StoreCounters> counters() const override {
    const std::lock_guard lock{mutex_};
    return StoreCounters{ledger_.posts, ledger_.unlabelled, ledger_.erased, by_source_.all()};
  }
  Result<std::optional<std::pair<Instant, Instant>>> span() const override {
    return rocks::read_span(database_);
  }
  Result<VerifyOutcome> verify() const override {
    return rocks::verify(database_, *this, ledger());
  }
  Result<Done> purge() override { return database_.compact(); }

 private:
  rocks::Ledger ledger() const {
    const std::lock_guard lock{mutex_};
    return ledger_;
  }
  void set_ledger(const rocks::Ledger& ledger, const rocks::SourceCounts::Changes& by_source = {}) {
    const std::lock_guard lock{mutex_};
    ledger_ = ledger;
    by_source_.take(by_source);
  }

  mutable Database database_;  // `verify` makes an index of its own on it, which only reads
  rocks::IdIndex index_;
  mutable rocks::ContentCache contents_;
  mutable std::mutex mutex_;  // of the counters, which are read while an append goes on
  rocks::Ledger ledger_;
  rocks::SourceCounts by_source_;
  std::uint64_t (*id_hash_)(std::string_view, std::string_view);
};

Error damaged(const Database& database, std::string_view what) {
  return {Error::Kind::store_damaged,
          fmt::format("{}: {}; restore the store from a copy", database.path(), what)};
}

Result<Done> check_format(const Database& database) {
  std::string format;
  const auto status =
      database.db().Get({}, database.family(Family::meta), rocks::format_key, &format);
  if (!status.ok() && !status.IsNotFound()) return database.error(status);
  const auto version = status.ok() ? std::strtoul(format.c_str(), nullptr, 10) : 0;
  if (version == 0) return damaged(database, "the store does not say its format");
  return rocks::check_format(database.path(), version);
}

/// Writes format and empty counters into a store that was just made.
Result<Done> found(Database& database) {
  rocksdb::WriteBatch writes;
  writes.Put(database.family(Family::meta), rocks::format_key,
             std::to_string(rocks::format_version));
  return rocks::write_ledger(database, {}, writes);
}

}  // namespace

Result<std::unique_ptr<PostStore>> open_rocks_store(const std::string& path,
                                                    const RocksOptions& options) {
  auto opened = Database::open(path, options);
  if (!opened) return opened.error();
  Database database = *std::move(opened);

  auto format = check_format(database);
  if (!format && database.db().GetLatestSequenceNumber() == 0 && database.marked_batch() == 0) {
    // Nothing was ever written: it is being made just now, or a process died while making it.
    if (!options.create) return rocks::no_store(path);
    if (auto made = found(database); !made) return made.error();
    format = check_format(database);
  }
  if (!format) return format.error();
  auto ledger = rocks::read_ledger(database);
  if (!ledger) return ledger.error();
  if (ledger->batch < database.marked_batch())
    return damaged(database, "the last posts that were written are gone");
  auto by_source = rocks::SourceCounts::read(database);
  if (!by_source) return by_source.error();
  return std::unique_ptr<PostStore>{std::make_unique<RocksPostStore>(
      std::move(database), *std::move(ledger), *std::move(by_source), options)};
}

}  // namespace earshot
