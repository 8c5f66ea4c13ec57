#include "store/base/csv_text.hpp"

namespace earshot {

namespace {

bool looks_like_formula(std::string_view text) {
  if (text.empty()) return false;
  if (std::string_view{"=+-@\t\r\n"}.find(text.front()) != std::string_view::npos) return true;
  for (const std::string_view wide : {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"})
    if (text.starts_with(wide)) return true;
  return false;
}

}  // namespace

void append_csv_text(std::string& out, std::string_view text, Formulas formulas) {
  const bool formula = formulas == Formulas::disarm && looks_like_formula(text);
  // Also what separates fields where a decimal comma is usual.
  const bool quote = text.find_first_of(",;\t\"\r\n") != std::string_view::npos;
  if (quote) out += '"';
  if (formula) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quote) out += '"';
}

}  // namespace earshot
