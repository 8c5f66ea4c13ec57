#include "ingest/packed_files.hpp"

#include <doctest/doctest.h>

#include "ingest/archive_look.hpp"
#include "tests/support/packed.hpp"
#include "tests/support/read_archive.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

std::string fixture(const std::string& name) {
  return std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/" + name;
}

ReadArchive read(const std::string& type, const std::string& path) {
  SourceConfig config;
  config.path = path;
  config.mapping = default_mapping();
  return read_archive_as(type, config);
}

/// Two archives that brought the same.
void check_same(const ReadArchive& packed, const ReadArchive& unpacked) {
  CHECK(packed.error == "");
  CHECK(packed.bad == unpacked.bad);
  CHECK(packed.rows == unpacked.rows);
  CHECK(packed.removed == unpacked.removed);
  REQUIRE(packed.posts.size() == unpacked.posts.size());
  REQUIRE_FALSE(packed.posts.empty());
  for (std::size_t i = 0; i < packed.posts.size(); ++i) {
    const Post &post = packed.posts[i], &other = unpacked.posts[i];
    CHECK(post.native_id == other.native_id);
    CHECK(post.author_id == other.author_id);
    CHECK(post.author_name == other.author_name);
    CHECK(post.text == other.text);
    CHECK(post.url == other.url);
    CHECK(post.posted_at == other.posted_at);
  }
}

/// The files chosen of a zip with files of these names, or the error.
std::vector<std::string> chosen(const std::vector<std::string>& names, std::string_view type = {}) {
  const TemporaryFolder folder;
  PackFiles files;
  for (const auto& name : names) files.emplace_back(name, "x");
  const auto path = folder.write("a.zip", zip_of(files));
  const auto found = packed_files(path, type);
  std::vector<std::string> paths;
  if (!found) paths.push_back(found.error().message);
  if (found)
    for (const auto& file : *found) paths.push_back(file.path);
  for (auto& each : paths)
    for (auto at = each.find(folder.path()); at != std::string::npos; at = each.find(folder.path()))
      each.erase(at, folder.path().size() + 1);
  return paths;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("packed files: a Twitter archive brings the same as zip and as folder") {
  const TemporaryFolder folder;
  for (const auto* name : {"twitter_archive", "twitter_archive_2018"}) {
    CAPTURE(name);
    const auto path = folder.write("twitter.zip", zip_of(files_below(fixture(name))));
    check_same(read("twitter_archive", path), read("twitter_archive", fixture(name)));
  }
}

TEST_CASE("packed files: an outbox brings the same as tar.gz and as file, with its actor") {
  const TemporaryFolder folder;
  const auto path = folder.write("archive.tar.gz", tar_of(files_below(fixture("outbox")), "gzip"));

  const auto packed = read("outbox", path);

  check_same(packed, read("outbox", fixture("outbox/outbox.json")));
  CHECK(packed.posts[0].author_id == "nell@farm.example");
  CHECK(packed.pages.back().bytes_read == packed.pages.back().bytes_total);
  CHECK(look_at_archive(path + "/outbox.json").type == "outbox");
}

TEST_CASE("packed files: each archive's own files are chosen") {
  CHECK(chosen({"data/tweets.js", "data/tweets-part1.js", "data/account.js", "old/tweets.js"}) ==
        Names{"a.zip/data/tweets.js", "a.zip/data/tweets-part1.js"});
  CHECK(chosen({"t/data/js/tweets/2017_10.js", "t/data/js/tweets/2017_11.js", "a.json"}) ==
        Names{"a.zip/t/data/js/tweets/2017_10.js", "a.zip/t/data/js/tweets/2017_11.js"});
  CHECK(chosen({"actor.json", "outbox.json", "likes.json", "media/outbox.json"}) ==
        Names{"a.zip/outbox.json"});
  CHECK(chosen({"f/posts/your_posts__check_ins__photos_and_videos_1.json",
                "f/posts/your_uncategorized_photos.json", "f/posts/media/a.jpg",
                "f/comments_and_reactions/comments.json", "f/friends.json"}) ==
        Names{"a.zip/f/comments_and_reactions/comments.json",
              "a.zip/f/posts/your_posts__check_ins__photos_and_videos_1.json"});
  CHECK(chosen({"Takeout/Mail/All mail.mbox", "Takeout/index.html"}) ==
        Names{"a.zip/Takeout/Mail/All mail.mbox"});
  CHECK(chosen({"posts.jsonl.gz", "readme.txt"}) == Names{"a.zip/posts.jsonl.gz"});
}

TEST_CASE("packed files: where it is not clear, what could be meant is named") {
  CHECK(chosen({"a.csv", "b.json", "c.txt"}) ==
        Names{"a.zip: name one of the files in it: a.zip/a.csv, a.zip/b.json"});
  CHECK(chosen({"a.csv", "b.json", "c.txt"}, "csv") == Names{"a.zip/a.csv"});
  CHECK(chosen({"a.htm", "b.htm", "c.htm", "d.htm", "e.htm"}) ==
        Names{"a.zip: name one of the files in it: a.zip/a.htm, a.zip/b.htm, a.zip/c.htm or 2 "
              "more"});
  CHECK(chosen({"export"}, "csv") == Names{"a.zip/export"});
  CHECK(chosen({".hidden"}) == Names{"a.zip: there is no file in it"});
}

TEST_CASE("packed files: a config's mistakes are told before a packed file is looked into") {
  SourceConfig config;
  config.name = "import";
  config.path = "/nowhere/a.zip";
  CHECK(read_archive_as("csv", config).error != "");
  config.mapping = default_mapping();
  CHECK(read_archive_as("csv", config).error == "/nowhere/a.zip: no such file");
}
