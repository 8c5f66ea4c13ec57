#include "cli/console.hpp"

#include <fmt/format.h>

#include "cli/numbers.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

using std::chrono::milliseconds;

std::string remaining_time(std::uint64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{}:{:02} min", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02} h", seconds / 3600, seconds / 60 % 60);
}

}  // namespace

std::string progress_line(const Progress& progress, milliseconds elapsed, int width) {
  const double seconds = static_cast<double>(elapsed.count()) / 1000.0;
  std::string line = printable(progress.what);
  if (progress.total > 0) {
    const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
    fmt::format_to(std::back_inserter(line), "  {:3.0f} %", 100.0 * share);
  }
  fmt::format_to(std::back_inserter(line), "  {} {}", grouped(progress.items), progress.unit);
  if (seconds > 0)
    fmt::format_to(
        std::back_inserter(line), "  {}/s",
        grouped(static_cast<std::uint64_t>(static_cast<double>(progress.items) / seconds)));
  if (progress.total > progress.done && progress.done > 0) {
    const double left = seconds * static_cast<double>(progress.total - progress.done) /
                        static_cast<double>(progress.done);
    fmt::format_to(std::back_inserter(line), "  {} left",
                   remaining_time(static_cast<std::uint64_t>(left + 0.5)));
  }
  // Cut by bytes but never inside a character: too short is fine, a torn one is not.
  auto end = static_cast<std::size_t>(width > 1 ? width - 1 : 1);
  if (line.size() > end) {
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    line.resize(end);
  }
  return line;
}

void Console::say(std::string_view message, std::string_view command) {
  std::string line = "earshot";
  if (!command.empty()) line.append(" ").append(command);
  line += ": ";
  append_printable(line, message, LineBreaks::escape);
  line += '\n';
  wipe();
  (void)write_fully(descriptor_, line);
}

void Console::show(const Progress& progress) {
  if (!terminal_.interactive) return;
  const auto now = Clock::now();
  if (what_ != progress.what) {
    finish_progress();
    what_ = progress.what;
    started_ = now;
  }
  const auto elapsed = std::chrono::duration_cast<milliseconds>(now - started_);
  if (elapsed < milliseconds{1000} || now - drawn_ < milliseconds{100}) return;
  drawn_ = now;
  visible_ = true;
  (void)write_fully(descriptor_, "\r\x1b[K" + progress_line(progress, elapsed, terminal_.width));
}

void Console::finish_progress() {
  wipe();
  what_.clear();
}

void Console::wipe() {
  if (visible_) (void)write_fully(descriptor_, "\r\x1b[K");
  visible_ = false;
}

}  // namespace earshot
