#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace earshot {

/// "90s", "30m", "4h", "7d" or "2w" as seconds; nothing for any other text.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace earshot
