#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "analyze/audience.hpp"
#include "analyze/marks.hpp"

namespace earshot {

namespace {

/// So many look-alikes are named; the audit of accounts names all.
constexpr std::size_t most_named = 20;

bool is_look_alike(const AccountRow& account) {
  return account.owner == no_entity;
}

/// "acme_offers on mastodon".
std::string name_of(const Accounts& accounts, std::uint64_t author) {
  const auto* account = accounts.find(author);
  if (account == nullptr || account->network.empty()) return accounts.name_of(author);
  return fmt::format("{} on {}", account->name, account->network);
}

std::string why_not(const MetricInput& input) {
  if (!LookAlikes{input.project.brand.name}.can_match())
    return "the brand's name has fewer than four letters, so too many others have it in theirs";
  const auto& tallies = input.tallies;
  const bool named =
      !tallies.accounts.empty() || count_authors(tallies, {Scope::Kind::everything}) > 0;
  return named ? "" : "these sources don't name the authors, so accounts can't be seen";
}

MetricValue measure_sprawl(const MetricInput& input) {
  if (auto why = why_not(input); !why.empty())
    return {.figure = not_measurable({}, Unit::handles, std::move(why))};
  std::vector<std::pair<std::uint64_t, std::string>> found;  // items, name
  for (const auto& row : input.tallies.accounts)
    if (is_look_alike(row)) found.emplace_back(row.items, name_of(input.accounts, row.author));
  std::ranges::sort(found, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  MetricValue value{.figure = count_figure({}, found.size())};
  value.figure.unit = Unit::handles;
  if (found.size() > most_named) found.resize(most_named);
  for (const auto& [items, name] : found)
    value.breakdown.push_back({"account", count_figure(name, items)});
  return value;
}

std::string say(const MetricValue& value) {
  if (value.figure.n_used == 0)
    return "No undeclared account with a name like yours wrote anything.";
  return fmt::format(
      "{} that you did not declare {} like yours.",
      value.figure.n_used == 1 ? "1 account" : fmt::format("{} accounts", value.figure.n_used),
      value.figure.n_used == 1 ? "has a name" : "have names");
}

/// The newest post of each.
std::vector<PostKey> posts_of(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& row : input.tallies.accounts)
    if (is_look_alike(row)) posts.push_back(row.last);
  return posts;
}

}  // namespace

/// Accounts that wrote in the window and whose name holds the brand's, but which are neither
/// declared handles nor affiliates. The busiest are named with their posts. A real 0 if there is
/// none; no value for a brand's name of fewer than four letters, or if no source names authors.
MetricDefinition account_sprawl() {
  return {.formula =
              "count(accounts that posted, whose name holds the letters of the brand's, and that "
              "no handle or affiliate declares)",
          .source = "Altimeter (2013), accounts nobody knew of",
          .misleading_when = "the accounts belong to fans or are parody",
          .measure = measure_sprawl,
          .reads = {Table::audience, Table::accounts},
          .sentence = say,
          .evidence = {.posts = posts_of},
          .census = true};
}

}  // namespace earshot
