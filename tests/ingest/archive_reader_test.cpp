#include "ingest/archive_reader.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "store/memory_post_store.hpp"
#include "tests/support/fake_source.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

constexpr int pages_in_all = 5;
constexpr int posts_a_page = 10;
const Instant noon = from_unix(1'800'000'000);

/// A file that a fingerprint can be taken of; what is in it does not matter to the fake source.
struct SomeFile {
  explicit SomeFile(const std::string& bytes) { std::ofstream{path, std::ios::binary} << bytes; }

  TemporaryFolder folder;
  std::string path = folder / "export.csv";
};

/// Five pages of ten posts; the cursor is the number of the page.
Result<Page> five_pages(const FetchState& state) {
  const int number = state.cursor.empty() ? 0 : std::stoi(std::string{state.cursor});
  Page page = page_of(number * posts_a_page, posts_a_page);
  page.more = number + 1 < pages_in_all;
  page.next_cursor = std::to_string(number + 1);
  page.bytes_read = static_cast<std::uint64_t>(number + 1) * 100;
  page.bytes_total = 500;
  return page;
}

/// One archive, a store and what a run is told; each `read` is one run.
struct Bench {
  std::unique_ptr<PostStore> store = make_memory_store();
  ScriptedHttp http;
  SourceConfig config{.name = "export", .type = "csv"};
  SourceType type{"csv", "", true, {}};
  std::vector<FakeSource::Asked> asked;
  std::vector<CollectProgress> steps;
  int stop_after = -1;  ///< Pages; never if negative.

  SourceState state() const {
    const auto states = store->sources();
    REQUIRE(states);
    return states->empty() ? SourceState{.name = "export", .type = "csv"} : states->front();
  }

  SourceOutcome read(FakeSource::Answer answer) {
    asked.clear();
    steps.clear();
    const CollectorOptions options{.now = noon};
    const std::function<void(const CollectProgress&)> progress = [&](const CollectProgress& step) {
      steps.push_back(step);
    };
    const std::function<bool()> stop = [&] { return stop_after == static_cast<int>(steps.size()); };
    const CollectRun run{*store, http, options, progress, stop};
    CollectJob job;
    job.config = &config;
    job.type = &type;
    job.source = std::make_unique<FakeSource>(std::move(answer), &asked);
    job.outcome.state = state();
    REQUIRE(read_archive(run, job));
    return job.outcome;
  }
};

}  // namespace

TEST_CASE("archive: is read page by page to its end, and leaves no cursor and no poll") {
  const SomeFile file{"anything"};
  Bench bench;
  bench.config.path = file.path;

  const auto outcome = bench.read(five_pages);

  CHECK_FALSE(outcome.error);
  CHECK(outcome.polled);
  CHECK(outcome.rows == 50);
  CHECK(outcome.posts.added == 50);
  CHECK(outcome.state == bench.state());
  CHECK(outcome.state.cursor.empty());
  CHECK(outcome.state.posts == 50);
  CHECK(outcome.state.last_ok == noon);
  CHECK(outcome.state.next_try == Instant{});
  CHECK(bench.store->polls({Instant{}, Instant::max()})->empty());
  REQUIRE(bench.steps.size() == 5);
  CHECK(bench.steps[4].rows == 50);
  CHECK(bench.steps[4].bytes_read == 500);
  CHECK(bench.steps[4].bytes_total == 500);
}

TEST_CASE("archive: read again, it brings the same posts once more and counts them as repeats") {
  const SomeFile file{"anything"};
  Bench bench;
  bench.config.path = file.path;
  bench.read(five_pages);

  const auto outcome = bench.read(five_pages);

  CHECK(outcome.posts.added == 0);
  CHECK(outcome.posts.repeated == 50);
  CHECK(outcome.state.posts == 50);
}

TEST_CASE("archive: a stop ends after the page, and the next run goes on behind it") {
  const SomeFile file{"anything"};
  Bench bench;
  bench.config.path = file.path;
  bench.stop_after = 2;

  const auto first = bench.read(five_pages);
  const auto cursor = bench.state().cursor;
  bench.stop_after = -1;
  const auto second = bench.read(five_pages);

  CHECK(first.posts.added == 20);
  CHECK(cursor == "2");
  CHECK(bench.asked.front().cursor == "2");
  CHECK(second.posts.added == 30);
  CHECK(second.posts.repeated == 0);
  CHECK(bench.store->counters()->posts == 50);
  CHECK(bench.state().posts == 50);
  CHECK(bench.state().cursor.empty());
}

TEST_CASE("archive: a cursor of another file, or of another mapping, is not used") {
  const SomeFile file{"anything"};
  const SomeFile longer{"anything else"};
  const SomeFile other{"anythinG"};
  Bench bench;
  bench.config.path = file.path;
  bench.stop_after = 2;
  bench.read(five_pages);
  const auto interrupted = bench.state();

  const auto starts_anew = [&] {
    REQUIRE(bench.store->append({.sources = {&interrupted, 1}}));
    bench.read(five_pages);
    return bench.asked.front().cursor.empty();
  };

  CHECK_FALSE(starts_anew());
  bench.config.path = longer.path;
  CHECK(starts_anew());
  bench.config.path = other.path;
  CHECK(starts_anew());
  bench.config.path = file.path;
  bench.config.mapping.date_format = "unix";
  CHECK(starts_anew());
}

TEST_CASE("archive: standard input is never gone on with") {
  Bench bench;
  bench.config.path = "-";
  bench.stop_after = 2;
  bench.read(five_pages);

  bench.read(five_pages);

  CHECK(bench.state().etag.empty());
  CHECK(bench.asked.front().cursor.empty());
}

TEST_CASE("archive: what came before an error is stored, and the error is remembered") {
  const SomeFile file{"anything"};
  Bench bench;
  bench.config.path = file.path;

  const auto outcome = bench.read([](const FetchState& state) -> Result<Page> {
    if (state.cursor == "3") return Error{Error::Kind::io, "export.csv.gz: the file is cut short"};
    return five_pages(state);
  });

  REQUIRE(outcome.error);
  CHECK(outcome.error->message == "export.csv.gz: the file is cut short");
  CHECK(outcome.posts.added == 30);
  CHECK(bench.state().cursor == "3");
  CHECK(bench.state().failures == 1);
  CHECK(bench.state().last_error == "export.csv.gz: the file is cut short");
  CHECK(bench.store->counters()->posts == 30);
}

TEST_CASE("archive: a cursor that the source refuses is given up") {
  const SomeFile file{"anything"};
  Bench bench;
  bench.config.path = file.path;
  bench.stop_after = 2;
  bench.read(five_pages);
  bench.stop_after = -1;

  bench.read([](const FetchState&) { return Error{Error::Kind::format, "no such place"}; });

  CHECK(bench.state().cursor.empty());
  CHECK(bench.read(five_pages).state.failures == 0);
}

TEST_CASE("archive: a file that could never be read leaves no trace in the store") {
  Bench bench;
  bench.config.path = "/no/such/file";

  const auto outcome = bench.read([](const FetchState&) {
    return Error{Error::Kind::io, "/no/such/file: no such file"};
  });

  REQUIRE(outcome.error);
  CHECK(outcome.error->message == "/no/such/file: no such file");
  CHECK(bench.store->sources()->empty());
}

TEST_CASE("archive: bad lines are counted, and the first hundred are named") {
  const SomeFile file{"anything"};
  Bench bench;
  bench.config.path = file.path;

  const auto outcome = bench.read([](const FetchState& state) {
    auto page = five_pages(state);
    page->bad_rows = 60;
    page->bad.assign(60, {7, "the date is no date"});
    return page;
  });

  CHECK(outcome.bad_rows == 300);
  CHECK(outcome.bad.size() == 100);
}
