#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyze/words.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

/// The marks that a post's words give, with the query that finds each. English; what people write
/// in other languages goes unmarked.
std::span<const std::pair<Mark, std::string_view>> mark_queries();

/// True if the post shares a link and says hardly anything beside it: fewer than four other words.
bool is_link_only(std::span<const Word> words);

/// Equal for questions that are made of the same content words, whatever their order; 0 where fewer
/// than two are left when words of fewer than four letters and the commonest others are dropped.
/// `scratch` is a buffer of the caller's.
std::uint64_t question_of(std::span<const Word> words, std::vector<std::uint64_t>& scratch);

/// Whose name looks like the brand's: the letters and digits of the brand's name, four or more,
/// stand in it, as in "acme_offers" or "Real ACME".
class LookAlikes {
 public:
  explicit LookAlikes(std::string_view brand);

  /// False for a name that is too short: too many others have it in theirs.
  bool can_match() const { return !brand_.empty(); }

  /// `scratch` is a buffer of the caller's.
  bool match(const Post& post, std::string& scratch) const;

 private:
  std::string brand_;  ///< Folded, letters and digits only; empty: matches nothing.
};

}  // namespace earshot
