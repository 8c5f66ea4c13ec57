#pragma once

#include <optional>
#include <string>

#include "analyze/audit.hpp"
#include "analyze/share_correction.hpp"

namespace earshot {

/// What `earshot audit score` shows.
struct AuditResult {
  Audit audit;
  AuditScore score;
  std::size_t unlabelled = 0;  ///< Rows of the sheet without a label.
  std::size_t by_hand = 0;     ///< Rows left out: labelled by hand since.
  std::optional<CorrectedShares> corrected;
  std::string why_not;  ///< Why there are no corrected shares.
};

/// Scores an audit, and corrects the shares of its own window.
AuditResult result_of(const Audit& audit);

/// Tables for people, 80 columns wide at most. `since` and `until` are the local days of the
/// window.
std::string audit_text(const AuditResult& result, const std::string& since,
                       const std::string& until);

/// One JSON object, for scripts. Shares are 0 to 1.
std::string audit_json(const AuditResult& result);

}  // namespace earshot
