// The unlucky user: whatever is wrong with what a command is given, it ends with one line that says
// what and where, with the exit code for it, and loses nothing.
#include <doctest/doctest.h>

#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "tests/cli/run_earshot.hpp"

namespace earshot::test {

namespace {

using Words = std::vector<std::string>;

const std::string csv =
    "id,channel,author,text,created_at,likes\n"
    "1,forum,ann,the green box came late again,2026-08-01T09:00:00Z,3\n"
    "2,forum,ben,lovely tomatoes,2026-08-02T09:00:00Z,\n";
const std::string brand = "[brand]\nname = 'x'\nquery = 'box'\n";

struct Project : TemporaryFolder {
  Project() {
    write("earshot.toml", brand);
    write("posts.csv", csv);
  }
};

/// A mount that is gone with the test; `ok` is false where mounting is not allowed.
struct Mount {
  Mount(std::string at, const char* type, unsigned long flags, const std::string& from)
      : target{std::move(at)} {
    std::filesystem::create_directories(target);
    const std::string options = "size=300m";
    ok =
        geteuid() == 0 && mount(from.c_str(), target.c_str(), type, flags,
                                std::string_view{type} == "tmpfs" ? options.c_str() : nullptr) == 0;
  }
  ~Mount() {
    if (ok) umount2(target.c_str(), MNT_DETACH);
  }
  std::string target;
  bool ok = false;
};

void check_line(const Ran& ran, int exit_code, const std::string& message) {
  CHECK(ran.err == message + "\n");
  CHECK(ran.out == "");
  CHECK(ran.exit_code == exit_code);
}

/// `earshot COMMAND` in a shell, for what only a shell can do to it.
Ran run_shell(const TemporaryFolder& folder, const std::string& script) {
  const std::string command = "cd " + folder.path() + " && E=" + EARSHOT_BINARY + " bash -c '" +
                              script + "' > shell.out 2> shell.err < /dev/null";
  Ran ran;
  ran.exit_code = WEXITSTATUS(std::system(command.c_str()));
  ran.out = folder.read("shell.out");
  ran.err = folder.read("shell.err");
  return ran;
}

std::string many_posts(int count) {
  std::string rows = "id,text,created_at\n";
  for (int i = 0; i < count; ++i) {
    const auto id = std::to_string(i);
    rows += id + ",what number " + id + " said about box " + std::to_string(i * 7919 % 10007) +
            ",2026-08-03T09:00:00Z\n";
  }
  return rows;
}

}  // namespace

TEST_CASE("bad input: a config says file, line and what to do, and no store is made") {
  struct Case {
    std::string config, message;
  };
  const Case cases[] = {
      {"", "earshot.toml: there is no [brand]; add one with a query for the posts about it"},
      {"[brand]\nquery = 5\n", "earshot.toml:2: 'query' in [brand]: expected a string"},
      {brand + "[brand]\n",
       "earshot.toml:4: error while parsing table header: cannot redefine existing table 'brand'"},
      {"[brand]\nquery = 'a'\nquery = 'b'\n",
       "earshot.toml:3: error while parsing key-value pair: cannot redefine existing string "
       "'query'"},
      {"\x80\xff", "earshot.toml:1: encountered invalid utf-8 sequence"},
      {brand + "[projct]\n", "earshot.toml:4: unknown key 'projct', did you mean 'project'?"},
      {brand + "[project]\ntimezone = 'Mars/Olympus'\n",
       "earshot.toml:5: unknown time zone 'Mars/Olympus'; name one like 'Europe/Berlin' or 'UTC'"},
      {"[brand]\nquery = 'a AND'\n",
       "earshot.toml:2: 'query': column 3: 'AND' needs something after it"},
      {brand + "[[topic]]\nname = 't'\nquery = '(a'\n",
       "earshot.toml:6: 'query': column 1: missing ')'"},
      {brand + "[[competitor]]\nname = 'a'\nquery = 'NOT a'\n",
       "earshot.toml:6: 'query': column 1: a query needs at least one word that must be there"},
      {brand + "[[competitor]]\nname = 'a'\nquery = 'a'\n[[competitor]]\nname = 'a'\nquery = 'b'\n",
       "earshot.toml:7: there are two companies named 'a'"},
      {brand + "[[objective]]\nname = 'o'\nmetric = 'nope'\n",
       "earshot.toml:6: unknown metric 'nope'; `earshot report --list` lists them"},
      {brand + "[[source]]\nname = 's'\ntype = 'mastodn'\n",
       "earshot.toml:6: unknown source 'mastodn', did you mean 'mastodon'?"},
      {brand + "[[source]]\nname = 's'\ntype = 'gopher'\n",
       "earshot.toml:6: unknown source 'gopher'; `earshot sources --types` lists them"},
      {brand + "[[pilot]]\nname = 'p'\nfrom = 'May'\n",
       "earshot.toml:6: 'May' is not a day like 2026-08-01"},
      {brand + "[policy]\nrules = [{name = 'r', forbid = 'OR a'}]\n",
       "earshot.toml:5: 'forbid': column 1: nothing before OR"},
      {brand + "[checklist]\nlong_veiw = 'a'\n",
       "earshot.toml:5: unknown key 'long_veiw' in [checklist], did you mean 'long_view'?"},
      {brand + "[files]\nplaces = 'earshot.toml'\n",
       "earshot.toml:5: earshot.toml:1: unknown column '[brand]'; the columns are: pattern, "
       "region"},
      {brand + "[store]\npath = ''\n", "earshot.toml:5: 'path' in [store] is empty"},
  };
  for (const auto& [config, message] : cases) {
    const TemporaryFolder folder;
    folder.write("earshot.toml", config);
    for (const auto* command : {"ingest", "analyze", "report", "run", "sources"}) {
      CAPTURE(command);
      check_line(run_earshot(folder, {command}), 2, "earshot: " + message);
    }
    CHECK_FALSE(folder.has("earshot.store"));
  }
}

TEST_CASE("bad input: a table of the user's says file, line and what to do, to who needs it") {
  struct Case {
    std::string csv, message;
  };
  const Case cases[] = {
      {"",
       "staff.csv:1: empty; the first line names the columns: handle, department, trained, from"},
      {"handle,department,trained\n",
       "staff.csv:1: there is no column 'from'; the columns are: handle, department, trained, "
       "from"},
      {"handle,department,trained,from\nann,orders,maybe,\n",
       "staff.csv:2: 'trained': 'maybe' is neither yes nor no"},
      {"handle,department,trained,from\nann,orders,yes,1 May\n",
       "staff.csv:2: 'from': '1 May' is not a day like 2026-08-01"},
  };
  for (const auto& [csv, message] : cases) {
    const TemporaryFolder folder;
    folder.write("earshot.toml", brand + "[files]\nstaff = 'staff.csv'\n");
    folder.write("staff.csv", csv);
    check_line(run_earshot(folder, {"report"}), 2, "earshot: " + message);
    CHECK(run_earshot(folder, {"sources"}).err.find("staff.csv") == std::string::npos);
  }
  const TemporaryFolder folder;
  folder.write("earshot.toml", brand + "[files]\nstaff = 'staff.csv'\n");
  check_line(run_earshot(folder, {"report"}), 2, "earshot: staff.csv: No such file or directory");
}

TEST_CASE("bad input: a command line is refused before anything is touched") {
  const Project project;
  struct Case {
    Words words;
    std::string message;
  };
  const Case cases[] = {
      {{"report", "nothing"},
       "earshot report: unknown view 'nothing'; `earshot report --help` names them"},
      {{"report", "--metric", "nope"},
       "earshot report: unknown metric 'nope'; `earshot report --list` lists them"},
      {{"report", "--since", "2026-09-01", "--until", "2026-08-01"},
       "earshot report: the window ends at 2026-08-01T00:00:00Z and begins at "
       "2026-09-01T00:00:00Z; --until must be later than --since"},
      {{"report", "--since", "2026-13-45"},
       "earshot report: --since '2026-13-45' is not a date like 2026-08-01 or "
       "2026-08-01T09:30:00Z"},
      {{"ingest", "--store", "", "posts.csv"},
       "earshot ingest: option '--store' needs a value: --store PATH"},
      {{"search", ""},
       "earshot search: what to search for is missing: earshot search 'late AND deliver*'"},
      {{"search", "NOT a"},
       "earshot search: column 1: a query needs at least one word that must be there"},
      {{"search", "a", "--limit", "-1"},
       "earshot search: --limit must be a whole number, not '-1'"},
      {{"search", "a", "--format", "xml"},
       "earshot search: --format must be text, jsonl or csv, not 'xml'"},
  };
  for (const auto& [words, message] : cases) check_line(run_earshot(project, words), 2, message);
  CHECK_FALSE(project.has("earshot.store"));
}

TEST_CASE("bad input: an archive that can't be read at all") {
  const Project project;
  std::filesystem::create_directory(project.file("folder.csv"));
  struct Case {
    std::string name, bytes, message;
    int exit_code = 1;
  };
  const std::string columns = "id, channel, author, text, created_at, likes";
  const Case cases[] = {
      {"none.csv", "-", "no such file"},
      {"folder.csv", "-", "is a folder, not a file"},
      {"empty.csv", "", "empty; a CSV archive begins with a line of column names"},
      {"empty.xml", "", "no markup in it"},
      {"text.csv.gz", csv, "the gzip stream is damaged (incorrect header check) near byte 2"},
      {"empty.csv.zst", "", "the zstd stream is cut off after 0 bytes"},
      {"bytes.csv", std::string{"id\0,text", 8}, "no text, or text in an unknown encoding"},
      {"header.csv", "id,tex\xf6t\n",
       "the first line is not UTF-8; convert the file first: iconv -f WINDOWS-1252 -t UTF-8"},
      {"twice.csv", "id,text,text,created_at\n1,a,b,2026-08-01T09:00:00Z\n",
       "there are two columns 'text' (mapped to text); rename one", 2},
      {"other.csv", "id,body\n", "no column 'text' (mapped to text); there are: id, body", 2},
  };
  for (const auto& [name, bytes, message, exit_code] : cases) {
    if (bytes != "-") project.write(name, bytes);
    check_line(run_earshot(project, {"ingest", name}), exit_code,
               "earshot: " + name + ": " + message);
  }
  check_line(run_earshot(project, {"ingest", "--format", "csv", "/dev/null"}), 1,
             "earshot: /dev/null: empty; a CSV archive begins with a line of column names");
}

TEST_CASE("bad input: a header of a thousand columns, or of megabytes, is not all said") {
  const Project project;
  std::string header;
  for (int i = 0; i < 1000; ++i) header += "column" + std::to_string(i) + ",";
  project.write("wide.csv", header + "\n");
  project.write("long.csv", std::string(2'000'000, 'x'));

  const auto wide = run_earshot(project, {"ingest", "wide.csv"});
  CHECK(wide.err.ends_with("... (1001 in all)\n"));
  CHECK(wide.err.size() < 600);
  check_line(run_earshot(project, {"ingest", "long.csv"}), 2,
             "earshot: long.csv: no column 'id' (mapped to id); there are: ... (1 in all)");
}

TEST_CASE("bad input: a feed of noise is one line, and the XML library says nothing by itself") {
  const Project project;
  project.write("noise.xml", "\x8f\x9d no word of windows-1252 \x81\x8d");

  check_line(run_earshot(project, {"ingest", "noise.xml"}), 1,
             "earshot: noise.xml: no markup in it");
}

TEST_CASE("bad input: JSON lines of every wrong kind cost themselves only") {
  const Project project;
  project.write(
      "posts.jsonl",
      "\xef\xbb\xbf{\"id\":\"1\",\"created_at\":\"2026-08-01T09:00:00Z\",\"text\":\"bom\"}\n"
      "[1]\n5\n{}\nnot json\n"
      "{\"id\":184467440737095516160,\"created_at\":\"2026-08-01T09:00:00Z\",\"text\":\"a\"}\n"
      "{\"id\":\"2\",\"created_at\":\"2026-08-01T09:00:00Z\",\"text\":\"\\ud800\"}\n"
      "\xff\n"
      "{\"id\":\"3\",\"created_at\":\"2026-08-01T09:00:00Z\",\"text\":\"good\"}\n");

  const auto ran = run_earshot(project, {"ingest", "posts.jsonl"});

  CHECK(ran.out == "posts.jsonl: 9 rows, 2 new, 0 repeats, 7 bad lines\n");
  CHECK(ran.err ==
        "earshot: posts.jsonl:2: not a JSON object\n"
        "earshot: posts.jsonl:3: not a JSON object\n"
        "earshot: posts.jsonl:4: no id\n"
        "earshot: posts.jsonl:5: not a JSON object\n"
        "earshot: posts.jsonl:6: a number beyond 64 bits: 184467440737095516160\n"
        "earshot: posts.jsonl:7: not JSON: a broken escape\n"
        "earshot: posts.jsonl:8: not UTF-8\n");
  CHECK(ran.exit_code == 3);
}

TEST_CASE("bad input: a place where no store can be is left as it is") {
  const Project project;
  project.write("file", "mine");
  project.write("folder/letter.txt", "mine");
  const std::string elsewhere = "; name another place with --store, or with path under [store]";

  for (const auto& words : {Words{"ingest", "posts.csv"}, Words{"search", "x"}}) {
    Words file = words, folder = words;
    file.insert(file.end(), {"--store", "file"});
    folder.insert(folder.end(), {"--store", "folder"});
    check_line(run_earshot(project, file), 10, "earshot: file: is a file, not a store" + elsewhere);
    check_line(run_earshot(project, folder), 10,
               "earshot: folder: is a folder with other things in it ('letter.txt'), not a store" +
                   elsewhere);
  }

  CHECK(project.read("file") == "mine");
  CHECK(std::distance(std::filesystem::directory_iterator{project.file("folder")}, {}) == 1);
  check_line(run_earshot(project, {"sources"}), 10,
             "earshot: earshot.store: no store there; `earshot ingest` makes one");
}

TEST_CASE("bad input: models and labelled files that are none") {
  const Project project;
  project.write("noise.model", "noise");
  project.write("empty.tsv", "");
  project.write("labels.tsv", "positive\tlovely\nwat\tbad\n");
  project.write("good.tsv", "positive\tlovely\nnegative\tbad\nneutral\tso so\n");
  const auto folder = project.path();
  const std::string none = ": No such file or directory";
  struct Case {
    Words words;
    std::string message;
    int exit_code;
  };
  const Case cases[] = {
      {{"classify", "--model", "none.model"},
       "none.model" + none + "; `earshot train` makes a model",
       2},
      {{"classify", "--model", folder},
       folder + ": Is a directory; `earshot train` makes a model",
       2},
      {{"classify", "--model", "noise.model"}, "noise.model: not a sentiment model of earshot", 2},
      {{"evaluate", "empty.tsv"}, "empty.tsv: no labelled line in it", 1},
      {{"evaluate", folder}, folder + ": Is a directory", 1},
      {{"train", "--output", "m", "labels.tsv"},
       "labels.tsv:2: unknown label 'wat', expected negative, neutral or positive",
       1},
      {{"train", "--output", "/nowhere/m", "good.tsv"}, "/nowhere/m: cannot be written" + none, 1},
      {{"report", "--config", "none.toml"}, "none.toml" + none, 2},
      {{"report", "--config", folder}, folder + ": Is a directory", 2},
  };
  for (const auto& [words, message, exit_code] : cases)
    check_line(run_earshot(project, words), exit_code, "earshot: " + message);
}

TEST_CASE("bad input: classify answers each line and counts those that it could not read") {
  const TemporaryFolder folder;
  const auto ran = run_earshot(folder, {"classify"}, "good\n\xff\n\nbad\n");
  CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 4);
  CHECK(ran.out.find("}\n{\"error\":\"not UTF-8\"}\n{") != std::string::npos);
  CHECK(ran.err == "earshot: 1 line could not be read; the answers say why\n");
  CHECK(ran.exit_code == 3);
}

TEST_CASE("bad input: a stream that is closed never becomes a file of the store") {
  const Project project;
  CHECK(run_shell(project, "$E ingest posts.csv >&-").err ==
        "earshot: cannot write to standard output: Bad file descriptor\n");
  CHECK(run_shell(project, "$E ingest --format csv - <&-").err ==
        "earshot: standard input: can't be read: bad file descriptor\n");
  CHECK(run_shell(project, "$E ingest none.csv 2>&-").exit_code == 1);
  CHECK(run_shell(project, "$E search lovely | head -n 1; exit ${PIPESTATUS[0]}").exit_code == 0);

  for (const auto& entry : std::filesystem::directory_iterator{project.file("earshot.store")})
    if (entry.is_regular_file())
      CHECK(project.read("earshot.store/" + entry.path().filename().string()).find("2 rows") ==
            std::string::npos);
  CHECK(run_earshot(project, {"ingest", "posts.csv"}).out ==
        "posts.csv: 2 rows, 0 new, 2 repeats\n");
}

TEST_CASE("bad input: a full device is one line, and stays a device") {
  const Project project;
  REQUIRE(run_earshot(project, {"ingest", "posts.csv"}).exit_code == 0);
  const std::string full = "No space left on device\n";
  project.write("lines", std::string(4000, '\n'));

  CHECK(run_shell(project, "$E search lovely > /dev/full").err ==
        "earshot: cannot write to standard output: " + full);
  const auto classify = run_shell(project, "$E classify < lines > /dev/full");
  CHECK(classify.err == "earshot: cannot write to standard output: " + full);
  CHECK(classify.exit_code == 1);
  const auto report = run_earshot(project, {"report", "--since", "2026-08-01", "--until",
                                            "2026-08-03", "--output", "/dev/full"});
  CHECK(report.err == "earshot: /dev/full: cannot be written: " + full);
  CHECK(report.exit_code == 1);
  CHECK(std::filesystem::is_character_file("/dev/full"));
}

TEST_CASE("bad input: a limit on the size of files is an error and no signal; nothing is lost") {
  const Project project;
  project.write("many.csv", many_posts(50'000));

  const auto limited = run_shell(project, "ulimit -f 200; $E ingest many.csv");

  CHECK(limited.exit_code == 13);
  CHECK(limited.err.starts_with("earshot: earshot.store: "));
  CHECK(std::count(limited.err.begin(), limited.err.end(), '\n') == 1);
  CHECK(run_earshot(project, {"ingest", "many.csv"}).exit_code == 0);
  CHECK(run_earshot(project, {"sources"}).out.find("50,000") != std::string::npos);
}

TEST_CASE("bad input: a full disk stops an ingest with 13; with more room it loses nothing") {
  const Project project;
  const Mount disk{project.file("disk"), "tmpfs", 0, "tmpfs"};
  if (!disk.ok) {
    MESSAGE("skipped: mounting is not allowed here");
    return;
  }
  project.write("many.csv", many_posts(50'000));
  project.write("disk/ballast", std::string(60'000'000, 'x'));

  const auto full = run_earshot(project, {"ingest", "--store", "disk/s", "many.csv"});
  CHECK(full.exit_code == 13);
  CHECK(full.err.starts_with("earshot: disk/s: "));
  CHECK(full.err.ends_with(" MB needed; free some space and run again\n"));
  CHECK(std::count(full.err.begin(), full.err.end(), '\n') == 1);

  REQUIRE(mount("tmpfs", disk.target.c_str(), "tmpfs", MS_REMOUNT, "size=1g") == 0);
  CHECK(run_earshot(project, {"ingest", "--store", "disk/s", "many.csv"}).exit_code == 0);
  CHECK(run_earshot(project, {"sources", "--store", "disk/s"}).out.find("50,000") !=
        std::string::npos);
}

TEST_CASE("bad input: a read-only store is read, and not written") {
  const Project project;
  REQUIRE(run_earshot(project, {"ingest", "posts.csv"}).exit_code == 0);
  const Mount frozen{project.file("frozen"), "", MS_BIND, project.file("earshot.store")};
  if (!frozen.ok) {
    MESSAGE("skipped: mounting is not allowed here");
    return;
  }
  REQUIRE(mount("", frozen.target.c_str(), "", MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0);

  const auto report = run_earshot(
      project, {"report", "--store", "frozen", "--since", "2026-08-01", "--until", "2026-08-03"});
  CHECK(report.exit_code == 0);
  CHECK(report.err == "");
  check_line(run_earshot(project, {"ingest", "--store", "frozen", "posts.csv"}), 13,
             "earshot: frozen: can't write the store: Read-only file system");
}

TEST_CASE("bad input: a second writer is told who is first, and readers are not held up") {
  const Project project;
  REQUIRE(run_earshot(project, {"ingest", "posts.csv"}).exit_code == 0);
  REQUIRE(mkfifo(project.file("slow.csv").c_str(), 0600) == 0);
  const TemporaryFolder capture;
  const auto first = start_earshot(project, capture, {"ingest", "slow.csv"});
  std::ofstream slow{project.file("slow.csv")};  // opens once the reader is there, with its lock

  const auto second = run_earshot(project, {"ingest", "posts.csv"});
  CHECK(second.err.starts_with("earshot: earshot.store: process " + std::to_string(first) +
                               ", since "));
  CHECK(second.err.ends_with(", is writing\n"));
  CHECK(second.exit_code == 11);
  CHECK(run_earshot(project, {"search", "lovely"}).exit_code == 0);

  slow << csv;
  slow.close();
  CHECK(wait_for(first) == 0);
}

TEST_CASE("bad input: an ingest that waits for a pipe is stopped by a signal nevertheless") {
  const Project project;
  REQUIRE(mkfifo(project.file("silent.csv").c_str(), 0600) == 0);
  const TemporaryFolder capture;
  const auto child = start_earshot(project, capture, {"ingest", "posts.csv", "silent.csv"});
  const std::ofstream silent{project.file("silent.csv")};

  kill(child, SIGINT);

  CHECK(wait_for(child) == 128 + SIGINT);
  CHECK(capture.read("stderr") ==
        "earshot: stopped in the middle of a batch; what was stored before is kept\n");
  CHECK(run_earshot(project, {"ingest", "posts.csv"}).out ==
        "posts.csv: 2 rows, 0 new, 2 repeats\n");
}

TEST_CASE("bad input: names with control characters can't reach the terminal") {
  const Project project;
  const auto ran =
      run_earshot(project, {"ingest", "--name", "a\x1b[31m\nb\xe2\x80\xae", "posts.csv"});
  CHECK(ran.out == "a\\x1b[31m\\nb\\u202e: 2 rows, 2 new, 0 repeats\n");
  CHECK(run_earshot(project, {"sources"}).out.find('\x1b') == std::string::npos);
}

TEST_CASE("bad input: a feed that does not answer fails alone") {
  const TemporaryFolder folder;
  folder.write("earshot.toml",
               brand + "[[source]]\nname = 'news'\ntype = 'feed'\nurl = 'http://127.0.0.1:1/'\n");
  const std::vector<std::string> ingest{"ingest", "--all", "--now", "2026-09-01T00:00:00Z"};
  auto allowed = ingest;
  allowed.push_back("--allow-private");
  check_line(run_earshot(folder, ingest), 3,
             "earshot: news: http://127.0.0.1:1/: refuses to connect to the private address "
             "127.0.0.1 (allow it with --allow-private); next try 2026-09-01T01:37:19Z");
  check_line(run_earshot(folder, allowed), 3,
             "earshot: news: http://127.0.0.1:1/: couldn't connect to server; 2nd failure since "
             "2026-09-01T00:00:00Z, next try 2026-09-01T03:52:26Z");
}

}  // namespace earshot::test
