// Texts of any bytes are taken apart into words and clauses, and put together again without them.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "analyze/explain.hpp"
#include "analyze/features.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  earshot::Post post;
  post.text = {reinterpret_cast<const char*>(bytes), size};
  for (const auto& [label, clause] :
       earshot::explain_advocacy(post.text, earshot::SentimentScore{}).clauses)
    if (post.text.find(clause) == std::string_view::npos) __builtin_trap();
  const std::vector<earshot::SentimentWeight> none(earshot::feature_rows);
  earshot::SentimentView model;
  model.weights = none;
  for (const auto& feature : earshot::weigh_features(model, post.text))
    if (feature.weight != 0) __builtin_trap();
  earshot::Project project;
  project.brand.query = "box OR \"green crate\"";
  if (!earshot::explain_match(project, {earshot::EntityKind::brand, ""}, post, "en"))
    __builtin_trap();
  return 0;
}
