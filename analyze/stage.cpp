#include "analyze/stage.hpp"

#include <array>

namespace earshot {

namespace {

constexpr double day = 86'400;

/// The default thresholds, all in one place. A project overrides them under [thresholds].
constexpr std::array all_criteria{
    // Planning: are you listening, to all of it, and to whom else people talk about?
    Criterion{Stage::planning, "listening_volume", true, 30},  // enough to say anything in percent
    Criterion{Stage::planning, "coverage", true, 0.9},         // a tenth of the hours may be lost
    Criterion{Stage::planning, "share_of_voice", true, 0.1},   // people know the brand's name
    Criterion{Stage::planning, "question_share", true, 0.01},  // questions are heard at all
    Criterion{Stage::planning, "competitor_audit", true, 1},   // a competitor is watched at work
    // Presence: is there a voice, where it was declared, and does anything come back?
    Criterion{Stage::presence, "cadence", true, 1},  // a post a week
    Criterion{Stage::presence, "channel_activation", true, 0.8},
    Criterion{Stage::presence, "amplification", true, 0.1},  // every tenth post is shared
    Criterion{Stage::presence, "applause", true, 1},         // a like a post
    Criterion{Stage::presence, "objective_content", true, 0.3},
    Criterion{Stage::presence, "account_sprawl", false, 2},  // forgotten or posing accounts
    // Engagement: do people get an answer, soon, and do they talk and recommend?
    Criterion{Stage::engagement, "response_rate", true, 0.8},
    Criterion{Stage::engagement, "first_response_time", false, day},
    Criterion{Stage::engagement, "conversation_rate", true, 0.5},
    Criterion{Stage::engagement, "net_advocacy", true, 0},    // not more warn than recommend
    Criterion{Stage::engagement, "dialogue_depth", true, 2},  // somebody says something back
    // Formalized: does the service keep its word?
    Criterion{Stage::formalized, "sla_attainment", true, 0.8},
    Criterion{Stage::formalized, "escalation_time", false, 4 * 3600},
    Criterion{Stage::formalized, "policy_conformance", true, 0.95},
    Criterion{Stage::formalized, "routing_coverage", true, 0.6},
    Criterion{Stage::formalized, "responder_concentration", false, 0.8},  // not one account alone
    Criterion{Stage::formalized, "service_consistency", false, day},
    // Strategic: do the departments take part, and is there something in it for the objectives?
    Criterion{Stage::strategic, "department_participation", true, 0.6},
    Criterion{Stage::strategic, "department_spread", true, 2},
    Criterion{Stage::strategic, "department_listening", true, 0.5},
    Criterion{Stage::strategic, "objective_signal", true, 30},
    Criterion{Stage::strategic, "executive_voice", true, 0.02},
    // Converged: is it the same everywhere, all the time, and to one end?
    Criterion{Stage::converged, "channel_parity", true, 0.7},
    Criterion{Stage::converged, "continuity", true, 0.9},
    Criterion{Stage::converged, "objective_measurability", true, 0.8},
    Criterion{Stage::converged, "department_spread", true, 2},
};

}  // namespace

std::string_view name_of(Stage stage) {
  static constexpr std::array<std::string_view, stage_count> names{
      "planning", "presence", "engagement", "formalized", "strategic", "converged"};
  return names[static_cast<std::size_t>(stage)];
}

std::span<const Criterion> criteria() {
  return all_criteria;
}

double threshold_of(const Criterion& criterion, const Project& project) {
  const auto found = project.thresholds.find(std::string{criterion.metric});
  return found == project.thresholds.end() ? criterion.threshold : found->second;
}

}  // namespace earshot
