#include "store/rocks/rocks_post_store.hpp"

#include <rocksdb/write_batch.h>

#include <fmt/format.h>

#include <mutex>

#include "store/coverage.hpp"
#include "store/rocks/append.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/database.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/reader.hpp"

namespace earshot {

namespace {

using rocks::Database;
using rocks::Family;

constexpr const char* format_key = "format";
constexpr const char* ledger_key = "ledger";

class RocksPostStore final : public PostStore {
 public:
  RocksPostStore(Database database, rocks::Ledger ledger, const RocksOptions& options)
      : database_{std::move(database)}, ledger_{std::move(ledger)}, id_hash_{options.id_hash} {}

  Result<AppendOutcome> append(const Append& batch) override {
    if (!batch.erasures.empty()) return not_yet();
    rocks::Appender appender{database_, ledger_, id_hash_};
    auto outcome = appender.add(batch);
    if (!outcome) return outcome.error();
    auto next = appender.ledger();
    ++next.batch;
    std::string record;
    rocks::encode_ledger(next, record);
    appender.writes().Put(database_.family(Family::meta), ledger_key, record);
    rocks::stamp_families(database_, next.batch, appender.writes());
    if (auto written = database_.write(appender.writes(), next.batch); !written)
      return written.error();
    const std::lock_guard lock{mutex_};
    ledger_ = std::move(next);
    return outcome;
  }

  Result<Done> scan(const ScanFilter& filter, ScanCursor& cursor, std::size_t limit,
                    StoredBatch& out) const override {
    if (filter.unlabelled_only && ledger().counters.unlabelled == 0) return out.clear(), Done{};
    return rocks::scan(database_, filter, cursor, limit, out);
  }
  Result<Done> posts(std::span<const PostKey> keys, StoredBatch& out) const override {
    return rocks::read_posts(database_, keys, out);
  }
  Result<Done> facts(Window window,
                     const std::function<void(const FactBatch&)>& visit) const override {
    return rocks::read_facts(database_, window, visit);
  }
  Result<Tallies> tally(const TallyRequest& request) const override {
    return tally_facts(*this, request);
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
  Result<std::vector<Poll>> polls(Window window) const override {
    return rocks::read_polls(database_, window);
  }
  Result<StoreCounters> counters() const override { return ledger().counters; }
  Result<std::optional<std::pair<Instant, Instant>>> span() const override {
    return rocks::read_span(database_);
  }
  Result<VerifyOutcome> verify() const override { return not_yet(); }
  Result<Done> purge() override { return not_yet(); }

 private:
  static Error not_yet() {
    return {Error::Kind::format, "this store format can't be verified or purged"};
  }
  rocks::Ledger ledger() const {
    const std::lock_guard lock{mutex_};
    return ledger_;
  }

  Database database_;
  mutable std::mutex mutex_;  // of the ledger, which is read while an append goes on
  rocks::Ledger ledger_;
  std::uint64_t (*id_hash_)(std::string_view, std::string_view);
};

Error damaged(const Database& database, std::string_view what) {
  return {Error::Kind::store_damaged,
          fmt::format("{}: {}; restore the store from a copy", database.path(), what)};
}

Result<Done> check_format(const Database& database) {
  std::string format;
  const auto status = database.db().Get({}, database.family(Family::meta), format_key, &format);
  if (status.IsNotFound()) return damaged(database, "the store does not say its format");
  if (!status.ok()) return database.error(status);
  const auto version = std::strtoul(format.c_str(), nullptr, 10);
  if (version == 0) return damaged(database, "the store does not say its format");
  if (version > rocks::format_version)
    return Error{Error::Kind::store_newer,
                 fmt::format("{}: store format {} is newer than {}, the latest this earshot knows; "
                             "use a newer earshot",
                             database.path(), version, rocks::format_version)};
  return Done{};
}

Result<rocks::Ledger> read_ledger(const Database& database) {
  std::string record;
  const auto status = database.db().Get({}, database.family(Family::meta), ledger_key, &record);
  if (status.IsNotFound()) return damaged(database, "the store has lost its counters");
  if (!status.ok()) return database.error(status);
  rocks::Ledger ledger;
  if (!rocks::decode_ledger(record, ledger))
    return damaged(database, "the store's counters can't be read");
  return ledger;
}

/// Writes format and empty counters into a store that was just made.
Result<Done> found(Database& database) {
  rocksdb::WriteBatch writes;
  std::string record;
  rocks::encode_ledger({}, record);
  writes.Put(database.family(Family::meta), format_key, std::to_string(rocks::format_version));
  writes.Put(database.family(Family::meta), ledger_key, record);
  rocks::stamp_families(database, 0, writes);
  return database.write(writes, 0);
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
  auto ledger = read_ledger(database);
  if (!ledger) return ledger.error();
  if (ledger->batch < database.marked_batch())
    return damaged(database, "the last posts that were written are gone");
  if (auto agreed = rocks::check_families(database, ledger->batch); !agreed) return agreed.error();
  return std::unique_ptr<PostStore>{
      std::make_unique<RocksPostStore>(std::move(database), *std::move(ledger), options)};
}

}  // namespace earshot
