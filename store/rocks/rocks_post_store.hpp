#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

struct RocksOptions {
  enum class Access { read, write };
  Access access = Access::write;
  bool create = false;  ///< Make the store if there is none.
  std::uint64_t reserve_bytes = 256ULL
                                << 20;  ///< Refuse to write with less free space on the disk.
  std::uint64_t (*id_hash)(std::string_view network,
                           std::string_view native_id) = post_id_hash;  ///< Tests force collisions.
};

/// Opens the embedded store at `path`. Errors: `store_missing`, `store_locked` (names the process
/// that holds it), `store_damaged`, `store_full`, `store_newer`. See `store/README.md` for the
/// bytes on disk.
Result<std::unique_ptr<PostStore>> open_rocks_store(const std::string& path,
                                                    const RocksOptions& options);

}  // namespace earshot
