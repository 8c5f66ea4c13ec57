#include "store/rocks/content_cache.hpp"

#include <doctest/doctest.h>

namespace earshot::rocks {
namespace {

ContentCache::Contents contents(std::uint64_t first) {
  return std::make_shared<const std::vector<std::uint64_t>>(std::vector{first});
}

PostKey block(std::int64_t second) {
  return {from_unix(second), 1};
}

}  // namespace

TEST_CASE("what was read before blocks were written is not kept after it") {
  ContentCache cache;
  const auto before = cache.epoch();
  cache.keep(block(1), contents(7), before);
  CHECK(cache.find(block(1))->front() == 7);

  cache.clear();  // an append wrote the block again
  cache.keep(block(1), contents(7), before);

  CHECK(cache.find(block(1)) == nullptr);
  cache.keep(block(1), contents(8), cache.epoch());
  CHECK(cache.find(block(1))->front() == 8);
}

TEST_CASE("of many blocks the last are kept") {
  ContentCache cache;
  for (int i = 0; i < 100; ++i) cache.keep(block(i), contents(1), cache.epoch());

  CHECK(cache.find(block(0)) == nullptr);
  CHECK(cache.find(block(99)) != nullptr);
}

}  // namespace earshot::rocks
