#pragma once

#include <doctest/doctest.h>
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/raw_archive.hpp"
#include "tests/support/raw_archive_counts.hpp"

namespace earshot::test {

/// A report as its JSON says.
struct Figures {
  explicit Figures(const std::string& json) : document{parser.parse(json)} {}

  simdjson::dom::element metric(std::string_view name) const {
    for (const auto metric : document["metrics"].get_array())
      if (std::string_view{metric["name"]} == name) return metric;
    FAIL("no metric ", std::string{name});
    return {};
  }
  /// One of its "parts" or rows of its "breakdown".
  simdjson::dom::element figure(std::string_view metric_name, std::string_view list,
                                std::string_view name) const {
    for (const auto figure : metric(metric_name)[list].get_array())
      if (std::string_view{figure["name"]} == name) return figure;
    FAIL("no ", std::string{name}, " in ", std::string{metric_name});
    return {};
  }

  simdjson::dom::parser parser;
  simdjson::dom::element document;
};

// Each works a figure out from the counts and holds the report to it.

/// M01 in all, by party and topic, mentions, and how many near-duplicates were collapsed.
void check_volume(const RawCounts& counts, const Figures& report);

/// M01 day by day in New York: a window that begins on that day and does not leave the month.
void check_days(const RawCounts& counts, const Figures& report, int year, int month, int first);

/// M03, with the interval.
void check_share_of_voice(const RawCounts& counts, const Figures& report);

/// M03 by engagement, where the archive knows shares and nothing else.
void check_share_of_shares(const RawCounts& counts, const Figures& report);

/// M05, and M01 by channel.
void check_channels(const RawCounts& counts, const Figures& report);

/// M06 and M07.
void check_voices(const RawCounts& counts, const Figures& report);

/// M25.
void check_regions(const RawCounts& counts, const Figures& report);

/// M40 and M41; `before` is when the window before this one begins.
void check_returning(const RawCounts& counts, const Figures& report, std::int64_t before);

/// M26, with the interval, and M58.
void check_response(const std::vector<RawWait>& inbox, const Figures& report);

/// M27: median with its interval, p90.
void check_waits(const std::vector<RawWait>& inbox, const Figures& report);

/// M28, for targets of 1, 4 and 24 hours.
void check_targets(const RawProject& project, const std::vector<RawWait>& inbox,
                   const Figures& report);

/// M29.
void check_dialogue(const RawCounts& counts, const Figures& report);

/// M44.
void check_responders(const RawCounts& counts, const Figures& report);

/// M59; `mondays` are the whole weeks of the window: the begins of all, and the end of the last.
void check_continuity(const RawCounts& counts, const Figures& report,
                      const std::vector<std::int64_t>& mondays);

/// M64.
void check_reciprocity(const RawArchive& archive, const RawCounts& counts, const Figures& report);

}  // namespace earshot::test
