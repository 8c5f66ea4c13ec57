#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/advocacy.hpp"
#include "analyze/features.hpp"
#include "analyze/normalise.hpp"
#include "analyze/sentiment.hpp"

using namespace earshot;

namespace {

constexpr std::array<std::string_view, 48> words{"the",      "I",
                                                 "love",     "delivery",
                                                 "never",    "don't",
                                                 "again",    "vegetables",
                                                 "fresh",    "late",
                                                 "waiting",  "order",
                                                 "thanks",   "so",
                                                 "much",     "please",
                                                 "help",     "you",
                                                 "should",   "try",
                                                 "this",     "shop",
                                                 "best",     "worst",
                                                 "in",       "town",
                                                 "#fail",    "@the_shop",
                                                 "when",     "is",
                                                 "it",       "open",
                                                 "Saturday", "http://a.example/b",
                                                 "refund",   "and",
                                                 "but",      "not",
                                                 "tomatoes", "soooo",
                                                 "good!",    "hours",
                                                 "on",       "hold,",
                                                 "really?",  "\U0001F60D",
                                                 "café",     "of"};

/// Posts of about 180 bytes from a fixed seed.
std::vector<std::string> make_posts(std::size_t count) {
  std::vector<std::string> posts(count);
  std::uint64_t state = 1;
  for (std::string& post : posts) {
    while (post.size() < 180) {
      state = state * 6364136223846793005 + 1442695040888963407;
      post.append(words[(state >> 33) % words.size()]).push_back(' ');
      if ((state >> 60) == 0) post.append(std::to_string(state >> 44)).push_back(' ');
    }
  }
  return posts;
}

const std::vector<std::string>& posts() {
  static const std::vector<std::string> made = make_posts(4096);
  return made;
}

template <class Body>
void run(benchmark::State& state, Body body) {
  for (auto _ : state)
    for (const std::string& post : posts()) benchmark::DoNotOptimize(body(post));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(posts().size()));
}

void normalise_posts(benchmark::State& state) {
  std::string normalised;
  run(state, [&](const std::string& post) { return normalise(post, normalised).letters; });
}

void normalise_and_extract(benchmark::State& state) {
  std::string normalised;
  Features features;
  TokenisedText tokenised;
  run(state, [&](const std::string& post) {
    const TextStyle style = normalise(post, normalised);
    tokenised.read(normalised);
    extract_features(tokenised, style, features);
    return features.characters().size();
  });
}

void normalise_and_cut(benchmark::State& state) {
  std::string normalised;
  TokenisedText tokenised;
  run(state, [&](const std::string& post) {
    normalise(post, normalised);
    tokenised.read(normalised);
    return tokenised.tokens().size();
  });
}

void score_sentiment(benchmark::State& state) {
  const auto model = SentimentModel::load(EARSHOT_SOURCE_DIR "/configs/models/sentiment.model");
  if (!model) return state.SkipWithError(model.error().message.c_str());
  SentimentModel::Scratch scratch;
  run(state, [&](const std::string& post) { return model->score(post, scratch); });
}

/// Texts come from the sentiment model, so they are in the cache, and normalising is not its work.
void label_stance_and_intents(benchmark::State& state) {
  std::string normalised;
  std::vector<TokenisedText> texts(512);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    normalise(posts()[i], normalised);
    texts[i].read(normalised);
  }
  const SentimentScore feeling{Sentiment::negative, 900, 900, 50};
  AdvocacyScratch scratch;
  for (auto _ : state)
    for (const TokenisedText& text : texts)
      benchmark::DoNotOptimize(label_advocacy(text, feeling, scratch));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
}

BENCHMARK(normalise_posts);
BENCHMARK(normalise_and_cut);
BENCHMARK(normalise_and_extract);
BENCHMARK(score_sentiment);
BENCHMARK(label_stance_and_intents);

}  // namespace
