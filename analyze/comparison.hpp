#pragma once

#include <cstdint>
#include <vector>

#include "analyze/post_parts.hpp"

namespace earshot {

/// One party comes off better or worse than another.
struct Verdict {
  EntityIndex party = no_entity;
  bool wins = false;
  std::uint32_t part = 0;  ///< In which part of the post.
};

/// Replaces `verdicts` by what a post says by comparing parties, in its order: "Bolt is better than
/// Acme", "prefer Bolt to Acme", "switched from Acme to Bolt", "left Acme for Bolt". A comparison
/// says two things, one of each party. "I'd never leave Acme for Bolt" is turned round; what is
/// asked, merely thought of, quoted or done by somebody else says nothing. English.
void find_verdicts(const PostParts& post, std::vector<Verdict>& verdicts);

}  // namespace earshot
