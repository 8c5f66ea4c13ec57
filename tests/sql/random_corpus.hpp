#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "store/post_store.hpp"

namespace earshot::test {

/// A project with every kind of entity: brand, two competitors, topics, and what tags posts.
std::vector<Entity> random_entities();

/// A store in memory with what small real corpora have too little of: 3,000 posts of sixty days
/// from 2026-01-01 on, and a few of the 400 days before, with labels drawn at random, by two
/// generations that number entities differently; replies before their parents, to posts that are
/// not stored, in circles; moments that many share; posts without author or labels; polls that
/// failed or overflowed. The same seed gives the same store.
std::unique_ptr<PostStore> make_random_store(std::uint64_t seed);

/// The horizon that leaves some of its answers late.
inline constexpr std::chrono::hours random_horizon{36};

}  // namespace earshot::test
