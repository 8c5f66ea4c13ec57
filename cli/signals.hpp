#pragma once

namespace earshot {

/// From here on SIGINT, SIGTERM and SIGHUP only ask the work to stop after the batch at hand; a
/// second one ends the process at once, which the store survives. A signal that was ignored before
/// (nohup) stays ignored.
void watch_signals();

/// The signal that asked to stop, 0 if none has.
int pending_signal();

/// A closed pipe shows as an error of the write, not as a signal.
void ignore_closed_pipes();

}  // namespace earshot
