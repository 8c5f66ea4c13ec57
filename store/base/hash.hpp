#pragma once

#include <cstdint>
#include <string_view>

namespace earshot {

/// XXH3, 64 bits: the same on every machine, so that it may be written to disk.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);

/// The hash of two parts that can't run into each other ("ab","c" differs from "a","bc").
std::uint64_t hash_pair(std::string_view first, std::string_view second);

}  // namespace earshot
