#include "ingest/archive.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include "store/base/parallel.hpp"

using namespace earshot;

namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("archive_test." + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name, const std::string& bytes) const {
    std::ofstream{path / name, std::ios::binary} << bytes;
    return (path / name).string();
  }
};

struct NoHttp final : HttpClient {
  Result<HttpResponse> get(const HttpRequest&) override {
    return Error{Error::Kind::network, "none"};
  }
};

SourceConfig archive(std::string path, Mapping mapping = default_mapping()) {
  SourceConfig config;
  config.name = "import";
  config.path = std::move(path);
  config.mapping = std::move(mapping);
  return config;
}

std::unique_ptr<Source> made(std::string_view type, const SourceConfig& config) {
  auto source = find_source_type(type)->make(config);
  REQUIRE(source);
  return std::move(*source);
}

/// All pages of an archive in one.
struct Whole {
  std::vector<Page> pages;
  std::vector<Post> posts;
  std::vector<std::string> bad;
  std::uint64_t rows = 0, bad_rows = 0;
  std::string cursor;
  std::string error;
};

Whole read_from(Source& source, std::string cursor = {}) {
  Whole whole;
  NoHttp http;
  whole.cursor = std::move(cursor);
  for (bool more = true; more;) {
    auto page = source.fetch(http, {.cursor = whole.cursor}, Instant{});
    if (!page) return whole.error = page.error().message, std::move(whole);
    whole.posts.insert(whole.posts.end(), page->posts.posts.begin(), page->posts.posts.end());
    for (const auto& bad : page->bad)
      whole.bad.push_back(fmt::format("{}: {}", bad.line, bad.reason));
    whole.rows += page->rows;
    whole.bad_rows += page->bad_rows;
    whole.cursor = page->next_cursor;
    more = page->more;
    whole.pages.push_back(std::move(*page));
  }
  return whole;
}

Whole read_whole(std::string_view type, const SourceConfig& config) {
  return read_from(*made(type, config));
}

std::string fixture(const std::string& name) {
  return std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/" + name;
}

Mapping semicolons() {
  Mapping mapping;
  mapping.column(PostField::id) = "Nummer";
  mapping.column(PostField::author) = "Wer";
  mapping.column(PostField::posted_at) = "Wann";
  mapping.column(PostField::text) = "Was";
  mapping.column(PostField::likes) = "Likes";
  mapping.constant(PostField::lang) = "de";
  mapping.constant(PostField::author) = "jemand";
  mapping.date_format = "%d.%m.%Y %H:%M";
  mapping.delimiter = ';';
  mapping.network = "shop";
  mapping.as_of = "2015-03-01T00:00:00Z";
  return mapping;
}

std::string lines_of_posts(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += fmt::format(
        R"({{"id":"{}","text":"post number {} {}","created_at":"2024-01-01T00:00:{:02}Z"}})"
        "\n",
        i, i, std::string(static_cast<std::size_t>(i % 700), 'x'), i % 60);
  return lines;
}

/// The same posts as CSV, with line ends in the texts.
std::string rows_of_posts(int count) {
  std::string rows = "id,text,created_at\r\n";
  for (int i = 0; i < count; ++i)
    rows += fmt::format("{},\"post\n\"\"number\"\" {} {}\",2024-01-01T00:00:{:02}Z\r\n", i, i,
                        std::string(static_cast<std::size_t>(i % 700), 'x'), i % 60);
  return rows;
}

std::string gzipped(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Mapping support_2017() {
  Mapping mapping;
  mapping.network = "twitter";
  mapping.column(PostField::id) = "tweet_id";
  mapping.column(PostField::author_id) = "author_id";
  mapping.column(PostField::text) = "text";
  mapping.column(PostField::posted_at) = "created_at";
  mapping.column(PostField::parent) = "in_response_to_tweet_id";
  mapping.date_format = "%a %b %d %H:%M:%S %z %Y";
  return mapping;
}

}  // namespace

TEST_CASE("a CSV row becomes a post by its mapping") {
  const auto whole = read_whole("csv", archive(fixture("csv/semicolon.csv"), semicolons()));
  REQUIRE(whole.posts.size() == 3);
  const auto& post = whole.posts[0];
  CHECK(post.network == "shop");
  CHECK(post.native_id == "1");
  CHECK(post.source == "import");
  CHECK(post.channel == "import");
  CHECK(post.author_name == "anna");
  CHECK(post.author_id == "anna");
  CHECK(post.text == "Lieferung kam; endlich!");
  CHECK(post.lang == "de");
  CHECK(post.dated);
  CHECK(format_instant(post.posted_at) == "2015-02-03T07:05:00Z");
  CHECK(format_instant(post.edited_at) == "2015-03-01T00:00:00Z");
  CHECK(post.engagement.likes == 3U);
  CHECK_FALSE(post.engagement.followers.has_value());
  CHECK(format_instant(post.engagement.observed_at) == "2015-03-01T00:00:00Z");
  CHECK(whole.posts[1].text == "Zwei\nZeilen, \"zitiert\"");
  CHECK_FALSE(whole.posts[1].engagement.likes.has_value());
  CHECK(whole.posts[2].author_id == "jemand");
  CHECK_FALSE(whole.posts[2].engagement.likes.has_value());
}

TEST_CASE("a bad CSV row costs itself, and says its line and why") {
  const auto whole = read_whole("csv", archive(fixture("csv/semicolon.csv"), semicolons()));
  CHECK(whole.rows == 8);
  CHECK(whole.bad_rows == 5);
  CHECK(whole.bad ==
        std::vector<std::string>{"5: unreadable date '31.02.2015 08:10' (expected %d.%m.%Y %H:%M)",
                                 "7: 3 fields where the header has 5", "8: no text",
                                 "9: 6 fields where the header has 5", "10: no id"});
}

TEST_CASE("a JSON line becomes a post by its paths, and a bad one costs itself") {
  Mapping mapping;
  mapping.column(PostField::id) = "id";
  mapping.column(PostField::author) = "user.screen_name";
  mapping.column(PostField::followers) = "user.followers";
  mapping.column(PostField::text) = "body";
  mapping.column(PostField::posted_at) = "t";
  mapping.column(PostField::parent) = "reply";
  mapping.column(PostField::likes) = "likes";
  mapping.constant(PostField::channel) = "app";
  mapping.date_format = "unix";
  const auto whole = read_whole("jsonl", archive(fixture("jsonl/nested.jsonl"), mapping));
  REQUIRE(whole.posts.size() == 3);
  CHECK(whole.posts[0].native_id == "1741663785451520000");
  CHECK(whole.posts[0].text == "Great box é😀");
  CHECK(whole.posts[0].author_id == "ada");
  CHECK(whole.posts[0].channel == "app");
  CHECK(whole.posts[0].engagement.likes == 3U);
  CHECK(whole.posts[0].engagement.followers == 12U);
  CHECK(whole.posts[0].engagement.observed_at == Instant{});
  CHECK(whole.posts[0].parent_id.empty());
  CHECK(whole.posts[1].text == "first");
  CHECK(whole.posts[1].parent_id == "12");
  CHECK(whole.posts[1].engagement.likes == 4U);
  CHECK(format_instant(whole.posts[1].posted_at) == "2015-08-01T00:00:01Z");
  CHECK(whole.posts[2].native_id == "19");
  CHECK_FALSE(whole.posts[2].engagement.likes.has_value());
  CHECK(whole.rows == 16);
  CHECK(whole.bad_rows == 13);
  CHECK(whole.bad == std::vector<std::string>{
                         "4: not a JSON object", "5: not a JSON object",
                         "6: not JSON: a string that is never closed",
                         "7: not JSON: a broken escape",
                         "8: unreadable date 'tomorrow' (expected unix)", "9: no text", "10: no id",
                         "11: no date", "12: a number beyond 64 bits: 99999999999999999999999",
                         "13: not JSON: more after the object", "14: not JSON",
                         "15: not JSON: a broken number", "16: no text"});
}

TEST_CASE("a word that is none of JSON's costs its line") {
  const Folder folder;
  const auto whole = read_whole(
      "jsonl", archive(folder.file(
                   "a.jsonl", R"({"id":1,"text":"x","created_at":"2024-01-01","lang":nope})")));
  CHECK(whole.posts.empty());
  REQUIRE(whole.bad.size() == 1);
  CHECK(whole.bad[0].starts_with("1: not JSON"));
}

TEST_CASE("the first of a list of parents is the parent, an id with commas of its own is whole") {
  const Folder folder;
  const auto whole =
      read_whole("csv", archive(folder.file("a.csv",
                                            "id,text,created_at,in_reply_to\n1,x,2024-01-01,\"5,"
                                            "7\"\n2,x,2024-01-01,\"tag:a.example,2024:3\"\n")));
  REQUIRE(whole.posts.size() == 2);
  CHECK(whole.posts[0].parent_id == "5");
  CHECK(whole.posts[1].parent_id == "tag:a.example,2024:3");
}

TEST_CASE("a title is the first line of the text") {
  const Folder folder;
  auto mapping = default_mapping();
  mapping.column(PostField::title) = "title";
  const auto whole = read_whole(
      "jsonl",
      archive(folder.file("a.jsonl",
                          R"({"id":1,"title":"Late","text":"Two days","created_at":"2024-01-01"})"),
              mapping));
  REQUIRE(whole.posts.size() == 1);
  CHECK(whole.posts[0].text == "Late\nTwo days");
}

TEST_CASE("a byte order mark, blank lines and a missing last line end are no rows") {
  const Folder folder;
  CHECK(
      read_whole("csv",
                 archive(folder.file(
                     "a.csv",
                     "\xEF\xBB\xBFid,text,created_at\r\n\r\n1,x,2024-01-01\r\n\r\n2,y,2024-01-01")))
          .rows == 2);
  const auto lines = read_whole(
      "jsonl",
      archive(folder.file(
          "a.jsonl",
          "\xEF\xBB\xBF{\"id\":1,\"text\":\"x\",\"created_at\":\"2024-01-01\"}\r\n \t\r\n")));
  CHECK(lines.rows == 1);
  CHECK(lines.bad_rows == 0);
}

TEST_CASE("text that is not UTF-8 costs its line") {
  const Folder folder;
  const auto whole = read_whole(
      "csv",
      archive(folder.file(
          "a.csv", "id,text,created_at\n1,x,2024-01-01\n2,caf\xE9,2024-01-01\n3,é,2024-01-01\n")));
  CHECK(whole.posts.size() == 2);
  CHECK(whole.bad == std::vector<std::string>{"3: not UTF-8"});
  const auto lines = read_whole(
      "jsonl", archive(folder.file(
                   "a.jsonl", "{\"id\":1,\"text\":\"caf\xE9\",\"created_at\":\"2024-01-01\"}\n")));
  CHECK(lines.bad == std::vector<std::string>{"1: not UTF-8"});
}

TEST_CASE("a quote that is never closed costs its line, not the rest of the file") {
  const Folder folder;
  const auto whole = read_whole(
      "csv",
      archive(folder.file(
          "a.csv", "id,text,created_at\n1,\"open,2024-01-01\n2,y,2024-01-01\n3,z,2024-01-01\n")));
  CHECK(whole.posts.size() == 2);
  CHECK(whole.bad == std::vector<std::string>{"2: a quote that is never closed"});
}

TEST_CASE("a mapped column that the header lacks is a config error with the columns there are") {
  const Folder folder;
  const auto path = folder.file("a.csv", "id, text ,when\n1,x,2024-01-01\n");
  auto source = made("csv", archive(path));
  const auto whole = read_from(*source);
  CHECK(whole.error ==
        path + ": no column 'created_at' (mapped to posted_at); there are: id, text, when");
  auto mapping = default_mapping();
  mapping.column(PostField::posted_at) = "when";
  CHECK(read_whole("csv", archive(path, mapping)).error ==
        path + ": no column 'channel' (mapped to channel); there are: id, text, when");
  const auto empty = folder.file("b.csv", "");
  CHECK(read_whole("csv", archive(empty)).error ==
        empty + ": empty; a CSV archive begins with a line of column names");
  CHECK(read_whole("csv", archive("/nowhere/a.csv")).error == "/nowhere/a.csv: no such file");
}

TEST_CASE(
    "an archive of many pages gives the same posts at any thread count, plain and compressed, line "
    "by line and row by row") {
  const Folder folder;
  const auto lines = lines_of_posts(60'000), rows = rows_of_posts(60'000);
  for (const auto& [type, path] : {std::pair{"jsonl", folder.file("a.jsonl", lines)},
                                   std::pair{"jsonl", folder.file("a.jsonl.gz", gzipped(lines))},
                                   std::pair{"csv", folder.file("a.csv", rows)},
                                   std::pair{"csv", folder.file("a.csv.gz", gzipped(rows))}})
    for (const unsigned threads : {1U, 2U}) {
      set_thread_count(threads);
      const auto whole = read_whole(type, archive(path));
      CHECK(whole.pages.size() >= 3);
      CHECK(whole.bad_rows == 0);
      REQUIRE(whole.posts.size() == 60'000);
      bool in_order = true;
      for (std::size_t i = 0; i < whole.posts.size(); ++i)
        in_order &= whole.posts[i].native_id == std::to_string(i);
      CHECK(in_order);
      CHECK(whole.pages.back().bytes_read == fs::file_size(path));
      CHECK(whole.pages.back().bytes_total == fs::file_size(path));
    }
  set_thread_count(0);
}

TEST_CASE("a run that stops after a page goes on behind it, with the right lines") {
  const Folder folder;
  for (const bool compressed : {false, true})
    for (const std::string type : {"jsonl", "csv"}) {
      CAPTURE(type);
      CAPTURE(compressed);
      const auto text = (type == "csv" ? rows_of_posts(60'000) : lines_of_posts(60'000)) + "oops\n";
      const auto config = archive(folder.file("a" + type, compressed ? gzipped(text) : text));
      const auto whole = read_whole(type, config);
      REQUIRE(whole.pages.size() >= 3);
      auto next = made(type, config);
      const auto rest = read_from(*next, whole.pages[0].next_cursor);
      CHECK(rest.posts.size() == whole.posts.size() - whole.pages[0].posts.posts.size());
      CHECK(rest.posts.front().native_id == whole.pages[1].posts.posts.front().native_id);
      CHECK(rest.bad == whole.bad);
      CHECK(whole.bad.size() == 1);
      CHECK(rest.cursor == whole.cursor);
      CHECK(read_from(*made(type, config), whole.cursor).rows == 0);
    }
}

TEST_CASE(
    "an archive that grew is read from where it was left, another file of that name from its "
    "start") {
  const Folder folder;
  const auto lines = lines_of_posts(100);
  const auto config = archive(folder.file("a.jsonl", lines));
  const auto cursor = read_whole("jsonl", config).cursor;
  folder.file("a.jsonl", lines + "{\"id\":\"new\",\"text\":\"x\",\"created_at\":\"2024-01-01\"}\n");
  const auto grown = read_from(*made("jsonl", config), cursor);
  REQUIRE(grown.posts.size() == 1);
  CHECK(grown.posts[0].native_id == "new");
  folder.file("a.jsonl",
              "{\"id\":\"first\",\"text\":\"x\",\"created_at\":\"2024-01-01\"}\n" + lines);
  CHECK(read_from(*made("jsonl", config), cursor).posts.size() == 101);
}

TEST_CASE("what precedes the cut of a truncated archive is stored before the error is told") {
  const Folder folder;
  const auto packed = gzipped(lines_of_posts(60'000));
  const auto path = folder.file("a.jsonl.gz", packed.substr(0, packed.size() / 2));
  auto source = made("jsonl", archive(path));
  const auto whole = read_from(*source);
  CHECK(whole.error ==
        fmt::format("{}: the gzip stream is cut off after {} bytes", path, packed.size() / 2));
  CHECK(whole.posts.size() > 5'000);
  CHECK(whole.bad_rows == 0);
  const auto again = read_from(*made("jsonl", archive(path)), whole.cursor);
  CHECK(again.error == whole.error);
  CHECK(again.posts.empty());
}

TEST_CASE("a line over 16 MB costs itself") {
  const Folder folder;
  const std::string good = "{\"id\":\"1\",\"text\":\"x\",\"created_at\":\"2024-01-01\"}\n";
  const auto whole = read_whole(
      "jsonl", archive(folder.file("a.jsonl", good + std::string(40'000'000, 'x') + "\n" + good)));
  CHECK(whole.posts.size() == 2);
  CHECK(whole.rows == 3);
  CHECK(whole.bad == std::vector<std::string>{"2: longer than 16 MB"});
}

TEST_CASE("only the first hundred bad lines of a page are kept, all are counted") {
  const Folder folder;
  std::string lines;
  for (int i = 0; i < 50'000; ++i) lines += "nonsense\n";
  const auto whole = read_whole("jsonl", archive(folder.file("a.jsonl", lines)));
  CHECK(whole.bad_rows == 50'000);
  CHECK(whole.bad.size() == 100);
  CHECK(whole.bad.back() == "100: not a JSON object");
}

TEST_CASE("the customer support archive has 5,000 posts, the airlines' 14,485 in 14,640 rows") {
  const char* const folder = std::getenv("EARSHOT_TEST_DATA");
  if (folder == nullptr) {
    MESSAGE("skipped: EARSHOT_TEST_DATA is not set");
    return;
  }
  const auto support =
      read_whole("csv", archive(std::string{folder} + "/corpora/support_2017.csv", support_2017()));
  CHECK(support.posts.size() == 5'000);
  CHECK(support.bad_rows == 0);
  auto mapping = support_2017();
  mapping.column(PostField::author_id).clear();
  mapping.column(PostField::parent).clear();
  mapping.column(PostField::author) = "name";
  mapping.column(PostField::posted_at) = "tweet_created";
  mapping.date_format = "%Y-%m-%d %H:%M:%S %z";
  const auto airlines =
      read_whole("csv", archive(std::string{folder} + "/corpora/airlines_2015.csv", mapping));
  CHECK(airlines.rows == 14'640);
  CHECK(airlines.bad_rows == 0);
  std::set<std::string_view> ids;
  for (const auto& post : airlines.posts) ids.insert(post.native_id);
  CHECK(ids.size() == 14'485);
}
