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
    // Presence: is there a voice, where it was declared, and does anything come back?
    Criterion{Stage::presence, "cadence", true, 1},  // a post a week
    Criterion{Stage::presence, "channel_activation", true, 0.8},
    Criterion{Stage::presence, "amplification", true, 0.1},  // every tenth post is shared
    Criterion{Stage::presence, "applause", true, 1},         // a like a post
    // Engagement: do people get an answer, soon, and do they talk and recommend?
    Criterion{Stage::engagement, "response_rate", true, 0.8},
    Criterion{Stage::engagement, "first_response_time", false, day},
    Criterion{Stage::engagement, "conversation_rate", true, 0.5},
    Criterion{Stage::engagement, "net_advocacy", true, 0},  // not more warn than recommend
    // Formalized: does the service keep its word?
    Criterion{Stage::formalized, "sla_attainment", true, 0.8},
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
