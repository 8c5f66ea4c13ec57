#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/terminal.hpp"

namespace earshot {

/// How far a piece of work is.
struct Progress {
  std::string_view what;    ///< "support_2017.csv"
  std::uint64_t items = 0;  ///< Done so far,
  std::string_view unit;    ///< in these: "rows".
  std::uint64_t done = 0;   ///< The part that is done, in any unit,
  /// of this much; 0 where unknown, and there is neither share nor remaining time.
  std::uint64_t total = 0;
};

/// One line of at most `width` columns: "support_2017.csv   45 %  2,250 rows  12,000/s  3 s left".
std::string progress_line(const Progress& progress, std::chrono::milliseconds elapsed, int width);

/// Standard error: messages for people, and a progress bar where there is a terminal to draw it on.
/// What it shows is made harmless first. One thread at a time.
class Console {
 public:
  Console(int descriptor, Terminal terminal) : descriptor_{descriptor}, terminal_{terminal} {}

  bool interactive() const { return terminal_.interactive; }

  /// One line: "earshot: " and the message; with a command, "earshot report: ".
  void say(std::string_view message, std::string_view command = {});

  /// Draws the bar anew: only on a terminal, only for work that has taken a second, ten times a
  /// second at most.
  void show(const Progress& progress);

  /// Takes the bar away; the next `show` starts a new piece of work.
  void finish_progress();

 private:
  using Clock = std::chrono::steady_clock;

  void wipe();

  int descriptor_;
  Terminal terminal_;
  std::string what_;
  Clock::time_point started_{};
  Clock::time_point drawn_{};
  bool visible_ = false;
};

}  // namespace earshot
