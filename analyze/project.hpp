#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/labels.hpp"

namespace earshot {

/// An account of the brand or of a competitor. Compared without case, against author id and author
/// name.
struct Handle {
  std::string name;     ///< Without "@".
  std::string network;  ///< Empty: on any.
  std::string role;     ///< "support", "executive", ...
  std::string department;
};

/// The brand or a competitor.
struct Party {
  std::string name;
  std::string query;
  std::vector<Handle> handles;
  std::vector<std::string> affiliates;  ///< Handles of staff and paid partners: never advocates.
};

struct Topic {
  std::string name;
  std::string query;
  std::string department;
};

/// Opening hours on each weekday, Monday first; minutes since local midnight, `from == to` for
/// closed.
struct BusinessHours {
  struct Span {
    int from = 0;
    int to = 24 * 60;
  };
  std::array<Span, 7> days;
};

struct InboxRules {
  std::chrono::seconds horizon{std::chrono::days{7}};
  std::array<std::chrono::seconds, 3> sla{std::chrono::hours{4}, std::chrono::hours{24},
                                          std::chrono::hours{48}};  ///< By priority 1, 2, 3.
  std::string urgent;  ///< Query: what it matches has priority 1.
  std::optional<BusinessHours> business_hours;
};

/// A goal the business has, and what measures it.
struct Objective {
  std::string name;
  std::string metric;  ///< Name of a metric; or
  std::string query;   ///< a boolean query.
  std::optional<double> target;
  std::string by;  ///< Date, for people.
};

/// What the config says about the business: all that labels and reports depend on.
struct Project {
  std::string name = "earshot";
  std::string timezone = "UTC";
  int week_start = 1;  ///< ISO weekday: 1 is Monday.
  Party brand;
  std::vector<Party> competitors;
  std::vector<Topic> topics;
  std::vector<std::string> channels;  ///< Declared own channels, by name.
  InboxRules inbox;
  std::vector<Objective> objectives;
  /// Metric name to the value that meets its criterion; defaults are ours.
  std::map<std::string, double> thresholds;
  std::uint64_t minimum_n = 30;  ///< Below this a report shows counts and posts, not a percentage.
};

/// Brand first, then competitors, then topics: the numbering of every `EntityIndex` made from this
/// project.
std::vector<Entity> entities_of(const Project& project);

/// The hash of what labels depend on: queries, handles, inbox rules. Not of names shown, time zone
/// or thresholds.
std::uint64_t labelling_hash(const Project& project);

}  // namespace earshot
