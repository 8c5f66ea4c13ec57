#include "ingest/token.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "store/base/ascii.hpp"
#include "store/base/file.hpp"

namespace earshot {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t longest_token = 16'384;
constexpr std::chrono::seconds patience{30};

Error fault(std::string_view key, std::string_view reason) {
  return {Error::Kind::config, fmt::format("{}: {}", key, reason)};
}

/// What may stand in a header: printable ASCII on one line.
Result<std::string> checked(std::string_view key, std::string_view text) {
  text = trim(text);
  if (text.empty()) return fault(key, "there is nothing in it");
  if (text.size() > longest_token) return fault(key, "longer than 16 KB, so it is no token");
  if (std::ranges::any_of(text, [](char c) { return c < ' ' || c > '~'; }))
    return fault(key, "a token is one line of printable ASCII");
  return std::string{text};
}

Result<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT: nobody sets variables meanwhile
  if (value == nullptr) return fault("token_env", "the variable that it names is not set");
  return checked("token_env", value);
}

Result<std::string> from_file(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return fault("token_file", "the file that it names can't be read");
  return checked("token_file", *bytes);
}

/// A program of our own making: killed if nobody waited for it to its end.
struct Child {
  pid_t id = -1;
  int output = -1;

  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (output >= 0) close(output);
    if (id > 0) {
      kill(-id, SIGKILL);
      waitpid(id, nullptr, 0);
    }
  }

  /// Starts a shell in a group of its own, without input.
  bool start(const std::string& line) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    output = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::string shell = "/bin/sh";
    std::string flag = "-c";
    std::string command = line;
    std::array<char*, 4> words{shell.data(), flag.data(), command.data(), nullptr};
    const int failed =
        posix_spawn(&id, shell.c_str(), &actions, &attributes, words.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0) id = -1;
    return failed == 0;
  }

  /// Its exit status, -1 if a signal ended it; nothing if it goes on and on.
  std::optional<int> wait(Clock::time_point deadline) {
    int status = 0;
    while (waitpid(id, &status, WNOHANG) == 0) {
      if (Clock::now() > deadline) return {};
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    id = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

/// All that the child writes, until it closes its output; nothing if that takes too long.
bool read_all(int output, Clock::time_point deadline, std::string& text) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd waited{output, POLLIN, 0};
    const int ready = poll(&waited, 1, std::max(0, static_cast<int>(left.count())));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    std::array<char, 4096> buffer;
    const auto size = read(output, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0;
    if (text.size() <= longest_token) text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

Result<std::string> from_command(const std::string& line) {
  const auto deadline = Clock::now() + patience;
  Child child;
  if (!child.start(line)) return fault("token_cmd", "/bin/sh can't be started");
  std::string text;
  std::optional<int> status;
  if (read_all(child.output, deadline, text)) status = child.wait(deadline);
  if (!status)
    return fault("token_cmd", fmt::format("the command took longer than {} s", patience.count()));
  if (*status < 0) return fault("token_cmd", "a signal ended the command");
  if (*status != 0)
    return fault("token_cmd", fmt::format("the command ended with exit status {}", *status));
  return checked("token_cmd", std::string_view{text}.substr(0, text.find('\n')));
}

}  // namespace

Result<std::string> read_token(const TokenPlace& place) {
  switch (place.kind) {
    case TokenPlace::Kind::none:
      break;
    case TokenPlace::Kind::environment:
      return from_environment(place.where);
    case TokenPlace::Kind::file:
      return from_file(place.where);
    case TokenPlace::Kind::command:
      return from_command(place.where);
  }
  return std::string{};
}

}  // namespace earshot
