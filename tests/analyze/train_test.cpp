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

std::string error_of(const TrainRequest& request) {
  const auto done = train_sentiment(request, silent);
  REQUIRE_FALSE(done);
  return done.error().message;
}
}  // namespace

TEST_CASE("train: learns what a small set shows, and says so in the card") {
  const Folder folder;
  const std::string set = folder.write("set.tsv", small_set());
  folder.write("m.licences.tsv", "set.tsv\tour own\n");

  const auto evaluations =
      train_sentiment({{set, set}, {set}, "tiny-1", folder.path("m.model"), 1}, silent);

  REQUIRE(evaluations);
  REQUIRE(evaluations->size() == 1);
  CHECK(evaluations->front().rows == 120);
  CHECK(evaluations->front().macro_recall == doctest::Approx(1.0));
  CHECK(evaluations->front().calibration_error < 0.1);
  const auto model = SentimentModel::load(folder.path("m.model"));
  REQUIRE(model);
  CHECK(model->name() == "tiny-1");
  const std::string card = folder.read("m.md");
  CHECK(card.find("| set.tsv | 120 | 2 |") != std::string::npos);
  CHECK(card.find("| our own |") != std::string::npos);
  CHECK(card.find("| set.tsv | 120 | 1.000 ± 0.000 |") != std::string::npos);
}

TEST_CASE("train: the same files and seed give the same bytes, another seed others") {
  const Folder folder;
  const std::string set = folder.write("set.tsv", small_set());
  for (const auto& [name, seed] :
       {std::pair{"a.model", 1}, std::pair{"b.model", 1}, std::pair{"c.model", 2}})
    REQUIRE(train_sentiment(
        {{set}, {}, "tiny", folder.path(name), static_cast<std::uint64_t>(seed)}, silent));
  CHECK(folder.read("a.model") == folder.read("b.model"));
  CHECK(folder.read("a.model") != folder.read("c.model"));
}

TEST_CASE("train: a file that can't be used is named with its line") {
  const Folder folder;
  const std::string good = folder.write("good.tsv", small_set());
  const std::string untabbed = folder.write("untabbed.tsv", "positive\tyes\njust words\n");
  const std::string graded = folder.write("graded.tsv", "4.5\tyes\n");
  const std::string empty = folder.write("empty.tsv", "\n\n");
  const std::string output = folder.path("m.model");

  CHECK(error_of({{untabbed}, {}, "m", output, 1}) ==
        untabbed + ":2: no tab between label and text");
  CHECK(error_of({{graded}, {}, "m", output, 1}) ==
        graded + ":1: unknown label '4.5', expected negative, neutral or positive");
  CHECK(error_of({{good}, {empty}, "m", output, 1}) == empty + ": no labelled line in it");
  CHECK(error_of({{folder.path("none.tsv")}, {}, "m", output, 1}) ==
        folder.path("none.tsv") + ": No such file or directory");
  CHECK(error_of({{}, {}, "m", output, 1}) ==
        "nothing to train on: name at least one file of label<TAB>text lines");
  CHECK(error_of({{good}, {}, "m", "/nowhere/m.model", 1}) ==
        "/nowhere/m.model: cannot be written: No such file or directory");
  CHECK_FALSE(std::filesystem::exists(output));
}
