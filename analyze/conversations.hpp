#pragma once

#include <span>
#include <string>
#include <vector>

#include "analyze/metric.hpp"

namespace earshot {

// What the brand says in answer to others, and the threads in which it does.

/// True for R: an answer of the brand's own. Auto-replies are none, nor are bare shares of
/// another's answer, which only an item tells apart.
bool is_own_reply(const OwnItem& item);
bool is_own_reply(const ThreadRow& row);

/// Why figures about the brand's replies can't be told, where there are none in the window.
std::string why_no_own_replies(const MetricInput& input);

/// One thread to which somebody replied in the window. Views and pointers are into the tallies'
/// threads.
struct Conversation {
  std::span<const ThreadRow> rows;  ///< Oldest first.
  bool replied = false;             ///< By the brand, in the window.
  /// Some post of the thread was in the brand's inbox; then its author is the asker, else the first
  /// author who is not the brand.
  bool needed_answer = false;
  bool has_others = false;            ///< Somebody else than the brand takes part.
  const ThreadRow* first = nullptr;   ///< The asker's; null where no author is known.
  const ThreadRow* last = nullptr;    ///< The asker's too, may be the same.
  const ThreadRow* answer = nullptr;  ///< The brand's first reply after `first`; may be null.

  /// The asker spoke again after an answer, and the last that he said was thanks, or that his
  /// problem is settled.
  bool confirmed() const;
};
std::vector<Conversation> conversations_of(const Tallies& tallies);

}  // namespace earshot
