#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace earshot {

/// Rows in the order in which they were added, for millions of small ones: never copied while they
/// grow, so that there is never a second copy of them.
template <class Row>
class ChunkedRows {
 public:
  void push_back(const Row& row) {
    if (size_ % chunk == 0) chunks_.push_back(std::make_unique<Row[]>(chunk));
    (*this)[size_++] = row;
  }

  Row& operator[](std::size_t at) { return chunks_[at / chunk][at % chunk]; }
  const Row& operator[](std::size_t at) const { return chunks_[at / chunk][at % chunk]; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  static constexpr std::size_t chunk = 1 << 14;
  std::vector<std::unique_ptr<Row[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace earshot
