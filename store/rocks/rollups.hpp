#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/rollup.hpp"

namespace earshot::rocks {

/// Rows of one kind that are read back; what has more is not to be stored.
inline constexpr std::size_t most_kept_rows = 1U << 20U;

/// A rollup as it is stored. The begin of its window is its key.
void encode_rollup(const Rollup& rollup, std::string& out);

/// Nothing if the bytes are none.
std::optional<Rollup> decode_rollup(Instant begin, std::string_view bytes);

}  // namespace earshot::rocks
