#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace earshot {

/// Keeps copies of texts at addresses that never move, in blocks of 256 KB, so that a batch of
/// posts costs a few allocations and not a dozen a post. Not for several threads at once.
class TextArena {
 public:
  TextArena() = default;
  TextArena(TextArena&&) noexcept = default;
  TextArena& operator=(TextArena&&) noexcept = default;

  /// A copy of `text` that lives until `clear` or the end of the arena.
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* to = room(text.size());
    text.copy(to, text.size());
    return {to, text.size()};
  }

  /// Uninitialised room for `size` bytes, alive as long as `keep`'s copies.
  char* room(std::size_t size);

  /// Takes over everything `other` keeps; views into `other` stay valid.
  void absorb(TextArena&& other);

  /// Forgets all texts and keeps one block for the next ones.
  void clear();

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  std::vector<Block> blocks_;
};

}  // namespace earshot
