#pragma once

#include <string>

#include "analyze/inbox.hpp"
#include "cli/terminal.hpp"

namespace earshot {

/// Posts that the writers for people show of a topic; JSON has as many as were asked for.
inline constexpr std::size_t topic_examples = 3;

/// The inbox for a terminal or a plain mail, in lines of `terminal.width` columns; a word that is
/// longer stands alone. Nothing in a post can steer a terminal.
std::string inbox_text(const Inbox& inbox, const Terminal& terminal);

/// The same as Markdown (CommonMark, GitHub's too). Texts of posts stay text: no markup, links,
/// mentions or HTML; an address on the web is linked only where it is http or https.
std::string inbox_markdown(const Inbox& inbox);

/// One JSON object on a line, with the true texts.
std::string inbox_json(const Inbox& inbox);

/// Appends `text` so that Markdown shows it as it is. On one line; not for the start of one.
void append_markdown_text(std::string& out, std::string_view text);

}  // namespace earshot
