#include "cli/duration.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace earshot {

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc{} || number < 0 || number > 100'000) return std::nullopt;
  if (unit == "s") return std::chrono::seconds{number};
  if (unit == "m") return std::chrono::minutes{number};
  if (unit == "h") return std::chrono::hours{number};
  if (unit == "d") return std::chrono::days{number};
  if (unit == "w") return std::chrono::weeks{number};
  return std::nullopt;
}

}  // namespace earshot
