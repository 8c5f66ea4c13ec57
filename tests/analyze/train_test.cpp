#include "analyze/train.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace earshot;

namespace {
/// A folder of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "earshot_train_XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream{path(name), std::ios::binary} << text;
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream file{path(name), std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

 private:
  std::string path_;
};

void silent(std::string_view) {}

std::string small_set() {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "positive\tlovely fresh box, number " + std::to_string(i) + "\n";
    text += "negative\trotten awful mess again " + std::to_string(i) + "\n";
    text += "neutral\tthe van leaves at " + std::to_string(i) + "\r\n";
  }
  return text;
}

TrainRequest request_of(const std::string& set, const std::string& output) {
  return {.train = {{.file = {set}}}, .name = "tiny", .output = output};
}

std::string error_of(const TrainRequest& request) {
  const auto done = train_sentiment(request, silent);
  REQUIRE_FALSE(done);
  return done.error().message;
}
}  // namespace

TEST_CASE("train: learns what a small set shows, and says so in the card") {
  const Folder folder;
  const std::string set = folder.write("set.tsv", small_set());
  TrainRequest request = request_of(set, folder.path("m.model"));
  request.train.front() = {.file = {set, "our own"}, .weight = 2};
  request.calibrate = {set};
  request.name = "tiny-1";

  const auto evaluations = train_sentiment(request, silent);

  REQUIRE(evaluations);
  REQUIRE(evaluations->size() == 1);
  CHECK(evaluations->front().rows == 120);
  CHECK(evaluations->front().macro_recall == doctest::Approx(1.0));
  CHECK(evaluations->front().calibration_error < 0.1);
  const auto model = SentimentModel::load(folder.path("m.model"));
  REQUIRE(model);
  CHECK(model->name() == "tiny-1");
  const std::string card = folder.read("m.md");
  CHECK(card.find("| set.tsv | labels | 120 | 2 |") != std::string::npos);
  CHECK(card.find("| our own |") != std::string::npos);
  CHECK(card.find("| set.tsv | 120 | 1.000 ± 0.000 | 1.000 |") != std::string::npos);
}

TEST_CASE("train: the same files and seed give the same bytes, another seed others") {
  const Folder folder;
  const std::string set = folder.write("set.tsv", small_set());
  const std::string signs = folder.write("signs.tsv", "positive\tyay box\nnegative\tmeh box\n");
  const std::string lexicon = folder.write("lexicon.tsv", "2.5\tlovely\n-3\tawful\n");
  for (const auto& [name, seed] :
       {std::pair{"a.model", 1}, std::pair{"b.model", 1}, std::pair{"c.model", 2}}) {
    TrainRequest request = request_of(set, folder.path(name));
    request.train.push_back({.file = {signs}, .apart = true, .distant = true});
    request.lexica = {{lexicon}};
    request.calibrate = {set};
    request.seed = static_cast<std::uint64_t>(seed);
    REQUIRE(train_sentiment(request, silent));
  }
  CHECK(folder.read("a.model") == folder.read("b.model"));
  CHECK(folder.read("a.model") != folder.read("c.model"));
}

TEST_CASE("train: a word that only a lexicon knows has its feeling, and its negation the other") {
  const Folder folder;
  TrainRequest request = request_of(folder.write("set.tsv", small_set()), folder.path("m.model"));
  request.lexica = {
      {folder.write("lexicon.tsv", "3\tlovely\n3\tscrumptious\n-3\tawful\n-3\tvile\n")}};
  REQUIRE(train_sentiment(request, silent));

  const auto model = SentimentModel::load(folder.path("m.model"));

  REQUIRE(model);
  SentimentModel::Scratch scratch;
  const auto lean = [&](std::string_view text) {
    const auto [negative, positive] = model->logits(text, scratch);
    return positive - negative;
  };
  CHECK(lean("scrumptious") > lean("qqq") + 0.1);
  CHECK(lean("vile") < lean("qqq") - 0.1);
  CHECK(lean("not scrumptious") < lean("not qqq"));
}

TEST_CASE("train: labels by emoticons tell positive from negative and leave neutral alone") {
  const Folder folder;
  std::string signs;
  for (int i = 0; i < 60; ++i) signs += "positive\tgrooovy zing\nnegative\tdreary thud\n";
  TrainRequest request = request_of(folder.write("set.tsv", small_set()), folder.path("m.model"));
  request.train.push_back(
      {.file = {folder.write("signs.tsv", signs)}, .apart = false, .distant = true});
  REQUIRE(train_sentiment(request, silent));

  const auto model = SentimentModel::load(folder.path("m.model"));

  REQUIRE(model);
  SentimentModel::Scratch scratch;
  const auto [zing_negative, zing_positive] = model->logits("zing", scratch);
  const auto [thud_negative, thud_positive] = model->logits("thud", scratch);
  CHECK(zing_positive > zing_negative);
  CHECK(thud_negative > thud_positive);
  CHECK(folder.read("m.md").find("| signs.tsv | labels by emoticons | 120 |") != std::string::npos);
}

TEST_CASE("train: a file that can't be used is named with its line") {
  const Folder folder;
  const std::string good = folder.write("good.tsv", small_set());
  const std::string untabbed = folder.write("untabbed.tsv", "positive\tyes\njust words\n");
  const std::string graded = folder.write("graded.tsv", "4.5\tyes\n");
  const std::string empty = folder.write("empty.tsv", "\n\n");
  const std::string output = folder.path("m.model");

  const auto message = [&](const std::string& path) { return error_of(request_of(path, output)); };
  CHECK(message(untabbed) == untabbed + ":2: no tab between label and text");
  CHECK(message(graded) ==
        graded + ":1: unknown label '4.5', expected negative, neutral or positive");
  CHECK(message(folder.path("none.tsv")) ==
        folder.path("none.tsv") + ": No such file or directory");
  TrainRequest request = request_of(good, output);
  request.calibrate = {empty};
  CHECK(error_of(request) == empty + ": no labelled line in it");
  request.calibrate = {};
  request.score = {empty};
  CHECK(error_of(request) == empty + ": no labelled line in it");
  request.score = {};
  request.lexica = {{untabbed}};
  CHECK(error_of(request) == untabbed + ":1: 'positive' is no number from -100 to 100");
  request.lexica = {};
  request.train = {};
  CHECK(error_of(request) == "nothing to train on: name at least one file of label<TAB>text lines");
  CHECK(error_of(request_of(good, "/nowhere/m.model")) ==
        "/nowhere/m.model: cannot be written: No such file or directory");
  CHECK_FALSE(std::filesystem::exists(output));
}
