#include "ingest/input.hpp"

#include <filesystem>
#include <fstream>
#include <random>

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/support/packed.hpp"

using namespace earshot;

namespace {

namespace fs = std::filesystem;

/// A folder of its own that goes with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("input_test." + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name, const std::string& bytes) const {
    std::ofstream{path / name, std::ios::binary} << bytes;
    return (path / name).string();
  }
};

std::string gzipped(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
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

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string numbers(std::size_t lines) {
  std::mt19937 random{7};
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text += std::to_string(random()) + "\n";
  return text;
}

struct ReadAll {
  std::string text;
  std::string error;
};

ReadAll read_all(Input& input, std::size_t step = 70'001) {
  ReadAll all;
  std::string room(step, '\0');
  for (;;) {
    const auto count = input.read(room);
    if (!count) return all.error = count.error().message, all;
    if (*count == 0) return all;
    all.text.append(room, 0, *count);
  }
}

std::string shown(const std::string& path) {
  return fs::path{path}.filename().string();
}

}  // namespace

TEST_CASE("an archive is read the same plain, gzipped, in several members, and as zstd") {
  const Folder folder;
  const auto text = numbers(200'000);
  const auto half = text.size() / 2;
  for (const auto& path :
       {folder.file("a.csv", text), folder.file("b.csv.gz", gzipped(text)),
        folder.file("c.csv.gz", gzipped(text.substr(0, half)) + gzipped(text.substr(half)) +
                                    std::string(512, '\0')),
        folder.file("d.csv.zst", zstd(text)),
        folder.file("e.csv.zst", zstd(text.substr(0, half)) + zstd(text.substr(half))),
        folder.file("f_without_ending", gzipped(text)),
        folder.file("g_without_ending", zstd(text))}) {
    CAPTURE(shown(path));
    auto input = Input::open(path);
    REQUIRE(input);
    const auto all = read_all(*input);
    CHECK(all.error.empty());
    CHECK(all.text == text);
    CHECK(input->position() == text.size());
    CHECK(input->bytes_read() == fs::file_size(path));
    CHECK(input->bytes_total() == fs::file_size(path));
  }
}

TEST_CASE("what lies in a packed file is decompressed like on disk") {
  const Folder folder;
  const auto text = numbers(1000);
  const auto path =
      folder.file("a.zip", test::zip_of({{"a.csv.gz", gzipped(text)},
                                         {"b.csv.zst", zstd(text)},
                                         {"c.csv", std::string{"\xFF\xFEi\0d\0", 6}},
                                         {"d.csv.gz", gzipped(text).substr(0, 100)}}));

  const auto read = [&](const std::string& name) {
    auto input = Input::open(path + name);
    REQUIRE(input);
    return read_all(*input);
  };
  CHECK(read("/a.csv.gz").text == text);
  CHECK(read("/b.csv.zst").text == text);
  CHECK(read("/c.csv").text == "id");
  CHECK(read("/d.csv.gz").error == path + "/d.csv.gz: the gzip stream is cut off after 100 bytes");
}

TEST_CASE("skipping leads to the same bytes plain and compressed") {
  const Folder folder;
  const auto text = numbers(100'000);
  for (const auto& path : {folder.file("a", text), folder.file("b.gz", gzipped(text)),
                           folder.file("c.zst", zstd(text))}) {
    CAPTURE(shown(path));
    auto input = Input::open(path);
    REQUIRE(input);
    const auto reached = input->skip_to(654'321);
    REQUIRE(reached);
    CHECK(*reached == 654'321);
    CHECK(read_all(*input).text == text.substr(654'321));
    auto past = Input::open(path);
    REQUIRE(past);
    CHECK(*past->skip_to(text.size() + 10) == text.size());
  }
}

TEST_CASE("what precedes the cut of a truncated stream is delivered, then the cut is told") {
  const Folder folder;
  const auto text = numbers(200'000);
  const auto gz = gzipped(text), zst = zstd(text);
  for (const auto& [path, kind] :
       {std::pair{folder.file("a.gz", gz.substr(0, gz.size() / 2)), "gzip"},
        std::pair{folder.file("b.zst", zst.substr(0, zst.size() / 2)), "zstd"}}) {
    CAPTURE(shown(path));
    auto input = Input::open(path);
    REQUIRE(input);
    const auto all = read_all(*input);
    CHECK(all.error == path + ": the " + kind + " stream is cut off after " +
                           std::to_string(fs::file_size(path)) + " bytes");
    CHECK(all.text.size() > text.size() / 4);
    CHECK(text.starts_with(all.text));
  }
}

TEST_CASE("a file that can't be read says why") {
  const Folder folder;
  const auto missing = Input::open((folder.path / "none.csv").string());
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == Error::Kind::io);
  CHECK(missing.error().message == (folder.path / "none.csv").string() + ": no such file");
  const auto directory = Input::open(folder.path.string());
  REQUIRE_FALSE(directory);
  CHECK(directory.error().message == folder.path.string() + ": is a folder, not a file");
}

TEST_CASE("bytes that are not the compression their name says are a format error") {
  const Folder folder;
  const auto gz = folder.file("a.gz", "id,text\n");
  auto input = Input::open(gz);
  REQUIRE(input);
  CHECK(read_all(*input).error ==
        gz + ": the gzip stream is damaged (incorrect header check) near byte 2");
  const auto empty = folder.file("b.zst", "");
  auto nothing = Input::open(empty);
  REQUIRE(nothing);
  CHECK(read_all(*nothing).error == empty + ": the zstd stream is cut off after 0 bytes");
}

TEST_CASE("a zstd window of 2 GB, as the dumps of Reddit have it, is read") {
  const Folder folder;
  std::string out(4096, '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 31);
  ZSTD_inBuffer in{"text\n", 5, 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  const auto left = ZSTD_compressStream2(context, &to, &in, ZSTD_e_flush);
  const auto ended = ZSTD_compressStream2(context, &to, &in, ZSTD_e_end);
  ZSTD_freeCCtx(context);
  REQUIRE(ZSTD_isError(left) == 0);
  REQUIRE(ZSTD_isError(ended) == 0);
  const auto path = folder.file("long.zst", out.substr(0, to.pos));
  auto input = Input::open(path);
  REQUIRE(input);
  CHECK(read_all(*input).text == "text\n");
}
