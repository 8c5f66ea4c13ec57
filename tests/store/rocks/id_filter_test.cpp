#include "store/rocks/id_filter.hpp"

#include <doctest/doctest.h>

#include "store/base/flat_counter.hpp"

namespace earshot::rocks {
namespace {

/// How many of 100,000 hashes that are not in it seem to be; checks that the others are.
int seeming(const IdFilter& filter, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i)
    if (!filter.may_hold(mix_bits(i))) return -1;
  int seem = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) seem += filter.may_hold(mix_bits(count + i)) ? 1 : 0;
  return seem;
}

}  // namespace

TEST_CASE("a filter holds what was added, and little else seems to be in it") {
  constexpr std::uint64_t count = 60'000;
  IdFilter filter;
  filter.reset(count);
  REQUIRE(filter.capacity() >= count);
  for (std::uint64_t i = 0; i < count; ++i) filter.add(mix_bits(i));

  const auto seem = seeming(filter, count);

  CHECK(seem >= 0);
  CHECK(seem < 300);
}

TEST_CASE("a filter takes more hashes than its memory is meant for, and is less sure of them") {
  constexpr std::uint64_t count = 2 * 32 * 1024;
  IdFilter filter;
  filter.reset(count, 1024);  // lines, of 32 hashes each
  REQUIRE(filter.capacity() == count);
  for (std::uint64_t i = 0; i < count; ++i) filter.add(mix_bits(i));

  const auto seem = seeming(filter, count);

  CHECK(seem >= 0);
  CHECK(seem > 300);
  CHECK(seem < 4'000);
}

}  // namespace earshot::rocks
