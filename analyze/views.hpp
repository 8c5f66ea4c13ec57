#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "analyze/stage.hpp"

namespace earshot {

/// A way to look at the metrics: a stage, a component or a phase of a published model.
struct View {
  std::string_view name;                  ///< "planning", "cisco_intelligence", ...
  std::string_view title;                 ///< "Planning"
  std::string_view model;                 ///< "Altimeter's stages"
  std::string_view question;              ///< What it asks, in plain words.
  std::vector<std::string_view> metrics;  ///< Numbers, in the order in which they are shown.
  std::string_view needs;                 ///< What posts cannot show.
  std::optional<Stage> stage = {};
};

/// All views, the six stages first.
const std::vector<View>& views();

/// The view of that name, or all views of a model ("altimeter", "cisco", "wenger", "owyang",
/// "visible"), without case; empty if there is none.
std::vector<const View*> find_views(std::string_view name);

/// The name of the model that the view belongs to, as in `find_views`.
std::string_view model_key(const View& view);

}  // namespace earshot
