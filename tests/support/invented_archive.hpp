#pragma once

#include <cstdint>
#include <string>

#include "store/base/time.hpp"

namespace earshot::test {

/// A post of a corner shop's archive that nobody wrote. Ids are "p0", "p1", ...
struct InventedPost {
  std::uint64_t number = 0;
  std::string author;
  std::string text;
  Instant at{};
  std::int64_t parent = -1;  ///< Number of the post that it answers; -1 for none.
  std::int64_t likes = -1;   ///< -1 where it is not said.
};

/// Numbers by chance, the same on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_{seed} {}

  std::uint64_t below(std::uint64_t limit) { return next() % limit; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t next();
  std::uint64_t state_;
};

/// The archive: posts of 120 days from 2026-01-01 on, nearly in the order of time, a few of them
/// late; people who ask, praise and complain, and a shop ("corner") that answers some.
class InventedArchive {
 public:
  static constexpr int days = 120;

  InventedArchive(std::uint64_t seed, std::uint64_t posts) : seed_{seed}, posts_{posts} {}

  std::uint64_t size() const { return posts_; }

  /// The post of that number, below `size`, as it was first written.
  InventedPost post(std::uint64_t number) const;

  /// Something that one of its authors could have written.
  static std::string text(Chance& chance);

 private:
  std::uint64_t seed_;
  std::uint64_t posts_;
};

/// The id of a post, "p17".
std::string invented_id(std::uint64_t number);

/// Appends the post as a JSON line, for the layout of `invented_mapping`.
void append_json_line(std::string& out, const InventedPost& post);

/// A mapping file for such lines, which were exported `as_of` then.
std::string invented_mapping(Instant as_of);

/// The config of the shop. With another version other posts are about its topic.
std::string invented_config(int version);

}  // namespace earshot::test
