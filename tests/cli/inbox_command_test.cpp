// inbox as a person and cron meet it, with the model that earshot comes with.
#include <chrono>
#include <thread>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/shell.hpp"

using earshot::run_shell;
using earshot::TemporaryFolder;
using earshot::test::Ran;
using earshot::test::run_earshot;
using earshot::test::start_earshot;
using earshot::test::wait_for;

namespace {

constexpr const char* posts =
    "id,channel,author,text,created_at,in_reply_to\n"
    "1,forum,ann,@acme when do you open on Sunday?,2026-08-09T09:00:00Z,\n"
    "2,forum,bob,Order 48213 never arrived @acme,2026-08-09T10:00:00Z,\n"
    "3,forum,cem,You should try acme. I recommend them to everyone,2026-08-09T11:00:00Z,\n"
    "4,forum,acme,from eight,2026-08-09T12:00:00Z,1\n"
    "5,forum,dora,does anyone deliver boxes to Corrie Park?,2026-08-09T13:00:00Z,\n"
    "6,forum,eve,I want to buy a box from acme next week,2026-08-09T14:00:00Z,\n";

constexpr const char* morning = "2026-08-10T06:00:00Z";

/// A folder with a config and a store of the posts above.
struct Project : TemporaryFolder {
  Project() {
    write("earshot.toml",
          "[project]\nname = 'Acme'\n[brand]\nquery = 'acme'\nhandles = ['acme']\n"
          "[[topic]]\nname = 'delivery'\nquery = 'deliver* OR late'\n"
          "[[source]]\nname = 'page'\ntype = 'csv'\npath = 'page.csv'\n");
    write("page.csv", posts);
    REQUIRE(run_earshot(*this, {"run"}).exit_code == 0);
  }

  /// Stores more posts, as a later run does.
  void add(const std::string& rows) const {
    write("page.csv", posts + rows);
    REQUIRE(run_earshot(*this, {"run"}).exit_code == 0);
  }

  Ran inbox(std::vector<std::string> words, const std::string& now = morning) const {
    words.insert(words.begin(), {"inbox", "--now", now});
    return run_earshot(*this, words);
  }
  Ran digest(std::vector<std::string> words = {}, const std::string& now = morning) const {
    words.insert(words.begin(), {"--digest", "--state", "state"});
    return inbox(words, now);
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void check_error(const Ran& ran, int exit_code, const std::string& message) {
  CHECK(ran.err == message + "\n");
  CHECK(ran.out == "");
  CHECK(ran.exit_code == exit_code);
}

}  // namespace

TEST_CASE("inbox: the page in words") {
  const Project project;
  const auto ran = project.inbox({});
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);
  CHECK(ran.out ==
        "Acme\n"
        "3 Aug 2026 06:00 to 10 Aug 2026 06:00 (UTC)\n"
        "\n"
        "To answer: 1 post, overdue\n"
        "\n"
        "  1. bob in forum\n"
        "     priority 1, 20 h old, overdue since 9 Aug 2026 14:00\n"
        "     \"Order 48213 never arrived @acme\"\n"
        "     mentions you, complains\n"
        "     take it private: it names a number, perhaps of an order or a phone\n"
        "     archive:2\n"
        "\n"
        "To thank: 1 post recommends you\n"
        "  - cem in forum, 9 Aug 2026 11:00: \"You should try acme. I recommend them to\n"
        "    everyone\"\n"
        "    archive:3\n"
        "\n"
        "Leads: 1 post plans to buy\n"
        "  - eve in forum, 9 Aug 2026 14:00: \"I want to buy a box from acme next week\"\n"
        "    archive:6\n"
        "\n"
        "What people ask for\n"
        "  delivery: 1 question\n"
        "   - \"does anyone deliver boxes to Corrie Park?\" (archive:5)\n"
        "\n"
        "Posts about you in the last 7 d: 4; in the 7 d before: 0.\n"
        "Needed an answer: 2, and 1 got one; in the 7 d before: none.\n");
}

TEST_CASE("inbox: the window and the limit are those asked for") {
  const Project project;
  CHECK(has(project.inbox({"--last", "17h"}).out, "To answer: nothing\n"));
  CHECK(has(project.inbox({"--since", "2026-08-09"}).out, "9 Aug 2026 00:00 to 10 Aug 2026 06:00"));

  project.add("7,forum,fay,@acme are you closed today?,2026-08-09T15:00:00Z,\n");
  const auto cut = project.inbox({"--limit", "1"}).out;
  CHECK(has(cut, "To answer: 2 posts, 1 of them overdue\n"));
  CHECK(has(cut, "\n     and 1 more\n"));
  CHECK_FALSE(has(project.inbox({"--limit", "0"}).out, " more\n"));
}

TEST_CASE("inbox: an empty one is a line, and an old archive says how to go back") {
  const Project project;
  const auto before = project.inbox({}, "2026-08-01T06:00:00Z");
  CHECK(before.out ==
        "Nothing to answer, nobody to thank and nothing asked from 25 Jul 2026 06:00 to 1 Aug 2026 "
        "06:00 (UTC).\n");
  CHECK(before.err == "");
  CHECK(before.exit_code == 0);

  const auto long_after = project.inbox({}, "2027-08-01T06:00:00Z");
  CHECK(long_after.err ==
        "earshot: nothing is newer than 2026-08-09; --now says what counts as now\n");
  CHECK(long_after.exit_code == 0);
}

TEST_CASE("inbox: JSON parses, full or empty") {
  const Project project;
  simdjson::dom::parser parser;
  for (const auto* now : {morning, "2027-08-01T06:00:00Z"}) {
    const simdjson::padded_string json{project.inbox({"--format", "json"}, now).out};
    simdjson::dom::element root;
    REQUIRE(parser.parse(json).get(root) == simdjson::SUCCESS);
    std::int64_t total = -1;
    REQUIRE(root["to_answer"]["total"].get(total) == simdjson::SUCCESS);
    CHECK(total == (now == morning ? 1 : 0));
  }
}

TEST_CASE("inbox: --output writes the file and nothing else") {
  const Project project;
  const auto ran = project.inbox({"--format", "md", "--output", "page.md"});
  CHECK(ran.out == "");
  CHECK(ran.exit_code == 0);
  CHECK(project.read("page.md").starts_with("# Inbox of Acme\n"));
}

TEST_CASE("inbox: a digest tells once, and then only what is new") {
  const Project project;
  const auto first = project.digest();
  CHECK(has(first.out, "To answer: 1 post, overdue\n"));
  CHECK(has(first.out, "Posts about you in the last 24 h: 4; in the 24 h before: 0.\n"));
  CHECK(first.exit_code == 0);

  const auto second = project.digest();
  CHECK(second.out == "");
  CHECK(second.err == "");
  CHECK(second.exit_code == 0);
  CHECK(project.digest({}, "2026-08-10T07:00:00Z").out == "");

  project.add("7,forum,fay,@acme are you closed today?,2026-08-10T20:00:00Z,\n");
  const auto third = project.digest({}, "2026-08-11T06:00:00Z");
  CHECK(has(third.out, "10 Aug 2026 07:00 to 11 Aug 2026 06:00 (UTC)\n"));
  CHECK(has(third.out, "To answer: 1 post\n"));
  CHECK(has(third.out, "fay in forum"));
  CHECK_FALSE(has(third.out, "bob"));
  CHECK(has(third.out,
            "1 post of an earlier digest still waits for an answer, 1 overdue; `earshot\n"
            "inbox` lists all.\n"));
}

TEST_CASE("inbox: a digest tells of a post that was stored late") {
  const Project project;
  REQUIRE(has(project.digest().out, "bob"));
  project.add("7,forum,fay,@acme are you closed today?,2026-08-09T15:00:00Z,\n");  // the day before
  const auto late = project.digest({}, "2026-08-11T06:00:00Z");
  CHECK(has(late.out, "fay in forum"));
  CHECK_FALSE(has(late.out, "bob"));
}

TEST_CASE("inbox: after a pause longer than the horizon a digest goes back to the last one") {
  const Project project;
  REQUIRE(project.digest().exit_code == 0);
  project.add("7,forum,fay,@acme are you closed today?,2026-08-11T15:00:00Z,\n");
  const auto back = project.digest({}, "2026-08-31T06:00:00Z");
  CHECK(has(back.out, "10 Aug 2026 06:00 to 31 Aug 2026 06:00 (UTC)\n"));
  CHECK(has(back.out, "fay in forum"));
  CHECK_FALSE(has(back.out, "bob"));
}

TEST_CASE("inbox: the first digest looks at a day, and later ones no further back") {
  const Project project;
  const auto next_day = [&](const std::string& now) { return project.digest({}, now).out; };
  CHECK(next_day("2026-08-10T13:30:00Z").find("archive:6") != std::string::npos);
  CHECK(next_day("2026-08-10T14:30:00Z") == "");  // bob and cem stay told of by nobody
}

TEST_CASE("inbox: a digest that could not be written is told again") {
  const Project project;
  const auto full = project.digest({"--output", "/dev/full"});
  CHECK(full.err == "earshot: /dev/full: cannot be written: No space left on device\n");
  CHECK(full.exit_code == 1);
  CHECK_FALSE(project.has("state"));

  const auto command = std::string{"cd "} + project.path() + " && " + EARSHOT_BINARY +
                       " inbox --digest --state state --now " + morning;
  CHECK(run_shell(command + " > /dev/full").exit_code == 1);
  CHECK_FALSE(project.has("state"));
  CHECK(run_shell(command + " | (exec <&-; sleep 1)").output == "");
  CHECK_FALSE(project.has("state"));

  CHECK(has(project.digest().out, "To answer: 1 post, overdue\n"));
  CHECK(project.has("state"));
}

TEST_CASE("inbox: a digest that is killed before it is written is told again, from the old state") {
  const Project project;
  REQUIRE(project.digest().exit_code == 0);
  const auto state = project.read("state");
  project.add("7,forum,fay,@acme are you closed today?,2026-08-10T20:00:00Z,\n");
  REQUIRE(run_shell("mkfifo " + project.file("pipe")).exit_code == 0);

  const TemporaryFolder capture;
  const auto child =
      start_earshot(project, capture,
                    {"inbox", "--now", "2026-08-11T06:00:00Z", "--digest", "--state", "state",
                     "--output", "pipe"});  // nobody reads it, so the writing waits
  std::this_thread::sleep_for(std::chrono::milliseconds{500});
  REQUIRE(kill(child, SIGKILL) == 0);
  CHECK(wait_for(child) == 128 + SIGKILL);

  CHECK(project.read("state") == state);
  CHECK(has(project.digest({}, "2026-08-11T06:00:00Z").out, "fay in forum"));
}

TEST_CASE("inbox: a state that can't be kept stops the digest before it is told") {
  const Project project;
  check_error(project.inbox({"--digest", "--state", "none/state"}), 1,
              "earshot: none/state: cannot be written: No such file or directory");
  project.write("notes", "milk\n");
  check_error(project.inbox({"--digest", "--state", "notes"}), 1,
              "earshot: notes: line 1 is not of a digest's state; name another file, or remove it "
              "to begin anew");
  CHECK(project.read("notes") == "milk\n");

  REQUIRE(project.digest().exit_code == 0);
  check_error(project.digest({}, "2026-08-09T06:00:00Z"), 2,
              "earshot inbox: state: the last digest told until 2026-08-10T06:00:00Z, which is "
              "later than now, 2026-08-09T06:00:00Z");
}

TEST_CASE("inbox: a mail has its headers, and where nothing is new the file is empty") {
  const Project project;
  const std::vector<std::string> words{"--format", "mail",   "--to",     "me@example.org",
                                       "--from",   "shop@x", "--output", "digest.eml"};
  CHECK(project.digest(words).out == "");
  const auto mail = project.read("digest.eml");
  CHECK(
      mail.starts_with("From: shop@x\nTo: me@example.org\n"
                       "Subject: Acme: 1 to answer (1 overdue), 1 to thank, 1 lead\n"
                       "Date: Mon, 10 Aug 2026 06:00:00 +0000\n"));
  CHECK(has(mail, "\n\nAcme\n9 Aug 2026 06:00 to 10 Aug 2026 06:00 (UTC)\n"));

  CHECK(project.digest(words).exit_code == 0);
  CHECK(project.read("digest.eml") == "");
}

TEST_CASE("inbox: posts that wait for labels are said to be left out") {
  const Project project;
  project.write("page.csv", std::string{posts} + "7,forum,fay,hello,2026-08-10T05:00:00Z,\n");
  REQUIRE(run_earshot(project, {"ingest"}).exit_code == 0);
  CHECK(project.inbox({}).out.ends_with(
      "1 post is not labelled yet and is left out; run `earshot analyze`.\n"));
}

TEST_CASE("inbox: a wrong command line is one line that says what was meant") {
  const TemporaryFolder folder;
  const auto fails = [&](std::vector<std::string> words, const std::string& message) {
    words.insert(words.begin(), "inbox");
    check_error(run_earshot(folder, words), 2, "earshot inbox: " + message);
  };
  fails({"--format", "html"}, "--format must be text, md, json or mail, not 'html'");
  fails({"--limit", "-1"}, "--limit must be a whole number, not '-1'");
  fails({"--digest"}, "where the digest remembers what it has told is missing: --state FILE");
  fails({"--state", "s"}, "--state is for a digest; add --digest");
  fails({"--digest", "--state", "s", "--last", "3d"},
        "--digest tells what is new since the last one; leave out --since and --last");
  fails({"--digest", "--state", "s", "--output", "s"}, "--output and --state must be two files");
  fails({"--format", "mail"}, "--format mail is for a digest; add --digest");
  fails({"--to", "me@example.org"}, "--to is for a mail; add --format mail");
  fails({"--digest", "--state", "s", "--format", "mail"},
        "who the mail is for is missing: --to ADDRESS");
  fails({"--digest", "--state", "s", "--format", "mail", "--to", "me@x\nBcc: you@x"},
        "--to 'me@x\\nBcc: you@x' is not an address like owner@example.org");
  fails({"--digest", "--state", "s", "--format", "mail", "--to", "me@x", "--from", "shop"},
        "--from 'shop' is not an address like owner@example.org");

  folder.write("earshot.toml", "[brand]\nquery = 'acme'\n");
  fails({"--last", "soon"}, "--last 'soon' is not a duration like 12h, 30d or 8w");
  fails({"--since", "2026-08-10", "--now", "2026-08-09T00:00:00Z"},
        "--since '2026-08-10' is not before now, 2026-08-09T00:00:00Z");
  const auto no_store = run_earshot(folder, {"inbox"});
  CHECK(no_store.exit_code == 10);
}

TEST_CASE("inbox: the demo's worst weekend") {
  const TemporaryFolder folder;
  const std::string config = std::string{EARSHOT_SOURCE_DIR} + "/configs/demo/earshot.toml";
  REQUIRE(run_earshot(folder, {"run", "--config", config, "--store", "s"}).exit_code == 0);
  const auto ran = run_earshot(
      folder, {"inbox", "--config", config, "--store", "s", "--now", "2026-08-31T08:00:00+10:00"});
  CHECK(ran.exit_code == 0);
  CHECK(has(ran.out, "To answer: 16 posts, 4 of them overdue\n"));
  CHECK(has(ran.out,
            "  1. Gemma K. in facebook\n"
            "     priority 1, 2 d 14 h old, overdue since 29 Aug 2026 12:00\n"));
  CHECK(has(ran.out, "     take it private: it is about somebody's money\n"));
  CHECK(has(ran.out, "  delivery: 3 questions, 11 complaints\n"));
}
