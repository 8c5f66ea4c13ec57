#include "store/base/time.hpp"

#include <fmt/format.h>

namespace earshot {

namespace {

struct Civil {
  int year;
  unsigned month, day;
  long hour, minute, second;
};

Civil civil(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const long seconds = (at - day).count();
  return {int{date.year()}, unsigned{date.month()}, unsigned{date.day()},
          seconds / 3600,   seconds / 60 % 60,      seconds % 60};
}

}  // namespace

std::string format_instant(Instant at) {
  const auto c = civil(at);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour,
                     c.minute, c.second);
}

std::string format_day(Instant at) {
  const auto c = civil(at);
  return fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
}

Instant clock_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace earshot
