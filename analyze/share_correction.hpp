#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analyze/audit.hpp"
#include "analyze/statistics.hpp"

namespace earshot {

/// An estimate with its interval.
struct Estimate {
  double value = 0;
  Interval interval;
};

/// Shares of sentiment as they would be without the errors of the labels.
struct CorrectedShares {
  std::array<Estimate, 3> share;  ///< Negative, neutral, positive; each 0 to 1, together 1.
  Estimate net;                   ///< Positive minus negative, -1 to 1.
  std::optional<Estimate> polar;  ///< The same of those that take a side; nothing if none does.
};

/// Corrects counts of posts by sentiment for what an audit found of the errors of the labels: the
/// shares p for which the labels would give the shares q that were counted, M p = q, where M says
/// how often a post of each true class is given each label. What falls below 0 is 0, and the rest
/// is scaled to 1. Holds as far as M stays what it was in the audit, whatever the shares are.
/// Immutable; safe to share between threads; the same audit and counts give the same bytes.
///
/// The interval is a percentile bootstrap of 1,000 rounds: the rows of the audit are drawn anew
/// within each label, the counts vary as those of a sample of their size. It is never narrower
/// than that of the plain share.
///
/// Source: Forman, "Quantifying counts and costs via classification" (Data Mining and Knowledge
/// Discovery 2008), adjusted count, for three classes; Efron & Tibshirani, "An Introduction to the
/// Bootstrap" (1993), the percentile interval.
class ShareCorrection {
 public:
  using Matrix = std::array<std::array<double, 3>, 3>;

  /// Audits under this many posts of a true class say too little of how it is labelled.
  static constexpr std::uint64_t least_rows = 5;
  /// An inverse of M that makes an error larger than so many times corrects nothing.
  static constexpr double largest_gain = 10;

  explicit ShareCorrection(const Audit& audit);

  const Audit& audit() const { return audit_; }

  /// Why nothing is corrected; empty if it is: "it has 3 negative posts, and needs 5 of each
  /// kind", "the labels tell the three kinds apart too badly".
  const std::string& why_not() const { return why_not_; }

  /// Nothing where there is a reason (`why_not`), or without posts.
  std::optional<CorrectedShares> correct(const SentimentCounts& counts) const;

 private:
  void add_rounds();

  Audit audit_;
  std::string why_not_;
  Matrix inverse_{};
  std::vector<Matrix> rounds_;  // inverses of the matrices of the bootstrap
};

}  // namespace earshot
