#include "cli/signals.hpp"

#include <unistd.h>

#include <array>
#include <csignal>

namespace earshot {

namespace {

volatile std::sig_atomic_t pending = 0;  // NOLINT: a signal handler can reach nothing else

void ask_to_stop(int signal) {
  if (pending != 0) _exit(128 + signal);
  pending = signal;
}

}  // namespace

void watch_signals() {
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

void ignore_closed_pipes() {
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace earshot
