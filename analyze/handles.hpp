#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyze/project.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

/// A handle as it is compared: without "@", in folded case.
std::string folded_handle(std::string_view name);

/// For whom an author speaks; the first such party in the order of `entities_of`.
struct Authorship {
  EntityIndex owner = no_entity;      ///< The author is a handle of this party.
  EntityIndex affiliate = no_entity;  ///< The author is listed as staff or paid by this party.
};

/// The handles and affiliates of the brand and the competitors. Immutable; may be shared by
/// threads.
class HandleTable {
 public:
  explicit HandleTable(const Project& project);

  /// Buffers between calls, so that looking up allocates nothing; one a thread.
  struct Scratch {
    std::string name;
    std::string network;
  };

  /// Compares author id and author name with the handles, without case and "@", and the network
  /// where the handle names one.
  Authorship authorship(const Post& post, Scratch& scratch) const;

 private:
  struct Row {
    std::string name;     ///< Folded.
    std::string network;  ///< Folded; empty for any.
    EntityIndex party = no_entity;
    bool owned = false;  ///< A handle, not an affiliate.
  };
  void look_up(std::string_view author, const Post& post, Scratch& scratch,
               Authorship& found) const;

  std::vector<Row> rows_;  ///< Sorted by name.
};

}  // namespace earshot
