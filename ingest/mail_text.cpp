#include "ingest/mail_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

std::string_view without_spaces_before(std::string_view line) {
  while (!line.empty() &&
         (line.front() == ' ' || line.front() == '\t' || line.starts_with("\xC2\xA0")))
    line.remove_prefix(line.front() == '\xC2' ? 2 : 1);
  return line;
}

bool is_quoted(std::string_view line) {
  return without_spaces_before(line).starts_with('>');
}

/// Behind such a line the author has no more to say.
bool ends_own_words(std::string_view line) {
  const auto bare = trim(line);
  if (line == "-- " || bare == "--") return true;
  if (bare.starts_with("-----Original Message") || bare.starts_with("-------- Original Message") ||
      bare.starts_with("-----BEGIN PGP SIGNATURE-----") ||
      bare.starts_with("-------- Forwarded Message") ||
      bare.starts_with("---------- Forwarded message"))
    return true;
  // The rule above the footer of a list, and the one above Outlook's copy of the headers.
  return bare.size() >= 30 && (bare.find_first_not_of('_') == std::string_view::npos ||
                               bare.find_first_not_of('-') == std::string_view::npos);
}

/// How mail programs say whose words follow, in lower case.
constexpr std::array<std::string_view, 14> says{
    "wrote",
    "writes",
    "said",
    "schrieb",
    "\xC3\xA9"
    "crit",
    "escribi\xC3\xB3",
    "escreveu",
    "scritto",
    "schreef",
    "skrev",
    "napisa\xC5\x82",
    "kirjoitti",
    "\xD0\xBF\xD0\xB8\xD1\x88\xD0\xB5\xD1\x82",                   // Russian: writes
    "\xD0\xBD\xD0\xB0\xD0\xBF\xD0\xB8\xD1\x81\xD0\xB0\xD0\xBB"};  // Russian: wrote

bool names_author(std::string_view line) {
  line = trim(line);
  if (!line.ends_with(':') || line.size() > 200) return false;
  const auto lowered = lower_case(line);
  return std::ranges::any_of(says,
                             [&](auto word) { return lowered.find(word) != std::string::npos; });
}

/// "On Mon, 3 Aug 2026 at 09:15, Ann", whose "wrote:" is on the next line.
bool begins_attribution(std::string_view line) {
  line = without_spaces_before(line);
  const bool has_digit = std::ranges::any_of(line, [](char c) { return c >= '0' && c <= '9'; });
  for (const std::string_view start :
       {"On ", "Am ", "Le ", "El ", "Em ", "Il ", "Op ", "Den ", "W dniu "})
    if (line.starts_with(start)) return has_digit;
  return false;
}

/// Takes the line off that says whose words follow, or would if they had not been left out, and
/// the line before it where it is one sentence.
void drop_attribution(std::vector<std::string_view>& lines) {
  auto last = lines.size();
  while (last > 0 && trim(lines[last - 1]).empty()) --last;
  if (last == 0 || !names_author(lines[last - 1])) return;
  --last;
  const bool whole = begins_attribution(lines[last]);
  if (!whole && last > 0 && begins_attribution(lines[last - 1])) --last;
  lines.resize(last);
}

/// How much of the header that begins with this line is looked at; nothing for other lines.
std::optional<std::size_t> header_limit(std::string_view line) {
  static constexpr std::array<std::string_view, 12> addresses{
      "from",        "to",        "cc",        "bcc",        "sender",        "reply-to",
      "resent-from", "resent-to", "resent-cc", "resent-bcc", "resent-sender", "resent-reply-to"};
  constexpr std::size_t longest_name = 20;
  const auto colon = line.substr(0, longest_name).find(':');
  if (colon == std::string_view::npos) return {};
  const auto name = lower_case(trim(line.substr(0, colon)));
  if (name == "references" || name == "in-reply-to") return 64U << 10U;
  if (std::ranges::find(addresses, name) == addresses.end()) return {};
  return 4U << 10U;
}

}  // namespace

std::string own_words(std::string_view text) {
  std::vector<std::string_view> kept;
  bool in_quote = false, in_armour = false;
  for (const auto line : lines_of(text)) {
    if (trim(line) == "-----BEGIN PGP SIGNED MESSAGE-----") {
      in_armour = true;
      continue;
    }
    if (in_armour) {  // "Hash: SHA256" and a blank line
      in_armour = !trim(line).empty();
      continue;
    }
    if (ends_own_words(line)) break;
    const bool quoted = is_quoted(line);
    if (quoted && !in_quote) drop_attribution(kept);
    in_quote = quoted;
    if (!quoted) kept.push_back(line);
  }
  drop_attribution(kept);
  std::string words;
  bool gap = false;
  for (auto line : kept) {
    while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
    if (line.empty()) {
      gap = !words.empty();
      continue;
    }
    if (!words.empty()) words += gap ? "\n\n" : "\n";
    words += line;
    gap = false;
  }
  return words;
}

std::string mark_quoted_markup(std::string_view html) {
  constexpr std::string_view name = "blockquote";
  const auto names_it = [&](std::size_t at) {
    if (html.size() - at < name.size()) return false;
    const auto word = html.substr(at, name.size());
    const bool ends = at + name.size() == html.size() || is_space(html[at + name.size()]) ||
                      html[at + name.size()] == '>';
    return ends && std::ranges::equal(word, name, {}, lower);
  };
  std::string kept;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < html.size();) {
    const bool opens = html[at] == '<' && names_it(at + 1);
    const bool closes =
        html[at] == '<' && at + 1 < html.size() && html[at + 1] == '/' && names_it(at + 2);
    if (!opens && !closes) {
      if (depth == 0) kept += html[at];
      ++at;
      continue;
    }
    if (opens && depth++ == 0) kept += "<br>&gt;<br>";
    if (closes && depth > 0) --depth;
    const auto end = html.find('>', at);
    at = end == std::string_view::npos ? html.size() : end + 1;
  }
  return kept;
}

std::string unfold_flowed_text(std::string_view text, bool delete_space) {
  std::string unfolded;
  bool open = false;  // the line so far goes on
  bool quoted = false;
  for (auto line : lines_of(text)) {
    const bool now_quoted = line.starts_with('>');
    if (!now_quoted && line.starts_with(' ')) line.remove_prefix(1);
    if (open && now_quoted == quoted && line != "-- ") {
      if (now_quoted) line.remove_prefix(std::min(line.find_first_not_of("> "), line.size()));
    } else if (open) {
      unfolded += '\n';
    }
    open = line.ends_with(' ') && line != "-- ";
    quoted = now_quoted;
    if (open && delete_space) line.remove_suffix(1);
    unfolded += line;
    if (!open) unfolded += '\n';
  }
  return unfolded;
}

bool is_mbox_line(std::string_view line) {
  if (!line.starts_with("From ")) return false;
  const auto digit = [&](std::size_t i) {
    return i < line.size() && line[i] >= '0' && line[i] <= '9';
  };
  bool time = false, year = false;
  for (std::size_t i = 5; i + 3 < line.size(); ++i) {
    time = time || (digit(i) && line[i + 1] == ':' && digit(i + 2) && digit(i + 3));
    year = year || (line[i - 1] == ' ' && digit(i) && digit(i + 1) && digit(i + 2) &&
                    digit(i + 3) && !digit(i + 4));
  }
  return time && year;
}

std::string unmarked_from_lines(std::string_view message) {
  std::string unmarked;
  unmarked.reserve(message.size());
  while (!message.empty()) {
    const auto end = message.find('\n');
    auto line = message.substr(0, end == std::string_view::npos ? end : end + 1);
    message.remove_prefix(line.size());
    const auto text = line.find_first_not_of('>');
    if (text != std::string_view::npos && text > 0 && line.substr(text).starts_with("From "))
      line.remove_prefix(1);
    unmarked += line;
  }
  return unmarked;
}

std::string within_mail_limits(std::string_view message) {
  constexpr int most_marks = 10'000;
  constexpr std::size_t longest_headers = 256U << 10U;
  bool in_headers = true;
  std::string kept;
  kept.reserve(message.size());
  std::optional<std::size_t> left;  // of a header that is limited
  int marks = 0;
  while (!message.empty()) {
    const auto end = message.find('\n');
    auto line = message.substr(0, end == std::string_view::npos ? end : end + 1);
    message.remove_prefix(line.size());
    in_headers = in_headers && !trim(line).empty();
    if (in_headers && kept.size() > longest_headers) continue;
    if (line.starts_with("--") && ++marks > most_marks) break;
    const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
    if (!goes_on || !left) left = goes_on ? std::nullopt : header_limit(line);
    if (left && line.size() > *left) {
      kept += line.substr(0, *left);
      if (*left > 0) kept += '\n';
      left = 0;
      continue;
    }
    if (left) *left -= line.size();
    kept += line;
  }
  return kept;
}

}  // namespace earshot
