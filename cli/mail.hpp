#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/base/time.hpp"

namespace earshot {

/// A message of plain text.
struct Mail {
  std::string from;
  std::vector<std::string> to;  ///< One or more; all addresses are `is_mail_address`.
  std::string subject;          ///< Any text.
  std::string body;             ///< UTF-8, lines that end in "\n".
  Instant date;
};

/// True for addresses like "owner@example.org": letters, digits and what RFC 5322 allows in an atom
/// (dots between), "@", a domain. ASCII, no quotes, comments or names, so that nothing in it can
/// end a header.
bool is_mail_address(std::string_view address);

/// The message with its headers, ready for `sendmail -t`: MIME, quoted-printable, no line longer
/// than 76 characters but for long addresses, ASCII throughout. Lines end in "\n", as programs that
/// take a message on standard input expect; those that send it make CRLF of it.
///
/// Source: RFC 5322, RFC 2045 (quoted-printable), RFC 2047 (subjects), RFC 3834 (Auto-Submitted).
std::string format_mail(const Mail& mail);

/// `text` in quoted-printable, with its line ends.
std::string quoted_printable(std::string_view text);

/// A header's text: as it is where it is short, printable ASCII, else in encoded words.
std::string encoded_header(std::string_view text);

}  // namespace earshot
