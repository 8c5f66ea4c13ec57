#include "analyze/text_page.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "store/base/terminal_text.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

constexpr std::size_t indent = 2;
constexpr std::size_t between = 2;        // columns of a table
constexpr std::size_t longest_word = 24;  // longer ones are broken

std::size_t widest_word(std::string_view text) {
  std::size_t widest = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    widest = std::max(widest, display_width(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::min(widest, longest_word);
}

/// Widths of the columns so that they fit into `room` without breaking words; empty where they
/// can't.
std::vector<std::size_t> column_widths(const ReportTable& table, std::size_t room) {
  std::vector<std::size_t> widths, least;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto title = printable(table.columns[i].title);
    auto& width = widths.emplace_back(display_width(title));
    auto& word = least.emplace_back(widest_word(title));
    for (const auto& row : table.rows) {
      const auto text = printable(row[i].shown);
      width = std::max(width, display_width(text));
      word = std::max(word, widest_word(text));
    }
  }
  const auto gaps = between * (widths.empty() ? 0 : widths.size() - 1);
  const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), gaps); };
  while (total() > room) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths[i] > least[i] && (widest == widths.size() || widths[i] > widths[widest]))
        widest = i;
    if (widest == widths.size()) return {};
    --widths[widest];
  }
  return widths;
}

void print_cells(TextPage& page, const ReportTable& table, const std::vector<std::size_t>& widths,
                 const std::vector<std::string>& cells, TextPage::Style style) {
  std::vector<std::vector<std::string>> folded;
  std::size_t height = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    folded.push_back(fold_text(cells[i], widths[i]));
    height = std::max(height, folded.back().size());
  }
  for (std::size_t at = 0; at < height; ++at) {
    std::string text(indent, ' ');
    for (std::size_t i = 0; i < folded.size(); ++i) {
      if (i > 0) text.append(between, ' ');
      text += padded(at < folded[i].size() ? folded[i][at] : std::string{}, widths[i],
                     !table.columns[i].unit.empty());
    }
    page.line(text, style);
  }
}

/// For a terminal that is too narrow: the first cell, and the others below it.
void print_list(TextPage& page, const ReportTable& table) {
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i].shown.empty()) continue;
      const auto text = printable(table.columns[i].title + ": " + row[i].shown);
      const std::size_t margin = i == 0 ? indent : 2 * indent;
      for (const auto& line : fold_text(text, page.width() - margin))
        page.line(std::string(margin, ' ') + line);
    }
}

}  // namespace

TextPage::TextPage(const RenderOptions& options)
    : width_{static_cast<std::size_t>(std::max(options.width, 40))}, colour_{options.colour} {}

void TextPage::line(std::string_view text, Style style) {
  out_ += styled(text.substr(0, text.find_last_not_of(' ') + 1), style);
  out_ += '\n';
}

void TextPage::wrapped(std::size_t margin_width, std::string_view text, Style style,
                       std::string_view first) {
  std::string margin = first.empty() ? std::string(margin_width, ' ') : std::string{first};
  if (margin_width + 30 > width_) {  // too little room beside it
    if (!first.empty()) line(first, style);
    margin_width = 6;
    margin.assign(margin_width, ' ');
  }
  for (const auto& part : wrap_text(text, width_ - margin_width)) {
    line(margin + part, style);
    margin.assign(margin_width, ' ');
  }
}

std::string TextPage::styled(std::string_view text, Style style) const {
  static constexpr std::array<std::string_view, 5> codes{"", "\x1b[1m", "\x1b[2m", "\x1b[32m",
                                                         "\x1b[31m"};
  if (!colour_ || style == Style::plain || text.empty()) return std::string{text};
  return fmt::format("{}{}\x1b[0m", codes[static_cast<std::size_t>(style)], text);
}

std::string padded(std::string_view text, std::size_t width, bool right) {
  const auto used = display_width(text);
  const std::string spaces(used < width ? width - used : 0, ' ');
  return right ? spaces + std::string{text} : std::string{text} + spaces;
}

std::vector<std::string> fold_text(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto& line : wrap_text(text, width)) {
    std::string part;
    for (std::string_view rest = line; !rest.empty();) {
      const auto next = rest.substr(0, decode_utf8(rest).length);
      if (!part.empty() && display_width(part) + display_width(next) > width)
        lines.push_back(std::exchange(part, {}));
      part += next;
      rest.remove_prefix(next.size());
    }
    lines.push_back(part);
  }
  return lines;
}

void print_table(TextPage& page, const ReportTable& table) {
  const auto widths = column_widths(table, page.width() - indent);
  if (widths.empty()) return print_list(page, table);
  std::vector<std::string> titles;
  for (const auto& column : table.columns) titles.push_back(printable(column.title));
  print_cells(page, table, widths, titles, TextPage::Style::dim);
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row) cells.push_back(printable(cell.shown));
    print_cells(page, table, widths, cells, TextPage::Style::plain);
  }
}

}  // namespace earshot
