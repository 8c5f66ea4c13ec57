#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "analyze/calendar.hpp"
#include "analyze/report.hpp"
#include "cli/audit_file.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/labelling.hpp"
#include "cli/report_schema.hpp"
#include "cli/user_files.hpp"
#include "cli/window.hpp"
#include "store/base/file.hpp"

namespace earshot {

namespace {

constexpr std::string_view comparisons[] = {"none", "previous"};

std::vector<std::string_view> metric_names() {
  std::vector<std::string_view> names;
  for (const auto& metric : list_metrics()) names.push_back(metric.name);
  return names;
}

constexpr Option options[] = {
    {.name = "since",
     .value = "DATE",
     .help = "first day, as 2026-08-01 in the project's time zone, or an RFC 3339 time"},
    {.name = "until", .value = "DATE", .help = "the day or time before which the window ends"},
    {.name = "last", .value = "LENGTH", .help = "so long back from the end: 12h, 30d, 8w"},
    {.name = "compare",
     .value = "WHAT",
     .help = "previous: beside the window of the same length before; none (default)",
     .choices = listed<comparisons>},
    {.name = "metric",
     .value = "NAME",
     .help = "only this metric: a name or a number like M27",
     .repeats = true,
     .choices = metric_names},
    {.name = "view",
     .value = "NAME",
     .help = "one more VIEW; also a whole model: altimeter, cisco, wenger, owyang, visible",
     .repeats = true,
     .choices = [] { return view_names(); }},
    {.name = "by",
     .value = "WHAT",
     .help = "each figure also by channel, topic, entity (you and each competitor) or week",
     .choices = [] { return slice_dimensions(); }},
    {.name = "workbook",
     .value = "",
     .help = "the planning workbook: what to know before a channel is opened"},
    {.name = "explain", .value = "", .help = "formula, source and caveats of each metric"},
    {.name = "evidence", .value = "", .help = "ids of the posts behind each metric"},
    {.name = "show", .value = "", .help = "the posts themselves beside their ids"},
    {.name = "evidence-limit", .value = "N", .help = "ids a metric (default: 20)"},
    {.name = "format",
     .value = "NAME",
     .help = "text (default), json, csv, md, html or xlsx",
     .choices = [] { return report_formats(); }},
    {.name = "raw-csv",
     .value = "",
     .help =
         "csv with the texts as they are, for programs: no apostrophe before what a spreadsheet "
         "takes for a formula, no escapes for control characters"},
    {.name = "schema", .value = "", .help = "print the JSON Schema of --format json and exit"},
    {.name = "output",
     .value = "FILE",
     .help = "write to this file in place of stdout, all or nothing"},
    {.name = "list", .value = "", .help = "list the metrics and exit"},
};

void list(Context& context) {
  std::size_t name = 0;
  std::size_t unit = 0;
  for (const auto& metric : list_metrics()) {
    name = std::max(name, metric.name.size());
    unit = std::max(unit, metric.unit.size());
  }
  for (const auto& metric : list_metrics())
    context.out.write(fmt::format("{:<5}{:<{}}  {:<{}}  {}\n", metric.number, metric.name, name,
                                  metric.unit, unit, metric.summary));
}

/// The window that holds where nobody asked for one: the last 30 days, or all there is where the
/// newest post is older than that.
Result<Window> default_window(const PostStore& store, Instant now, const Calendar& calendar,
                              Console& console) {
  const Window recent{now - std::chrono::days{30}, now};
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span || (**span).second >= recent.begin) return recent;
  const Window all = whole_days((**span).first, (**span).second, calendar);
  console.say(
      fmt::format("nothing is newer than {}, so this is about all posts, from {} on; --since and "
                  "--until ask for less",
                  calendar.iso_day((**span).second), calendar.iso_day(all.begin)));
  return all;
}

Result<Window> chosen_window(const WindowWords& words, const PostStore& store,
                             const Context& context, const Calendar& calendar) {
  if (words.empty()) return default_window(store, context.clock(), calendar, context.console);
  return parse_window(words, calendar, std::nullopt, context.clock());
}

/// What the present model and config would label with; 0 if there is no model or a query is broken,
/// which is `analyze`'s to tell.
std::uint64_t present_generation(const Context& context, const Config& config) {
  const auto labelling = prepare_labelling(context, config);
  return labelling ? labelling->labeller.generation().id() : 0;
}

/// What can be checked without a store.
Result<ReportRequest> requested(const Arguments& arguments) {
  const auto compare = arguments.choice("compare", comparisons);
  if (!compare) return compare.error();
  const auto limit = arguments.number("evidence-limit", 20, 1);
  if (!limit) return limit.error();
  ReportRequest request;
  request.views = arguments.operands();
  std::ranges::copy(arguments.values("view"), std::back_inserter(request.views));
  request.metrics = arguments.values("metric");
  request.explain = arguments.has("explain");
  if (arguments.has("by")) {
    const auto by = arguments.choice("by", slice_dimensions());
    if (!by) return by.error();
    request.by = *by;
  }
  request.workbook = arguments.has("workbook");
  request.show_posts = arguments.has("show");
  request.evidence =
      request.show_posts || arguments.has("evidence") || arguments.has("evidence-limit");
  request.evidence_limit = *limit;
  request.version = earshot_version();
  if (const auto checked = check_request(request); !checked) return checked.error();
  return request;
}

Result<std::string> chosen_format(const Arguments& arguments, const Context& context) {
  auto format = arguments.choice("format", report_formats());
  if (!format) return format;
  if (*format == "xlsx" && context.terminal.interactive && !arguments.has("output"))
    return Error{Error::Kind::usage,
                 "an xlsx is no text for a terminal; name a file with --output report.xlsx"};
  if (*format != "csv" && arguments.has("raw-csv"))
    return Error{Error::Kind::usage, "--raw-csv goes with --format csv"};
  return format;
}

Result<ExitCode> deliver(const std::string& text, const Arguments& arguments, Context& context) {
  if (const auto path = arguments.value("output")) {
    const auto written = write_file(*path, text);
    if (!written) return written.error();
  } else {
    context.out.write(text);
  }
  return ExitCode::done;
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  if (arguments.has("list")) return list(context), ExitCode::done;
  if (arguments.has("schema")) return context.out.write(report_schema()), ExitCode::done;
  auto request = requested(arguments);
  if (!request) return request.error();
  const auto format = chosen_format(arguments, context);
  if (!format) return format.error();
  const auto config = require_project(context);
  if (!config) return config.error();
  const auto calendar = Calendar::create(config->project.timezone, config->project.week_start);
  if (!calendar) return calendar.error();
  const WindowWords words{arguments.value("since"), arguments.value("until"),
                          arguments.value("last")};
  if (const auto checked = parse_window(words, *calendar, std::nullopt, context.clock()); !checked)
    return checked.error();

  const auto files = load_user_files(config->files, *calendar);
  if (!files) return files.error();
  const auto store = open_store(config->store_path, StoreUse::read);
  if (!store) return store.error();
  const auto window = chosen_window(words, **store, context, *calendar);
  if (!window) return window.error();
  request->window = *window;
  request->compare = arguments.value("compare") == "previous";
  request->now = context.now.value_or(window->end);
  request->expected_generation = present_generation(context, *config);
  auto audits = read_audits(config->store_path);
  if (!audits) return audits.error();
  request->audits = std::move(*audits);

  const auto report = make_report(**store, config->project, *files, *request);
  if (!report) return report.error();
  const bool to_terminal = !arguments.has("output");
  const auto text = render_report(*report, *format,
                                  {.width = to_terminal ? context.terminal.width : 80,
                                   .colour = to_terminal && context.terminal.colour,
                                   .raw_csv = arguments.has("raw-csv")});
  if (!text) return text.error();
  return deliver(*text, arguments, context);
}

}  // namespace

CommandDetails describe_report() {
  return {.operands = "[VIEW...]",
          .max_operands = any_number,
          .description =
              "Measures a window of the stored posts and shows it by stage: planning, presence, "
              "engagement, formalized,\n"
              "strategic, converged; VIEWs choose some of them. Reads only, also while an ingest "
              "is at work. Without --since,\n"
              "--until or --last it is about the 30 days that end now; if nothing that new is "
              "stored, as with an imported\n"
              "archive, about all posts, and says so on stderr. --now is what counts as now, and "
              "decides what is still\n"
              "unanswered; without it that is the window's end.",
          .example =
              "earshot report planning engagement --since 2026-08-01 --until 2026-09-01 --compare "
              "previous",
          .options = options,
          .run = run,
          .operand_choices = [] { return view_names(); }};
}

}  // namespace earshot
