#pragma once

#include <string>
#include <string_view>

namespace earshot {

/// What the author of a message wrote: without the lines that are quoted (`> `) and those above
/// them that say of whom ("On Monday Ann wrote:"), without what follows a signature mark, a list's
/// footer or "-----Original Message-----". Blank lines are joined and trimmed.
std::string own_words(std::string_view text);

/// HTML in whose place of each blockquote there is one quoted line, so that `own_words` finds it.
std::string mark_quoted_markup(std::string_view html);

/// Lines that were folded for the way made whole again. Source: RFC 3676.
std::string unfold_flowed_text(std::string_view text, bool delete_space);

/// The line between two messages: "From ann@a.example Tue Oct 31 22:10:47 2017". A sentence may
/// begin so too, but has no time of day and no year.
bool is_mbox_line(std::string_view line);

/// A message of an mbox file without the marks that were put before its lines which begin with
/// "From ".
std::string unmarked_from_lines(std::string_view message);

/// A message without what would cost a parser far more than it is worth: of a list of addresses all
/// but its first 4 KB, of one of ids all but 64 KB, of all headers all but 256 KB, and what follows
/// 10,000 marks between parts.
std::string within_mail_limits(std::string_view message);

}  // namespace earshot
