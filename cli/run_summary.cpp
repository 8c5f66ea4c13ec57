#include "cli/run_summary.hpp"

#include "cli/collecting.hpp"
#include "cli/json_object.hpp"
#include "cli/signals.hpp"
#include "store/base/file.hpp"

namespace earshot {

RunSummary::RunSummary(std::string command, std::optional<std::string> path, const Context& context)
    : command_{std::move(command)}, path_{std::move(path)}, now_{context.clock()} {}

void RunSummary::add(std::span<const SourceOutcome> outcomes) {
  sources_ = "[";
  for (const auto& outcome : outcomes) {
    if (sources_.size() > 1) sources_ += ',';
    append_summary(sources_, outcome);
  }
  sources_ += ']';
}

void RunSummary::add_labelled(std::uint64_t posts, std::uint64_t stale) {
  labelled_ = {posts, stale};
}

Result<ExitCode> RunSummary::finish(const Result<ExitCode>& result) {
  if (!path_) return result;
  const int signal = pending_signal();
  const int code = signal != 0 ? 128 + signal
                               : static_cast<int>(result ? *result : exit_code_of(result.error()));
  std::string json;
  JsonObject object{json};
  object.number("schema", 1)
      .text("earshot", earshot_version())
      .text("command", command_)
      .time("started", now_);
  object.number("exit_code", static_cast<std::uint64_t>(code))
      .text_or_null("error", result ? "" : result.error().message);
  object.raw("sources", sources_);
  if (labelled_) object.number("labelled", labelled_->first).number("stale", labelled_->second);
  object.end();
  const auto written = write_file(*path_, json + "\n");
  if (written || !result) return result;
  return written.error();
}

}  // namespace earshot
