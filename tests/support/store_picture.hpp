#pragma once

#include <string>
#include <vector>

#include "store/post_store.hpp"

namespace earshot::test {

/// Everything that a store says, a line each: two stores that hold the same say the same.
struct StorePicture {
  std::vector<std::string> posts;      ///< As a scan gives them, with labels.
  std::vector<std::string> looked_up;  ///< Some of them once more, by their keys.
  std::vector<std::string> parts;      ///< What scans with each filter find.
  std::vector<std::string> facts;      ///< Of all times.
  std::vector<std::string> totals;     ///< Counters, generations, span and names of channels.
};

/// Asks for all of it. Checks that the store can answer.
StorePicture picture_of(const PostStore& store);

/// The first line in which they differ, of both; empty if there is none.
std::string difference(const StorePicture& left, const StorePicture& right);

/// Whether both stores give the same tallies, and if not, of which table; empty if they do.
std::string tally_difference(const PostStore& left, const PostStore& right,
                             const TallyRequest& request);

}  // namespace earshot::test
