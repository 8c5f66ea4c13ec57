#pragma once

#include <cstddef>
#include <functional>

namespace earshot {

/// How many threads the loops below use; 0 means all cores. Set once at start, by `cli` or a
/// benchmark.
void set_thread_count(unsigned count);
unsigned thread_count();

/// Calls `body(begin, end)` for slices that together cover [0, count), each slice once, several at
/// a time. `grain` is the least number of elements worth a slice of its own. The slices never
/// overlap; their order is not defined, so a body writes only to the elements that it was given.
/// Bodies must not throw and must not wait for the network.
///
/// Built on oneTBB, or on `std::jthread` with `EARSHOT_PLAIN_THREADS` (for ThreadSanitizer).
void parallel_slices(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t begin, std::size_t end)>& body);

/// Runs both, side by side if a thread is free, and returns when both are done.
void parallel_pair(const std::function<void()>& first, const std::function<void()>& second);

}  // namespace earshot
