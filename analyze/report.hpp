#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/project.hpp"
#include "store/base/result.hpp"
#include "store/base/time.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// What `earshot report` was asked for.
struct ReportRequest {
  std::vector<std::string> views;      ///< "planning", "engagement", ...; empty: all stages.
  std::vector<std::string> metrics;    ///< Names or numbers ("M27"); if given, only these are shown.
  Window window;
  std::optional<Window> before;        ///< To compare with.
  Instant now;                         ///< What is not answered by then is open.
  bool explain = false;                ///< Formula, source and what would mislead, at each metric.
  bool evidence = false;               ///< Ids of the posts behind each metric.
  std::size_t evidence_limit = 20;     ///< Ids a metric.
  std::uint64_t expected_generation = 0;  ///< Of the present model and config; labels of others are pointed out.
  std::string version;                 ///< Of earshot, for the manifest.
};

/// A finished report: values already computed and rounded, in the order in which they are shown. Renderers only lay it out.
struct Report {};

/// Errors: the store's; `usage` for an unknown view or metric, with a did-you-mean.
Result<Report> make_report(const PostStore& store, const Project& project, const ReportRequest& request);

struct RenderOptions {
  int width = 80;                      ///< Columns of the terminal.
  bool colour = false;
};

/// The names of all formats, as in `renderers.def`: "text", "json".
const std::vector<std::string_view>& report_formats();

/// The report in that format. Error `usage`: no such format.
Result<std::string> render_report(const Report& report, std::string_view format, const RenderOptions& options);

/// All metrics, for `earshot report --list` and the README: number, name, unit, summary.
struct MetricListing {
  std::string_view number, name, unit, summary;
};
std::vector<MetricListing> list_metrics();

/// "planning", "presence", ...: the names that `ReportRequest::views` takes.
const std::vector<std::string_view>& view_names();

}  // namespace earshot
