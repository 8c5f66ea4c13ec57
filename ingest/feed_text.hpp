#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/feed_document.hpp"

namespace earshot {

/// How the text of an element is to be read.
enum class FeedMarkup {
  plain,   ///< Every character stands for itself.
  blocks,  ///< The same, with `block_break` where a block element began or ended.
  html,    ///< Escaped HTML.
  guess,   ///< The format says plain, its users write either.
};

/// White space that no document of ours has.
inline constexpr char block_break = '\v';

/// Appends the plain text of what an element held. `links`, if not null, gets the addresses of the
/// markup, unresolved.
void append_feed_text(std::string_view raw, FeedMarkup markup, std::string& out,
                      std::vector<std::string>* links);

/// At least one end tag or reference, and all tags and references HTML's. Source: feedparser.
bool looks_like_html(std::string_view text);

/// Turns around what happens to UTF-8 that was taken for windows-1252 and encoded once more, and to
/// windows-1252 that was taken for ISO 8859. Leaves all else as it is.
void mend_encoding(std::string& text);

/// "bob@example.com (Bob)", "Bob <bob@example.com>" and the like, taken apart. What goes on past
/// 1,000 bytes is cut.
FeedPerson person_of(std::string_view author);

/// White space and padding don't matter. Nothing if there is any other character.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace earshot
