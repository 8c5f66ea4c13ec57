#include "cli/recipe.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using earshot::test::run_earshot;

namespace {
std::string error_of(const std::string& recipe) {
  const auto request = parse_recipe(recipe, "r.toml", "data");
  REQUIRE_FALSE(request);
  CHECK(request.error().kind == Error::Kind::config);
  return request.error().message;
}

std::string labelled_boxes() {
  std::string lines;
  for (int i = 0; i < 30; ++i)
    lines += "positive\tlovely fresh box " + std::to_string(i) + "\nnegative\tawful rotten box " +
             std::to_string(i) + "\nneutral\tthe box is box " + std::to_string(i) + "\n";
  return lines;
}

const std::string small_recipe =
    "name = 'small-1'\n"
    "calibrate = ['labelled.tsv']\n"
    "[[lexicon]]\nfile = './words.tsv'\n"
    "[[train]]\nfile = 'labelled.tsv'\nlicence = 'ours'\n"
    "[[train]]\nfile = 'signs.tsv'\nweight = 0.5\napart = true\ndistant = true\n";

TemporaryFolder& with_small_set(TemporaryFolder& folder) {
  folder.write("data/labelled.tsv", labelled_boxes());
  folder.write("data/signs.tsv", "positive\tyay\nnegative\tmeh\n");
  folder.write("recipes/words.tsv", "3\tlovely\n-3\tawful\n");
  folder.write("recipes/small.toml", small_recipe);
  folder.write("mine.tsv", "positive\tzingy box\nneutral\tbox\n");
  return folder;
}
}  // namespace

TEST_CASE("recipe: files are looked for in the data folder, or beside the recipe") {
  const auto request = parse_recipe(
      "name = 'm-1'\nseed = 7\nlanguages = ['de', 'en']\ncalibrate = ['held.tsv']\nscore = "
      "['/abs/other.tsv']\n"
      "[fit]\nrounds = 3\nrate = 1\nridge = 2.5\napart_ridge = 40\n"
      "[[lexicon]]\nfile = './words.tsv'\nlicence = 'MIT'\n"
      "[[train]]\nfile = 'a.tsv'\nweight = 2\n"
      "[[train]]\nfile = 'b.tsv'\napart = true\ndistant = true\nlicence = 'CC0'\n",
      "models/r.toml", "data");
  REQUIRE(request);
  CHECK(request->name == "m-1");
  CHECK(request->recipe == "models/r.toml");
  CHECK(request->seed == 7);
  CHECK(request->languages == std::vector<Lang>{{'d', 'e'}, {'e', 'n'}});
  CHECK(request->calibrate == std::vector<std::string>{"data/held.tsv"});
  CHECK(request->score == std::vector<std::string>{"/abs/other.tsv"});
  CHECK(request->fit.rounds == 3);
  CHECK(request->fit.rate == 1);
  CHECK(request->fit.ridge == 2.5);
  CHECK(request->fit.apart_ridge == 40);
  REQUIRE(request->lexica.size() == 1);
  CHECK(request->lexica[0].path == "models/words.tsv");
  CHECK(request->lexica[0].licence == "MIT");
  REQUIRE(request->train.size() == 2);
  CHECK(request->train[0].file.path == "data/a.tsv");
  CHECK(request->train[0].file.licence == "not recorded");
  CHECK(request->train[0].weight == 2);
  CHECK_FALSE(request->train[0].apart);
  CHECK(request->train[1].file.licence == "CC0");
  CHECK(request->train[1].apart);
  CHECK(request->train[1].distant);
}

TEST_CASE("recipe: what is wrong is named with its line") {
  CHECK(error_of("seed = 1\n") == "r.toml:1: a recipe needs a 'name'");
  CHECK(error_of("name = 'm'\nlanguages = ['eng']\n") ==
        "r.toml:2: 'languages' are codes of two letters, as \"en\"");
  CHECK(error_of("name = 'm'\nlexica = 1\n") ==
        "r.toml:2: unknown key 'lexica', did you mean 'lexicon'?");
  CHECK(error_of("name = 'm'\n[[train]]\nfile = 'a'\nweight = 0\n") ==
        "r.toml:4: 'weight' must be above 0, and at most 1000");
  CHECK(error_of("name = 'm'\n[[train]]\nfile = 'a'\ndistant = 'yes'\n") ==
        "r.toml:4: 'distant' in [[train]]: expected true or false");
  CHECK(error_of("name = 'm'\n[fit]\nrounds = 0\n") == "r.toml:3: 'rounds' must be from 1 to 1000");
  CHECK(error_of("name = 'm'\n[fit]\nrate = 0.0\n") ==
        "r.toml:3: 'rate' must be above 0, and at most 100");
  CHECK(error_of("name = 'm'\n[fit]\nridge = -1\n") == "r.toml:3: 'ridge' must be from 0 up");
  CHECK(error_of("name = 'm'\n[fit]\napart_ridge = nan\n") ==
        "r.toml:3: 'apart_ridge' must be from 0 up");
}

TEST_CASE("recipe: the same recipe and files give the same model, twice") {
  TemporaryFolder folder;
  with_small_set(folder);
  for (const auto* name : {"one.model", "two.model"}) {
    const auto ran = run_earshot(
        folder, {"train", "--recipe", "recipes/small.toml", "--data", "data", "--output", name});
    REQUIRE(ran.exit_code == 0);
    CHECK(ran.err == "");
  }
  CHECK(folder.read("one.model").size() > 1000);
  CHECK(folder.read("one.model") == folder.read("two.model"));
  const std::string card = folder.read("one.md");
  CHECK(card ==
        folder.read("two.md").replace(folder.read("two.md").find("two.model"), 9, "one.model"));
  CHECK(card.starts_with("# small-1\n"));
  CHECK(card.find("| labelled.tsv | labels | 90 | 1 |") != std::string::npos);
  CHECK(card.find("| ours |") != std::string::npos);
  CHECK(card.find("| signs.tsv | labels by emoticons, habits apart | 2 | 0.5 |") !=
        std::string::npos);
  CHECK(card.find("| words.tsv | lexicon | 2 | 1 |") != std::string::npos);
  CHECK(card.find("earshot train --recipe small.toml --data DIR --output one.model") !=
        std::string::npos);
}

TEST_CASE("recipe: labels of one's own are one more file") {
  TemporaryFolder folder;
  with_small_set(folder);
  const auto ran = run_earshot(folder, {"train", "--recipe", "recipes/small.toml", "--data", "data",
                                        "--name", "mine-1", "--output", "m.model", "mine.tsv"});
  REQUIRE(ran.exit_code == 0);
  const std::string card = folder.read("m.md");
  CHECK(card.starts_with("# mine-1\n"));
  CHECK(card.find("| mine.tsv | labels | 2 | 1 |") != std::string::npos);
}

TEST_CASE("recipe: the command says what is missing") {
  TemporaryFolder folder;
  with_small_set(folder);
  const auto ran = [&](const std::vector<std::string>& words) {
    return run_earshot(folder, words).err;
  };
  CHECK(ran({"train", "--output", "m.model"})
            .starts_with("earshot train: name at least one file of label<TAB>text lines, or a "
                         "recipe with --recipe"));
  CHECK(ran({"train", "--output", "m.model", "--data", "data", "mine.tsv"})
            .starts_with("earshot train: --data is for a recipe; name it with --recipe"));
  CHECK(ran({"train", "--output", "m.model", "--recipe", "none.toml"}) ==
        "earshot: none.toml: No such file or directory\n");
  CHECK(ran({"train", "--output", "m.model", "--recipe", "recipes/small.toml"}) ==
        "earshot: labelled.tsv: No such file or directory\n");
}
