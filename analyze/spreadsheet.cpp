#include "analyze/spreadsheet.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <stdlib.h>  // NOLINT: mkdtemp is POSIX
#include <xlsxwriter.h>

#include "store/base/ascii.hpp"
#include "store/base/file.hpp"
#include "store/base/terminal_text.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

/// A folder for the file while it is made: the library writes to paths only.
class WorkFolder {
 public:
  WorkFolder() {
    std::error_code failed;
    auto pattern = (std::filesystem::temp_directory_path(failed) / "earshot-XXXXXX").string();
    if (!failed && mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }

  /// Empty: there is none.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
}

/// "_x0041_" in a text means "A" to a spreadsheet.
bool begins_escape(std::string_view text) {
  return text.size() >= 7 && text[0] == '_' && text[1] == 'x' && text[6] == '_' &&
         std::all_of(text.begin() + 2, text.begin() + 6, is_hex);
}

/// Text that XML and the format can hold, at most 32,767 UTF-16 units of it.
std::string storable(std::string_view raw) {
  constexpr std::size_t most_units = 32'767;
  const auto text = printable(raw, LineBreaks::keep);
  std::string out;
  std::size_t units = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto [code, length] = decode_utf8(rest);
    std::string piece{rest.substr(0, length)};
    if (begins_escape(rest)) piece = "_x005F_";
    if (code == 0xFFFE || code == 0xFFFF) piece = fmt::format("\\u{:04x}", std::uint32_t{code});
    const std::size_t more = piece.size() > length ? piece.size() : code > 0xFFFF ? 2 : 1;
    if (units + more > most_units - 1) return out + "…";
    units += more;
    out += piece;
    rest.remove_prefix(length);
  }
  return out;
}

/// A name that Excel takes for a sheet, unlike all others: 31 characters, none of []:*?/\.
std::string sheet_name(std::string_view wanted, std::set<std::string>& taken) {
  std::string base;
  std::size_t characters = 0;
  const auto text = printable(wanted);
  for (std::string_view rest = text; !rest.empty() && characters < 27; ++characters) {
    const auto length = decode_utf8(rest).length;
    const bool allowed = std::string_view{"[]:*?/\\'"}.find(rest[0]) == std::string_view::npos;
    base += allowed ? rest.substr(0, length) : " ";
    rest.remove_prefix(length);
  }
  base = base.empty() ? "Sheet" : base;
  std::string name = base;
  for (int number = 2; !taken.insert(lower_case(name)).second; ++number)
    name = fmt::format("{} {}", base, number);
  return name;
}

/// The formats of a workbook: one for each number of decimals.
class Formats {
 public:
  explicit Formats(lxw_workbook* workbook) : workbook_{workbook} {}

  lxw_format* of(const SheetCell& cell) {
    if (cell.kind == SheetCell::Kind::duration) return named("[h]:mm", false);
    if (cell.kind == SheetCell::Kind::text) return cell.bold ? named("", true) : nullptr;
    const auto point = cell.content.find('.');
    std::string pattern = "0";
    if (point != std::string::npos)
      pattern += "." + std::string(cell.content.size() - point - 1, '0');
    return named(pattern, false);
  }

 private:
  lxw_format* named(const std::string& pattern, bool bold) {
    auto& format = formats_[{pattern, bold}];
    if (format != nullptr) return format;
    format = workbook_add_format(workbook_);
    if (!pattern.empty()) format_set_num_format(format, pattern.c_str());
    if (bold) format_set_bold(format);
    return format;
  }

  lxw_workbook* workbook_;
  std::map<std::pair<std::string, bool>, lxw_format*> formats_;
};

double number_of(const std::string& digits) {
  double number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

void write_cell(lxw_worksheet* sheet, std::uint32_t row, std::uint16_t column,
                const SheetCell& cell, Formats& formats) {
  constexpr double seconds_a_day = 86'400;
  switch (cell.kind) {
    case SheetCell::Kind::empty:
      return;
    case SheetCell::Kind::text:
      worksheet_write_string(sheet, row, column, storable(cell.content).c_str(), formats.of(cell));
      return;
    case SheetCell::Kind::number:
      worksheet_write_number(sheet, row, column, number_of(cell.content), formats.of(cell));
      return;
    case SheetCell::Kind::duration:
      worksheet_write_number(sheet, row, column, number_of(cell.content) / seconds_a_day,
                             formats.of(cell));
      return;
  }
}

std::uint8_t type_of(SheetChart::Kind kind) {
  switch (kind) {
    case SheetChart::Kind::line:
      return LXW_CHART_LINE;
    case SheetChart::Kind::stacked_columns:
      return LXW_CHART_COLUMN_STACKED;
    case SheetChart::Kind::bars:
      return LXW_CHART_BAR;
    case SheetChart::Kind::steps:
      break;
  }
  return LXW_CHART_SCATTER_STRAIGHT;
}

void paint(lxw_chart_series* series, SheetChart::Kind kind, std::uint32_t colour) {
  lxw_chart_fill fill{};
  fill.color = colour;
  lxw_chart_line line{};
  line.color = colour;
  line.width = 1.5;
  const bool area = kind == SheetChart::Kind::stacked_columns || kind == SheetChart::Kind::bars;
  if (area) return chart_series_set_fill(series, &fill);
  chart_series_set_line(series, &line);
  if (kind != SheetChart::Kind::line) return;
  chart_series_set_marker_type(series, LXW_CHART_MARKER_CIRCLE);  // a point between gaps
  chart_series_set_marker_size(series, 4);
  chart_series_set_marker_fill(series, &fill);
  chart_series_set_marker_line(series, &line);
}

void add_chart(lxw_workbook* workbook, lxw_worksheet* sheet, const std::string& name,
               const SheetChart& wanted) {
  lxw_chart* chart = workbook_add_chart(workbook, type_of(wanted.kind));
  constexpr std::uint32_t usual_colour = 0x0072B2;
  for (std::size_t i = 0; i < wanted.values.size(); ++i) {
    const auto column = wanted.values[i];
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name.c_str(), wanted.first, wanted.categories, wanted.last,
                                wanted.categories);
    chart_series_set_values(series, name.c_str(), wanted.first, column, wanted.last, column);
    chart_series_set_name_range(series, name.c_str(), wanted.first - 1, column);
    paint(series, wanted.kind, i < wanted.colours.size() ? wanted.colours[i] : usual_colour);
  }
  chart_title_set_name(chart, storable(wanted.title).c_str());
  if (!wanted.x_title.empty()) chart_axis_set_name(chart->x_axis, storable(wanted.x_title).c_str());
  if (!wanted.y_title.empty()) chart_axis_set_name(chart->y_axis, storable(wanted.y_title).c_str());
  if (wanted.kind == SheetChart::Kind::steps) {  // a share in percent over time
    chart_axis_set_num_format(chart->x_axis, "[h]:mm");
    chart_axis_set_max(chart->y_axis, 100);
  }
  chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
  if (wanted.kind == SheetChart::Kind::bars) chart_axis_set_reverse(chart->y_axis);
  if (wanted.values.size() == 1) chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
  chart_show_blanks_as(chart, LXW_CHART_BLANKS_AS_GAP);
  worksheet_insert_chart(sheet, wanted.row, wanted.column, chart);
}

void add_sheet(lxw_workbook* workbook, const Sheet& wanted, const std::string& name,
               Formats& formats) {
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, name.c_str());
  if (sheet == nullptr) return;
  for (std::size_t i = 0; i < wanted.widths.size(); ++i) {
    const auto column = static_cast<std::uint16_t>(i);
    worksheet_set_column(sheet, column, column, wanted.widths[i], nullptr);
  }
  if (wanted.frozen > 0) worksheet_freeze_panes(sheet, wanted.frozen, 0);
  for (std::size_t row = 0; row < wanted.rows.size(); ++row)
    for (std::size_t i = 0; i < wanted.rows[row].size(); ++i)
      write_cell(sheet, static_cast<std::uint32_t>(row), static_cast<std::uint16_t>(i),
                 wanted.rows[row][i], formats);
  for (const auto& chart : wanted.charts) add_chart(workbook, sheet, name, chart);
}

}  // namespace

SheetCell text_cell(std::string text, bool bold) {
  if (text.empty()) return {};
  return {SheetCell::Kind::text, std::move(text), bold};
}

SheetCell number_cell(std::string digits) {
  if (digits.empty()) return {};
  return {SheetCell::Kind::number, std::move(digits), false};
}

SheetCell count_cell(std::uint64_t count) {
  return number_cell(std::to_string(count));
}

SheetCell duration_cell(std::int64_t seconds) {
  return {SheetCell::Kind::duration, std::to_string(seconds), false};
}

Result<std::string> write_spreadsheet(const std::vector<Sheet>& sheets, const std::string& title,
                                      Instant created) {
  const WorkFolder folder;
  if (folder.path().empty())
    return Error{Error::Kind::io, "xlsx: can't make a temporary folder; does $TMPDIR name one?"};
  auto temporary = folder.path();
  const auto path = temporary + "/report.xlsx";
  lxw_workbook_options options{};
  options.constant_memory = LXW_FALSE;
  options.tmpdir = temporary.data();
  lxw_workbook* workbook = workbook_new_opt(path.c_str(), &options);
  if (workbook == nullptr) return Error{Error::Kind::io, "xlsx: out of memory"};
  auto shown_title = storable(title).substr(0, 255);
  lxw_doc_properties properties{};
  properties.title = shown_title.data();
  properties.created = to_unix(created);
  workbook_set_properties(workbook, &properties);
  Formats formats{workbook};
  std::set<std::string> taken{"history"};  // Excel keeps this name for itself
  for (const auto& sheet : sheets)
    add_sheet(workbook, sheet, sheet_name(sheet.name, taken), formats);
  const auto closed = workbook_close(workbook);  // frees it, too
  if (closed != LXW_NO_ERROR)
    return Error{Error::Kind::io, fmt::format("xlsx: {}", lxw_strerror(closed))};
  return read_file(path);
}

}  // namespace earshot
