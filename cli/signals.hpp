#pragma once

namespace earshot {

/// From here on SIGINT, SIGTERM and SIGHUP only ask the work to stop after the batch at hand. A
/// second one ends the process at once, and so does a batch that does not come to its end within 5
/// seconds, say because it waits for a pipe: the store survives both. A signal that was ignored
/// before (nohup) stays ignored.
void watch_signals();

/// The signal that asked to stop, 0 if none has.
int pending_signal();

/// A closed pipe and a file beyond the size limit show as errors of the write, not as signals.
void ignore_write_signals();

}  // namespace earshot
