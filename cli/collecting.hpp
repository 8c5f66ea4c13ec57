#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "cli/fetching.hpp"
#include "ingest/collector.hpp"

namespace earshot {

struct CollectingOptions {
  bool due_only = true;
  bool allow_private = false;  ///< Connect to private addresses too.
  FetchConfig fetch = {};
};

/// Collects with a progress bar, until all is done or a signal asks to stop. Outcomes are in the
/// order of `sources`.
Result<std::vector<SourceOutcome>> collect_sources(PostStore& store,
                                                   std::span<const SourceConfig> sources,
                                                   const CollectingOptions& options,
                                                   Context& context);

/// "support_2017.csv: 5,000 rows, 5,000 new, 0 repeats": zeros other than new and repeats are left
/// out.
std::string summary_line(const SourceOutcome& outcome);

/// Says on stderr why a source failed and which of its lines were bad, the first 20 of them.
void complain(const SourceOutcome& outcome, const SourceConfig& source, Console& console);

/// 3 if any source or line failed, else 0.
ExitCode exit_code_of(std::span<const SourceOutcome> outcomes);

/// The same as a JSON object, for --summary-file.
void append_summary(std::string& out, const SourceOutcome& outcome);

}  // namespace earshot
