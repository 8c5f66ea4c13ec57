#include "ingest/host_queue.hpp"

#include <atomic>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

using namespace earshot;
using std::chrono::milliseconds;

TEST_CASE("host queue: a busy host's jobs wait, another host's don't") {
  HostQueue queue{milliseconds{0}};
  queue.add(1, "a");
  queue.add(2, "a");
  queue.add(3, "b");

  CHECK(queue.take() == 1);
  CHECK(queue.take() == 3);
  queue.release("a");
  CHECK(queue.take() == 2);
}

TEST_CASE("host queue: two requests to a host are a gap apart") {
  HostQueue queue{milliseconds{80}};
  queue.add(1, "a");
  queue.add(2, "a");
  REQUIRE(queue.take() == 1);
  queue.release("a");
  const auto released = std::chrono::steady_clock::now();

  CHECK(queue.take() == 2);

  CHECK(std::chrono::steady_clock::now() - released >= milliseconds{79});
}

TEST_CASE("host queue: a host that rests is not asked, and its gap does not end the rest") {
  HostQueue queue{milliseconds{0}};
  queue.add(1, "a");
  queue.add(2, "a");
  REQUIRE(queue.take() == 1);
  const auto before = std::chrono::steady_clock::now();
  queue.rest("a", milliseconds{80});
  queue.release("a");

  CHECK(queue.take() == 2);

  CHECK(std::chrono::steady_clock::now() - before >= milliseconds{79});
}

TEST_CASE("host queue: a host that rests is passed over, and taken when its rest has ended") {
  HostQueue queue{milliseconds{0}};
  queue.rest("a", milliseconds{80});
  queue.add(1, "a");
  queue.add(2, "b");
  const auto begun = std::chrono::steady_clock::now();

  CHECK(queue.take() == 2);
  CHECK(queue.take() == 1);

  CHECK(std::chrono::steady_clock::now() - begun >= milliseconds{79});
}

TEST_CASE("host queue: a job that comes while somebody waits for the clock is not kept waiting") {
  HostQueue queue{milliseconds{0}};
  queue.rest("slow", std::chrono::seconds{2});
  queue.add(1, "slow");
  const auto begun = std::chrono::steady_clock::now();
  std::jthread other{[&] {
    std::this_thread::sleep_for(milliseconds{50});
    queue.add(2, "quick");
  }};

  CHECK(queue.take() == 2);

  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{1});
}

TEST_CASE("host queue: it tells which hosts are not free yet") {
  HostQueue queue{milliseconds{60'000}};
  queue.add(1, "asked");
  queue.add(2, "waiting");
  queue.rest("resting", milliseconds{90'000});
  REQUIRE(queue.take() == 1);
  queue.release("asked");

  const auto resting = queue.resting();

  REQUIRE(resting.size() == 2);
  CHECK(resting[0].first == "asked");
  CHECK(resting[0].second > milliseconds{50'000});
  CHECK(resting[0].second <= milliseconds{60'000});
  CHECK(resting[1].first == "resting");
  CHECK(resting[1].second > milliseconds{80'000});
}

TEST_CASE("host queue: jobs can be taken away by host, and all at the end") {
  HostQueue queue{milliseconds{0}};
  for (std::size_t job = 0; job < 6; ++job) queue.add(job, job % 2 == 0 ? "even" : "odd");

  CHECK(queue.drop("even") == std::vector<std::size_t>{0, 2, 4});
  CHECK(queue.drop("none").empty());
  CHECK(queue.close() == std::vector<std::size_t>{1, 3, 5});
  CHECK(queue.take() == std::nullopt);
}

TEST_CASE("host queue: closing wakes who waits") {
  HostQueue queue{milliseconds{0}};
  std::atomic<bool> ended{false};
  std::jthread waiter{[&] { ended = !queue.take(); }};

  queue.close();
  waiter.join();

  CHECK(ended);
}

TEST_CASE("host queue: many threads never share a host, and no job is lost or doubled") {
  HostQueue queue{milliseconds{0}};
  constexpr std::size_t jobs = 400;
  const auto host = [](std::size_t job) { return "host" + std::to_string(job % 7); };
  for (std::size_t job = 0; job < jobs; ++job) queue.add(job, host(job));
  std::atomic<int> at_host[7] = {};
  std::atomic<int> shared{0};
  std::atomic<std::size_t> done{0};
  std::atomic<int> times[jobs] = {};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        while (const auto job = queue.take()) {
          if (++at_host[*job % 7] > 1) ++shared;
          ++times[*job];
          std::this_thread::yield();
          --at_host[*job % 7];
          queue.release(host(*job));
          if (++done == jobs) queue.close();
        }
      });
  }

  CHECK(shared == 0);
  for (const auto& count : times) CHECK(count == 1);
}

TEST_CASE("host queue: who is led to a host waits until it is free, and goes before its jobs") {
  HostQueue queue{milliseconds{50}};
  queue.add(1, "home");
  queue.add(2, "there");
  queue.add(3, "there");
  REQUIRE(queue.take() == 1U);
  REQUIRE(queue.take() == 2U);
  std::atomic<int> helpers{0};
  std::atomic<bool> in{false};
  std::jthread led{[&] { in = queue.move("home", "there", [&] { ++helpers; }).in; }};
  while (helpers == 0) std::this_thread::sleep_for(milliseconds{1});
  CHECK_FALSE(in);

  const auto start = std::chrono::steady_clock::now();
  queue.release("there");
  while (!in) std::this_thread::sleep_for(milliseconds{1});
  const auto waited = std::chrono::steady_clock::now() - start;
  queue.release("there");

  CHECK(waited >= milliseconds{50});
  CHECK(queue.take() == 3U);
}

TEST_CASE("host queue: who is led to a host that rests is told for how long") {
  HostQueue queue{milliseconds{0}};
  queue.add(1, "home");
  REQUIRE(queue.take() == 1U);
  queue.rest("there", std::chrono::hours{1});

  const auto entry = queue.move("home", "there", [] {});
  queue.add(2, "home");

  CHECK_FALSE(entry.in);
  CHECK(entry.rest > std::chrono::minutes{59});
  CHECK(queue.take() == 2U);  // it was given back
}

TEST_CASE("host queue: closing ends the wait of who was led somewhere") {
  HostQueue queue{milliseconds{0}};
  queue.add(1, "there");
  REQUIRE(queue.take() == 1U);
  std::atomic<bool> waits{false};
  HostQueue::Entry entry{.in = true};
  std::jthread led{[&] { entry = queue.move("", "there", [&] { waits = true; }); }};
  while (!waits) std::this_thread::sleep_for(milliseconds{1});

  queue.close();
  led.join();

  CHECK_FALSE(entry.in);
  CHECK(entry.rest.count() == 0);
}
