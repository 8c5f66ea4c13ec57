#include "store/rocks/authors.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "store/rocks/columns.hpp"
#include "store/rocks/rollups.hpp"
#include "store/rocks/row_columns.hpp"

namespace earshot::rocks {

void encode_authors(const AuthorShares& shares, std::string& out) {
  using Share = AuthorShares::Share;
  Section section;
  {
    const std::uint64_t sizes[] = {shares.authors.size(), shares.shares.size()};
    ColumnWriter{section}.numbers(sizes);
  }
  RowsWriter to{section};
  to.column(shares.authors, [last = std::uint64_t{0}](std::uint64_t author) mutable {
    return author - std::exchange(last, author);
  });
  to.column(shares.ends, [last = std::uint32_t{0}](std::uint32_t end) mutable {
    return end - std::exchange(last, end);
  });
  to.column(shares.shares, [](const Share& share) { return share.scope; });
  to.column(shares.shares, [](const Share& share) {
    return std::uint64_t{share.items} << 2U | std::uint64_t{share.recommends} << 1U |
           std::uint64_t{share.warns};
  });
  out.clear();
  compress(section, out);
}

std::optional<AuthorShares> decode_authors(std::string_view bytes) {
  using Share = AuthorShares::Share;
  std::string section;
  if (!decompress(bytes, section)) return {};
  RowsReader from{section};
  const auto sizes = from.numbers(2);
  if (sizes[0] > most_kept_rows || sizes[1] > most_kept_rows) return {};
  AuthorShares shares;
  shares.authors.resize(sizes[0]);
  shares.ends.resize(sizes[0]);
  shares.shares.resize(sizes[1]);
  std::uint64_t author = 0, end = 0;
  from.column(shares.authors,
              [&](std::uint64_t& to, std::uint64_t after) { to = author += after; });
  from.column(shares.ends, [&](std::uint32_t& to, std::uint64_t count) {
    end = std::min(end + count, sizes[1]);
    to = static_cast<std::uint32_t>(end);
  });
  bool sound = true;
  from.column(shares.shares, [&](Share& share, std::uint64_t scope) {
    sound = sound && scope <= last_audience_scope;
    share.scope = static_cast<std::uint32_t>(scope);
  });
  from.column(shares.shares, [](Share& share, std::uint64_t said) {
    share.items = static_cast<std::uint32_t>(said >> 2U);
    share.recommends = (said & 2U) != 0;
    share.warns = (said & 1U) != 0;
  });
  if (!sound || end != sizes[1] || !from.done()) return {};
  return shares;
}

void encode_audience(std::span<const AudienceRow> rows, std::string& out) {
  Section section;
  {
    const std::uint64_t sizes[] = {rows.size()};
    ColumnWriter{section}.numbers(sizes);
  }
  RowsWriter to{section};
  to.column(rows, [](const AudienceRow& row) { return audience_scope_number(row.scope); });
  to.column(rows, [](const AudienceRow& row) { return row.items; });
  to.column(rows, [](const AudienceRow& row) {
    return std::uint64_t{row.recommends} << 1U | std::uint64_t{row.warns};
  });
  to.column(rows, [](const AudienceRow& row) { return row.authors; });
  out.clear();
  compress(section, out);
}

std::optional<std::vector<AudienceRow>> decode_audience(std::string_view bytes) {
  std::string section;
  if (!decompress(bytes, section)) return {};
  RowsReader from{section};
  const auto size = from.numbers(1)[0];
  if (size > most_kept_rows) return {};
  std::vector<AudienceRow> rows(size);
  bool sound = true;
  from.column(rows, [&](AudienceRow& row, std::uint64_t scope) {
    sound = sound && scope <= last_audience_scope;
    row.scope = audience_scope(static_cast<std::uint32_t>(scope));
  });
  from.column(rows, [](AudienceRow& row, std::uint64_t items) {
    row.items = static_cast<std::uint32_t>(items);
  });
  from.column(rows, [](AudienceRow& row, std::uint64_t stances) {
    row.recommends = (stances & 2U) != 0;
    row.warns = (stances & 1U) != 0;
  });
  from.column(rows, [](AudienceRow& row, std::uint64_t authors) { row.authors = authors; });
  if (!sound || !from.done()) return {};
  return rows;
}

}  // namespace earshot::rocks
