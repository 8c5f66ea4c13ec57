#include <algorithm>

#include "analyze/report_figure.hpp"
#include "analyze/report_tables.hpp"

namespace earshot {

namespace {

std::vector<ReportCell> row_of(std::string kind, const std::string& party,
                               const std::string& account, const std::string& network,
                               const Handle* handle, std::string role_or_note) {
  std::vector<ReportCell> row{{std::move(kind), {}}, {party, {}}, {account, {}}, {network, {}}};
  row.push_back({std::move(role_or_note), {}});
  row.push_back({handle == nullptr ? "" : handle->department, {}});
  return row;
}

void add_activity(std::vector<ReportCell>& row, std::uint64_t items, std::string last) {
  row.push_back({group_digits(items), std::to_string(items)});
  row.push_back({std::move(last), {}});
}

void add_party(const MetricInput& input, const Party& party, EntityIndex owner,
               std::string_view kind, ReportTable& table) {
  for (std::size_t i = 0; i < party.handles.size(); ++i) {
    const auto& handle = party.handles[i];
    bool seen = false;
    for (const auto& account : input.accounts.all()) {
      if (account.owner != owner || account.handle != static_cast<std::int64_t>(i)) continue;
      seen = true;
      auto row =
          row_of(std::string{kind}, party.name, handle.name, account.network, &handle, handle.role);
      add_activity(row, account.items, input.calendar.format_day(account.last));
      table.rows.push_back(std::move(row));
    }
    if (seen) continue;
    auto row =
        row_of(std::string{kind}, party.name, handle.name, handle.network, &handle, handle.role);
    add_activity(row, 0, "silent in the window");
    table.rows.push_back(std::move(row));
  }
}

}  // namespace

ReportTable accounts_table(const MetricInput& input) {
  ReportTable table{.name = "accounts",
                    .title = "Accounts",
                    .note =
                        "Own and competitors' accounts are those that the config declares. A "
                        "look-alike has the brand's name in its own and is not declared: a "
                        "forgotten account of yours, a fan, or somebody who poses as you.",
                    .columns = {{"Kind", ""},
                                {"Of", ""},
                                {"Account", ""},
                                {"Network", ""},
                                {"Role", ""},
                                {"Department", ""},
                                {"Posts", "items"},
                                {"Last post", ""}},
                    .empty =
                        "No account is declared, and none looks like the brand's: add handles "
                        "to [brand]."};
  add_party(input, input.project.brand, brand_index, "own", table);
  for (std::size_t i = 0; i < input.project.competitors.size(); ++i)
    add_party(input, input.project.competitors[i], static_cast<EntityIndex>(i + 1), "competitor",
              table);
  std::vector<std::vector<ReportCell>> alike;
  for (const auto& account : input.accounts.all()) {
    if (account.owner != no_entity) continue;
    auto row = row_of("look-alike", "", account.name, account.network, nullptr, "not declared");
    add_activity(row, account.items, input.calendar.format_day(account.last));
    alike.push_back(std::move(row));
  }
  std::ranges::sort(alike, {}, [](const auto& row) {
    return std::pair{row[2].shown, row[3].shown};
  });
  table.rows.insert(table.rows.end(), alike.begin(), alike.end());
  return table;
}

}  // namespace earshot
