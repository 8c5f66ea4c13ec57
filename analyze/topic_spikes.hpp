#pragma once

#include <span>
#include <string>
#include <vector>

#include "analyze/metric.hpp"
#include "analyze/spikes.hpp"

namespace earshot {

/// Something on a topic that stood out: spike hours of one topic that follow each other without a
/// break are one.
struct TopicSpike {
  EntityIndex topic = no_entity;
  Instant begin;  ///< Of its first hour.
};

/// Those of all topics in the window, by topic in the order of the config, oldest first.
std::vector<TopicSpike> topic_spikes(const MetricInput& input, Heard what);

/// Why there are none: no topic, too short a history, or a calm window. `thing` names them: "spike
/// of complaints".
std::string why_no_spikes(const MetricInput& input, std::string_view thing);

/// The own items of the window from this instant on, oldest first.
std::span<const OwnItem> own_since(const Tallies& tallies, Instant begin);

/// True for an own item, or an answer, that matches the topic.
bool is_own_on(const OwnItem& item, EntityIndex topic);

}  // namespace earshot
