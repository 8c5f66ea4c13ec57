#pragma once

#include <memory>

#include "store/post_store.hpp"

namespace earshot {

/// Keeps everything in ordered maps: the plainest honest implementation, which tests use and
/// compare the others with.
std::unique_ptr<PostStore> make_memory_store();

}  // namespace earshot
