#pragma once

#include <cstdint>
#include <string>

namespace earshot {

/// "14,485": thousands set apart by commas, whatever the locale.
std::string grouped(std::uint64_t number);

/// "1 post", "5,000 posts".
std::string counted(std::uint64_t number, const char* one, const char* many);

}  // namespace earshot
