#include "store/base/text_arena.hpp"

#include <algorithm>
#include <iterator>

namespace earshot {

namespace {
constexpr std::size_t block_size = 256 * 1024;
}

char* TextArena::room(std::size_t size) {
  if (blocks_.empty() || blocks_.back().size - blocks_.back().used < size) {
    const std::size_t wanted = std::max(block_size, size);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(wanted), wanted, 0});
  }
  Block& block = blocks_.back();
  char* const at = block.bytes.get() + block.used;
  block.used += size;
  return at;
}

void TextArena::absorb(TextArena&& other) {
  std::ranges::move(other.blocks_, std::back_inserter(blocks_));
  other.blocks_.clear();
}

void TextArena::clear() {
  if (blocks_.size() > 1) blocks_.resize(1);
  if (!blocks_.empty()) blocks_.front().used = 0;
}

}  // namespace earshot
