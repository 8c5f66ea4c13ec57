#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/audit.hpp"
#include "store/base/result.hpp"

namespace earshot {

// What is known of the errors of a store's labels: one audit for each generation that was audited,
// in a file of the store's folder.
//
//     earshot audits 1
//     a3f200000000beef 2026-09-02T08:00:00Z 80 10 10 10 80 10 10 10 80 2026-08-01T00:00:00Z
//     2026-09-01T00:00:00Z 100 800 100
//
// Each audit is one line: generation, when it was scored, counts by label and true class, window,
// posts of the window by label.

/// "a3f200000000beef 2026-08-01T00:00:00Z 2026-09-01T00:00:00Z 100 800 100": what a sample was
/// drawn from, as a sheet says it in each row.
std::string format_frame(const AuditFrame& frame);

/// Nothing for what `format_frame` has not written.
std::optional<AuditFrame> parse_frame(std::string_view text);

std::string format_audits(std::span<const Audit> audits);

/// Error `format`: "line 3 is not of an audit".
Result<std::vector<Audit>> parse_audits(std::string_view bytes);

/// The audits of the store in that folder; none where nobody has scored one. Errors: `io`;
/// `format`, with the path and what to do.
Result<std::vector<Audit>> read_audits(const std::string& store);

/// Keeps an audit, in place of the one of the same generation. Errors as above.
Result<Done> keep_audit(const std::string& store, const Audit& audit);

}  // namespace earshot
