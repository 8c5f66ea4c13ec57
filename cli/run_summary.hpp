#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "ingest/collector.hpp"

namespace earshot {

/// What a run did, for --summary-file: one JSON object, written at the end, whatever the end is.
/// Members are only ever added; "schema" counts the times when one had to change.
class RunSummary {
 public:
  /// Without a path it writes nothing.
  RunSummary(std::string command, std::optional<std::string> path, const Context& context);

  void add(std::span<const SourceOutcome> outcomes);
  void add_labelled(std::uint64_t posts, std::uint64_t stale);

  /// Writes the file and hands the result on; a file that can't be written makes it a failure.
  Result<ExitCode> finish(const Result<ExitCode>& result);

 private:
  std::string command_;
  std::optional<std::string> path_;
  Instant now_;
  std::string sources_ = "[]";
  std::optional<std::pair<std::uint64_t, std::uint64_t>> labelled_;
};

}  // namespace earshot
