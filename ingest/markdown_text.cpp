#include "ingest/markdown_text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "ingest/html_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

// How far the other end of a link or of code is looked for, so that a text of nothing but brackets
// costs no more than another.
constexpr std::size_t longest_label = 1000;
constexpr std::size_t longest_address = 2000;
constexpr std::size_t longest_code = 1000;
constexpr std::size_t longest_spoiler = 1000;
constexpr int most_brackets = 8;
constexpr std::size_t most_open_marks = 16;

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_address(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

std::size_t run_of(std::string_view text) {
  return std::min(text.find_first_not_of(text.front()), text.size());
}

/// The offset of the bracket that closes the one at the front; npos if it is not near, or others
/// are within each other in between.
std::size_t closing(std::string_view text, char open, char close, std::size_t longest) {
  int depth = 0;
  const std::size_t end = std::min(text.size(), longest);
  for (std::size_t i = 0; i < end; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == open) {
      if (++depth > most_brackets) break;
    } else if (text[i] == close && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

/// The words of one line.
class Line {
 public:
  explicit Line(std::string_view text, bool links = true) : text_{text}, links_{links} {}

  std::string words() {
    while (at_ < text_.size()) step();
    return without_marks();
  }

 private:
  /// A run of "*", "_" or "~~" that may begin or end something.
  struct Mark {
    std::size_t at = 0;  ///< In `out_`.
    std::size_t size = 0;
    char letter = 0;
    bool opens = false;
    bool closes = false;
    bool dropped = false;
  };

  std::string_view rest() const { return text_.substr(at_); }

  void copy(std::size_t size) {
    size = std::min(size, text_.size() - at_);
    out_ += text_.substr(at_, size);
    at_ += size;
  }

  void step() {
    const auto ahead = rest();
    const bool after_word = !out_.empty() && is_word(out_.back());
    switch (ahead.front()) {
      case '\\':
        if (ahead.size() > 1 && is_punctuation(ahead[1])) ++at_;
        return copy(1);
      case '&':
        return reference();
      case '`':
        return code();
      case '*':
      case '_':
      case '~':
        return mark();
      case '<':
        if (is_address(ahead.substr(1))) return autolink();
        break;
      case '[':
      case '!':
        if (links_ && link()) return;
        break;
      case 'h':
        if (!after_word && is_address(ahead)) return copy(ahead.find_first_of(" \t\r<*`"));
        break;
      default:
        break;
    }
    if (spoiler()) return;
    copy(1);
  }

  void reference() {
    constexpr char32_t zero_width_space = 0x200B;  // how an editor spells an empty paragraph
    const auto found = read_reference(rest());
    if (!found) return copy(1);
    if (found->character != zero_width_space) append_utf8(found->character, out_);
    at_ += found->size;
  }

  void code() {
    const std::size_t fence = run_of(rest());
    const auto inside = rest().substr(fence, longest_code);
    for (auto end = inside.find('`'); end != std::string_view::npos;) {
      const std::size_t run = run_of(inside.substr(end));
      if (run == fence) {
        out_ += inside.substr(0, end);
        at_ += fence + end + fence;
        return;
      }
      end = inside.find('`', end + run);
    }
    copy(fence);
  }

  void mark() {
    const std::size_t size = run_of(rest());
    const char before = out_.empty() ? ' ' : out_.back();
    const char after = size < rest().size() ? rest()[size] : ' ';
    const char letter = rest().front();
    if (letter != '~' || size == 2)
      marks_.push_back({.at = out_.size(),
                        .size = size,
                        .letter = letter,
                        .opens = !is_space(after) && !is_word(before),
                        .closes = !is_space(before) && !is_word(after)});
    copy(size);
  }

  void autolink() {
    const auto end = rest().substr(0, longest_address).find_first_of("> ");
    if (end == std::string_view::npos || rest()[end] != '>') return copy(1);
    ++at_;
    copy(end - 1);
    ++at_;
  }

  /// `[words](address "title")`, `![words](address)`. False if there is none here.
  bool link() {
    const bool picture = rest().front() == '!';
    const auto whole = rest().substr(picture ? 1 : 0);
    if (!whole.starts_with('[')) return false;
    const auto label_end = closing(whole, '[', ']', longest_label);
    if (label_end == std::string_view::npos) return false;
    const auto target = whole.substr(label_end + 1);
    if (!target.starts_with('(')) return false;
    const auto target_end = closing(target, '(', ')', longest_address);
    if (target_end == std::string_view::npos) return false;
    at_ += (picture ? 1 : 0) + label_end + 1 + target_end + 1;

    auto address = trim(target.substr(1, target_end - 1));
    address = address.substr(0, address.find_first_of(" \t"));
    if (picture && !is_address(address)) return true;
    const std::string label = Line{whole.substr(1, label_end - 1), false}.words();
    const std::string decoded = is_address(address) ? Line{address, false}.words() : std::string{};
    out_ += label;
    if (decoded.empty() || decoded == label) return true;
    if (!label.empty()) out_ += ' ';
    out_ += decoded;
    return true;
  }

  /// `>!words!<`. True if one of its ends is here.
  bool spoiler() {
    if (rest().front() != '>' && !hidden_) return false;
    const bool begins = !hidden_ && rest().starts_with(">!") &&
                        rest().substr(2, longest_spoiler).find("!<") != std::string_view::npos;
    const bool ends = hidden_ && rest().starts_with("!<");
    if (!begins && !ends) return false;
    hidden_ = begins;
    at_ += 2;
    return true;
  }

  /// Drops the marks that have their other half.
  std::string without_marks() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      Mark& mark = marks_[i];
      const auto matches = [&](std::size_t other) {
        return marks_[other].letter == mark.letter && marks_[other].size == mark.size;
      };
      const auto from = open.rbegin();
      const auto found = std::find_if(
          from, from + static_cast<std::ptrdiff_t>(std::min(open.size(), most_open_marks)),
          matches);
      if (mark.closes && found != open.rend() && matches(*found)) {
        mark.dropped = marks_[*found].dropped = true;
        open.erase(found.base() - 1, open.end());
      } else if (mark.opens) {
        open.push_back(i);
      }
    }
    std::string words;
    std::size_t at = 0;
    for (const Mark& mark : marks_) {
      if (!mark.dropped) continue;
      words.append(out_, at, mark.at - at);
      at = mark.at + mark.size;
    }
    return words.append(out_, at);
  }

  const std::string_view text_;
  const bool links_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<Mark> marks_;
  bool hidden_ = false;
};

/// A line of nothing but "---", "***", "===" or "|:--|": it draws something, and says nothing.
bool draws(std::string_view line) {
  const auto mark = line.find_first_not_of(" \t|:");
  if (mark == std::string_view::npos) return !line.empty() && line.find('|') != line.npos;
  const char letter = line[mark];
  if (letter != '-' && letter != '*' && letter != '_' && letter != '=') return false;
  if (line.find_first_not_of(" \t|:" + std::string(1, letter)) != std::string_view::npos)
    return false;
  return std::ranges::count(line, letter) >= 3 || line.find('|') != std::string_view::npos;
}

/// Takes what a line begins with off it, and gives what stands for it.
std::string take_prefix(std::string_view& line) {
  std::string prefix;
  while (line.starts_with('>') && !line.starts_with(">!")) {
    prefix = "> ";
    line.remove_prefix(1);
    line = trim(line);
  }
  const auto hashes = std::min(line.find_first_not_of('#'), line.size());
  if (hashes > 0 && hashes <= 6 && hashes < line.size() && line[hashes] == ' ') {
    line = trim(line.substr(hashes));
    while (line.ends_with(" #") || line.ends_with("##"))
      line = trim(line.substr(0, line.size() - 1));
  } else if (line.size() > 1 && line[1] == ' ' &&
             (line[0] == '*' || line[0] == '+' || line[0] == '-')) {
    prefix += "- ";
    line = trim(line.substr(2));
  }
  return prefix;
}

void append(std::string_view line, std::string& out) {
  if (line.empty()) return;
  if (!out.empty()) out += '\n';
  out += line;
}

}  // namespace

std::string markdown_text(std::string_view markdown) {
  std::string out;
  bool in_code = false;     // between fences
  bool may_be_code = true;  // if it is indented: after an empty line or other code
  while (!markdown.empty()) {
    const auto end = std::min(markdown.find('\n'), markdown.size());
    const auto whole = markdown.substr(0, end);
    auto line = trim(whole);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    const bool indented = whole.starts_with("    ") || whole.starts_with('\t');
    may_be_code = line.empty() || (may_be_code && indented);
    if (line.starts_with("```") && line.find('`', 3) == std::string_view::npos) {
      in_code = !in_code;
    } else if (in_code || (may_be_code && !line.empty())) {
      append(line, out);
    } else if (!draws(line)) {
      const std::string prefix = take_prefix(line);
      append(prefix + std::string{trim(Line{line}.words())}, out);
    }
  }
  return out;
}

}  // namespace earshot
