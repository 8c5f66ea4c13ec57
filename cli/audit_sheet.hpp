#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/audit.hpp"
#include "cli/csv_table.hpp"
#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

// A sample as a CSV file for a person to fill in: id, text, label, drawn. It never says what the
// model thinks, so that this does not sway anybody.

/// The sheet of a sample, its labels empty, in the sample's order. `posts` are those of the sample
/// in any order.
std::string write_audit_sheet(const AuditSample& sample, const StoredBatch& posts);

/// A row that a person has filled in.
struct AuditRow {
  std::string id;
  Sentiment label = Sentiment::neutral;
  std::size_t row = 0;  ///< Of the sheet's table, the first is 0.
};

struct AuditSheet {
  CsvTable table;
  AuditFrame frame;
  std::vector<AuditRow> rows;
  std::size_t empty = 0;  ///< Rows without a label.
};

/// Reads a sheet. `path` is how messages call it. Errors (`config`), with path and line: what
/// `CsvTable` says, an unknown label, an id that stands twice, rows of several samples; a sheet in
/// which no row has a label.
Result<AuditSheet> parse_audit_sheet(std::string_view bytes, const std::string& path);

/// The sheet's labels beside what the stored posts are labelled as.
struct AuditFindings {
  Audit audit;              ///< Without its time.
  std::size_t by_hand = 0;  ///< Rows left out: the posts were labelled by hand since.
};

/// `posts` are those of the sheet that are stored. Errors (`config`), with path and line: a post
/// that is not stored; one that has labels of another generation than the sheet; a group of the
/// stream of which no post has a label.
Result<AuditFindings> match_audit_sheet(const AuditSheet& sheet, const StoredBatch& posts);

}  // namespace earshot
