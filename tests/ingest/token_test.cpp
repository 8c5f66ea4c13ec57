#include "ingest/token.hpp"

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using Kind = TokenPlace::Kind;

namespace {

std::string fault_of(const TokenPlace& place) {
  const auto token = read_token(place);
  REQUIRE_FALSE(token);
  CHECK(token.error().kind == Error::Kind::config);
  return token.error().message;
}

}  // namespace

TEST_CASE("token: it is read from where the config says, without white space around it") {
  const TemporaryFolder folder;
  folder.write("token", "  file-secret\r\n");
  setenv("EARSHOT_TEST_TOKEN", "env-secret", 1);

  CHECK(*read_token({Kind::environment, "EARSHOT_TEST_TOKEN"}) == "env-secret");
  CHECK(*read_token({Kind::file, folder / "token"}) == "file-secret");
  CHECK(*read_token({Kind::command, "printf 'cmd-secret\\nlogin: me\\n'"}) == "cmd-secret");
  CHECK(read_token({})->empty());
  unsetenv("EARSHOT_TEST_TOKEN");
}

TEST_CASE("token: an error names the key, and nothing that may be the secret itself") {
  const TemporaryFolder folder;
  folder.write("blank", " \n");
  folder.write("lines", "one\ntwo\n");
  folder.write("long", std::string(20'000, 'x'));

  CHECK(fault_of({Kind::environment, "s3cr3t"}) ==
        "token_env: the variable that it names is not set");
  CHECK(fault_of({Kind::file, "/nowhere/s3cr3t"}) ==
        "token_file: the file that it names can't be read");
  CHECK(fault_of({Kind::file, folder / "blank"}) == "token_file: there is nothing in it");
  CHECK(fault_of({Kind::file, folder / "lines"}) ==
        "token_file: a token is one line of printable ASCII");
  CHECK(fault_of({Kind::file, folder / "long"}) ==
        "token_file: longer than 16 KB, so it is no token");
  CHECK(fault_of({Kind::command, "echo s3cr3t; exit 3"}) ==
        "token_cmd: the command ended with exit status 3");
  CHECK(fault_of({Kind::command, "kill -9 $$"}) == "token_cmd: a signal ended the command");
  CHECK(fault_of({Kind::command, "true"}) == "token_cmd: there is nothing in it");
}

TEST_CASE("token: a command has no input to wait for") {
  CHECK(*read_token({Kind::command, "cat; echo done"}) == "done");
}
