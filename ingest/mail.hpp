#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/time.hpp"

namespace earshot {

/// What one message of a mail archive says. Texts are UTF-8, whatever it was written in.
struct MailMessage {
  std::string id;                       ///< Message-ID, without its brackets.
  std::string parent;                   ///< In-Reply-To, else the last of `references`.
  std::vector<std::string> references;  ///< The first is the first message of the thread.
  std::string from;                     ///< The author's address, in lower case.
  std::string from_name;                ///< Empty where there is only an address.
  std::string subject;
  std::string list;  ///< List-Id without its brackets, else the first of Newsgroups.
  std::string lang;  ///< Content-Language.
  std::string text;  ///< Of `text/plain`, else of `text/html`; with all that is quoted.
  std::optional<Instant> date;
};

/// The messages in the bytes of one: that one, or those of a digest. At most 1,000; of one that
/// nests deeper than 50 parts only the outer ones are looked at. Safe to call from several threads.
///
/// Source: RFC 5322, RFC 2045 to 2047, RFC 3676, RFC 2919
std::vector<MailMessage> parse_mail(std::string_view bytes);

}  // namespace earshot
