#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "cli/config_parts.hpp"
#include "cli/duration.hpp"

namespace earshot {

namespace {

using std::chrono::seconds;

/// "09:00" as minutes since midnight, up to 24:00; -1 for anything else.
int parse_clock(std::string_view text) {
  const auto digit = [&](std::size_t i) {
    return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100;
  };
  if (text.size() != 5 || text[2] != ':') return -1;
  const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
  const int minutes = hour * 60 + minute;
  return hour <= 24 && minute < 60 && minutes <= 24 * 60 ? minutes : -1;
}

void read_business_hours(const toml::table& table, InboxRules& inbox, Complaints& complaints) {
  static constexpr std::array<std::string_view, 7> days{"mon", "tue", "wed", "thu",
                                                        "fri", "sat", "sun"};
  const TableReader reader{
      table, "business_hours", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, complaints};
  BusinessHours hours;
  for (std::size_t i = 0; i < days.size(); ++i) {
    hours.days[i] = {0, 0};
    if (!reader.has(days[i])) continue;
    std::string text;
    reader.read(days[i], text);
    const auto dash = std::min(text.find('-'), text.size());
    const int from = parse_clock(std::string_view{text}.substr(0, dash));
    const int to = dash == text.size() ? -1 : parse_clock(std::string_view{text}.substr(dash + 1));
    if (from < 0 || to <= from)
      reader.complain(days[i],
                      fmt::format("'{}' is not a span of hours like \"09:00-17:00\"", text));
    hours.days[i] = {from, to};
  }
  inbox.business_hours = hours;
}

}  // namespace

void read_inbox(const TableReader& file, InboxRules& inbox, Complaints& complaints) {
  const auto* table = file.table_at("inbox");
  if (table == nullptr) return;
  const TableReader reader{
      *table,
      "[inbox]",
      {"horizon", "sla", "urgent", "private", "handling_minutes", "business_hours"},
      complaints};
  reader.read("horizon", inbox.horizon);
  if (inbox.horizon < seconds{900}) reader.complain("horizon", "'horizon' must be at least 15m");
  reader.read("urgent", inbox.urgent);
  check_query(reader, "urgent", inbox.urgent);
  reader.read("private", inbox.in_private);
  check_query(reader, "private", inbox.in_private);
  reader.read("handling_minutes", inbox.handling_minutes);
  if (!(inbox.handling_minutes > 0) || !std::isfinite(inbox.handling_minutes))
    reader.complain("handling_minutes", "'handling_minutes' must be more than 0");
  std::vector<std::string> sla;
  reader.read("sla", sla);
  if (reader.has("sla") && sla.size() != inbox.sla.size())
    reader.complain("sla", "'sla' needs three durations, for priority 1, 2 and 3");
  for (std::size_t i = 0; i < std::min(sla.size(), inbox.sla.size()); ++i) {
    if (const auto duration = parse_duration(sla[i]))
      inbox.sla[i] = *duration;
    else
      reader.complain("sla", fmt::format("'{}' is not a duration like 30m, 4h or 7d", sla[i]));
  }
  if (const auto* hours = reader.table_at("business_hours"))
    read_business_hours(*hours, inbox, complaints);
}

}  // namespace earshot
