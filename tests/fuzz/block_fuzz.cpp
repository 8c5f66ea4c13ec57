#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/rocks/label_block.hpp"
#include "store/rocks/post_block.hpp"

using namespace earshot;
using namespace earshot::rocks;

namespace {

/// What can be read must come back the same after it is written again.
void check_posts(std::string_view heads, std::string_view texts) {
  PostBlock block;
  if (!block.read_heads(heads) || !block.read_texts(texts)) return;
  std::vector<Post> posts;
  for (std::size_t i = 0; i < block.size(); ++i) posts.push_back(block.post(i));
  std::vector<PlacedPost> placed;
  for (std::size_t i = 0; i < block.size(); ++i)
    placed.push_back({block.keys()[i], &posts[i], nullptr});
  std::string heads_again, texts_again;
  encode_heads(placed, heads_again);
  encode_texts(placed, texts_again);
  PostBlock again;
  if (!again.read_heads(heads_again) || !again.read_texts(texts_again)) __builtin_trap();
  if (again.keys() != block.keys()) __builtin_trap();
  for (std::size_t i = 0; i < block.size(); ++i)
    if (content_hash(again.post(i)) != content_hash(posts[i]) ||
        again.fact(i).author != block.fact(i).author || again.hidden(i) != block.hidden(i))
      __builtin_trap();
}

void check_labels(std::string_view bytes, std::size_t rows) {
  LabelBlock block;
  if (!block.read(bytes, rows)) return;
  for (std::size_t i = 0; i < rows; ++i) block.labels(i, 1);
}

}  // namespace

/// Blocks of posts and labels, as damaged as they come: the input is what zstd would hold, cut in
/// two by its first two bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input{reinterpret_cast<const char*>(bytes) + 2, size - 2};
  const auto cut = std::min<std::size_t>(bytes[0] + 256U * bytes[1], input.size());
  std::string heads, texts;
  compress({std::string{input.substr(0, cut)}}, heads);
  compress({std::string{input.substr(cut)}}, texts);
  check_posts(heads, texts);
  check_labels(heads, bytes[0]);
  std::string section;
  decompress(input, section);
  return 0;
}
