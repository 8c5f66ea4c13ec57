#pragma once

#include <string>
#include <string_view>

namespace earshot {

/// The text of Markdown as people write it in posts: marks of emphasis, headings, code, spoilers
/// and rulers gone, backslash escapes and character references decoded once, each list item a line
/// that begins with "- ", quotes with "> ". A link is its words and, after a space, its address;
/// a picture the same, but nothing if it has no address on the web (emotes). Addresses keep every
/// character. Marks without their other half stay, as in "f**k" and "5 * 3". One line end stands
/// for any number of them. Takes time in proportion to the text.
///
/// Source: https://spec.commonmark.org/0.31.2/, as far as it goes line by line; spoilers and
/// strikethrough as Reddit has them.
std::string markdown_text(std::string_view markdown);

}  // namespace earshot
