#include "ingest/own_markdown.hpp"

#include <algorithm>

#include "ingest/html_text.hpp"
#include "ingest/markdown_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr auto npos = std::string_view::npos;

std::string without_comments(std::string_view text) {
  std::string out;
  for (auto open = text.find("<!--"); open != npos; open = text.find("<!--")) {
    out += text.substr(0, open);
    const auto close = text.find("-->", open + 4);
    text = close == npos ? std::string_view{} : text.substr(close + 3);
  }
  return out += text;
}

/// How long the tag at the front of a text is, and whether it ends a line.
struct Tag {
  std::size_t size = 0;  ///< 0: no tag. An address in angle brackets is none.
  bool ends_line = false;
};

Tag tag_of(std::string_view text) {
  constexpr std::size_t longest = 1000;
  const auto close = text.substr(0, longest).find('>');
  if (close == npos) return {};
  auto inner = text.substr(1, close - 1);
  if (inner.starts_with('/')) inner.remove_prefix(1);
  const auto is_letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  if (inner.empty() || !is_letter(inner.front())) return {};
  const auto name = inner.substr(0, inner.find_first_of(" \t/"));
  const bool named =
      std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
  if (!named) return {};
  return {close + 1, is_block_element(lower_case(name))};
}

/// Copies a line without its tags, but for those in code.
void append_without_tags(std::string_view line, std::string& out) {
  while (!line.empty()) {
    const auto at = std::min(line.find_first_of("<`"), line.size());
    out += line.substr(0, at);
    line.remove_prefix(at);
    if (line.empty()) return;
    std::size_t size = 1;
    if (line.front() == '<') {
      const Tag tag = tag_of(line);
      if (tag.ends_line) out += '\n';
      if (tag.size == 0) out += '<';
      size = std::max<std::size_t>(1, tag.size);
    } else {
      constexpr std::size_t longest_code = 1000;
      const auto run = std::min(line.find_first_not_of('`'), line.size());
      const auto close = line.substr(0, run + longest_code).find(line.substr(0, run), run);
      size = close == npos ? run : close + run;
      out += line.substr(0, size);
    }
    line.remove_prefix(size);
  }
}

std::string own_lines(std::string_view text, bool with_quotes) {
  std::string out;
  bool in_code = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto words = trim(line);
    const bool fence = words.starts_with("```");
    if (fence) in_code = !in_code;
    const bool quotes = words.starts_with('>') && !words.starts_with(">!");
    if (fence || in_code) {
      out += line;
    } else if (with_quotes || !quotes) {
      append_without_tags(line, out);
    }
    out += '\n';
  }
  return out;
}

}  // namespace

std::string own_markdown_text(std::string_view markdown) {
  const std::string text = without_comments(markdown);
  std::string own = markdown_text(own_lines(text, false));
  return own.empty() ? markdown_text(own_lines(text, true)) : own;
}

}  // namespace earshot
