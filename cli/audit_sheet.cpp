#include "cli/audit_sheet.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "cli/audit_file.hpp"
#include "cli/label_words.hpp"
#include "store/base/csv_text.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

constexpr std::array<std::string_view, 4> columns{"id", "text", "label", "drawn"};
enum Column : std::size_t { id, text, label, drawn };

/// The id as it was before `append_csv_text` disarmed it.
std::string_view armed(std::string_view cell) {
  return cell.starts_with('\'') ? cell.substr(1) : cell;
}

}  // namespace

std::string write_audit_sheet(const AuditSample& sample, const StoredBatch& posts) {
  std::map<PostKey, const StoredPost*> by_key;
  for (const auto& stored : posts.posts) by_key.emplace(stored.key, &stored);
  const auto frame = format_frame(sample.frame);
  std::string sheet = fmt::format("{}\r\n", fmt::join(columns, ","));
  for (const auto& key : sample.posts) {
    const auto found = by_key.find(key);
    if (found == by_key.end()) continue;
    append_csv_text(sheet, post_id(found->second->post));
    sheet += ',';
    append_csv_text(sheet, found->second->post.text);
    sheet.append(",,").append(frame).append("\r\n");
  }
  return sheet;
}

Result<AuditSheet> parse_audit_sheet(std::string_view bytes, const std::string& path) {
  auto table = CsvTable::parse(bytes, path, columns);
  if (!table) return table.error();
  AuditSheet sheet{.table = *std::move(table), .frame = {}, .rows = {}, .empty = 0};
  std::map<std::string, std::size_t, std::less<>> known;
  for (std::size_t row = 0; row < sheet.table.size(); ++row) {
    const auto frame = parse_frame(sheet.table.cell(row, drawn));
    if (!frame)
      return sheet.table.error(row, "'drawn' is not what `earshot audit draw` wrote there");
    if (row > 0 && *frame != sheet.frame)
      return sheet.table.error(row, "this row is of another sample than the ones above");
    sheet.frame = *frame;
    const auto name = armed(sheet.table.cell(row, id));
    if (!known.emplace(name, row).second)
      return sheet.table.error(row, fmt::format("'{}' stands in a row above too", printable(name)));
    const auto word = sheet.table.cell(row, label);
    if (word.empty()) {
      ++sheet.empty;
      continue;
    }
    const auto sentiment = parse_sentiment(word);
    if (!sentiment) return sheet.table.error(row, printable(sentiment.error().message));
    sheet.rows.push_back({std::string{name}, *sentiment, row});
  }
  if (sheet.rows.empty())
    return Error{
        Error::Kind::config,
        fmt::format("{}: no row has a label; fill in negative, neutral or positive", path)};
  return sheet;
}

Result<AuditFindings> match_audit_sheet(const AuditSheet& sheet, const StoredBatch& posts) {
  std::map<std::string, const StoredPost*, std::less<>> by_id;
  for (const auto& stored : posts.posts) by_id.emplace(post_id(stored.post), &stored);
  AuditFindings findings;
  findings.audit.frame = sheet.frame;
  for (const auto& row : sheet.rows) {
    const auto found = by_id.find(row.id);
    if (found == by_id.end())
      return sheet.table.error(
          row.row, fmt::format("no post '{}' is stored; remove the row if it was erased",
                               printable(row.id)));
    const auto& labels = found->second->labels;
    if (labels.by_hand) {
      ++findings.by_hand;
      continue;
    }
    if (labels.generation != sheet.frame.generation)
      return sheet.table.error(
          row.row, fmt::format("'{}' has labels of another model or config than the sheet, or "
                               "none; draw a new one",
                               printable(row.id)));
    if (labels.sentiment == Sentiment::unsupported)
      return sheet.table.error(
          row.row, fmt::format("'{}' is in a language that the model does not know; remove the row",
                               printable(row.id)));
    ++findings.audit.rows[place_of(labels.sentiment)][place_of(row.label)];
  }
  for (const auto sentiment : {Sentiment::negative, Sentiment::neutral, Sentiment::positive}) {
    const auto place = place_of(sentiment);
    if (sheet.frame.stream[place] == 0 || sum_of(findings.audit.rows[place]) > 0) continue;
    return Error{
        Error::Kind::config,
        fmt::format("too few rows have a label: none yet of the posts that the model calls "
                    "{}",
                    name_of(sentiment))};
  }
  return findings;
}

}  // namespace earshot
