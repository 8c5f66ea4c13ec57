#include "analyze/highlights.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace earshot {

namespace {

constexpr std::size_t most_highlights = 5;

/// By use to who has to act.
constexpr std::array<std::string_view, 14> by_use{"backlog",           "response_rate",
                                                  "unanswered_demand", "advocate_acknowledgement",
                                                  "open_leads",        "first_response_time",
                                                  "net_advocacy",      "complaint_share",
                                                  "share_of_voice",    "topic_trend",
                                                  "net_sentiment",     "question_share",
                                                  "listening_volume",  "coverage"};

}  // namespace

std::vector<std::string> choose_highlights(const std::vector<ReportMetric>& metrics) {
  std::vector<std::string> sentences;
  for (const auto name : by_use) {
    const auto found = std::ranges::find(metrics, name, &ReportMetric::name);
    if (found == metrics.end() || found->sentence.empty()) continue;
    const bool nothing = found->figure.unit == "items" && found->figure.value == "0";
    if (nothing) continue;  // there is nothing to do
    sentences.push_back(found->sentence);
    if (sentences.size() == most_highlights) break;
  }
  return sentences;
}

}  // namespace earshot
