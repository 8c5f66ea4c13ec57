#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace earshot::test {

/// What a command did.
struct Ran {
  int exit_code = -1;  ///< 128 + n if signal n ended it.
  std::string out;
  std::string err;
};

/// Starts the program in a folder, without the environment variables that it looks at. Returns its
/// process id; its output goes to the files `stdout` and `stderr` in `capture`.
inline pid_t start_earshot(const TemporaryFolder& folder, const TemporaryFolder& capture,
                           const std::vector<std::string>& words, const std::string& input = {}) {
  const auto in = capture.write("stdin", input);
  std::vector<std::string> all{EARSHOT_BINARY};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (auto& word : all) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::string home = "HOME=" + folder.path(), path = "PATH=/usr/bin:/bin";
  std::vector<char*> environment{home.data(), path.data(), nullptr};

  const pid_t child = fork();
  if (child != 0) return child;
  const auto redirect = [](const std::string& file, int flags, int to) {
    const int descriptor = open(file.c_str(), flags, 0600);
    if (descriptor < 0 || dup2(descriptor, to) < 0) _exit(126);
  };
  redirect(in, O_RDONLY, 0);
  redirect(capture.file("stdout"), O_WRONLY | O_CREAT | O_TRUNC, 1);
  redirect(capture.file("stderr"), O_WRONLY | O_CREAT | O_TRUNC, 2);
  if (chdir(folder.path().c_str()) != 0) _exit(126);
  execve(EARSHOT_BINARY, argv.data(), environment.data());
  _exit(127);
}

inline int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Runs `earshot WORDS...` in the folder to its end.
inline Ran run_earshot(const TemporaryFolder& folder, const std::vector<std::string>& words,
                       const std::string& input = {}) {
  const TemporaryFolder capture;
  Ran ran;
  ran.exit_code = wait_for(start_earshot(folder, capture, words, input));
  ran.out = capture.read("stdout");
  ran.err = capture.read("stderr");
  return ran;
}

}  // namespace earshot::test
