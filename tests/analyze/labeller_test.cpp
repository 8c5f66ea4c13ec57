#include "analyze/labeller.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analyze/advocacy.hpp"
#include "store/base/hash.hpp"
#include "store/base/parallel.hpp"
#include "tests/support/sample_posts.hpp"
#include "tests/support/tiny_model.hpp"

using namespace earshot;

namespace {

constexpr std::string_view recommends =
    "I love this wonderful shop. I highly recommend Acme to everyone";

Project sample_project() {
  Project project;
  project.brand = {
      "Acme", "acme", {{"acme", "", "", ""}, {"acmehelp", "twitter", "", ""}}, {"jane"}};
  project.competitors = {{"Globex", "globex", {{"globex", "", "", ""}}, {}}};
  project.topics = {{"delivery", "deliver*", ""}, {"organic", "organic", ""}};
  project.inbox.urgent = "poisoned";
  return project;
}

std::vector<Labels> label_all(const std::vector<Post>& posts,
                              const Project& project = sample_project()) {
  const auto labeller = Labeller::create(project, tiny_model());
  REQUIRE_MESSAGE(labeller.has_value(), (labeller ? "" : labeller.error().message));
  std::vector<Labels> labels(posts.size());
  labeller->label(posts, labels);
  return labels;
}

Labels label_of(std::string_view text, std::string_view author = "somebody") {
  return label_all({sample_post("1", author, text)})[0];
}

AdvocacyLabels advocacy_of(std::string_view text) {
  AdvocacyScratch scratch;
  SentimentModel::Scratch sentiment;
  const auto feeling = tiny_model().score(text, sentiment);
  return label_advocacy(sentiment.text, feeling, scratch);
}

/// "0m 2ma": the entities of a post, with m for matched and a for addressed.
std::string rows_of(const Labels& labels) {
  std::string rows;
  for (const auto& row : labels.entities) {
    if (!rows.empty()) rows += ' ';
    rows += std::to_string(row.entity);
    if (row.matched) rows += 'm';
    if (row.addressed) rows += 'a';
  }
  return rows;
}

std::string error_of(const Project& project) {
  const auto labeller = Labeller::create(project, tiny_model());
  if (labeller) return "no error";
  CHECK(labeller.error().kind == Error::Kind::config);
  return labeller.error().message;
}

}  // namespace

TEST_CASE("labeller: labels belong to the content and to the generation of model and config") {
  const auto project = sample_project();
  const auto labeller = Labeller::create(project, tiny_model());
  REQUIRE(labeller);
  const auto post = sample_post("1", "somebody", recommends);

  const auto labels = label_all({post})[0];

  CHECK(labels.content == content_hash(post));
  CHECK(labels.generation == labeller->generation().id());
  CHECK(labeller->generation().model == tiny_model().name());
  CHECK(labeller->generation().model_hash == tiny_model().hash());
  CHECK(labeller->generation().config_hash == labelling_hash(project));
  CHECK(labeller->generation().entities == entities_of(project));
}

TEST_CASE("labeller: an entity has a row where its query matches or its handle is mentioned") {
  CHECK(rows_of(label_of("nothing of note")) == "");
  CHECK(rows_of(label_of("Acme and Globex deliver organic food")) == "0m 1m 2m 3m");
  CHECK(rows_of(label_of("thanks @Globex")) == "1ma");
  CHECK(rows_of(label_of("globex")) == "1m");
}

TEST_CASE("labeller: the handle of one network addresses nobody on another") {
  auto post = sample_post("1", "somebody", "thanks @AcmeHelp");
  CHECK(rows_of(label_all({post})[0]) == "");
  post.network = "Twitter";
  CHECK(rows_of(label_all({post})[0]) == "0a");
}

TEST_CASE("labeller: handles that are no words, or full of signs, harm nothing") {
  auto project = sample_project();
  project.competitors[0].handles = {{"...", "", "", ""},
                                    {"a\"b* (c", "", "", ""},
                                    {"@www.x.org", "", "", ""},
                                    {"OR", "", "", ""},
                                    {"", "", "", ""}};

  CHECK(rows_of(label_all({sample_post("1", "x", "... www.x.org OR")}, project)[0]) == "");
  CHECK(rows_of(label_all({sample_post("1", "x", "hi @or")}, project)[0]) == "1a");
  CHECK(rows_of(label_all({sample_post("1", "x", "hi @a b c")}, project)[0]) == "1a");
}

TEST_CASE("labeller: the only row of a post has its sentiment") {
  const auto labels = label_of("I love wonderful Acme, great service");

  CHECK(labels.sentiment == Sentiment::positive);
  CHECK(labels.sentiment_permille > 333);
  REQUIRE(labels.entities.size() == 1);
  CHECK(labels.entities[0].sentiment == Sentiment::positive);
}

TEST_CASE("labeller: stance is given to the one party that a post concerns, and to no topic") {
  REQUIRE(advocacy_of(recommends).stance == Stance::advocate);

  const auto labels = label_of("Delivery! " + std::string{recommends});

  CHECK(labels.stance == Stance::advocate);
  REQUIRE(rows_of(labels) == "0m 2m");
  CHECK(labels.entities[0].stance == Stance::advocate);
  CHECK(labels.entities[1].stance == Stance::none);
}

TEST_CASE("labeller: of two parties each has the stance of its own clause") {
  const auto labels = label_of("Stay away from Globex, terrible. " + std::string{recommends});

  REQUIRE(rows_of(labels) == "0m 1m");
  CHECK(labels.entities[0].stance == Stance::advocate);
  CHECK(labels.entities[1].stance == Stance::detractor);
}

TEST_CASE("labeller: in a language that the model does not speak no clause has a feeling") {
  auto post = sample_post("1", "somebody", "left Acme for Globex and love it");
  CHECK(label_all({post})[0].entities[1].stance == Stance::advocate);
  post.lang = "fi";

  const auto labels = label_all({post})[0];

  REQUIRE(rows_of(labels) == "0m 1m");
  for (const auto& row : labels.entities) {
    CHECK(row.sentiment == Sentiment::unsupported);
    CHECK(row.stance == Stance::none);
  }
}

TEST_CASE("labeller: a party that no word names has no stance beside another's") {
  auto project = sample_project();
  project.competitors[0].query = "globex OR apples author:rival*";
  const auto labels =
      label_all({sample_post("1", "rival_fan", std::string{recommends} + ". apples")}, project)[0];

  REQUIRE(rows_of(labels) == "0m 1m");
  CHECK(labels.entities[0].stance == Stance::advocate);
  CHECK(labels.entities[1].stance == Stance::none);
}

TEST_CASE("labeller: whoever speaks for a party is no advocate of it") {
  for (const std::string_view author : {"ACME", "jane"}) {
    const auto labels = label_of(recommends, author);
    CHECK(labels.affiliate);
    CHECK(labels.stance == Stance::none);
    REQUIRE(labels.entities.size() == 1);
    CHECK(labels.entities[0].stance == Stance::none);
  }
  CHECK(label_of("hello", "Acme").owner == 0);
  CHECK(label_of("hello", "jane").owner == no_entity);
  CHECK(label_of("hello", "globex").owner == 1);
  CHECK_FALSE(label_of("hello").affiliate);
}

TEST_CASE("labeller: an affiliate may take a stance toward another party") {
  const auto labels =
      label_of("I love this wonderful shop. I highly recommend Globex to everyone", "jane");

  CHECK(labels.affiliate);
  CHECK(labels.stance == Stance::advocate);
  REQUIRE(rows_of(labels) == "1m");
  CHECK(labels.entities[0].stance == Stance::advocate);
}

TEST_CASE("labeller: what is urgent comes first, then what wants an answer") {
  const std::string_view question = "@acme do you deliver on Sundays?";
  const std::string_view complaint =
      "Acme, my order arrived broken and nobody answers, terrible service";
  REQUIRE(advocacy_of(question).intents.has(Intent::question));
  REQUIRE(advocacy_of(complaint).intents.has(Intent::complaint));

  CHECK(label_of("the apples poisoned me").priority == 1);
  CHECK(label_of(complaint).priority == 1);
  CHECK(label_of(question).priority == 2);
  CHECK(label_of("apples are red").priority == 3);
}

TEST_CASE(
    "labeller: near-duplicates are the same words, whoever is mentioned and whatever is linked") {
  const std::string words = "Free boxes of apples for everyone at the market";
  const auto group = label_of(words).group;

  CHECK(group != 0);
  CHECK(label_of("RT @acme: " + words).group == group);
  CHECK(label_of(words + " https://a.b/c").group == group);
  CHECK(label_of("FREE boxes, of #apples for everyone: at the market!").group == group);
  CHECK(label_of(words + " today").group != group);
  CHECK(label_of("apples Free boxes of for everyone at the market").group != group);
}

TEST_CASE("labeller: replies and short texts are no near-duplicates") {
  auto reply = sample_post("1", "somebody", "one two three four five six seven eight nine");
  CHECK(label_all({reply})[0].group != 0);
  reply.parent_id = "0";

  CHECK(label_all({reply})[0].group == 0);
  CHECK(label_of("one two three four five six seven").group == 0);
  CHECK(label_of("@a @b @c one two three four five six seven https://a.b").group == 0);
  CHECK(label_of("one two three four five six seven eight").group != 0);
}

TEST_CASE("labeller: links are the pages that a post shares, each once") {
  const auto labels =
      label_of("see https://acme.com/a, http://www.acme.com/a/ and https://acme.com/b.");

  auto wanted = std::vector{hash_bytes("acme.com/a"), hash_bytes("acme.com/b")};
  std::sort(wanted.begin(), wanted.end());
  CHECK(labels.links == wanted);
}

TEST_CASE("labeller: intents and thanks are those of the rules, the language that of the text") {
  const std::string_view text = "Thank you so much Acme!";

  const auto labels = label_of(text);

  CHECK(labels.intents == advocacy_of(text).intents);
  CHECK(labels.only_thanks == advocacy_of(text).only_thanks);
  auto post = sample_post("1", "somebody", text);
  post.lang = "pt-BR";
  CHECK(label_all({post})[0].lang == Lang{'p', 't'});
}

TEST_CASE("labeller: in a language that the model does not speak no feeling is guessed") {
  auto dutch = sample_post("1", "somebody", "wat een geweldige winkel, ik hou van Acme");
  dutch.lang = "nl";
  auto german = dutch;
  german.lang = "de";
  auto unknown = sample_post("2", "somebody", "Acme :)");

  const auto labels = label_all({dutch, german, unknown});

  CHECK(labels[0].sentiment == Sentiment::unsupported);
  CHECK(labels[0].sentiment_permille == 0);
  REQUIRE(labels[0].entities.size() == 1);
  CHECK(labels[0].entities[0].sentiment == Sentiment::unsupported);
  CHECK(labels[1].sentiment != Sentiment::unsupported);
  CHECK(labels[2].lang == Lang{});
  CHECK(labels[2].sentiment != Sentiment::unsupported);
}

TEST_CASE("labeller: queries may ask for the language that was found") {
  auto project = sample_project();
  project.topics[0].query = "acme lang:pt";
  auto post = sample_post("1", "somebody", "acme");
  post.lang = "pt";

  CHECK(rows_of(label_all({post}, project)[0]) == "0m 2m");
}

TEST_CASE("labeller: objectives, pilots and rules of the policy tag what their queries match") {
  auto project = sample_project();
  project.topics.clear();
  Objective measured, asked;
  measured.name = "Answer everyone";
  measured.metric = "response_rate";
  asked.name = "Fewer late boxes";
  asked.query = "late";
  project.objectives = {measured, asked};
  Pilot all, samples;
  all.name = "Video";
  samples.name = "Samples";
  samples.query = "sample*";
  project.pilots = {all, samples};
  project.policy = {{"no promises", "guarantee*", true, PolicyRule::On::all}};

  // Brand 0, competitor 1; what has a query follows: objective 2, pilot 3, rule 4.
  REQUIRE(entities_of(project).size() == 5);
  const auto rows = [&](std::string_view text) {
    return rows_of(label_all({sample_post("1", "somebody", text)}, project)[0]);
  };
  CHECK(rows("late again") == "2m");
  CHECK(rows("free samples for acme") == "0m 3m");
  CHECK(rows("guaranteed") == "4m");
  CHECK(rows("nothing of note") == "");
}

TEST_CASE("labeller: a department has what any of its topics matches") {
  auto project = sample_project();
  project.topics = {{"delivery", "deliver* OR late", "orders"},
                    {"refunds", "refund AND NOT tax", "orders"},
                    {"organic", "organic", "growers"},
                    {"price", "price", ""}};

  // Topics 2 to 5, departments 6 (orders) and 7 (growers).
  const auto rows = [&](std::string_view text) {
    return rows_of(label_all({sample_post("1", "somebody", text)}, project)[0]);
  };
  CHECK(rows("late") == "2m 6m");
  CHECK(rows("refund") == "3m 6m");
  CHECK(rows("late tax refund") == "2m 6m");
  CHECK(rows("organic delivery") == "2m 4m 6m 7m");
  CHECK(rows("price") == "5m");
}

TEST_CASE("labeller: a region is told from the place of a post, not from its text") {
  auto project = sample_project();
  project.topics.clear();
  project.places = {{"boston OR ma", "East"}, {"box:30,-125,49,-115", "West"}, {"nyc", "East"}};
  const auto rows_at = [&](std::string_view place) {
    auto post = sample_post("1", "somebody", "boston");
    post.place = place;
    return rows_of(label_all({post}, project)[0]);
  };

  // Two rules name the same region: 2 is East, 3 West.
  REQUIRE(entities_of(project).size() == 4);
  CHECK(rows_at("") == "");
  CHECK(rows_at("Boston, MA") == "2m");
  CHECK(rows_at("NYC") == "2m");
  CHECK(rows_at("34.05,-118.24") == "3m");
  CHECK(rows_at("Paris") == "");
}

TEST_CASE("labeller: marks are those of words, links, place and name") {
  const auto marked = [](const Post& post) { return label_all({post})[0].marks; };
  auto post = sample_post("1", "somebody", "It's fixed now");
  CHECK(marked(post).has(Mark::solved));
  CHECK_FALSE(marked(post).has(Mark::placed));
  post.place = "nowhere in the table";
  CHECK(marked(post).has(Mark::placed));
  CHECK(marked(sample_post("1", "somebody", "look https://a.b")).has(Mark::link_only));
  CHECK(marked(sample_post("1", "real_acme", "hello")).has(Mark::look_alike));
  CHECK(marked(sample_post("1", "somebody", "hello acme")).bits() == 0);
}

TEST_CASE("labeller: a declared handle or affiliate is no look-alike, whoever's it is") {
  auto project = sample_project();
  project.brand.affiliates.push_back("acme_jane");
  project.competitors[0].handles.push_back({"acmewatch", "", "", ""});
  for (const auto* author : {"acme", "acme_jane", "acmewatch"}) {
    CAPTURE(author);
    const auto labels = label_all({sample_post("1", author, "hello")}, project)[0];
    CHECK_FALSE(labels.marks.has(Mark::look_alike));
  }
  // The handle of another network is not declared here.
  CHECK(label_of("hello", "acmehelp").marks.has(Mark::look_alike));
}

TEST_CASE("labeller: only questions have the hash of a question") {
  const std::string_view question = "@acme do you deliver organic boxes?";
  REQUIRE(advocacy_of(question).intents.has(Intent::question));

  CHECK(label_of(question).question != 0);
  CHECK(label_of("@acme do they deliver boxes that are organic?").question ==
        label_of(question).question);
  CHECK(label_of("organic boxes to deliver").question == 0);
}

TEST_CASE("labeller: the same labels at any number of threads, in any batch and over old labels") {
  const char* const texts[] = {"I highly recommend Acme",
                               "@globex when do you deliver organic food?", "see https://a.b",
                               "one two three four five six seven eight nine", "no"};
  std::vector<std::string> kept;
  for (int i = 0; i < 3'000; ++i)
    kept.push_back(std::string{texts[i % 5]} + " " + std::to_string(i % 7));
  std::vector<Post> posts;
  for (const auto& text : kept) posts.push_back(sample_post("1", "jane", text));
  const auto labeller = Labeller::create(sample_project(), tiny_model());
  REQUIRE(labeller);

  set_thread_count(1);
  std::vector<Labels> alone(posts.size());
  labeller->label(posts, alone);
  set_thread_count(4);
  auto old = label_of("RT @acme https://x.y poisoned one two three four five six", "globex");
  old.by_hand = true;
  std::vector<Labels> together(posts.size(), old);
  labeller->label(std::span{posts}.first(1'001), std::span{together}.first(1'001));
  labeller->label(std::span{posts}.subspan(1'001), std::span{together}.subspan(1'001));
  set_thread_count(0);

  CHECK(alone == together);
}

TEST_CASE("labeller: a query that can't be read is named by its entity") {
  auto project = sample_project();
  project.topics[0].query = "shipping (";
  CHECK(error_of(project) == "topic 'delivery': query, column 10: missing ')'");
  project.competitors[0].query = "NOT globex";
  CHECK(error_of(project) ==
        "competitor 'Globex': query, column 1: a query needs at least one word that must be there");
  project.brand.query = "*";
  CHECK(error_of(project) == "brand 'Acme': query, column 1: a lone '*'");

  auto placed = sample_project();
  placed.places = {{"boston", "East"}, {"box:1", "West"}};
  CHECK(error_of(placed) == "place 2, 'box:1': a box is box:SOUTH,WEST,NORTH,EAST in degrees");
  auto ruled = sample_project();
  ruled.policy = {{"signed", "nell OR", false, PolicyRule::On::replies}};
  CHECK(error_of(ruled) == "rule 'signed': query, column 6: 'OR' needs something after it");

  auto urgent = sample_project();
  urgent.inbox.urgent = "fire OR";
  CHECK(error_of(urgent) == "[inbox] urgent: column 6: 'OR' needs something after it");
}
