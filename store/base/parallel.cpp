#include "store/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#ifndef EARSHOT_PLAIN_THREADS
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#endif

namespace earshot {

namespace {
unsigned cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}
std::atomic<unsigned> threads{
    0};  // NOLINT: the one setting of the process, written before the first loop
}  // namespace

unsigned thread_count() {
  const unsigned chosen = threads.load();
  return chosen == 0 ? cores() : chosen;
}

#ifdef EARSHOT_PLAIN_THREADS

void set_thread_count(unsigned count) {
  threads = count;
}

void parallel_slices(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t, std::size_t)>& body) {
  const std::size_t least = std::max<std::size_t>(grain, 1);
  const std::size_t slices = std::min<std::size_t>(thread_count(), (count + least - 1) / least);
  if (slices <= 1) {
    if (count > 0) body(0, count);
    return;
  }
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < slices; ++i)
    workers.emplace_back([&, i] { body(count * i / slices, count * (i + 1) / slices); });
}

void parallel_stream(std::size_t places, const std::function<bool(std::size_t)>& make,
                     const std::function<bool(std::size_t)>& use) {
  bool more = make(0);
  for (std::size_t place = 0; more;) {
    const auto next = (place + 1) % places;
    bool made = false;
    {
      const std::jthread maker{[&] { made = make(next); }};
      more = use(place);
    }
    more = more && made;
    place = next;
  }
}

#else

void set_thread_count(unsigned count) {
  threads = count;
  static std::unique_ptr<tbb::global_control> limit;
  limit = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                thread_count());
}

void parallel_slices(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t, std::size_t)>& body) {
  if (count == 0) return;
  tbb::parallel_for(tbb::blocked_range<std::size_t>{0, count, std::max<std::size_t>(grain, 1)},
                    [&](const auto& range) { body(range.begin(), range.end()); });
}

void parallel_stream(std::size_t places, const std::function<bool(std::size_t)>& make,
                     const std::function<bool(std::size_t)>& use) {
  std::atomic<bool> ended{false};
  std::size_t made = 0;
  const auto next = [&](tbb::flow_control& flow) {
    const auto place = made++ % places;
    if (ended || !make(place)) flow.stop();
    return place;
  };
  const auto take = [&](std::size_t place) {
    if (!ended && !use(place)) ended = true;
  };
  // Both are serial and in order, so that at most `places` things exist and the oldest goes first.
  using tbb::filter_mode;
  tbb::parallel_pipeline(places,
                         tbb::make_filter<void, std::size_t>(filter_mode::serial_in_order, next) &
                             tbb::make_filter<std::size_t, void>(filter_mode::serial_in_order, take));
}

#endif

}  // namespace earshot
