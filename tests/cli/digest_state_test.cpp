#include "cli/digest_state.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

const DigestState state{.from = from_unix(1'789'336'800),
                        .last = from_unix(1'789'941'600),
                        .told = {{from_unix(1'789'336'801), 1}, {from_unix(1'789'941'500), ~0ULL}}};
constexpr const char* text =
    "earshot digest 1\n"
    "from 2026-09-13T22:00:00Z\n"
    "last 2026-09-20T22:00:00Z\n"
    "told 1789336801 0000000000000001\n"
    "told 1789941500 ffffffffffffffff\n";

std::string error_of(const std::string& bytes) {
  const auto parsed = parse_digest_state(bytes);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == Error::Kind::format);
  return parsed.error().message;
}

}  // namespace

TEST_CASE("digest state: written and read it is the same") {
  CHECK(format_digest_state(state) == text);
  const auto parsed = parse_digest_state(text);
  REQUIRE(parsed);
  CHECK(*parsed == state);
}

TEST_CASE("digest state: what no digest has written is an error, and says where") {
  const std::string whole{text};
  CHECK(error_of("hello\n") == "line 1 is not of a digest's state");
  CHECK(error_of("earshot digest 2\n") == "line 1 is not of a digest's state");
  CHECK(error_of("earshot digest 1\n") == "line 2 is not of a digest's state");
  CHECK(error_of(whole + "told x 1\n") == "line 6 is not of a digest's state");
  CHECK(error_of(whole + "told 1 1 1\n") == "line 6 is not of a digest's state");
  CHECK(error_of(whole + "told 1\n") == "line 6 is not of a digest's state");
  CHECK(error_of(whole + "last noon\n") == "line 6 is not of a digest's state");
  CHECK(error_of(whole.substr(0, whole.size() - 1)) == "line 5 is not of a digest's state");
}

TEST_CASE("digest state: no file and an empty file are a beginning, another file is an error") {
  const TemporaryFolder folder;
  const auto missing = read_digest_state(folder.file("none"));
  REQUIRE(missing);
  CHECK_FALSE(missing->has_value());
  const auto empty = read_digest_state(folder.write("empty", ""));
  REQUIRE(empty);
  CHECK_FALSE(empty->has_value());

  const auto path = folder.write("notes", "hello\n");
  const auto other = read_digest_state(path);
  REQUIRE_FALSE(other);
  CHECK(other.error().message ==
        path +
            ": line 1 is not of a digest's state; name another file, or remove it to begin "
            "anew");
}
