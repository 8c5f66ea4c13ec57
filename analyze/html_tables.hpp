#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/html_writer.hpp"
#include "analyze/report.hpp"

namespace earshot {

using TextRow = std::vector<std::string>;

/// Opens a frame in which a wide table scrolls by itself; the keyboard reaches it.
void open_scroll_region(HtmlWriter& html, std::string_view label);

enum class OnNarrowPages {
  stacks,   ///< A row becomes a list of its cells, each with its column's name.
  scrolls,  ///< As it is, in its frame: short numbers to be compared.
};

/// A table of texts, each row as long as the columns; the first cell is the row's heading.
void write_text_table(HtmlWriter& html, std::string_view title, const TextRow& columns,
                      const std::vector<TextRow>& rows, OnNarrowPages narrow);

/// Where the page shows each post: places in `Report::posts`, by id. Lives no longer than the
/// report.
using PostPlaces = std::map<std::string_view, std::size_t>;
PostPlaces places_of(const Report& report);

/// One row a metric and a part; below them, folded, breakdowns, explanations and evidence.
void write_metrics(HtmlWriter& html, std::string_view title,
                   const std::vector<const ReportMetric*>& metrics, const PostPlaces& posts);

/// A table that is no metric, under a heading of level 3. Ids of posts become links to them.
void write_table(HtmlWriter& html, const ReportTable& table, const PostPlaces& posts);

/// The posts themselves, each with the anchor "post-<place>".
void write_posts(HtmlWriter& html, const std::vector<ReportPost>& posts);

}  // namespace earshot
