#include "ingest/packed.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "ingest/input.hpp"
#include "tests/support/packed.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + "\n";
  return text;
}

/// All bytes of a file, and the error that ends them.
struct Bytes {
  std::string text, error;
};

Bytes read(const std::string& path) {
  auto input = Input::open(path);
  if (!input) return {{}, input.error().message};
  Bytes bytes;
  for (;;) {
    std::string room(70'000, '\0');
    const auto count = input->read(room);
    if (!count) return bytes.error = count.error().message, bytes;
    if (*count == 0) return bytes;
    bytes.text.append(room, 0, *count);
  }
}

std::vector<std::string> names_in(const std::string& path) {
  const auto members = list_packed(path);
  REQUIRE(members);
  std::vector<std::string> names;
  for (const auto& member : *members) names.push_back(member.name);
  return names;
}

}  // namespace

TEST_CASE("packed: a path is split behind what is called like a packed file") {
  const TemporaryFolder folder;
  const auto split = [](const std::string& path) {
    const auto packed = packed_path(path);
    return packed ? packed->file + "|" + packed->member : "";
  };

  CHECK(split("a.zip") == "a.zip|");
  CHECK(split("a.zip/") == "a.zip|");
  CHECK(split("/b/A.ZIP/data/tweets.js") == "/b/A.ZIP|data/tweets.js");
  CHECK(split("a.tar.gz/x.csv.gz") == "a.tar.gz|x.csv.gz");
  CHECK(split("a.tgz") == "a.tgz|");
  CHECK(split("a.tar.zst/b.zip") == "a.tar.zst|b.zip");
  CHECK(split("a.tar/data/js/../x.js") == "a.tar|data/x.js");
  CHECK(split("a.csv.gz") == "");
  CHECK(split("zip/a.csv") == "");
  CHECK(split("-") == "");
  CHECK(split("") == "");
  folder.write("a.zip/b.csv", "");
  CHECK(split(folder / "a.zip") == "");
  CHECK(split(folder / "a.zip/b.csv") == "");
}

TEST_CASE("packed: the files in a zip or tar are listed and read, from any place on") {
  const TemporaryFolder folder;
  const auto text = numbers(200'000);
  const PackFiles files{{"./data/b.csv", text}, {"a.txt", "a"}, {"data/\xC3\xA9.txt", "e"}};
  for (const auto& path :
       {folder.write("a.zip", zip_of(files)), folder.write("a.tar", tar_of(files)),
        folder.write("a.tar.gz", tar_of(files, "gzip")),
        folder.write("a.tgz", tar_of(files, "gzip")),
        folder.write("a.tar.zst", tar_of(files, "zstd"))}) {
    CAPTURE(path);
    CHECK(names_in(path) == std::vector<std::string>{"a.txt", "data/b.csv", "data/\xC3\xA9.txt"});
    const auto whole = read(path + "/data/b.csv");
    CHECK(whole.error == "");
    CHECK(whole.text == text);
    CHECK(read(path + "/data/\xC3\xA9.txt").text == "e");
    auto input = Input::open(path + "/data/b.csv");
    REQUIRE(input);
    CHECK(input->bytes_total() == text.size());
    CHECK(*input->skip_to(654'321) == 654'321);
    std::string room(20, '\0');
    CHECK(*input->read(room) == 20);
    CHECK(room == text.substr(654'321, 20));
    CHECK(*input->skip_to(text.size() + 10) == text.size());
    CHECK(input->bytes_read() == text.size());
  }
}

TEST_CASE("packed: names that lead out, hidden files, links and what macOS adds are not there") {
  const TemporaryFolder folder;
  const auto path = folder.write("a.zip", zip_of({{"../../etc/passwd", "x"},
                                                  {"a/../b.csv", "x"},
                                                  {"/c.csv", "rooted"},
                                                  {".DS_Store", "x"},
                                                  {"__MACOSX/._c.csv", "x"},
                                                  {std::string(1001, 'n'), "x"},
                                                  {"c.csv", "the second of that name"}}));

  CHECK(names_in(path) == std::vector<std::string>{"c.csv"});
  CHECK(read(path + "/c.csv").text == "rooted");
  CHECK(read(path + "/../../etc/passwd").error == path + "/etc/passwd: no such file");
  CHECK(read(path + "/.DS_Store").error == path + "/.DS_Store: no such file");
  CHECK(read(path + "/b.csv").error == path + "/b.csv: no such file");
  CHECK(read(path).error == path + ": is packed; name a file in it, as " + path + "/NAME");
}

TEST_CASE("packed: what is missing, no zip, cut off or encrypted says so") {
  const TemporaryFolder folder;
  const auto text = numbers(200'000);
  const auto zip = zip_of({{"a.csv", text}}), tar = tar_of({{"a.csv", text}}, "gzip");
  const std::string no_zip = ": no zip or tar file, or one that is cut off; load it down again";

  const auto none = folder / "none.zip";
  CHECK(list_packed(none).error().message == none + ": no such file");
  CHECK(list_packed(none).error().kind == Error::Kind::io);
  for (const auto& bytes : {std::string{}, std::string{"id,text\n"}, zip.substr(0, zip.size() / 2),
                            zip.substr(0, 20)}) {
    const auto path = folder.write("a.zip", bytes);
    CHECK(list_packed(path).error().message == path + no_zip);
    CHECK(read(path + "/a.csv").error == path + no_zip);
  }
  const auto cut = folder.write("a.tar.gz", tar.substr(0, tar.size() / 2));
  CHECK(list_packed(cut).error().message.starts_with(cut +
                                                     ": can't be unpacked (Truncated input file"));
  const auto begun = read(cut + "/a.csv");
  CHECK(begun.text.size() > text.size() / 4);
  CHECK(text.starts_with(begun.text));
  CHECK(begun.error == cut + "/a.csv: can't be unpacked (truncated gzip input)");
  const auto locked = folder.write("b.zip", encrypted_zip_of({{"a.csv", text}}));
  CHECK(names_in(locked) == std::vector<std::string>{"a.csv"});
  CHECK(read(locked + "/a.csv").error ==
        locked + "/a.csv: is encrypted; unpack it with its password first");
}

TEST_CASE("packed: what precedes damage is delivered, then the damage is told") {
  const TemporaryFolder folder;
  const auto text = numbers(200'000);
  auto bytes = zip_of({{"a.csv", text}});
  for (std::size_t i = 0; i < 100; ++i) bytes[bytes.size() / 2 + i] = '\xFF';
  const auto path = folder.write("a.zip", bytes);

  const auto damaged = read(path + "/a.csv");

  CHECK(damaged.text.size() > 100'000);
  CHECK(text.starts_with(damaged.text.substr(0, 100'000)));
  CHECK(damaged.error.starts_with(path + "/a.csv: can't be unpacked ("));
}

TEST_CASE("packed: a bomb is met in small pieces, a file over 100 GB or with holes is refused") {
  const TemporaryFolder folder;
  const auto bomb = folder.write("a.zip", zip_of({{"a.csv", std::string(50'000'000, '0')}}));
  REQUIRE(std::filesystem::file_size(bomb) < 100'000);
  auto stream = PackedStream::open({bomb, "a.csv"});
  REQUIRE(stream);
  std::string room(60'000'000, '\0');
  std::uint64_t all = 0;
  for (std::size_t count = 1; count > 0; all += count) {
    count = *stream->read(room);
    CHECK(count <= 1U << 20U);
  }
  CHECK(all == 50'000'000);

  const auto huge = folder.write("b.tar", tar_claiming("a.csv", 200'000'000'000));
  CHECK(read(huge + "/a.csv").error == huge + "/a.csv: larger than 100 GB");
  const auto hole = folder.write("c.tar", tar_of_hole("a.csv"));
  CHECK(read(hole + "/a.csv").error == hole + "/a.csv: has holes; pack it again without --sparse");
}

TEST_CASE("packed: more than a hundred thousand files are too many") {
  const TemporaryFolder folder;
  PackFiles files;
  for (int i = 0; i <= 100'000; ++i) files.emplace_back(std::to_string(i), "");
  const auto path = folder.write("a.tar.gz", tar_of(files, "gzip"));

  CHECK(list_packed(path).error().message == path + ": has more than 100000 files");
}
