#include "ingest/move.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

struct Bench {
  SourceConfig config{.name = "news", .type = "feed", .url = "http://old.example/feed?key=s3cr3t"};
  CollectJob job;

  explicit Bench(const std::string& url = {}) {
    if (!url.empty()) config.url = url;
    job.config = &config;
  }

  /// A poll that was led there; what it said.
  std::string led_to(std::string_view target) {
    job.address = address_of(job);
    job.outcome.note.clear();
    note_move(job, target);
    return job.outcome.note;
  }
};

}  // namespace

TEST_CASE("move: three polls in a row to one target change the address, and say so once") {
  Bench bench;
  const std::string target = "https://new.example/feed?key=s3cr3t";

  CHECK(bench.led_to(target).empty());
  CHECK(bench.led_to(target).empty());
  CHECK(address_of(bench.job).empty());
  CHECK(bench.led_to(target) ==
        "has moved for good: asked at https://new.example/feed from now on; put that into the "
        "config");

  CHECK(address_of(bench.job) == target);
  CHECK(bench.job.outcome.state.moved_to == "https://new.example/feed");
  CHECK(bench.led_to("").empty());
  CHECK(address_of(bench.job) == target);
}

TEST_CASE("move: another target, or none, begins the count again") {
  Bench bench;
  bench.led_to("https://a.example/?key=s3cr3t");
  bench.led_to("https://a.example/?key=s3cr3t");
  bench.led_to("https://b.example/?key=s3cr3t");
  bench.led_to("https://b.example/?key=s3cr3t");
  CHECK(bench.job.outcome.state.moved == 2);
  bench.led_to("");
  bench.led_to("https://b.example/?key=s3cr3t");

  CHECK(bench.job.outcome.state.moved == 1);
  CHECK(address_of(bench.job).empty());
}

TEST_CASE("move: the config's address is asked again with the full answer, and after a failure") {
  Bench bench;
  for (int i = 0; i < 3; ++i) bench.led_to("https://new.example/?key=s3cr3t");
  bench.job.full_answer = true;
  CHECK(address_of(bench.job).empty());
  CHECK(bench.led_to("https://new.example/?key=s3cr3t").empty());
  bench.job.full_answer = false;
  CHECK(address_of(bench.job) == "https://new.example/?key=s3cr3t");

  bench.job.address = address_of(bench.job);
  CHECK(forget_move(bench.job));
  CHECK(address_of(bench.job).empty());
  bench.job.address.clear();
  CHECK_FALSE(forget_move(bench.job));
}

TEST_CASE("move: a move that was taken back is forgotten") {
  Bench bench;
  for (int i = 0; i < 3; ++i) bench.led_to("https://new.example/?key=s3cr3t");
  bench.job.full_answer = true;

  bench.led_to("");
  bench.job.full_answer = false;

  CHECK(address_of(bench.job).empty());
}

TEST_CASE("move: no secret is stored, no password lost, and https is not left") {
  const auto adopted = [](const std::string& from, const std::string& to) {
    Bench bench{from};
    for (int i = 0; i < 3; ++i) bench.led_to(to);
    return !address_of(bench.job).empty();
  };

  CHECK(adopted("http://a.example/feed", "https://a.example/feed"));
  CHECK_FALSE(adopted("http://a.example/feed", "https://a.example/feed?session=1"));
  CHECK_FALSE(adopted("http://a.example/feed?a=1", "https://a.example/feed"));
  CHECK_FALSE(adopted("http://user:pass@a.example/feed", "https://a.example/feed"));
  CHECK_FALSE(adopted("https://a.example/feed", "http://a.example/new"));
  CHECK_FALSE(adopted("https://a.example/feed", "https://a.example/feed"));
}
