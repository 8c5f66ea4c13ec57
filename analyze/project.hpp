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
  bool trained = false;  ///< Who answers with it was trained to.
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
  std::string urgent;           ///< Query: what it matches has priority 1.
  std::string in_private;       ///< Query: what it matches is better answered in private.
  double handling_minutes = 5;  ///< It takes to answer one post.
  std::optional<BusinessHours> business_hours;
};

/// A goal the business has, and what measures it.
struct Objective {
  std::string name;
  std::string metric;            ///< Name of a metric; or
  std::string query;             ///< a boolean query.
  std::optional<double> target;  ///< In the base of the metric's unit: shares 0 to 1.
  std::optional<bool> at_most;   ///< Less is better; else as the metric's criterion says.
  std::string by;                ///< Date, for people.
};

/// Something that is tried out for a while, to be decided on then.
struct Pilot {
  std::string name;
  std::string from, to;  ///< Local days, "2026-08-01"; `to` is not in it and empty while it runs.
  std::string query;     ///< What it is about; empty: all about the brand.
  std::string metric;    ///< That is to move; by default the listening volume.
  std::string decision;  ///< What was decided at its end; empty while it is open.
  int limit_days = 90;   ///< By when a decision is due.
};

/// What own posts must or must not say.
struct PolicyRule {
  enum class On { posts, replies, all };
  std::string name;
  std::string query;
  bool forbids = false;  ///< What matches breaks the rule; else what does not.
  On on = On::all;
};

/// A line of the user's table of places: the first whose pattern matches the place of a post names
/// its region.
struct PlaceRule {
  std::string pattern;  ///< A query over the place's text, or "box:SOUTH,WEST,NORTH,EAST".
  std::string region;
};

/// A declared answer to what posts cannot show.
struct ChecklistAnswer {
  std::string question;  ///< Key of a question of `checklist.hpp`.
  std::string answer;
  std::string by;  ///< Who declared it; may be empty.
  std::string on;  ///< Local day on which it was declared.
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
  std::vector<Pilot> pilots;
  std::vector<PolicyRule> policy;
  std::vector<PlaceRule> places;
  std::vector<ChecklistAnswer> checklist;
  /// Metric name to the value that meets its criterion; defaults are ours.
  std::map<std::string, double> thresholds;
  std::uint64_t minimum_n = 30;  ///< Below this a report shows counts and posts, not a percentage.
};

/// Brand first, then competitors, topics, objectives and pilots that have a query, the departments
/// of topics, the regions of places, the rules of the policy: the numbering of every `EntityIndex`
/// made from this project.
std::vector<Entity> entities_of(const Project& project);

/// The names of all departments: of topics, in their order, then of handles.
std::vector<std::string> departments_of(const Project& project);

/// The hash of what labels depend on: queries, handles, inbox rules, places, policy. Not of names
/// shown, time zone or thresholds.
std::uint64_t labelling_hash(const Project& project);

/// The query that finds the posts of an entity; empty where something else tells: of a region its
/// places.
std::string query_of(const Project& project, const Entity& entity);

}  // namespace earshot
