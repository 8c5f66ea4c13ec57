#pragma once

#include <string>
#include <string_view>

#include "store/base/result.hpp"

namespace earshot {

/// What is at the other end of a file descriptor.
struct Terminal {
  bool interactive = false;
  int width = 80;
  bool colour = false;  ///< Interactive, `NO_COLOR` unset or empty, and `TERM` not "dumb".
};

Terminal inspect_terminal(int descriptor);

/// Standard output: collects bytes and writes them in large blocks. A reader that went away is no
/// error.
class Output {
 public:
  explicit Output(int descriptor) : descriptor_{descriptor} {}

  void write(std::string_view bytes);

  /// Writes what is left. Error `io`: the first that any write met.
  Result<Done> flush();

  /// The reader closed the pipe: nothing more needs to be made.
  bool closed() const { return closed_; }

 private:
  int descriptor_;
  bool closed_ = false;
  int error_ = 0;
  std::string buffer_;
};

/// Writes all of it, going on after interruptions. Returns 0 or the `errno`.
int write_fully(int descriptor, std::string_view bytes);

}  // namespace earshot
