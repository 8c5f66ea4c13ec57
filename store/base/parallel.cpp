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
#include <tbb/parallel_invoke.h>
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

void parallel_pair(const std::function<void()>& first, const std::function<void()>& second) {
  if (thread_count() == 1) return first(), second();
  const std::jthread other{second};
  first();
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

void parallel_pair(const std::function<void()>& first, const std::function<void()>& second) {
  tbb::parallel_invoke(first, second);
}

#endif

}  // namespace earshot
