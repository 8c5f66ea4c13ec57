// What mappings can say about the archives that other tools export.
#include <algorithm>

#include <doctest/doctest.h>

#include "ingest/byte_characters.hpp"
#include "ingest/post_writer.hpp"
#include "tests/support/read_archive.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

/// The bytes of an archive, read by a mapping.
ReadArchive read_bytes(std::string_view type, const std::string& bytes, Mapping mapping) {
  const TemporaryFolder folder;
  SourceConfig config;
  config.path = folder.write("archive", bytes);
  config.mapping = std::move(mapping);
  return read_archive_as(type, config);
}

Mapping columns(std::string id, std::string text, std::string posted_at) {
  Mapping mapping;
  mapping.column(PostField::id) = std::move(id);
  mapping.column(PostField::text) = std::move(text);
  mapping.column(PostField::posted_at) = std::move(posted_at);
  return mapping;
}

std::vector<std::string>& others(Mapping& mapping, PostField field) {
  return mapping.other_columns[static_cast<std::size_t>(field)];
}

std::string utf_16(std::u16string_view text, bool big_endian) {
  std::string bytes = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char16_t unit : text)
    for (const int shift : {big_endian ? 8 : 0, big_endian ? 0 : 8})
      bytes += static_cast<char>(unit >> shift & 0xFF);
  return bytes;
}

}  // namespace

TEST_CASE("csv: lines above the header are passed over, and lines are counted from the top") {
  const auto whole = read_bytes("csv",
                                "Report:,Green boxes\n\"From:\",\"Sat, 1 August\nand later\"\n\n"
                                "Id,Body,When\n1,late,2026-08-01\n2,,2026-08-01\n",
                                columns("Id", "Body", "When"));

  CHECK(whole.posts.size() == 1);
  CHECK(whole.bad == std::vector<std::string>{"7: no text"});
}

TEST_CASE("csv: a header far down is none, and the error names the columns of the first line") {
  std::string rows = "a,b,c\n";
  for (int i = 0; i < 60; ++i) rows += "x\n";

  const auto whole =
      read_bytes("csv", rows + "Id,Body,When\n1,x,2026-08-01\n", columns("Id", "Body", "When"));

  CHECK(whole.error.ends_with("no column 'Id' (mapped to id); there are: a, b, c"));
}

TEST_CASE("csv: the delimiter is the one that the header is made with") {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string rows = "Id;Body;When\n1;\"two, or more\";2026-08-01\n";
    for (char& c : rows) c = c == ';' ? delimiter : c;
    CAPTURE(rows);

    const auto whole = read_bytes("csv", rows, columns("Id", "Body", "When"));

    REQUIRE(whole.posts.size() == 1);
    CHECK(whole.posts[0].text == "two, or more");
  }
  auto mapping = columns("Id", "Body", "When");
  mapping.delimiter = ',';
  CHECK(read_bytes("csv", "Id;Body;When\n", mapping)
            .error.ends_with("no column 'Id' (mapped to id); there are: Id;Body;When"));
}

TEST_CASE("csv: UTF-16 of either order is read as it is meant") {
  for (const bool big_endian : {false, true}) {
    const auto whole = read_bytes(
        "csv", utf_16(u"Id\tBody\tWhen\n1\tCaf\u00E9 \u2026 \U0001F600\t2026-08-01", big_endian),
        columns("Id", "Body", "When"));

    REQUIRE(whole.posts.size() == 1);
    CHECK(whole.posts[0].text == "Café … 😀");
  }
  const auto half =
      read_bytes("csv", utf_16(u"Id\tBody\tWhen\n1\tx\xD83Dy\xDE00z\t2026-08-01\n", false),
                 columns("Id", "Body", "When"));
  REQUIRE(half.posts.size() == 1);
  CHECK(half.posts[0].text == "x\uFFFDy\uFFFDz");
  const auto odd =
      read_bytes("csv", utf_16(u"Id\tBody\tWhen\n", false) + "1", columns("Id", "Body", "When"));
  CHECK(odd.error.ends_with("the UTF-16 stream is cut off after 29 bytes"));
}

TEST_CASE("a field may have several columns: the first that says something counts") {
  auto mapping = columns("Id", "Full", "When");
  others(mapping, PostField::text) = {"Snippet", "Title"};
  mapping.column(PostField::likes) = "Likes";
  others(mapping, PostField::likes) = {"Score"};

  const auto rows = read_bytes("csv",
                               "Id,When,Title,Snippet,Full,Score,Likes\n"
                               "1,2026-08-01,a title,a part,the whole,7,3\n"
                               "2,2026-08-01,a title,a part, ,7,\n"
                               "3,2026-08-01,a title,,,,\n"
                               "4,2026-08-01,a title,,,9,0\n"
                               "5,2026-08-01,a title,,,,0\n",
                               mapping);
  REQUIRE(rows.posts.size() == 5);
  CHECK(rows.posts[0].text == "the whole");
  CHECK(rows.posts[0].engagement.likes == 3U);
  CHECK(rows.posts[1].text == "a part");
  CHECK(rows.posts[1].engagement.likes == 7U);
  CHECK(rows.posts[2].text == "a title");
  CHECK_FALSE(rows.posts[2].engagement.likes.has_value());
  CHECK(rows.posts[3].engagement.likes == 9U);
  CHECK(rows.posts[4].engagement.likes == 0U);

  const auto lines =
      read_bytes("jsonl",
                 R"({"Id":1,"When":"2026-08-01","Title":"t","Snippet":"s","Full":"f"})"
                 "\n"
                 R"({"Id":2,"When":"2026-08-01","Title":"t","Snippet":"s","Full":" "})"
                 "\n"
                 R"({"Id":3,"When":"2026-08-01","Full":"","Title":"t","Snippet":null})"
                 "\n",
                 mapping);
  REQUIRE(lines.posts.size() == 3);
  CHECK(lines.posts[0].text == "f");
  CHECK(lines.posts[1].text == "s");
  CHECK(lines.posts[2].text == "t");
}

TEST_CASE("csv: of columns that a lenient mapping names only the needed ones must be there") {
  auto mapping = columns("Id", "Body", "When");
  mapping.column(PostField::likes) = "Likes";
  CHECK(read_bytes("csv", "Id,Body,When\n1,x,2026-08-01\n", mapping)
            .error.ends_with("no column 'Likes' (mapped to likes); there are: Id, Body, When"));

  mapping.lenient = true;
  CHECK(read_bytes("csv", "Id,Body,When\n1,x,2026-08-01\n", mapping).posts.size() == 1);
  CHECK(read_bytes("csv", "Id,When\n1,2026-08-01\n", mapping)
            .error.ends_with("no column 'Body' (mapped to text); there are: Id, When"));
}

TEST_CASE("dates may be spelled in several ways, and have their time in a column of its own") {
  auto mapping = columns("Id", "Body", "Date");
  mapping.column(PostField::posted_time) = "Time";
  mapping.date_format = "%d-%b-%Y %I:%M %p";
  mapping.other_date_formats = {"%Y-%m-%d %H:%M", "%Y-%m-%d"};

  const auto whole = read_bytes("csv",
                                "Id,Body,Date,Time\n1,x,01-Aug-2026,9:30 PM\n"
                                "2,x,2026-08-01,09:30\n3,x,2026-08-01,\n4,x,August,09:30\n",
                                mapping);

  REQUIRE(whole.posts.size() == 3);
  CHECK(format_instant(whole.posts[0].posted_at) == "2026-08-01T21:30:00Z");
  CHECK(format_instant(whole.posts[1].posted_at) == "2026-08-01T09:30:00Z");
  CHECK(format_instant(whole.posts[2].posted_at) == "2026-08-01T00:00:00Z");
  CHECK(whole.bad ==
        std::vector<std::string>{"5: unreadable date 'August 09:30' (expected %d-%b-%Y %I:%M %p or "
                                 "%Y-%m-%d %H:%M or %Y-%m-%d)"});
}

TEST_CASE("a count may have its thousands apart") {
  CHECK(parse_count("1,234", ',') == 1234U);
  CHECK(parse_count("12,345,678", ',') == 12345678U);
  CHECK(parse_count("1,234.0", ',') == 1234U);
  CHECK(parse_count("1.234", '.') == 1234U);
  CHECK_FALSE(parse_count("1,234").has_value());
  for (const auto* text : {"1,23", "1,2345", "1234,567", "1,234,5", "1.234", ",123", "1,234x", "-1",
                           "1,234,567,890,123,456,789,012"})
    CHECK_MESSAGE(!parse_count(text, ',').has_value(), text);
}

TEST_CASE("a post without an id can have one that is the same whenever it is read") {
  auto mapping = columns("Id", "Body", "When");
  mapping.derived_ids = true;
  mapping.lenient = true;
  const std::string rows = "Body,When,Id\nx,2026-08-01,\ny,2026-08-01,\nx,2026-08-02,7\n";

  const auto first = read_bytes("csv", rows, mapping), again = read_bytes("csv", rows, mapping);

  REQUIRE(first.posts.size() == 3);
  CHECK(first.posts[0].native_id.size() == 16);
  CHECK(first.posts[0].native_id == again.posts[0].native_id);
  CHECK(first.posts[0].native_id != first.posts[1].native_id);
  CHECK(first.posts[2].native_id == "7");
}

TEST_CASE("a column may say that a post is a bare share") {
  auto mapping = columns("Id", "Body", "When");
  mapping.column(PostField::repost) = "Share of";
  const auto whole = read_bytes("csv",
                                "Id,Body,When,Share of\n1,x,2026-08-01,https://a.example/7\n"
                                "2,x,2026-08-01,\n3,x,2026-08-01,No\n4,x,2026-08-01,yes\n"
                                "5,x,2026-08-01,FALSE\n6,x,2026-08-01,0\n",
                                mapping);
  std::string shares;
  for (const auto& post : whole.posts) shares += post.repost ? '1' : '0';
  CHECK(shares == "100100");
}

TEST_CASE("a title that only repeats the beginning of the text is left out") {
  auto mapping = columns("Id", "Body", "When");
  mapping.column(PostField::title) = "Title";
  const auto whole = read_bytes("csv",
                                "Id,Body,When,Title\n1,the box came late,2026-08-01,the box...\n"
                                "2,the box came late,2026-08-01,the box came…\n"
                                "3,it came late,2026-08-01,The box\n",
                                mapping);
  REQUIRE(whole.posts.size() == 3);
  CHECK(whole.posts[0].text == "the box came late");
  CHECK(whole.posts[1].text == "the box came late");
  CHECK(whole.posts[2].text == "The box\nit came late");
}

TEST_CASE("bytes that were written as characters are bytes again, and other texts stay") {
  TextArena arena;
  CHECK(undo_byte_characters("Caf\u00C3\u00A9 \u00F0\u009F\u0098\u0080", arena) == "Café 😀");
  CHECK(undo_byte_characters("plain", arena) == "plain");
  CHECK(undo_byte_characters("Café", arena) == "Café");          // not what UTF-8 looks like
  CHECK(undo_byte_characters("Ã© and 😀", arena) == "Ã© and 😀");  // beyond bytes
  CHECK(undo_byte_characters("x\xC3", arena) == "x\xC3");
}

TEST_CASE("jsonl: keys and texts mean the same however they are written") {
  auto mapping = columns("Id", "Body", "When");
  mapping.column(PostField::url) = "the \"url\"";
  mapping.column(PostField::lang) = std::string(300, 'l');
  const auto whole = read_bytes(
      "jsonl",
      R"({"\u0049d":"1","When":"2026-08-01","Bo\u0064y":"keys","the \"url\"":"https://a.example"})"
      "\n"
      R"({"Id" :"2" ,"When":	"2026-08-01","Body" : "a \"b\" \\ c\tC:\\" , "the \u0022url\"":"x"})"
      "\n"
      R"({"more":"\n","Body":"another order","Id":"3","When":"2026-08-01"})"
      "\n"
      R"({"Id":"4","Body":"first","Body":"second \n","When":"2026-08-01"})"
      "\n"
      R"({"I":"","Idx":"","Bod":"","Body\"":"","":"","Body\\":"","Id":"5","Body":"it","When":"2026-08-01"})"
      "\n" +
          fmt::format(R"({{"Id":"6","Body":"long key","When":"2026-08-01","{}":"en"}})",
                      std::string(300, 'l')),
      mapping);

  CHECK(whole.bad.empty());
  REQUIRE(whole.posts.size() == 6);
  CHECK(whole.posts[0].text == "keys");
  CHECK(whole.posts[0].url == "https://a.example");
  CHECK(whole.posts[1].native_id == "2");
  CHECK(whole.posts[1].text == "a \"b\" \\ c\tC:\\");
  CHECK(whole.posts[1].url == "x");
  CHECK(whole.posts[2].text == "another order");
  CHECK(whole.posts[3].text == "first");
  CHECK(whole.posts[4].text == "it");
  CHECK(whole.posts[5].lang == "en");
}

TEST_CASE("jsonl: a broken escape or a control character costs its line") {
  const auto whole = read_bytes("jsonl",
                                R"({"Id":"1","When":"2026-08-01","Body":"lone \udc00"})"
                                "\n"
                                R"({"Id":"2","When":"2026-08-01","Body":"x","other \x key":1})"
                                "\n"
                                "{\"Id\":\"3\",\"When\":\"2026-08-01\",\"Body\":\"a\x01z\"}\n"
                                "{\"Id\":\"4\",\"When\":\"2026-08-01\",\"Body\":\"a\tz\"}\n"
                                R"({"Id":"5","When":"2026-08-01","Body":"x"y})"
                                "\n"
                                R"({"Id":"6","When":"2026-08-01","Body":"x","not mapped":"\ud800"})"
                                "\n",
                                columns("Id", "Body", "When"));

  REQUIRE(whole.posts.size() == 1);
  CHECK(whole.posts[0].native_id == "6");
  CHECK(whole.bad ==
        std::vector<std::string>{"1: not JSON: a broken escape", "2: not JSON: a broken escape",
                                 "3: not JSON: a control character in a string",
                                 "4: not JSON: a control character in a string", "5: not JSON"});
}

TEST_CASE("jsonl: a number is one however long it is and whatever is behind it") {
  auto mapping = columns("Id", "Body", "When");
  mapping.column(PostField::likes) = "Likes";
  const auto likes_of = [&](const std::string& written) {
    return read_bytes(
        "jsonl", "{\"Id\":1,\"When\":\"2026-08-01\",\"Body\":\"x\",\"Likes\":" + written, mapping);
  };

  for (const auto& [written, likes] : {std::pair<const char*, Count>{"0}", 0U},
                                       {"12}", 12U},
                                       {"12 \t}", 12U},
                                       {"12 ,\"other\":7 }", 12U},
                                       {"12345678}", 12'345'678U},
                                       {"123456789}", 123'456'789U},
                                       {"18446744073709551615}", 18'446'744'073'709'551'615U},
                                       {"3.0}", 3U},
                                       {"-1}", {}},
                                       {"1e3}", {}}}) {
    CAPTURE(written);
    const auto whole = likes_of(written);
    REQUIRE(whole.posts.size() == 1);
    CHECK(whole.posts[0].engagement.likes == likes);
  }
  for (const auto* written : {"00}", "012}", "1x}", "1234567x}", "-}", "1.}", "1 2}"}) {
    CAPTURE(written);
    const auto whole = likes_of(written);
    REQUIRE(whole.bad.size() == 1);
    CHECK(whole.bad[0].starts_with("1: not JSON"));
  }
  CHECK(likes_of("18446744073709551616}").bad ==
        std::vector<std::string>{"1: a number beyond 64 bits: 18446744073709551616"});
}

TEST_CASE("json: a document is read object by object, wherever its list is") {
  auto mapping = columns("id", "data.post", "timestamp");
  mapping.date_format = "unix";
  mapping.byte_characters = true;
  const std::string records =
      R"([{"id":1,"timestamp":1785578580,"data":[{"update":1},{"post":"Caf\u00c3\u00a9 } ] \" {"}]},)"
      "\n  "
      R"({"id":2,"timestamp":1785578581,"data":[{"post":"two"},{"post":"three"}]}, 7, "x",)"
      "\n"
      R"({"id":3,"timestamp":"soon","data":[{"post":"x"}]}])";
  for (const auto& [bytes, list] :
       {std::pair{records, ""},
        std::pair{R"({"about":{"a":[1,{}]},"tags":["x"],"posts":)" + records + R"(,"n":3})", ""},
        std::pair{R"({"first":[{"id":9}],"posts":)" + records + "}", "posts"}}) {
    CAPTURE(bytes);
    mapping.list = list;

    const auto whole = read_bytes("json", bytes, mapping);

    CHECK(whole.error == "");
    REQUIRE(whole.posts.size() == 2);
    CHECK(whole.posts[0].text == "Café } ] \" {");
    CHECK(whole.posts[1].text == "two");
    CHECK(whole.bad == std::vector<std::string>{"3: unreadable date 'soon' (expected unix)"});
  }
}

TEST_CASE("json: what has no list is an error, and what is cut off costs its last object") {
  const auto mapping = columns("id", "text", "at");
  CHECK(read_bytes("json", R"({"id":1})", mapping)
            .error.ends_with(
                "archive: no list of JSON objects; if each line is one, say --format jsonl"));
  CHECK(read_bytes("json", "", mapping).error.ends_with("say --format jsonl"));
  auto named = mapping;
  named.list = "posts";
  CHECK(
      read_bytes("json", R"([{"id":1}])", named).error.ends_with("archive: no list 'posts' in it"));

  const auto cut = read_bytes(
      "json", R"([{"id":1,"text":"x","at":"2026-08-01"},{"id":2,"text":"x","at":"202)", mapping);
  CHECK(cut.posts.size() == 1);
  CHECK(cut.bad == std::vector<std::string>{"1: an object that is never closed"});
  CHECK(read_bytes("json", "[]", mapping).rows == 0);
}

TEST_CASE("json: a document of many pages gives every post once, however it is laid out") {
  for (const std::string between : {",", ",\n", "\n,\n\n"}) {
    std::string bytes = "{\"posts\": [";
    for (int i = 0; i < 40'000; ++i)
      bytes += fmt::format(R"({}{{"id":"{}","text":"{} {{","at":"2026-08-01"}})",
                           i == 0 ? "" : between, i, std::string(i % 400, 'x'));
    const auto whole = read_bytes("json", bytes + "]}", columns("id", "text", "at"));
    CHECK(whole.pages.size() >= 2);
    CHECK(whole.bad_rows == 0);
    REQUIRE(whole.posts.size() == 40'000);
    CHECK(whole.posts.back().native_id == "39999");
  }
}
