#pragma once

#include <cstdio>
#include <string>

#include <sys/wait.h>

namespace earshot {

/// What a shell command did: its exit code, and what it wrote to stdout and stderr, in one text.
struct ShellRun {
  int exit_code = -1;
  std::string output;
};

inline ShellRun run_shell(const std::string& command) {
  ShellRun ran;
  // NOLINTNEXTLINE(cert-env33-c): the commands are the tests' own
  FILE* pipe = popen(("{ " + command + "\n} 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) return ran;
  char block[4096];
  while (const auto size = fread(block, 1, sizeof block, pipe)) ran.output.append(block, size);
  const int status = pclose(pipe);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

}  // namespace earshot
