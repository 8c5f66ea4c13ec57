// Texts of any bytes are taken apart into words and clauses, and put together again without them.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyze/explain.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  earshot::Post post;
  post.text = {reinterpret_cast<const char*>(bytes), size};
  for (const auto& [label, clause] :
       earshot::explain_advocacy(post.text, earshot::SentimentScore{}).clauses)
    if (post.text.find(clause) == std::string_view::npos) __builtin_trap();
  earshot::Project project;
  project.brand.query = "box OR \"green crate\"";
  if (!earshot::explain_match(project, {earshot::EntityKind::brand, ""}, post, "en"))
    __builtin_trap();
  return 0;
}
