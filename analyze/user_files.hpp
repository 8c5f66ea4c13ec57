#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/base/time.hpp"

namespace earshot {

// What posts cannot show, as the user's own tables tell it. One row a line of the file, in the
// order of the file; numbers that a line leaves out are nothing, never 0. A row that stands for a
// whole day is dated by the local midnight at which that day begins.

/// exposure(date, channel, account, views)
struct ExposureRow {
  Instant day;
  std::string channel, account;
  std::optional<double> views;
};

/// traffic(date, source, visits, conversions, value): visits that came from social channels.
struct TrafficRow {
  Instant day;
  std::string source;  ///< "advocacy" for visits by advocates' links, else a channel.
  std::optional<double> visits, conversions, value;
};

/// cases(post_url, opened, resolved, satisfied): service cases; those of other channels have no
/// post.
struct CaseRow {
  std::string post_url;
  std::optional<Instant> opened, resolved;
  std::optional<bool> satisfied;
};

/// survey(date, kind, score)
struct SurveyRow {
  Instant day;
  std::string kind;  ///< "satisfaction", ...
  std::optional<double> score;
};

/// followers(date, account, count)
struct FollowersRow {
  Instant day;
  std::string account;
  std::optional<double> count;
};

/// staff(handle, department, trained, from)
struct StaffRow {
  std::string handle, department;
  bool trained = false;
  std::optional<Instant> from;  ///< Trained since.
};

/// spend(date, item, cost, hours)
struct SpendRow {
  Instant day;
  std::string item;
  std::optional<double> cost, hours;
};

/// milestones(date, kind, note)
struct MilestoneRow {
  Instant day;
  std::string kind;  ///< "launch", "fix", "shipped", "pilot", "steering", ...
  std::string note;  ///< Of a fix or a shipped idea: the topic that it is about.
};

/// All of them; a file that the config does not name is nothing, one without lines is empty.
struct UserFiles {
  std::optional<std::vector<ExposureRow>> exposure;
  std::optional<std::vector<TrafficRow>> traffic;
  std::optional<std::vector<CaseRow>> cases;
  std::optional<std::vector<SurveyRow>> survey;
  std::optional<std::vector<FollowersRow>> followers;
  std::optional<std::vector<StaffRow>> staff;
  std::optional<std::vector<SpendRow>> spend;
  std::optional<std::vector<MilestoneRow>> milestones;
};

}  // namespace earshot
