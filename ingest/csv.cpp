#include "ingest/csv.hpp"

#include <algorithm>
#include <cstring>

namespace earshot {

namespace {

const char* find(const char* from, const char* end, char c) {
  const void* const found =
      from == end ? nullptr : std::memchr(from, c, static_cast<std::size_t>(end - from));
  return found == nullptr ? end : static_cast<const char*>(found);
}

/// Behind the quote that closes the field whose text begins at `at`; null if none does. Counts the
/// line ends on the way.
const char* close_quote(const char* at, const char* end, std::size_t& lines) {
  for (;;) {
    const char* const quote = find(at, end, '"');
    lines += static_cast<std::size_t>(std::count(at, quote, '\n'));
    if (quote == end) return nullptr;
    if (quote + 1 == end || quote[1] != '"') return quote + 1;
    at = quote + 2;
  }
}

/// A field that began with a quote, without it and without its doubles.
std::string_view unquote(const char* begin, const char* closing, const char* end,
                         TextArena& unquoted) {
  const bool doubled = find(begin, closing, '"') != closing;
  if (!doubled && closing + 1 == end) return {begin, static_cast<std::size_t>(closing - begin)};
  char* const out = unquoted.room(static_cast<std::size_t>(end - begin));
  char* to = out;
  for (const char* at = begin; at != closing; ++at) {
    *to++ = *at;
    if (*at == '"') ++at;
  }
  to = std::copy(closing == end ? end : closing + 1, end, to);
  return {out, static_cast<std::size_t>(to - out)};
}

}  // namespace

CsvRecord find_csv_record(std::string_view text, char delimiter) {
  CsvRecord record;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* at = begin;
  const char* line_end = find(at, end, '\n');
  while (true) {
    const char* const quote = find(at, line_end, '"');
    if (quote == line_end) break;
    at = quote + 1;
    if (quote != begin && quote[-1] != delimiter) continue;
    std::size_t lines = 0;
    const char* const closed = close_quote(at, end, lines);
    record.lines += lines;
    if (closed == nullptr) {
      record.open_quote = true;
      at = line_end = end;
      break;
    }
    at = closed;
    if (lines > 0) line_end = find(at, end, '\n');
  }
  record.complete = line_end != end;
  record.size = static_cast<std::size_t>(line_end - begin);
  record.next = record.size + (record.complete ? 1 : 0);
  if (record.size > 0 && begin[record.size - 1] == '\r' && !record.open_quote) --record.size;
  ++record.lines;
  return record;
}

void split_csv_record(std::string_view record, char delimiter,
                      std::vector<std::string_view>& fields, TextArena& unquoted) {
  fields.clear();
  const char* at = record.data();
  const char* const end = at + record.size();
  for (;;) {
    if (at != end && *at == '"') {
      std::size_t lines = 0;
      const char* closed = close_quote(at + 1, end, lines);
      const char* const closing = closed == nullptr ? end : closed - 1;
      if (closed == nullptr) closed = end;
      const char* const next = find(closed, end, delimiter);
      fields.push_back(unquote(at + 1, closing, next, unquoted));
      at = next;
    } else {
      const char* const next = find(at, end, delimiter);
      fields.emplace_back(at, static_cast<std::size_t>(next - at));
      at = next;
    }
    if (at == end) return;
    ++at;
  }
}

}  // namespace earshot
