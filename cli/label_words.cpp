#include "cli/label_words.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "store/base/suggest.hpp"

namespace earshot {

namespace {

constexpr std::array<std::string_view, 3> sentiments{"negative", "neutral", "positive"};
constexpr std::array<std::string_view, 3> stances{"detractor", "none", "advocate"};

/// The place of `name` among `names`.
Result<std::size_t> place_of(std::string_view name, std::span<const std::string_view> names,
                             std::string_view what) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const auto hint = did_you_mean(name, names);
  return Error{
      Error::Kind::usage,
      fmt::format("unknown {} '{:.40}'{}", what, name,
                  hint.empty() ? fmt::format("; it is one of {}", fmt::join(names, ", ")) : hint)};
}

}  // namespace

std::span<const std::string_view> sentiment_names() {
  return sentiments;
}

std::span<const std::string_view> stance_names() {
  return stances;
}

std::span<const std::string_view> intent_names() {
  static const auto names = [] {
    std::array<std::string_view, intent_count> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = name_of(static_cast<Intent>(i));
    return all;
  }();
  return names;
}

Result<Sentiment> parse_sentiment(std::string_view name) {
  const auto place = place_of(name, sentiments, "sentiment");
  if (!place) return place.error();
  return static_cast<Sentiment>(static_cast<int>(*place) - 1);
}

Result<Stance> parse_stance(std::string_view name) {
  const auto place = place_of(name, stances, "stance");
  if (!place) return place.error();
  return static_cast<Stance>(static_cast<int>(*place) - 1);
}

Result<Intents> parse_intents(std::span<const std::string> names) {
  Intents intents;
  for (const auto& name : names) {
    if (name == "none") {
      if (names.size() == 1) return intents;
      return Error{Error::Kind::usage, "--intent none goes with no other --intent"};
    }
    const auto found = std::ranges::find(intent_names(), name);
    if (found == intent_names().end())
      return Error{Error::Kind::usage, fmt::format("--intent must be {} or none, not '{}'",
                                                   fmt::join(intent_names(), ", "), name)};
    intents.add(static_cast<Intent>(found - intent_names().begin()));
  }
  return intents;
}

std::string describe_intents(Intents intents) {
  std::string list;
  for (std::size_t i = 0; i < intent_count; ++i)
    if (intents.has(static_cast<Intent>(i)))
      list.append(list.empty() ? "" : " ").append(name_of(static_cast<Intent>(i)));
  return list.empty() ? "none" : list;
}

std::string flatten(std::string_view text) {
  std::string line{text};
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, ' ');
  return line;
}

}  // namespace earshot
