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

/// Makes things one after the other and uses each in the same order, while the next are made.
/// `make` and `use` are given one of `places` places (two or more), which is free again after its
/// use. Ends after the last that was made, when `make` returns false, or as soon as `use` does.
void parallel_stream(std::size_t places, const std::function<bool(std::size_t place)>& make,
                     const std::function<bool(std::size_t place)>& use);

}  // namespace earshot
