#include "store/rocks/columns.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "store/base/flat_counter.hpp"

namespace earshot::rocks {
namespace {

using Texts = std::vector<std::string_view>;

/// Writes with `write`, and hands what was written to `read`.
void round_trip(std::size_t rows, auto&& write, auto&& read) {
  Section section;
  ColumnWriter to{section};
  write(to);
  TextArena arena;
  ColumnReader from{section.bytes, rows, arena};
  read(from);
  CHECK(from.done());
}

}  // namespace

TEST_CASE("numbers of any size come back") {
  const std::vector<std::uint64_t> values{0, 1, 255, 256, 1ULL << 40U, UINT64_MAX};
  round_trip(
      values.size(), [&](ColumnWriter& to) { to.numbers(values); },
      [&](ColumnReader& from) { CHECK(from.numbers() == values); });
}

TEST_CASE("a column of zeros takes one byte") {
  Section section;

  ColumnWriter{section}.numbers(std::vector<std::uint64_t>(1000, 0));

  CHECK(section.bytes.size() == 1);
}

TEST_CASE("rising numbers come back, also when they fall or span all there are") {
  const std::vector<std::int64_t> values{5, 7, 7, -3, INT64_MAX, INT64_MIN, 0};
  round_trip(
      values.size(), [&](ColumnWriter& to) { to.rising(values); },
      [&](ColumnReader& from) { CHECK(from.rising() == values); });
}

TEST_CASE("repeated texts are kept once") {
  const std::string once(100, 'x');
  const Texts texts{once, "", once, "y", once};
  Section section;
  ColumnWriter to{section};

  to.dictionary(texts);

  CHECK(section.bytes.size() < 120);
  TextArena arena;
  ColumnReader from{section.bytes, texts.size(), arena};
  const auto dictionary = from.dictionary();
  CHECK(from.done());
  CHECK(dictionary.texts == Texts{once, "", "y"});
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(dictionary[i] == texts[i]);
}

TEST_CASE("ids come back as they were spelt, numbers or not") {
  for (const auto& ids :
       {Texts{"1741610224189440000", "1741610589093888001", "0", "7"}, Texts{"12", "007"},
        Texts{"12", ""}, Texts{"12", "-3"}, Texts{"t3_a", "12"},
        Texts{"12", "18446744073709551616"}, Texts{"12", "9223372036854775807"}})
    round_trip(
        ids.size(), [&](ColumnWriter& to) { to.ids(ids); },
        [&](ColumnReader& from) { CHECK(from.ids() == ids); });
}

TEST_CASE("ids of other posts come back, near or far, numbers or not") {
  const Texts own{"100", "200", "x"};
  for (const auto& ids : {Texts{"", "", ""}, Texts{"99", "2305843009213693951", ""},
                          Texts{"100", "1", "5"}, Texts{"a", "", "b"}})
    round_trip(
        ids.size(), [&](ColumnWriter& to) { to.references(ids, own); },
        [&](ColumnReader& from) { CHECK(from.references(own) == ids); });
}

TEST_CASE("bytes that are no column give an empty one of the right size") {
  TextArena arena;
  ColumnReader from{"\x09garbage", 3, arena};

  CHECK(from.numbers() == std::vector<std::uint64_t>(3, 0));
  CHECK_FALSE(from.ok());
  CHECK(from.texts() == Texts(3));
  CHECK(from.dictionary()[2].empty());
  CHECK_FALSE(from.done());
}

TEST_CASE("a section comes back from zstd, and other bytes don't") {
  const Section section{std::string(10'000, 'a')};
  std::string packed, back;
  compress(section, packed);

  CHECK(packed.size() < 100);
  CHECK(decompress(packed, back));
  CHECK(back == section.bytes);
  CHECK_FALSE(decompress("not zstd", back));
  CHECK_FALSE(decompress(std::string_view{packed}.substr(0, packed.size() - 3), back));
}

TEST_CASE("columns that look otherwise don't spoil each other's codes") {
  // Five bits of chance in one column, five others in the next: ten take six bits.
  std::vector<std::uint64_t> low(20'000), high(20'000);
  for (std::size_t i = 0; i < low.size(); ++i) {
    low[i] = mix_bits(i + 1) >> 59U;
    high[i] = 64 + (mix_bits(~i) >> 59U);
  }
  Section section;
  ColumnWriter to{section};
  to.numbers(low);
  to.numbers(high);
  const Section whole{section.bytes};
  std::string apart, together, back;

  compress(section, apart);
  compress(whole, together);

  CHECK(section.ends.size() == 2);
  CHECK(apart.size() * 10 < together.size() * 9);
  REQUIRE(decompress(apart, back));
  CHECK(back == section.bytes);
}

}  // namespace earshot::rocks
