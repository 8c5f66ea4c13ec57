#include "cli/signals.hpp"

#include <unistd.h>

#include <array>
#include <csignal>

namespace earshot {

namespace {

constexpr unsigned patience_seconds = 5;

volatile std::sig_atomic_t pending = 0;  // NOLINT: a signal handler can reach nothing else

void ask_to_stop(int signal) {
  if (pending != 0) _exit(128 + signal);
  pending = signal;
  alarm(patience_seconds);
}

void stop_waiting(int /*signal*/) {
  static constexpr char message[] =
      "earshot: stopped in the middle of a batch; what was stored before is kept\n";
  if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(128 + pending);
  _exit(128 + pending);
}

}  // namespace

void watch_signals() {
  std::signal(SIGALRM, stop_waiting);
  for (const int signal : std::array{SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = ask_to_stop;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
  }
}

int pending_signal() {
  return pending;
}

void ignore_write_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace earshot
