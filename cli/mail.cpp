#include "cli/mail.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "store/base/terminal_text.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_line = 76;
constexpr std::size_t longest_subject = 60;        // with "Subject: " well inside a line
constexpr std::size_t bytes_an_encoded_word = 42;  // 56 characters of base64

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_local_character(char c) {
  return is_letter_or_digit(c) ||
         std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
}

bool is_domain_character(char c) {
  return is_letter_or_digit(c) || c == '-';
}

/// Characters of one kind, in parts between single dots.
bool is_dotted(std::string_view text, bool (*allowed)(char)) {
  bool part = false;
  for (const char c : text) {
    if (c == '.' ? !part : !allowed(c)) return false;
    part = c != '.';
  }
  return part;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto part = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= part.size() ? digits[bits >> (18U - 6U * k) & 63U] : '=';
  }
  return text;
}

/// "Mon, 21 Sep 2026 08:00:00 +0000"
std::string format_mail_date(Instant at) {
  static constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed",
                                                            "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000",
                     weekdays[std::chrono::weekday{day}.c_encoding()], unsigned{date.day()},
                     months[unsigned{date.month()} - 1], int{date.year()}, time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

/// One line of the body, without its end.
void append_line(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool last = i + 1 == line.size();
    const bool blank = c == ' ' || c == '\t';
    // What programs on the way take for the end of the mail, or for the begin of the next one.
    const bool marks = i == 0 && ((c == '.' && last) || line.starts_with("From "));
    const bool plain = !marks && c != '=' && (blank ? !last : c > ' ' && c < 0x7F);
    const auto character =
        plain ? std::string{c} : fmt::format("={:02X}", static_cast<unsigned char>(c));
    if (column + character.size() > (last ? longest_line : longest_line - 1)) {
      out += "=\n";
      column = 0;
    }
    out += character;
    column += character.size();
  }
}

}  // namespace

bool is_mail_address(std::string_view address) {
  const auto at = address.rfind('@');
  return at != std::string_view::npos && address.size() <= 254 && at <= 64 &&
         is_dotted(address.substr(0, at), is_local_character) &&
         is_dotted(address.substr(at + 1), is_domain_character);
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    append_line(out, text.substr(0, end));
    if (end == std::string_view::npos) return out + "=\n";
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string encoded_header(std::string_view text) {
  std::string harmless = printable(text);
  const bool plain = harmless.size() <= longest_subject &&
                     harmless.find("=?") == std::string::npos &&
                     std::ranges::all_of(harmless, [](char c) { return c >= ' ' && c < 0x7F; });
  if (plain) return harmless;
  std::string out;
  for (std::string_view rest{harmless}; !rest.empty();) {
    std::size_t size = 0;
    while (size < rest.size()) {
      const auto next = decode_utf8(rest.substr(size)).length;
      if (size + next > bytes_an_encoded_word) break;
      size += next;
    }
    out.append(out.empty() ? "=?utf-8?B?" : "\n =?utf-8?B?").append(base64(rest.substr(0, size)));
    out += "?=";
    rest.remove_prefix(size);
  }
  return out;
}

std::string format_mail(const Mail& mail) {
  std::string to;
  for (const auto& address : mail.to) to.append(to.empty() ? "" : ",\n ").append(address);
  return fmt::format(
      "From: {}\n"
      "To: {}\n"
      "Subject: {}\n"
      "Date: {}\n"
      "Auto-Submitted: auto-generated\n"
      "MIME-Version: 1.0\n"
      "Content-Type: text/plain; charset=utf-8\n"
      "Content-Transfer-Encoding: quoted-printable\n"
      "\n"
      "{}",
      mail.from, to, encoded_header(mail.subject), format_mail_date(mail.date),
      quoted_printable(mail.body));
}

}  // namespace earshot
