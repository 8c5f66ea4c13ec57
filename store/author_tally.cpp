#include "store/author_tally.hpp"

#include <algorithm>
#include <tuple>

namespace earshot {

namespace {

constexpr std::size_t least_to_fold = 4096;

auto order(const AuthorRow& row) {
  return std::tuple{row.author, row.scope};
}

void add_to(AuthorRow& sum, const AuthorRow& row) {
  sum.items += row.items;
  sum.advocate_items += row.advocate_items;
  sum.detractor_items += row.detractor_items;
  sum.resource_items += row.resource_items;
  sum.advocate_engaged_items += row.advocate_engaged_items;
  sum.advocate_engagement += row.advocate_engagement;
}

/// Adds `fresh` to `rows`, both sorted: from the back, in place.
void merge(const std::vector<AuthorRow>& fresh, std::vector<AuthorRow>& rows) {
  std::size_t added = fresh.size();
  for (std::size_t i = 0, at = 0; i < fresh.size(); ++i) {
    while (at < rows.size() && order(rows[at]) < order(fresh[i])) ++at;
    if (at < rows.size() && order(rows[at]) == order(fresh[i])) --added;
  }
  auto old = rows.size();
  rows.resize(old + added);
  auto to = rows.size();
  for (auto next = fresh.size(); next > 0; --next) {
    const AuthorRow& row = fresh[next - 1];
    while (old > 0 && order(row) < order(rows[old - 1])) rows[--to] = rows[--old];
    if (old > 0 && order(rows[old - 1]) == order(row)) {
      rows[--to] = rows[--old];
      add_to(rows[to], row);
    } else {
      rows[--to] = row;
    }
  }
}

}  // namespace

bool tells_of_authors(Scope scope) {
  return scope.kind == Scope::Kind::everything || scope.kind == Scope::Kind::any_topic ||
         scope == Scope{Scope::Kind::entity, brand_index};
}

AuthorTally::Part& AuthorTally::part_for(std::uint64_t author) {
  Part& part = parts_[author >> (64 - author_part_bits)];
  if (part.said.size() >= std::max(least_to_fold, part.rows.size() / 4)) fold(part);
  return part;
}

void AuthorTally::add(const Fact& fact, std::uint32_t profile) {
  part_for(fact.author)
      .said.push_back({fact.author, fact.engagement(), profile,
                       fact.link_count > 0 || profiles_[profile].marks.has(Mark::how_to)});
}

AuthorRow& AuthorTally::row_of(std::uint64_t author, Scope scope) {
  const auto begin = fresh_.begin() + static_cast<std::ptrdiff_t>(author_begin_);
  auto row = std::lower_bound(
      begin, fresh_.end(), scope,
      [](const AuthorRow& known, const Scope& wanted) { return known.scope < wanted; });
  if (row == fresh_.end() || row->scope != scope)
    row = fresh_.insert(row, {.author = author, .scope = scope});
  return *row;
}

void AuthorTally::add_rows(const Said& said) {
  if (said.profile == no_profile) {
    row_of(said.author, {Scope::Kind::everything});
    return;
  }
  const Profile& profile = profiles_[said.profile];
  for (const auto& share : profile.authors) {
    if (!every_scope_ && !tells_of_authors(share.scope)) continue;
    AuthorRow& row = row_of(said.author, share.scope);
    ++row.items;
    row.detractor_items += share.stance == Stance::detractor;
    row.resource_items += said.resource;
    if (share.stance != Stance::advocate || profile.affiliate) continue;
    ++row.advocate_items;
    if (said.engagement < 0) continue;
    ++row.advocate_engaged_items;
    row.advocate_engagement += static_cast<std::uint64_t>(said.engagement);
  }
}

void AuthorTally::fold(Part& part) {
  std::ranges::sort(part.said, {}, &Said::author);
  fresh_.clear();
  std::uint64_t author = 0;
  for (const auto& said : part.said) {
    if (said.author != author) author_begin_ = fresh_.size();
    author = said.author;
    add_rows(said);
  }
  part.said.clear();
  merge(fresh_, part.rows);
}

std::size_t AuthorTally::close() {
  std::size_t count = 0;
  for (auto& part : parts_) {
    fold(part);
    part.said = {};
    count += part.rows.size();
  }
  return count;
}

void AuthorTally::take_rows(const std::function<void(std::span<const AuthorRow>)>& take) {
  for (auto& part : parts_) {
    take(part.rows);
    part.rows = {};
  }
}

}  // namespace earshot
