#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "store/post.hpp"

namespace earshot::rocks {

/// The content hashes of the blocks that were read last, so that labels for them need not read
/// their texts again. Blocks don't hold these hashes: they would be a twelfth of it, and nothing
/// else needs them. For several threads: a scan may go on while blocks are written again.
class ContentCache {
 public:
  /// By row of the block.
  using Contents = std::shared_ptr<const std::vector<std::uint64_t>>;

  /// To be asked before a block is read, and told with what was read.
  std::uint64_t epoch() const {
    const std::lock_guard lock{mutex_};
    return epoch_;
  }

  /// Does nothing if blocks were written since that epoch: then it may be an older one.
  void keep(const PostKey& block, Contents contents, std::uint64_t epoch) {
    const std::lock_guard lock{mutex_};
    if (epoch != epoch_ || !contents_.insert_or_assign(block, std::move(contents)).second) return;
    order_.push_back(block);
    if (order_.size() <= most) return;
    contents_.erase(order_.front());
    order_.pop_front();
  }
  /// Null if they are not kept.
  Contents find(const PostKey& block) const {
    const std::lock_guard lock{mutex_};
    const auto found = contents_.find(block);
    return found == contents_.end() ? nullptr : found->second;
  }
  /// After blocks were written.
  void clear() {
    const std::lock_guard lock{mutex_};
    ++epoch_;
    contents_.clear();
    order_.clear();
  }

 private:
  static constexpr std::size_t most = 64;
  mutable std::mutex mutex_;
  std::uint64_t epoch_ = 0;
  std::map<PostKey, Contents> contents_;
  std::deque<PostKey> order_;
};

}  // namespace earshot::rocks
