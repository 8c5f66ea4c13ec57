#include "store/labels.hpp"

#include <array>

#include "store/base/hash.hpp"

namespace earshot {

std::string_view name_of(Sentiment sentiment) {
  static constexpr std::array<std::string_view, 4> names{"negative", "neutral", "positive",
                                                         "unsupported"};
  return names[static_cast<std::size_t>(static_cast<int>(sentiment) + 1)];
}

std::string_view name_of(Stance stance) {
  static constexpr std::array<std::string_view, 3> names{"detractor", "none", "advocate"};
  return names[static_cast<std::size_t>(static_cast<int>(stance) + 1)];
}

std::string_view name_of(Intent intent) {
  static constexpr std::array<std::string_view, intent_count> names{
      "recommendation", "purchase_intent", "complaint", "question",
      "request",        "suggestion",      "thanks"};
  return names[static_cast<std::size_t>(intent)];
}

std::string_view name_of(EntityKind kind) {
  static constexpr std::array<std::string_view, 8> names{
      "brand", "competitor", "topic", "objective", "pilot", "department", "region", "rule"};
  return names[static_cast<std::size_t>(kind)];
}

std::uint64_t Generation::id() const {
  std::uint64_t hash = hash_bytes(model, model_hash ^ config_hash);
  hash = hash_bytes({reinterpret_cast<const char*>(&config_hash), sizeof config_hash}, hash);
  for (const auto& entity : entities)
    hash = hash_bytes(entity.name, hash + static_cast<std::uint64_t>(entity.kind));
  return hash == 0 ? 1 : hash;
}

}  // namespace earshot
