#include "cli/recipe.hpp"

#include "analyze/language.hpp"
#include "cli/toml_reader.hpp"

namespace earshot {

namespace {

/// Where the files that a recipe names are.
class Folders {
 public:
  Folders(const std::string& recipe, std::string data) : data_{std::move(data)} {
    const auto slash = recipe.rfind('/');
    if (slash != std::string::npos) beside_ = recipe.substr(0, slash + 1);
    if (!data_.empty() && data_.back() != '/') data_ += '/';
  }

  std::string path_of(const std::string& name) const {
    if (name.starts_with("./")) return beside_ + name.substr(2);
    return name.starts_with('/') ? name : data_ + name;
  }

 private:
  std::string beside_, data_;
};

void read_file_of(const TableReader& reader, const Folders& folders, SourceFile& into) {
  std::string name;
  reader.require("file", name);
  into.path = folders.path_of(name);
  reader.read("licence", into.licence);
}

TrainingSource read_source(const toml::table& table, const Folders& folders,
                           Complaints& complaints) {
  const TableReader reader{
      table, "[[train]]", {"file", "weight", "apart", "distant", "licence"}, complaints};
  TrainingSource source;
  read_file_of(reader, folders, source.file);
  reader.read("weight", source.weight);
  if (!(source.weight > 0 && source.weight <= 1000))
    reader.complain("weight", "'weight' must be above 0, and at most 1000");
  reader.read("apart", source.apart);
  reader.read("distant", source.distant);
  return source;
}

void read_fit(const TableReader& recipe, FitSettings& fit, Complaints& complaints) {
  const auto* table = recipe.table_at("fit");
  if (table == nullptr) return;
  const TableReader reader{*table, "[fit]", {"rounds", "rate", "ridge", "apart_ridge"}, complaints};
  reader.read("rounds", fit.rounds);
  if (fit.rounds < 1 || fit.rounds > 1000)
    reader.complain("rounds", "'rounds' must be from 1 to 1000");
  reader.read("rate", fit.rate);
  if (!(fit.rate > 0 && fit.rate <= 100))
    reader.complain("rate", "'rate' must be above 0, and at most 100");
  reader.read("ridge", fit.ridge);
  if (!(fit.ridge >= 0)) reader.complain("ridge", "'ridge' must be from 0 up");
  reader.read("apart_ridge", fit.apart_ridge);
  if (!(fit.apart_ridge >= 0)) reader.complain("apart_ridge", "'apart_ridge' must be from 0 up");
}

void read_names(const TableReader& recipe, std::string_view key, const Folders& folders,
                std::vector<std::string>& into) {
  recipe.read(key, into);
  for (std::string& name : into) name = folders.path_of(name);
}

void read_languages(const TableReader& recipe, std::vector<Lang>& into) {
  std::vector<std::string> codes;
  recipe.read("languages", codes);
  for (const std::string& code : codes) {
    const auto lang = lang_of(code);
    if (!lang)
      return recipe.complain("languages", "'languages' are codes of two letters, as \"en\"");
    into.push_back(*lang);
  }
}

}  // namespace

Result<TrainRequest> load_recipe(const std::string& path, const std::string& data) {
  const auto bytes = read_text_file(path);
  if (!bytes) return bytes.error();
  return parse_recipe(*bytes, path, data);
}

Result<TrainRequest> parse_recipe(std::string_view bytes, const std::string& path,
                                  const std::string& data) {
  const auto table = parse_toml(bytes, path);
  if (!table) return table.error();
  Complaints complaints{path};
  const TableReader reader{
      *table,
      "",
      {"name", "seed", "languages", "calibrate", "score", "fit", "lexicon", "train"},
      complaints};
  const Folders folders{path, data};
  TrainRequest request;
  request.recipe = path;
  reader.read("name", request.name);
  if (request.name.empty()) reader.complain("name", "a recipe needs a 'name'");
  reader.read("seed", request.seed);
  read_languages(reader, request.languages);
  read_names(reader, "calibrate", folders, request.calibrate);
  read_names(reader, "score", folders, request.score);
  read_fit(reader, request.fit, complaints);
  for (const auto* lexicon : reader.tables_at("lexicon")) {
    const TableReader file{*lexicon, "[[lexicon]]", {"file", "licence"}, complaints};
    read_file_of(file, folders, request.lexica.emplace_back());
  }
  for (const auto* source : reader.tables_at("train"))
    request.train.push_back(read_source(*source, folders, complaints));
  if (complaints.first()) return *complaints.first();
  return request;
}

}  // namespace earshot
