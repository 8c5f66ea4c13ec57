#pragma once

#include <functional>
#include <span>

#include "store/facts.hpp"
#include "store/post_store.hpp"

namespace earshot {

using VisitItem = std::function<void(const Fact&, std::span<const EntityLabel>)>;

/// Calls `visit` for the items of a window, oldest first, numbered as the request's entities and
/// collapsed as in its tallies; the request's own window and filters are not looked at. Errors: the
/// store's.
Result<Done> for_each_item(const PostStore& store, const TallyRequest& request, Window window,
                           const VisitItem& visit);

}  // namespace earshot
