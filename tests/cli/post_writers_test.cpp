#include "cli/post_writers.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace earshot;

namespace {

StoredPost example() {
  StoredPost stored;
  stored.post.network = "twitter";
  stored.post.native_id = "42";
  stored.post.channel = "twitter";
  stored.post.author_name = "=cmd";
  stored.post.text = "late, \"again\"\n\x1b[31mred";
  stored.post.source = "archive.csv";
  stored.post.posted_at = from_unix(1'785'900'000);
  stored.post.engagement.likes = 3;
  stored.labels.generation = 7;
  stored.labels.lang = {'e', 'n'};
  stored.labels.sentiment = Sentiment::negative;
  stored.labels.sentiment_permille = 912;
  stored.labels.intents.add(Intent::complaint);
  stored.labels.entities.push_back(
      {.entity = 0, .sentiment = Sentiment::negative, .matched = true});
  return stored;
}

std::string written(std::string_view format, const StoredPost& post) {
  Generation generation;
  generation.entities.push_back({EntityKind::brand, "Acme"});
  std::string out;
  post_writer(format)(out, post, &generation);
  return out;
}

}  // namespace

TEST_CASE("post writers: text shows the post, made harmless") {
  CHECK(written("text", example()) ==
        "2026-08-05T03:20:00Z  twitter  =cmd  negative, complaint\n"
        "  late, \"again\"\n"
        "  \\x1b[31mred\n"
        "  twitter:42\n\n");
}

TEST_CASE("post writers: a feeling that was not judged has no probability") {
  auto post = example();
  post.labels.sentiment = Sentiment::unsupported;
  post.labels.sentiment_permille = 0;
  CHECK(written("jsonl", post).find(R"("sentiment":"unsupported","sentiment_p":null,)") !=
        std::string::npos);
  CHECK(written("csv", post).find(",unsupported,,none,") != std::string::npos);
  CHECK(written("text", post).find("unsupported, complaint") != std::string::npos);
}

TEST_CASE("post writers: jsonl has the true text and the labels") {
  CHECK(
      written("jsonl", example()) ==
      R"({"id":"twitter:42","network":"twitter","channel":"twitter","posted_at":"2026-08-05T03:20:00Z","dated":true,)"
      R"("author":"=cmd","author_id":null,"text":"late, \"again\"\n\u001b[31mred","lang":null,"url":null,"parent":null,)"
      R"("root":null,"place":null,"source":"archive.csv","likes":3,"shares":null,"replies":null,"followers":null,)"
      R"("labels":{"sentiment":"negative","sentiment_p":0.912,"stance":"none","intents":["complaint"],"lang":"en",)"
      R"("owner":null,"entities":[{"kind":"brand","name":"Acme","sentiment":"negative","stance":"none","matched":true,)"
      R"("addressed":false}]}})"
      "\n");
}

TEST_CASE("post writers: csv quotes what it must and keeps formulas from being one") {
  CHECK(written("csv", example()) ==
        "twitter:42,2026-08-05T03:20:00Z,twitter,'=cmd,,en,negative,0.912,none,complaint,3,,,,,,"
        "\"late, \"\"again\"\"\n\x1b[31mred\"\r\n");
}

TEST_CASE("post writers: csv of a post without labels has as many columns as the header") {
  auto post = example();
  post.labels = {};
  post.post.text = "plain";
  const auto row = written("csv", post);
  const auto commas = [](std::string_view text) { return std::ranges::count(text, ','); };
  CHECK(commas(row) == commas(post_header("csv")));
}
