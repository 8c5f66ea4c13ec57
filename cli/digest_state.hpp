#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"
#include "store/post.hpp"

namespace earshot {

/// What a series of digests remembers. Posts may be stored long after they were written, so the
/// time of the last digest alone would lose those that came late: the posts told of are kept too.
///
///     earshot digest 1
///     from 2026-09-14T22:00:00Z
///     last 2026-09-20T22:00:00Z
///     told 1789941600 00c5a1f2d3e4b596
struct DigestState {
  Instant from{};             ///< Posts before this are not told of any more.
  Instant last{};             ///< Until when the last digest told.
  std::vector<PostKey> told;  ///< Sorted.

  friend bool operator==(const DigestState&, const DigestState&) = default;
};

/// Error `format`: "line 3 is not of a digest's state".
Result<DigestState> parse_digest_state(std::string_view bytes);
std::string format_digest_state(const DigestState& state);

/// Nothing if there is no such file, or it is empty. Errors: `io`; `format`, with the path and what
/// to do.
Result<std::optional<DigestState>> read_digest_state(const std::string& path);

}  // namespace earshot
