// What only the store on disk can do wrong: locks, versions, damage, and its reader beside its
// writer.
#include "store/rocks/codec.hpp"
#include "store/rocks/rocks_post_store.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include "tests/support/sample_posts.hpp"
#include "tests/support/temporary_folder.hpp"

namespace earshot {
namespace {

namespace fs = std::filesystem;

const RocksOptions for_writing{.create = true, .reserve_bytes = 0};
const RocksOptions for_reading{.access = RocksOptions::Access::read};

std::vector<Post> numbered_posts(const std::vector<std::string>& ids) {
  std::vector<Post> posts;
  for (const auto& id : ids) posts.push_back(sample_post(id, "ann", "what a long day", 1));
  return posts;
}

std::vector<std::string> numbers(int from, int to) {
  std::vector<std::string> ids;
  for (int i = from; i < to; ++i) ids.push_back(std::to_string(i));
  return ids;
}

void append_numbers(PostStore& store, int from, int to) {
  const auto ids = numbers(from, to);
  const auto posts = numbered_posts(ids);
  REQUIRE(store.append({.posts = posts}));
}

std::vector<fs::path> files_named(const fs::path& folder, std::string_view part) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.path().filename().string().find(part) != std::string::npos)
      found.push_back(entry.path());
  return found;
}

/// Opens the database of a store as it is, past the store, and closes it again.
void in_database(const std::string& store,
                 const std::function<void(rocksdb::DB& db, std::string_view family,
                                          rocksdb::ColumnFamilyHandle* handle)>& change) {
  rocksdb::Options options;
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies(options, store, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::Open(options, store, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db{opened};
  for (std::size_t i = 0; i < names.size(); ++i) change(*db, names[i], handles[i]);
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
}

}  // namespace

TEST_CASE("a store outlives its process") {
  TemporaryFolder folder;
  append_numbers(**open_rocks_store(folder / "store", for_writing), 0, 100);

  const auto again = open_rocks_store(folder / "store", for_reading);

  REQUIRE(again);
  CHECK((*again)->counters()->posts == 100);
}

TEST_CASE("reading a store that is not there says how to make one") {
  TemporaryFolder folder;

  const auto store = open_rocks_store(folder / "none", for_reading);

  REQUIRE_FALSE(store);
  CHECK(store.error().kind == Error::Kind::store_missing);
  CHECK(store.error().message ==
        (folder / "none") + ": no store there; `earshot ingest` makes one");
  CHECK_FALSE(fs::exists(folder / "none"));
}

TEST_CASE("a second writer is refused and told who writes") {
  TemporaryFolder folder;
  const auto first = open_rocks_store(folder / "store", for_writing);
  REQUIRE(first);

  const auto second = open_rocks_store(folder / "store", for_writing);

  REQUIRE_FALSE(second);
  CHECK(second.error().kind == Error::Kind::store_locked);
  CHECK(second.error().message.starts_with(
      fmt::format("{}: process {}, since 20", folder / "store", getpid())));
  CHECK(second.error().message.ends_with(", is writing"));
}

TEST_CASE("a reader sees a whole batch or nothing of it, while the writer goes on") {
  TemporaryFolder folder;
  auto writer = *open_rocks_store(folder / "store", for_writing);
  append_numbers(*writer, 0, 50);
  std::jthread writing{[&](const std::stop_token& stop) {
    for (int batch = 1; !stop.stop_requested() && batch < 400; ++batch) {
      const auto ids = numbers(batch * 50, batch * 50 + 50);
      const auto posts = numbered_posts(ids);
      if (!writer->append({.posts = posts})) return;
    }
  }};

  for (int i = 0; i < 20; ++i) {
    const auto reader = open_rocks_store(folder / "store", for_reading);
    REQUIRE(reader);
    const auto posts = (*reader)->counters()->posts;
    std::uint64_t facts = 0;
    REQUIRE((*reader)->facts({from_unix(0), from_unix(4'000'000'000)},
                             [&](const FactBatch& batch) { facts += batch.facts.size(); }));
    CHECK(posts % 50 == 0);
    CHECK(facts == posts);
  }
}

TEST_CASE("two ids with one hash stay two posts") {
  TemporaryFolder folder;
  RocksOptions colliding = for_writing;
  colliding.id_hash = [](std::string_view, std::string_view) -> std::uint64_t { return 77; };
  const auto ids = numbers(0, 5);
  auto posts = numbered_posts(ids);
  auto store = *open_rocks_store(folder / "store", colliding);
  const auto first = store->append({.posts = std::span{posts}.first(3)});

  const auto second = store->append({.posts = posts});

  CHECK(first->added == 3);
  CHECK(second->added == 2);
  CHECK(second->repeated == 3);
  StoredBatch batch;
  ScanCursor cursor;
  REQUIRE(store->scan({}, cursor, 100, batch));
  CHECK(batch.posts.size() == 5);
}

TEST_CASE("ids of an index on disk are known, however far apart they lie") {
  TemporaryFolder folder;
  constexpr int in_a_run = 33'000;  // fewer would be left to the next process
  append_numbers(**open_rocks_store(folder / "store", for_writing), 0, in_a_run);
  append_numbers(**open_rocks_store(folder / "store", for_writing), in_a_run, 2 * in_a_run);
  for (const int apart : {1, 7, 997, 9'973}) {
    auto store = *open_rocks_store(folder / "store", for_writing);  // it has no filter yet
    std::vector<std::string> ids;
    for (int i = 0; i < 2 * in_a_run; i += apart) ids.push_back(std::to_string(i));
    const auto known = ids.size();
    const std::size_t fresh = known < 10 ? 1 : 100;
    for (std::size_t i = 0; i < fresh; ++i)
      ids.push_back(fmt::format("{} apart, new {}", apart, i));
    const auto posts = numbered_posts(ids);

    const auto outcome = store->append({.posts = posts});

    REQUIRE(outcome);
    CHECK(outcome->repeated == known);
    CHECK(outcome->added == fresh);
  }
  CHECK((*open_rocks_store(folder / "store", for_reading))->verify()->faults.empty());
}

TEST_CASE("posts of the first and of the last year that a date can have are known again") {
  TemporaryFolder folder;
  using namespace std::chrono;
  const std::vector<std::string> ids{"first", "last"};
  auto posts = numbered_posts(ids);
  posts[0].posted_at = sys_days{year{0} / 1 / 1};
  posts[1].posted_at = sys_days{year{9999} / 12 / 31} + hours{23};
  REQUIRE((*open_rocks_store(folder / "store", for_writing))->append({.posts = posts}));

  const auto store = *open_rocks_store(folder / "store", for_writing);
  const auto outcome = store->append({.posts = posts});

  REQUIRE(outcome);
  CHECK(outcome->repeated == 2);
  CHECK(store->verify()->faults.empty());
}

TEST_CASE("an index of which a killed process wrote but a part still knows all ids") {
  TemporaryFolder folder;
  constexpr int in_a_run = 33'000;
  const auto done = folder / "done", killed = folder / "killed";
  {
    const auto store = *open_rocks_store(done, for_writing);
    append_numbers(*store, 0, in_a_run);
    fs::copy(done, killed, fs::copy_options::recursive);
  }
  std::vector<std::pair<std::string, std::string>> pieces;
  in_database(done, [&](rocksdb::DB& db, std::string_view family, auto* handle) {
    if (family != "ids") return;
    const std::unique_ptr<rocksdb::Iterator> at{db.NewIterator({}, handle)};
    for (at->SeekToFirst(); at->Valid(); at->Next())
      pieces.emplace_back(at->key().ToString(), at->value().ToString());
  });
  REQUIRE(pieces.size() > 100);
  pieces.resize(pieces.size() / 2);
  in_database(killed, [&](rocksdb::DB& db, std::string_view family, auto* handle) {
    if (family != "ids") return;
    for (const auto& [key, value] : pieces) REQUIRE(db.Put({}, handle, key, value).ok());
  });

  const auto store = *open_rocks_store(killed, for_writing);
  const auto ids = numbers(0, in_a_run + 10);
  const auto outcome = store->append({.posts = numbered_posts(ids)});

  REQUIRE(outcome);
  CHECK(outcome->repeated == in_a_run);
  CHECK(outcome->added == 10);
  CHECK(store->verify()->faults.empty());
}

TEST_CASE("a write costs no more where there are a thousand other sources") {
  TemporaryFolder folder;
  {
    const auto store = open_rocks_store(folder / "store", for_writing).value();
    for (int i = 0; i < 1000; ++i) {
      const auto id = std::to_string(i);
      const auto source = fmt::format("the blog of the shop around corner {:04}", i);
      auto post = sample_post(id, "ann", "what a long day", 1);
      post.source = source;
      REQUIRE(store->append({.posts = {&post, 1}}));
    }
    const auto counters = store->counters().value();
    CHECK(counters.posts == 1000);
    REQUIRE(counters.posts_by_source.size() == 1000);
    CHECK(counters.posts_by_source[7] ==
          std::pair{std::string{"the blog of the shop around corner 0007"}, std::uint64_t{1}});
  }
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::directory_iterator{folder / "store"}) bytes += entry.file_size();
  CHECK(bytes < 4'000'000);  // a list of all sources in each write would be 20 MB

  const auto again = open_rocks_store(folder / "store", for_reading).value();
  CHECK(again->counters().value().posts_by_source.size() == 1000);
  CHECK(again->verify().value().faults.empty());
}

TEST_CASE("what a source is said to have brought is counted again, and must be readable") {
  TemporaryFolder folder;
  append_numbers(**open_rocks_store(folder / "store", for_writing), 0, 3);
  const auto say = [&](const char* record) {
    in_database(folder / "store",
                [&](rocksdb::DB& db, std::string_view family, rocksdb::ColumnFamilyHandle* handle) {
                  if (family == "default") REQUIRE(db.Put({}, handle, "posts ghost", record).ok());
                });
    return open_rocks_store(folder / "store", for_reading);
  };

  const auto store = say("\x05");
  REQUIRE(store);
  const auto faults = (*store)->verify().value().faults;
  REQUIRE(faults.size() == 1);
  CHECK(faults[0] == "posts by the source: the store's own counts differ from what is found");

  const auto unreadable = say("\x05\x05");
  REQUIRE_FALSE(unreadable);
  CHECK(unreadable.error().kind == Error::Kind::store_damaged);
}

TEST_CASE("a store of another format is refused by number") {
  TemporaryFolder folder;
  append_numbers(**open_rocks_store(folder / "store", for_writing), 0, 1);
  const auto refusal = [&](const char* format) {
    in_database(folder / "store",
                [&](rocksdb::DB& db, std::string_view family, rocksdb::ColumnFamilyHandle* handle) {
                  if (family == "default") REQUIRE(db.Put({}, handle, "format", format).ok());
                });
    const auto store = open_rocks_store(folder / "store", for_reading);
    REQUIRE_FALSE(store);
    CHECK(store.error().kind == Error::Kind::store_newer);
    return store.error().message;
  };

  CHECK(
      refusal("10") ==
      (folder / "store") +
          ": store format 10 is newer than 9, the latest this earshot knows; use a newer earshot");
  CHECK(refusal("8") ==
        (folder / "store") +
            ": store format 8 is older than 9, the one this earshot knows; import "
            "the archives again into a new store, or use the earshot that wrote it");
}

TEST_CASE("a store of other families, as another format may have, is refused by number too") {
  TemporaryFolder folder;
  rocksdb::Options options;
  options.create_if_missing = options.create_missing_column_families = true;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto* name : {"default", "ids", "texts"})
    families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  REQUIRE(rocksdb::DB::Open(options, folder / "store", families, &handles, &db).ok());
  REQUIRE(db->Put({}, "format", "1").ok());
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  delete db;

  for (const auto& how : {for_reading, for_writing}) {
    const auto store = open_rocks_store(folder / "store", how);

    REQUIRE_FALSE(store);
    CHECK(store.error().kind == Error::Kind::store_newer);
    CHECK(store.error().message.find("store format 1 is older than 9") != std::string::npos);
  }
}

TEST_CASE("a source's state that was written before more was kept is read, half of one is not") {
  const SourceState state{.name = "feed", .etag = "\"x\"", .posts = 7};
  std::string record;
  rocks::encode_source(state, record);
  constexpr std::size_t added = 8 + 8 + 4 + 1 + 1 + 4 + 8 + 1;
  SourceState read;

  CHECK(rocks::decode_source(record, read));
  CHECK(read == state);
  CHECK(rocks::decode_source(record.substr(0, record.size() - added), read));
  CHECK(read == state);
  CHECK_FALSE(rocks::decode_source(record.substr(0, record.size() - 1), read));
  CHECK_FALSE(rocks::decode_source(record.substr(0, record.size() - added - 1), read));
}

TEST_CASE("verify names what differs from the posts: the index and the marks") {
  TemporaryFolder folder;
  append_numbers(**open_rocks_store(folder / "store", for_writing), 0, 300);
  append_numbers(**open_rocks_store(folder / "store", for_writing), 300, 310);
  CHECK((*open_rocks_store(folder / "store", for_reading))->verify()->faults.empty());
  in_database(folder / "store",
              [](rocksdb::DB& db, std::string_view family, rocksdb::ColumnFamilyHandle* handle) {
                if (family == "unindexed" || family == "waiting")
                  REQUIRE(db.DeleteRange({}, handle, "", std::string(20, '\xFF')).ok());
              });

  const auto found = (*open_rocks_store(folder / "store", for_reading))->verify();

  REQUIRE(found);
  CHECK(found->posts == 310);
  const auto names = [&](std::string_view what) {
    return std::ranges::any_of(found->faults, [&](const std::string& fault) {
      return fault.find(what) != std::string::npos;
    });
  };
  CHECK(names("posts wait for labels, and it is not marked so"));
  CHECK(names("waits for labels, and is not marked so"));
  CHECK(names("not in the index of ids"));
  CHECK(found->faults.size() == 100);  // so many and no more
}

TEST_CASE("nothing is written when less than the reserve would stay free") {
  TemporaryFolder folder;
  RocksOptions greedy = for_writing;
  greedy.reserve_bytes = 1ULL << 60;

  const auto store = open_rocks_store(folder / "store", greedy);

  REQUIRE_FALSE(store);
  CHECK(store.error().kind == Error::Kind::store_full);
  CHECK(store.error().message.find("MB free on the disk, 1099511627776 MB needed") !=
        std::string::npos);
}

TEST_CASE("a byte flipped in the log is found out, not passed over") {
  for (int seed = 0; seed < 12; ++seed) {
    TemporaryFolder folder;
    {
      auto store = *open_rocks_store(folder / "store", for_writing);
      for (int batch = 0; batch < 20; ++batch) append_numbers(*store, batch * 10, batch * 10 + 10);
    }
    const auto logs = files_named(folder / "store", ".log");
    REQUIRE(logs.size() == 1);
    const auto size = static_cast<int>(fs::file_size(logs[0]));
    std::mt19937 random{static_cast<unsigned>(seed)};
    const int at = std::uniform_int_distribution{
        0, size - size / 10}(random);  // not the tail: that may be torn
    std::fstream file{logs[0], std::ios::in | std::ios::out | std::ios::binary};
    file.seekg(at);
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(at);
    file.put(byte);
    file.close();

    const auto store = open_rocks_store(folder / "store", for_writing);

    REQUIRE_FALSE(store);
    CHECK(store.error().kind == Error::Kind::store_damaged);
  }
}

TEST_CASE("a log that is gone is found out") {
  TemporaryFolder folder;
  append_numbers(**open_rocks_store(folder / "store", for_writing), 0, 10);
  append_numbers(**open_rocks_store(folder / "store", for_writing), 10, 20);
  for (const auto& log : files_named(folder / "store", ".log")) fs::remove(log);

  const auto store = open_rocks_store(folder / "store", for_writing);

  REQUIRE_FALSE(store);
  CHECK(store.error().kind == Error::Kind::store_damaged);
}

TEST_CASE("a store without its root file is damaged, not missing") {
  TemporaryFolder folder;
  append_numbers(**open_rocks_store(folder / "store", for_writing), 0, 10);
  fs::remove(folder / "store/CURRENT");

  const auto store = open_rocks_store(folder / "store", for_writing);

  REQUIRE_FALSE(store);
  CHECK(store.error().kind == Error::Kind::store_damaged);
}

TEST_CASE("what was acknowledged survives SIGKILL at any moment") {
  std::mt19937 random{3};
  for (int round = 0; round < 15; ++round) {
    TemporaryFolder folder;
    int acknowledged[2];
    REQUIRE(pipe(acknowledged) == 0);
    const pid_t child = fork();
    if (child == 0) {  // writes batches of ten and reports each that returned
      auto store = open_rocks_store(folder / "store", for_writing);
      if (!store) _exit(1);
      for (int batch = 0;; ++batch) {
        const auto ids = numbers(batch * 10, batch * 10 + 10);
        const auto posts = numbered_posts(ids);
        if (!(*store)->append({.posts = posts})) _exit(1);
        const char done = 1;
        if (write(acknowledged[1], &done, 1) != 1) _exit(1);
      }
    }
    close(acknowledged[1]);
    std::this_thread::sleep_for(std::chrono::milliseconds{20 + static_cast<int>(random() % 150)});
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    std::uint64_t batches = 0;
    char byte = 0;
    while (read(acknowledged[0], &byte, 1) == 1) ++batches;
    close(acknowledged[0]);

    const auto store = open_rocks_store(folder / "store", for_writing);

    if (!store) MESSAGE(store.error().message);
    REQUIRE(store);
    const auto posts = (*store)->counters()->posts;
    CHECK(posts >= batches * 10);
    CHECK(posts <= batches * 10 + 10);  // the one under way may have made it
    std::uint64_t facts = 0;
    REQUIRE((*store)->facts({from_unix(0), from_unix(4'000'000'000)},
                            [&](const FactBatch& batch) { facts += batch.facts.size(); }));
    CHECK(facts == posts);
  }
}

}  // namespace earshot
