#include "store/audience.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>

namespace earshot {

namespace {

using Share = AuthorShares::Share;

Share share_of(const AuthorRow& row) {
  return {audience_scope_number(row.scope), row.items, row.advocate_items > 0,
          row.detractor_items > 0};
}

template <class Row, class Author>
std::span<const Row> find_part(std::span<const Row> rows, std::size_t part, Author author) {
  const auto begin_of = [&](std::size_t number) {
    return std::ranges::partition_point(rows, [&](const Row& row) {
      return std::invoke(author, row) >> (64 - author_part_bits) < number;
    });
  };
  return {begin_of(part), begin_of(part + 1)};
}

}  // namespace

std::span<const AuthorRow> part_of(std::span<const AuthorRow> rows, std::size_t part) {
  return find_part(rows, part, &AuthorRow::author);
}

std::span<const std::uint64_t> part_of(std::span<const std::uint64_t> authors, std::size_t part) {
  return find_part(authors, part, std::identity{});
}

AuthorShares shares_of(std::span<const AuthorRow> rows) {
  AuthorShares shares;
  for (const auto& row : rows) {
    if (shares.authors.empty() || shares.authors.back() != row.author) {
      shares.authors.push_back(row.author);
      shares.ends.push_back(static_cast<std::uint32_t>(shares.shares.size()));
    }
    shares.shares.push_back(share_of(row));
    shares.ends.back() = static_cast<std::uint32_t>(shares.shares.size());
  }
  return shares;
}

std::uint64_t AudienceTally::key_of(const Share& sum) {
  return std::uint64_t{sum.scope} << 34U | std::uint64_t{sum.recommends} << 33U |
         std::uint64_t{sum.warns} << 32U | sum.items;
}

void AudienceTally::add(std::span<const AuthorRow> rows) {
  for (const auto& row : rows) count(share_of(row));
}

void AudienceTally::add(std::span<const AuthorShares> stretches) {
  using Head = std::pair<std::uint64_t, std::size_t>;  // author, stretch
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  std::vector<std::size_t> places(stretches.size());
  const auto push = [&](std::size_t stretch) {
    const auto& authors = stretches[stretch].authors;
    if (places[stretch] < authors.size()) heads.emplace(authors[places[stretch]], stretch);
  };
  for (std::size_t stretch = 0; stretch < stretches.size(); ++stretch) push(stretch);
  while (!heads.empty()) {
    const auto author = heads.top().first;
    while (!heads.empty() && heads.top().first == author) {
      const auto stretch = heads.top().second;
      heads.pop();
      const auto& from = stretches[stretch];
      const auto place = places[stretch]++;
      for (auto i = place == 0 ? 0 : from.ends[place - 1]; i < from.ends[place]; ++i) {
        const Share& share = from.shares[i];
        if (sums_.size() <= share.scope) sums_.resize(share.scope + 1);
        auto& sum = sums_[share.scope];
        sum.items += share.items;
        sum.recommends |= share.recommends;
        sum.warns |= share.warns;
      }
      push(stretch);
    }
    for (std::uint32_t scope = 0; scope < sums_.size(); ++scope) {
      auto& sum = sums_[scope];
      if (sum.items == 0) continue;
      sum.scope = scope;
      count(sum);
      sum = {};
    }
  }
}

std::vector<AudienceRow> AudienceTally::finish() {
  std::vector<AudienceRow> rows;
  rows.reserve(authors_.size());
  authors_.visit([&](std::uint64_t key, std::uint64_t authors) {
    rows.push_back({.scope = audience_scope(static_cast<std::uint32_t>(key >> 34U)),
                    .items = static_cast<std::uint32_t>(key),
                    .recommends = (key >> 33U & 1U) != 0,
                    .warns = (key >> 32U & 1U) != 0,
                    .authors = authors});
  });
  std::ranges::sort(rows, {}, [](const AudienceRow& row) {
    return std::tuple{row.scope, row.items, row.recommends, row.warns};
  });
  return rows;
}

}  // namespace earshot
