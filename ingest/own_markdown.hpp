#pragma once

#include <string>
#include <string_view>

namespace earshot {

/// The words of an author, of Markdown as forums use it: as `markdown_text` gives them, without
/// HTML's tags and comments, and without lines that quote ("> ..."), which are somebody else's,
/// unless there are no others. Code stays as it is written.
std::string own_markdown_text(std::string_view markdown);

}  // namespace earshot
