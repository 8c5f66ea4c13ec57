#include "store/rocks/database.hpp"

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "store/base/time.hpp"

namespace earshot::rocks {

namespace {

constexpr std::array<const char*, family_count> family_names{
    "default",     "heads",    "texts",   "labels", "rows",    "waiting",   "ids",     "unindexed",
    "generations", "channels", "sources", "polls",  "rollups", "dialogues", "authors", "audiences"};

constexpr std::uint64_t megabyte = 1 << 20;

/// Says nothing: RocksDB's own log would be written by readers too, also on read-only disks.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

/// Blocks and pieces of the index are compressed, or can't be, before they get here.
bool is_packed(Family family) {
  return family == Family::heads || family == Family::texts || family == Family::labels ||
         family == Family::ids || family == Family::rollups || family == Family::dialogues ||
         family == Family::authors || family == Family::audiences;
}

rocksdb::ColumnFamilyOptions family_options(Family family,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = is_packed(family) ? rocksdb::kNoCompression : rocksdb::kLZ4Compression;
  options.bottommost_compression = is_packed(family) ? rocksdb::kNoCompression : rocksdb::kZSTD;
  options.write_buffer_size = 64 * megabyte;
  if (is_packed(family))
    options.target_file_size_base = 256 * megabyte;  // each is opened each time
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 8 * 1024;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::Options database_options() {
  rocksdb::Options options;
  // The default mode opens after a flipped byte in the log and drops what follows it without a
  // word.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.max_open_files = -1;  // a reader keeps what a writer deletes beside it
  options.max_background_jobs = 2;
  // All families are at the same batch at any moment on disk: no log can go missing for one alone.
  options.atomic_flush = true;
  options.db_write_buffer_size = 64 * megabyte;
  options.max_total_wal_size = 192 * megabyte;
  // What is larger than this is written from where it lies, which spares a copy; and writing from
  // an address in step with the place in the file is slow on some processors.
  options.writable_file_max_buffer_size = 16 * 1024;
  options.info_log = std::make_shared<NoLog>();
  return options;
}

std::optional<std::uint64_t> free_bytes(const std::string& path) {
  struct statvfs disk {};
  if (statvfs(path.c_str(), &disk) != 0) return {};
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

/// Error `store_full` unless the disk takes `bytes` more and keeps the reserve.
Result<Done> check_space(const std::string& path, std::uint64_t bytes, std::uint64_t reserve) {
  const auto free = free_bytes(path);
  if (!free || *free >= bytes + reserve) return Done{};
  return Error{
      Error::Kind::store_full,
      fmt::format("{}: {} MB free on the disk, {} MB needed; free some space and run again", path,
                  *free / megabyte, (bytes + reserve + megabyte - 1) / megabyte)};
}

bool has_store(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path + "/CURRENT", ignored);
}

/// True if the folder holds data: with no CURRENT beside it, a store that lost its root. (A process
/// that died while it made a store leaves no more than a manifest.)
bool has_remains(const std::string& path) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{path, ignored}) {
    const auto extension = entry.path().extension();
    if (extension == ".sst" || extension == ".log") return true;
  }
  return false;
}

/// The file's name in a folder where no store is that is none of ours either; empty if there is no
/// such file. A process that died while it made a store leaves some of ours.
std::string foreign_file(const std::string& path) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{path, ignored}) {
    const auto name = entry.path().filename().string();
    const auto begins = [&](std::string_view with) { return name.starts_with(with); };
    const bool ours = begins("earshot.") || begins("MANIFEST-") || begins("OPTIONS-") ||
                      begins("LOG") || name == "IDENTITY" || name == "LOCK" ||
                      name.ends_with(".dbtmp") || name == "lost+found";
    if (!ours) names.push_back(name);
  }
  return names.empty() ? std::string{} : *std::ranges::min_element(names);
}

/// Error `store_missing` where something else is, so that no store can be made there.
Result<Done> check_place(const std::string& path) {
  constexpr std::string_view elsewhere =
      "name another place with --store, or with path under [store]";
  std::error_code ignored;
  const auto what = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(what) && !std::filesystem::is_directory(what))
    return Error{Error::Kind::store_missing,
                 fmt::format("{}: is a file, not a store; {}", path, elsewhere)};
  if (const auto foreign = foreign_file(path); !foreign.empty())
    return Error{Error::Kind::store_missing,
                 fmt::format("{}: is a folder with other things in it ('{}'), not a store; {}",
                             path, foreign, elsewhere)};
  return Done{};
}

Result<Done> make_folder(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed)
    return Error{Error::Kind::store_full,
                 fmt::format("{}: can't make the store: {}", path, failed.message())};
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
  return Done{};
}

}  // namespace

namespace {

/// The format of a store that can't be opened as one of ours; 0 if it doesn't say. Formats may
/// differ in their families, so this looks into the first one alone.
unsigned long format_of(const std::string& path) {
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  std::vector<rocksdb::ColumnFamilyDescriptor> first;
  first.emplace_back(family_names[0], rocksdb::ColumnFamilyOptions{});
  if (!rocksdb::DB::OpenForReadOnly(database_options(), path, first, &handles, &opened).ok())
    return 0;
  const std::unique_ptr<rocksdb::DB> db{opened};
  std::string format;
  const auto status = db->Get({}, handles.front(), format_key, &format);
  db->DestroyColumnFamilyHandle(handles.front());
  return status.ok() ? std::strtoul(format.c_str(), nullptr, 10) : 0;
}

}  // namespace

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

WriterLock::~WriterLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<WriterLock> WriterLock::take(const std::string& store) {
  const std::string path = store + "/earshot.lock";
  WriterLock lock;
  lock.descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.descriptor_ < 0)
    return Error{Error::Kind::store_full,
                 fmt::format("{}: can't write the store: {}", store,
                             std::error_code{errno, std::generic_category()}.message())};
  if (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 64> holder{};
    const auto size = pread(lock.descriptor_, holder.data(), holder.size(), 0);
    const std::string_view text{holder.data(),
                                static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    return Error{Error::Kind::store_locked,
                 fmt::format("{}: {} is writing", store, text.empty() ? "another process" : text)};
  }
  const auto holder = fmt::format("process {}, since {},", getpid(), format_instant(clock_now()));
  // Only told to people: a failure to write it changes nothing about the lock.
  if (ftruncate(lock.descriptor_, 0) != 0 ||
      pwrite(lock.descriptor_, holder.data(), holder.size(), 0) < 0)
    return lock;
  return lock;
}

Database::~Database() {
  if (!db_) return;
  // Else every report and every start would replay the log of a large import.
  if (written_bytes_ > 4 * megabyte) db_->Flush({}, handles_);
  for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  db_->Close();
}

BatchMark::~BatchMark() {
  if (descriptor_ >= 0) close(descriptor_);
}

BatchMark& BatchMark::operator=(BatchMark&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Result<BatchMark> BatchMark::open(const std::string& store) {
  BatchMark mark;
  const auto path = store + "/earshot.batch";
  mark.descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (mark.descriptor_ < 0)
    return Error{Error::Kind::store_full,
                 fmt::format("{}: can't write the store: {}", store,
                             std::error_code{errno, std::generic_category()}.message())};
  return mark;
}

std::uint64_t BatchMark::read(const std::string& store) {
  std::ifstream file{store + "/earshot.batch", std::ios::binary};
  std::uint64_t batch = 0;
  if (!file.read(reinterpret_cast<char*>(&batch), sizeof batch)) return 0;
  return batch;
}

void BatchMark::set(std::uint64_t batch) const {
  // Lost marks only make the check weaker; what they guard is durable already.
  if (pwrite(descriptor_, &batch, sizeof batch, 0) < 0) return;
}

Result<Done> check_format(const std::string& path, unsigned long version) {
  if (version == 0 || version == format_version) return Done{};
  if (version > format_version)
    return Error{Error::Kind::store_newer,
                 fmt::format("{}: store format {} is newer than {}, the latest this earshot knows; "
                             "use a newer earshot",
                             path, version, format_version)};
  return Error{Error::Kind::store_newer,
               fmt::format("{}: store format {} is older than {}, the one this earshot knows; "
                           "import the archives again into a new store, or use the earshot that "
                           "wrote it",
                           path, version, format_version)};
}

Error no_store(const std::string& path) {
  return {Error::Kind::store_missing,
          fmt::format("{}: no store there; `earshot ingest` makes one", path)};
}

Result<Database> Database::open(const std::string& path, const RocksOptions& options) {
  Database database;
  database.path_ = path;
  database.reserve_bytes_ = options.reserve_bytes;
  const bool fresh = !has_store(path);
  if (fresh && has_remains(path))
    return Error{
        Error::Kind::store_damaged,
        fmt::format("{}: the store has lost its file CURRENT; restore it from a copy", path)};
  if (fresh)
    if (auto place = check_place(path); !place) return place.error();
  if (fresh && !options.create) return no_store(path);

  if (options.access == RocksOptions::Access::write) {
    if (fresh)
      if (auto made = make_folder(path); !made) return made.error();
    auto lock = WriterLock::take(path);
    if (!lock) return lock.error();
    database.lock_ = *std::move(lock);
    if (auto space = check_space(path, 0, options.reserve_bytes); !space) return space.error();
  }
  database.marked_batch_ =
      BatchMark::read(path);  // before the database, which a writer beside us may take further
  if (auto opened = database.open_families(options, fresh); !opened) return opened.error();
  if (options.access == RocksOptions::Access::write) {
    auto mark = BatchMark::open(path);
    if (!mark) return mark.error();
    database.mark_ = *std::move(mark);
  }
  return database;
}

Result<Done> Database::open_families(const RocksOptions& options, bool fresh) {
  const auto cache = rocksdb::NewLRUCache(32 * megabyte);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (std::size_t i = 0; i < family_count; ++i)
    families.emplace_back(family_names[i], family_options(static_cast<Family>(i), cache));

  auto settings = database_options();
  settings.create_if_missing = fresh && options.create;
  settings.create_missing_column_families =
      options.create;  // a process may have died while it made them
  rocksdb::DB* db = nullptr;
  rocksdb::Status status;
  if (options.access == RocksOptions::Access::write) {
    status = rocksdb::DB::Open(settings, path_, families, &handles_, &db);
  } else {
    // A writer beside us may replace files between our reading of the list and our opening of them:
    // then look again.
    for (int attempt = 0; attempt < 20; ++attempt) {
      status = rocksdb::DB::OpenForReadOnly(settings, path_, families, &handles_, &db);
      if (status.ok()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds{25});
    }
  }
  if (status.IsInvalidArgument())  // other families, perhaps
    if (auto known = check_format(path_, format_of(path_)); !known) return known.error();
  if (!status.ok()) return error(status);
  db_.reset(db);
  return Done{};
}

Result<Done> Database::write(rocksdb::WriteBatch& batch, std::uint64_t number) {
  if (auto written = write_derived(batch); !written) return written;
  mark_.set(number);
  return Done{};
}

Result<Done> Database::write_derived(rocksdb::WriteBatch& batch) {
  // The log takes the batch, and then memory tables and compaction about as much again.
  if (auto space = check_space(path_, 4 * batch.GetDataSize(), reserve_bytes_); !space)
    return space.error();
  rocksdb::WriteOptions durable;
  durable.sync = true;
  if (const auto status = db_->Write(durable, &batch); !status.ok()) return error(status);
  written_bytes_ += batch.GetDataSize();
  return Done{};
}

Result<Done> Database::compact() {
  if (const auto status = db_->Flush({}, handles_); !status.ok()) return error(status);
  written_bytes_ = 0;
  rocksdb::CompactRangeOptions whole;
  whole.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  for (auto* family : handles_)
    if (const auto status = db_->CompactRange(whole, family, nullptr, nullptr); !status.ok())
      return error(status);
  return Done{};
}

Error Database::unreadable(std::string_view what) const {
  return {Error::Kind::store_damaged,
          fmt::format("{}: {} can't be read; restore the store from a copy", path_, what)};
}

Error Database::error(const rocksdb::Status& status) const {
  if (status.IsCorruption() || status.IsNotFound() || status.IsInvalidArgument())
    return {Error::Kind::store_damaged,
            fmt::format("{}: the store is damaged ({}); restore it from a copy", path_,
                        status.ToString())};
  if (status.IsNoSpace())
    return {Error::Kind::store_full, fmt::format("{}: the disk is full", path_)};
  if (status.IsIOError() && status.ToString().find("No such file") != std::string::npos)
    return {Error::Kind::store_damaged,
            fmt::format("{}: the store has lost a file ({}); restore it from a copy", path_,
                        status.ToString())};
  return {Error::Kind::store_full,
          fmt::format("{}: the store can't be used ({})", path_, status.ToString())};
}

}  // namespace earshot::rocks
