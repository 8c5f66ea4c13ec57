#pragma once

#include <memory>

#include "store/memory_post_store.hpp"
#include "store/rocks/rocks_post_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace earshot {

/// A store of its own for one test: for `TEST_CASE_TEMPLATE(..., Store, InMemory, OnDisk)`.
struct InMemory {
  std::unique_ptr<PostStore> store = make_memory_store();
};
struct OnDisk {
  TemporaryFolder folder;
  std::unique_ptr<PostStore> store =
      *open_rocks_store(folder / "store", {.create = true, .reserve_bytes = 0});
};

inline const Window all_time{from_unix(-1'000'000'000), from_unix(4'000'000'000)};

}  // namespace earshot
