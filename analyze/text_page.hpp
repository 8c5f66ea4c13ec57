#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/report.hpp"

namespace earshot {

/// Lines for a terminal, as wide as `RenderOptions::width` says, with colour if wanted. Texts must
/// be `printable` already; colour is the only source of escape sequences.
class TextPage {
 public:
  enum class Style { plain, bold, dim, green, red };

  explicit TextPage(const RenderOptions& options);

  std::size_t width() const { return width_; }

  void line(std::string_view text = {}, Style style = Style::plain);

  /// Text in as many lines as it needs, each indented; the first may begin with something else of
  /// the same width.
  void wrapped(std::size_t indent, std::string_view text, Style style = Style::plain,
               std::string_view first = {});

  std::string take() { return std::move(out_); }

 private:
  std::string styled(std::string_view text, Style style) const;

  std::size_t width_;
  bool colour_;
  std::string out_;
};

/// Text and as many spaces as it takes to `width` columns; flush right, they come first.
std::string padded(std::string_view text, std::size_t width, bool right = false);

/// Printable text in lines of at most `width` columns, broken at spaces; longer words are broken
/// where the line ends.
std::vector<std::string> fold_text(std::string_view text, std::size_t width);

/// The rows of a table in columns, numbers flush right. Where they don't fit, cells are folded;
/// where even that leaves too little room, each row becomes a list of its cells. Makes texts
/// printable itself.
void print_table(TextPage& page, const ReportTable& table);

}  // namespace earshot
