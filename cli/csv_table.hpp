#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// A small CSV file that somebody keeps by hand: a line that names its columns, in any order, then
/// a line a row. Blanks around a cell don't count; empty lines are skipped.
class CsvTable {
 public:
  /// `path` is how messages call the file; `columns` are those it must have, and all it may have.
  /// Errors (`config`): "views.csv:1: unknown column 'veiws', did you mean 'views'?", a missing
  /// column or one that stands twice, a row of more or fewer cells, a quote that is never closed,
  /// bytes that are not UTF-8.
  static Result<CsvTable> parse(std::string_view bytes, const std::string& path,
                                std::span<const std::string_view> columns);

  std::size_t size() const { return lines_.size(); }

  /// `column` is an index into the `columns` that were asked for.
  std::string_view cell(std::size_t row, std::size_t column) const {
    return cells_[row * width_ + column];
  }

  /// "views.csv:3: MESSAGE", of kind `config`.
  Error error(std::size_t row, std::string_view message) const;

 private:
  CsvTable(std::string path, std::size_t width) : path_{std::move(path)}, width_{width} {}
  std::optional<Error> read_header(const std::vector<std::string_view>& header, std::size_t line,
                                   std::span<const std::string_view> columns);
  std::optional<Error> read_row(const std::vector<std::string_view>& fields, std::size_t line);
  Error error_at(std::size_t line, std::string_view message) const;

  std::string path_;
  std::size_t width_;               ///< Columns asked for.
  std::vector<std::size_t> order_;  ///< Which column asked for each column of the file is.
  std::vector<std::string> cells_;  ///< Row by row, as wide as the columns asked for.
  std::vector<std::size_t> lines_;  ///< On which each row begins.
};

}  // namespace earshot
