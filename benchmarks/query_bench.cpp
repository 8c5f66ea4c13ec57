#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "analyze/query.hpp"

namespace {

using namespace earshot;

/// Words of two to ten letters; low numbers are drawn much more often than high ones, as in real
/// text.
struct Vocabulary {
  std::vector<std::string> words;
  std::mt19937 dice{1};

  Vocabulary() {
    std::uniform_int_distribution<int> letter{'a', 'z'}, size{2, 10};
    for (int i = 0; i < 5'000; ++i) {
      std::string word(static_cast<std::size_t>(size(dice)), ' ');
      for (char& c : word) c = static_cast<char>(letter(dice));
      words.push_back(std::move(word));
    }
  }

  const std::string& draw() {
    const double even = std::uniform_real_distribution<double>{0, 1}(dice);
    return words[static_cast<std::size_t>(even * even * even *
                                          static_cast<double>(words.size() - 1))];
  }
};

/// Posts of about 180 bytes with capitals, mentions, hashtags, apostrophes, emoji and links.
std::vector<std::string> make_texts(Vocabulary& vocabulary, std::size_t count) {
  std::vector<std::string> texts(count);
  for (auto& text : texts) {
    while (text.size() < 170) {
      const auto roll = vocabulary.dice() % 60;
      if (roll == 0) text += "https://example.org/" + vocabulary.draw();
      if (roll == 1) text += '@';
      if (roll == 2) text += '#';
      if (roll == 3) text += "🙂 ";
      text += vocabulary.draw();
      if (roll == 4) text += "'s";
      text += roll < 10 ? ", " : " ";
      if (roll == 5) text[text.size() - 3] = 'Q';
    }
  }
  return texts;
}

/// 200 phrases of one to three words, each a query of its own.
std::vector<std::string> make_phrases(Vocabulary& vocabulary) {
  std::vector<std::string> phrases(200);
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    phrases[i] = "\"" + vocabulary.draw();
    for (std::size_t more = i % 3; more > 0; --more) phrases[i] += " " + vocabulary.draw();
    phrases[i] += "\"";
  }
  return phrases;
}

/// 200 queries as people write them: several words, exceptions, prefixes, fields.
std::vector<std::string> make_queries(Vocabulary& vocabulary) {
  std::vector<std::string> queries(200);
  const auto word = [&]() -> const std::string& { return vocabulary.draw(); };
  for (auto& query : queries)
    query = "(" + word() + " OR \"" + word() + " " + word() + "\" OR " + word() + "* OR #" +
            word() + ") NOT (" + word() + " OR author:" + word() + ") lang:en";
  return queries;
}

void match_posts(benchmark::State& state, const std::vector<std::string>& queries,
                 const std::vector<std::string>& texts) {
  const auto set = QuerySet::compile(queries);
  QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits;
  Post post;
  post.author_id = "somebody";
  std::int64_t found = 0;
  for (auto _ : state) {
    for (const auto& text : texts) {
      post.text = text;
      set->match(post, "en", scratch, hits);
      for (const auto hit : hits) found += hit;
    }
  }
  const auto posts = state.iterations() * static_cast<std::int64_t>(texts.size());
  state.SetItemsProcessed(posts);
  state.counters["hits_per_post"] = static_cast<double>(found) / static_cast<double>(posts);
}

void split_words(benchmark::State& state) {
  Vocabulary vocabulary;
  const auto texts = make_texts(vocabulary, 10'000);
  WordSplitter splitter;
  for (auto _ : state)
    for (const auto& text : texts) benchmark::DoNotOptimize(splitter.split(text).size());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
}
BENCHMARK(split_words);

void match_200_phrases(benchmark::State& state) {
  Vocabulary vocabulary;
  const auto texts = make_texts(vocabulary, 10'000);
  match_posts(state, make_phrases(vocabulary), texts);
}
BENCHMARK(match_200_phrases);

void match_200_queries(benchmark::State& state) {
  Vocabulary vocabulary;
  const auto texts = make_texts(vocabulary, 10'000);
  match_posts(state, make_queries(vocabulary), texts);
}
BENCHMARK(match_200_queries);

}  // namespace
