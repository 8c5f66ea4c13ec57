#include "cli/mapping_file.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using earshot::TemporaryFolder;

namespace {

const std::string columns = "[columns]\nid = 'tweet_id'\ntext = 'text'\nposted_at = 'created_at'\n";

std::string error_of(const std::string& toml) {
  const TemporaryFolder folder;
  const auto mapping = load_mapping(folder.write("map.toml", toml));
  REQUIRE_FALSE(mapping);
  CHECK(mapping.error().kind == Error::Kind::config);
  return mapping.error().message.substr(folder.path().size() + 1);
}

}  // namespace

TEST_CASE("mapping file: columns, constants and the rest") {
  const TemporaryFolder folder;
  const auto file =
      load_mapping(folder.write("map.toml",
                                "format = 'csv'\nnetwork = 'twitter'\ndelimiter = \"\\t\"\n"
                                "date_format = '%Y-%m-%d'\nas_of = '2017-12-05T00:00:00Z'\n" +
                                    columns + "[constants]\nchannel = 'twitter'\n"));

  REQUIRE(file);
  CHECK(file->format == "csv");
  CHECK(file->mapping.network == "twitter");
  CHECK(file->mapping.delimiter == '\t');
  CHECK(file->mapping.column(PostField::id) == "tweet_id");
  CHECK(file->mapping.constant(PostField::channel) == "twitter");
  CHECK(file->mapping.column(PostField::likes).empty());
}

TEST_CASE("mapping file: what is wrong is named with its line") {
  CHECK(error_of("[columns]\nparrent = 'x'\n") ==
        "map.toml:2: unknown key 'parrent' in [columns], did you mean 'parent'?");
  CHECK(error_of("format = 'xml'\n" + columns) ==
        "map.toml:1: 'format' must be csv, jsonl or json, not 'xml'");
  CHECK(error_of("delimiter = ';;'\n" + columns) ==
        "map.toml:1: 'delimiter' must be one character, like \",\" or \"\\t\"");
  CHECK(error_of("network = 3\n" + columns) == "map.toml:1: 'network': expected a string");
  CHECK(error_of("[columns]\nid = 'x'\n") ==
        "map.toml: no column is mapped to text; add text = \"...\" under [columns]");
}
