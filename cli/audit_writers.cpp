#include "cli/audit_writers.hpp"

#include <array>

#include <fmt/format.h>

#include "cli/json_object.hpp"
#include "cli/numbers.hpp"

namespace earshot {

namespace {

constexpr std::array<Sentiment, 3> sentiments{Sentiment::negative, Sentiment::neutral,
                                              Sentiment::positive};

std::string percent(double share) {
  return fmt::format("{:.1f} %", share * 100);
}

std::string with_interval(const Estimate& estimate) {
  return fmt::format("{} ({:.1f} to {:.1f})", percent(estimate.value), estimate.interval.low * 100,
                     estimate.interval.high * 100);
}

/// The share as it is counted, with Wilson's interval; nothing of an empty stream.
std::optional<Estimate> plain_share(const Audit& audit, std::size_t place) {
  const auto all = sum_of(audit.frame.stream);
  const auto interval = wilson_interval(audit.frame.stream[place], all);
  if (!interval) return {};
  return Estimate{static_cast<double>(audit.frame.stream[place]) / static_cast<double>(all),
                  *interval};
}

void append_confusion(std::string& out, const AuditResult& result) {
  const auto& audit = result.audit;
  out +=
      "\nshare of the stream by label (rows) and by what people say (columns)\n"
      "             posts  audited   negative    neutral   positive  precision\n";
  for (std::size_t given = 0; given < 3; ++given) {
    fmt::format_to(std::back_inserter(out), "{:<8}  {:>8}  {:>7}", name_of(sentiments[given]),
                   grouped(audit.frame.stream[given]), grouped(sum_of(audit.rows[given])));
    for (std::size_t truth = 0; truth < 3; ++truth)
      fmt::format_to(std::back_inserter(out), "  {:>9}",
                     percent(result.score.confusion[given][truth]));
    fmt::format_to(std::back_inserter(out), "  {:>9.3f}\n", result.score.precision[given]);
  }
  fmt::format_to(std::back_inserter(out), "{:<27}", "recall");
  for (const auto recall : result.score.recall)
    fmt::format_to(std::back_inserter(out), "  {:>9.3f}", recall);
  out += '\n';
}

void append_shares(std::string& out, const AuditResult& result) {
  fmt::format_to(std::back_inserter(out), "\n{:<8}  {:<24}  {}\n", "share", "as counted",
                 "corrected");
  for (std::size_t place = 0; place < 3; ++place) {
    const auto plain = plain_share(result.audit, place);
    fmt::format_to(std::back_inserter(out), "{:<8}  {:<24}  {}\n", name_of(sentiments[place]),
                   plain ? with_interval(*plain) : "-",
                   result.corrected ? with_interval(result.corrected->share[place]) : "-");
  }
}

std::string json_estimate(const Estimate& estimate) {
  return fmt::format("{{\"share\":{:.4f},\"low\":{:.4f},\"high\":{:.4f}}}", estimate.value,
                     estimate.interval.low, estimate.interval.high);
}

/// {"negative":...,"neutral":...,"positive":...}
template <class Value>
std::string by_sentiment(Value value) {
  std::string out;
  JsonObject object{out};
  for (std::size_t place = 0; place < 3; ++place)
    object.raw(name_of(sentiments[place]), value(place));
  object.end();
  return out;
}

}  // namespace

AuditResult result_of(const Audit& audit) {
  AuditResult result;
  result.audit = audit;
  result.score = score_audit(audit);
  const ShareCorrection correction{audit};
  result.corrected = correction.correct(audit.frame.stream);
  result.why_not = correction.why_not();
  return result;
}

std::string audit_text(const AuditResult& result, const std::string& since,
                       const std::string& until) {
  std::string out = fmt::format("{} labelled by people, of {} from {} to {}\n",
                                counted(result.audit.n(), "post", "posts"),
                                grouped(sum_of(result.audit.frame.stream)), since, until);
  if (result.unlabelled > 0)
    out += fmt::format("left out: {} without a label\n", counted(result.unlabelled, "row", "rows"));
  if (result.by_hand > 0)
    out += fmt::format("left out: {} corrected by hand since\n",
                       counted(result.by_hand, "post", "posts"));
  out += fmt::format(
      "\naccuracy {:.3f} (standard error {:.3f}), macro recall {:.3f}, weighted as in the stream\n",
      result.score.accuracy, result.score.accuracy_error, result.score.macro_recall);
  append_confusion(out, result);
  append_shares(out, result);
  out += result.why_not.empty()
             ? "\nReports on these labels correct their shares by this audit.\n"
             : fmt::format("\nReports do not correct shares by this audit: {}.\n", result.why_not);
  return out;
}

std::string audit_json(const AuditResult& result) {
  const auto& frame = result.audit.frame;
  const auto& score = result.score;
  std::string out;
  JsonObject object{out};
  object.text("generation", fmt::format("{:016x}", frame.generation)).time("at", result.audit.at);
  object.time("since", frame.window.begin).time("until", frame.window.end);
  object.number("audited", result.audit.n()).number("unlabelled", result.unlabelled);
  object.number("by_hand", result.by_hand);
  object.raw("accuracy", fmt::format("{:.4f}", score.accuracy));
  object.raw("accuracy_error", fmt::format("{:.4f}", score.accuracy_error));
  object.raw("macro_recall", fmt::format("{:.4f}", score.macro_recall));
  const auto list = [&](const std::array<double, 3>& values) {
    return by_sentiment([&](std::size_t place) { return fmt::format("{:.4f}", values[place]); });
  };
  const auto counts = [&](const SentimentCounts& values) {
    return by_sentiment([&](std::size_t place) { return fmt::format("{}", values[place]); });
  };
  object.raw("precision", list(score.precision)).raw("recall", list(score.recall));
  object.raw("stream", counts(frame.stream));
  object.raw("rows",
             by_sentiment([&](std::size_t place) { return counts(result.audit.rows[place]); }));
  object.raw("confusion",
             by_sentiment([&](std::size_t place) { return list(score.confusion[place]); }));
  object.raw("counted", by_sentiment([&](std::size_t place) {
               const auto plain = plain_share(result.audit, place);
               return plain ? json_estimate(*plain) : std::string{"null"};
             }));
  object.raw("corrected", !result.corrected ? "null" : by_sentiment([&](std::size_t place) {
               return json_estimate(result.corrected->share[place]);
             }));
  object.text_or_null("why_not", result.why_not).end();
  return out + "\n";
}

}  // namespace earshot
