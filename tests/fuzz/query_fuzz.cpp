#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/query.hpp"

/// Up to the first NUL a query, behind it a post.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  const auto end = input.find('\0');
  const std::vector<std::string> queries{std::string{input.substr(0, end)}, "acme"};
  const auto set = earshot::QuerySet::compile(queries);
  if (!set) return 0;
  earshot::Post post;
  post.text = end == std::string_view::npos ? input : input.substr(end + 1);
  post.author_id = post.channel = post.text.substr(0, 20);
  earshot::QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits;
  set->match(post, "en", scratch, hits);
  for (const auto& word : scratch.words())
    if (word.text.empty() || word.begin >= word.end || word.end > post.text.size())
      __builtin_trap();
  return 0;
}
