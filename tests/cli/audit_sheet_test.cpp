#include "cli/audit_sheet.hpp"

#include <doctest/doctest.h>

#include "cli/audit_file.hpp"
#include "tests/support/sample_posts.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

constexpr const char* drawn =
    "00000000000000ab 2026-08-01T00:00:00Z 2026-09-01T00:00:00Z 100 800 0";

const AuditFrame frame{.generation = 0xAB,
                       .window = {from_unix(1'785'542'400), from_unix(1'788'220'800)},
                       .stream = {100, 800, 0}};

std::string row(const std::string& id, const std::string& label, const std::string& frame_text) {
  return id + ",text," + label + "," + frame_text + "\n";
}

std::string sheet_of(const std::string& rows) {
  return "id,text,label,drawn\n" + rows;
}

std::string error_of(const std::string& csv) {
  const auto sheet = parse_audit_sheet(csv, "a.csv");
  REQUIRE_FALSE(sheet);
  CHECK(sheet.error().kind == Error::Kind::config);
  return sheet.error().message;
}

/// Stored posts of the network "net", with these ids and labels of a generation.
struct Stored {
  StoredBatch batch;
  Stored& add(std::string_view id, Sentiment sentiment, std::uint64_t generation = 0xAB,
              bool by_hand = false) {
    const auto post = sample_post(id, "jane", "=1+1, said \"ann\"\nand more", 1);
    batch.posts.push_back(
        {.post = post,
         .key = {post.posted_at, post_id_hash("net", id)},
         .content = 0,
         .labels = {.generation = generation, .sentiment = sentiment, .by_hand = by_hand}});
    return *this;
  }
};

std::string match_error(const std::string& csv, const StoredBatch& posts) {
  const auto sheet = parse_audit_sheet(csv, "a.csv");
  REQUIRE(sheet);
  const auto findings = match_audit_sheet(*sheet, posts);
  REQUIRE_FALSE(findings);
  CHECK(findings.error().kind == Error::Kind::config);
  return findings.error().message;
}

}  // namespace

TEST_CASE("audit sheet: has ids, texts and empty labels, and no formula for a spreadsheet") {
  Stored stored;
  stored.add("1", Sentiment::negative).add("2", Sentiment::positive);
  const AuditSample sample{.frame = frame,
                           .posts = {stored.batch.posts[1].key, stored.batch.posts[0].key}};

  const auto sheet = write_audit_sheet(sample, stored.batch);

  const std::string text = ",\"'=1+1, said \"\"ann\"\"\nand more\",,";
  CHECK(sheet ==
        "id,text,label,drawn\r\nnet:2" + text + drawn + "\r\nnet:1" + text + drawn + "\r\n");
  CHECK(error_of(sheet) == "a.csv: no row has a label; fill in negative, neutral or positive");
}

TEST_CASE("audit sheet: labels are read, and rows without one counted") {
  const auto sheet =
      parse_audit_sheet("label,id,text,drawn\npositive,net:1,well," + std::string{drawn} +
                            "\n,net:2,well," + drawn + "\n negative ,'@net:3,well," + drawn + "\n",
                        "a.csv");
  REQUIRE(sheet);
  CHECK(sheet->frame == frame);
  CHECK(sheet->empty == 1);
  REQUIRE(sheet->rows.size() == 2);
  CHECK(sheet->rows[0].id == "net:1");
  CHECK(sheet->rows[0].label == Sentiment::positive);
  CHECK(sheet->rows[1].id == "@net:3");
  CHECK(sheet->rows[1].label == Sentiment::negative);
}

TEST_CASE("audit sheet: what is wrong with a sheet is said with its line") {
  CHECK(error_of("id,text\n") ==
        "a.csv:1: there is no column 'label'; the columns are: id, text, label, drawn");
  CHECK(error_of(sheet_of(row("net:1", "postive", drawn))) ==
        "a.csv:2: unknown sentiment 'postive', did you mean 'positive'?");
  CHECK(error_of(sheet_of(row("net:1", "good", drawn))) ==
        "a.csv:2: unknown sentiment 'good'; it is one of negative, neutral, positive");
  CHECK(error_of(sheet_of(row("net:1", "positive", drawn) + row("net:1", "", drawn))) ==
        "a.csv:3: 'net:1' stands in a row above too");
  CHECK(error_of(sheet_of(row("net:1", "positive", "today"))) ==
        "a.csv:2: 'drawn' is not what `earshot audit draw` wrote there");
  CHECK(error_of(sheet_of(row("net:1", "positive", drawn) +
                          row("net:2", "positive", std::string{drawn} + "1"))) ==
        "a.csv:3: this row is of another sample than the ones above");
}

TEST_CASE("audit sheet: labels of people are counted beside those of the store") {
  Stored stored;
  stored.add("1", Sentiment::negative)
      .add("2", Sentiment::neutral)
      .add("3", Sentiment::neutral)
      .add("4", Sentiment::neutral, 0xAB, true);
  const auto sheet =
      parse_audit_sheet(sheet_of(row("net:1", "negative", drawn) + row("net:2", "positive", drawn) +
                                 row("net:3", "neutral", drawn) + row("net:4", "negative", drawn)),
                        "a.csv");
  REQUIRE(sheet);

  const auto findings = match_audit_sheet(*sheet, stored.batch);

  REQUIRE(findings);
  CHECK(findings->by_hand == 1);
  CHECK(findings->audit.frame == frame);
  CHECK(findings->audit.rows == std::array<SentimentCounts, 3>{{{1, 0, 0}, {0, 1, 1}, {0, 0, 0}}});
}

TEST_CASE("audit sheet: rows that the store can't answer for are errors") {
  Stored stored;
  stored.add("1", Sentiment::negative).add("2", Sentiment::negative, 0xAC);
  CHECK(match_error(sheet_of(row("net:1", "negative", drawn) + row("net:9", "neutral", drawn)),
                    stored.batch) ==
        "a.csv:3: no post 'net:9' is stored; remove the row if it was erased");
  CHECK(match_error(sheet_of(row("net:2", "negative", drawn)), stored.batch) ==
        "a.csv:2: 'net:2' has labels of another model or config than the sheet, or none; draw a "
        "new one");
  CHECK(match_error(sheet_of(row("net:1", "negative", drawn)), stored.batch) ==
        "too few rows have a label: none yet of the posts that the model calls neutral");
}

TEST_CASE("audit file: one audit for each generation, the last one that was scored") {
  const TemporaryFolder folder;
  const auto none = read_audits(folder.path());
  REQUIRE(none);
  CHECK(none->empty());
  Audit first{
      .frame = frame, .at = from_unix(1'788'220'800), .rows = {{{8, 1, 1}, {1, 8, 1}, {0, 0, 0}}}};
  Audit second = first;
  second.frame.generation = 1;
  Audit again = first;
  again.rows[0][0] = 9;
  for (const auto& audit : {first, second, again}) REQUIRE(keep_audit(folder.path(), audit));

  CHECK(folder.read("earshot.audits") ==
        "earshot audits 1\n"
        "0000000000000001 2026-09-01T00:00:00Z 8 1 1 1 8 1 0 0 0 2026-08-01T00:00:00Z "
        "2026-09-01T00:00:00Z 100 800 0\n"
        "00000000000000ab 2026-09-01T00:00:00Z 9 1 1 1 8 1 0 0 0 2026-08-01T00:00:00Z "
        "2026-09-01T00:00:00Z 100 800 0\n");
  const auto read = read_audits(folder.path());
  REQUIRE(read);
  CHECK(*read == std::vector{second, again});
}

TEST_CASE("audit file: what no audit has written is an error, and says where") {
  const std::string line =
      "0000000000000001 2026-09-01T00:00:00Z 8 1 1 1 8 1 0 0 0 2026-08-01T00:00:00Z "
      "2026-09-01T00:00:00Z 100 800 0";
  const auto error = [](const std::string& bytes) {
    const auto audits = parse_audits(bytes);
    REQUIRE_FALSE(audits);
    CHECK(audits.error().kind == Error::Kind::format);
    return audits.error().message;
  };
  REQUIRE(parse_audits("earshot audits 1\n" + line + "\n"));
  CHECK(error("") == "line 1 is not of an audit");
  CHECK(error("earshot audits 2\n") == "line 1 is not of an audit");
  CHECK(error("earshot audits 1\n" + line) == "line 2 is not of an audit");
  CHECK(error("earshot audits 1\n" + line + " 0\n") == "line 2 is not of an audit");
  CHECK(error("earshot audits 1\n0" + line + "\n") == "line 2 is not of an audit");
  CHECK(error("earshot audits 1\n" + line + "\n" + line.substr(0, 40) + "\n") ==
        "line 3 is not of an audit");

  const TemporaryFolder folder;
  const auto path = folder.write("earshot.audits", "hello\n");
  const auto read = read_audits(folder.path());
  REQUIRE_FALSE(read);
  CHECK(read.error().message ==
        path + ": line 1 is not of an audit; remove it, and score the sheets again");
}
