#include "analyze/html_writer.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

void append_escaped(std::string& out, std::string_view text, LineBreaks breaks) {
  const auto shown = printable(text, breaks);
  for (const char c : shown) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

/// A line break before these would be a space in the text.
bool is_inline(std::string_view tag) {
  static constexpr std::array<std::string_view, 9> tags{"a",    "b",      "bdi",  "code", "small",
                                                        "span", "strong", "time", "tspan"};
  return std::ranges::find(tags, tag) != tags.end();
}

bool starts_without_case(std::string_view text, std::string_view start) {
  if (text.size() < start.size()) return false;
  for (std::size_t i = 0; i < start.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != start[i]) return false;
  }
  return true;
}

}  // namespace

void HtmlWriter::start(std::string_view tag, Attributes attributes) {
  if (!is_inline(tag) && !out_.empty()) out_ += '\n';
  out_ += '<';
  out_ += tag;
  for (const auto& attribute : attributes) {
    out_ += ' ';
    out_ += attribute.name;
    out_ += "=\"";
    append_escaped(out_, attribute.value, LineBreaks::escape);
    out_ += '"';
  }
}

void HtmlWriter::open(std::string_view tag, Attributes attributes) {
  start(tag, attributes);
  out_ += '>';
  open_.push_back(tag);
}

void HtmlWriter::close() {
  assert(!open_.empty());
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  open_.pop_back();
}

void HtmlWriter::empty(std::string_view tag, Attributes attributes) {
  start(tag, attributes);
  out_ += "/>";
}

void HtmlWriter::text(std::string_view text) {
  append_escaped(out_, text, LineBreaks::escape);
}

void HtmlWriter::lines(std::string_view text) {
  append_escaped(out_, text, LineBreaks::keep);
}

void HtmlWriter::element(std::string_view tag, std::string_view content, Attributes attributes) {
  open(tag, attributes);
  text(content);
  close();
}

void HtmlWriter::style(std::string_view css) {
  open("style");
  out_ += css;
  close();
}

void HtmlWriter::append(HtmlWriter part) {
  assert(part.open_.empty());
  out_ += part.out_;
}

std::string HtmlWriter::take() {
  assert(open_.empty());
  out_ += '\n';
  return std::move(out_);
}

bool is_web_link(std::string_view url) {
  if (!starts_without_case(url, "http://") && !starts_without_case(url, "https://")) return false;
  return url.find(' ') == std::string_view::npos && printable(url) == url;
}

void write_link(HtmlWriter& html, std::string_view url, std::string_view text) {
  if (!is_web_link(url)) return html.element("span", text);
  html.element("a", text, {{"href", std::string{url}}, {"rel", "noopener noreferrer nofollow"}});
}

}  // namespace earshot
