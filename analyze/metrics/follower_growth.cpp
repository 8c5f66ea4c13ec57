#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

/// The first and the last count of one account's followers in the window.
struct Followers {
  std::string account;
  Instant first_at{}, last_at{};
  std::int64_t first = 0, last = 0;
  PostKey first_post, last_post;  ///< Nothing where the user's file tells.

  bool seen() const { return first_at != Instant{}; }
  bool seen_twice() const { return first_at < last_at; }

  void add(Instant at, std::int64_t count, PostKey post) {
    if (!seen() || at < first_at) first_at = at, first = count, first_post = post;
    if (at >= last_at) last_at = at, last = count, last_post = post;
  }
};

/// Of the accounts in the user's file, by name. A count that is dated by the midnight at which the
/// window ends is of its end.
std::vector<Followers> told_by_file(const MetricInput& input) {
  std::map<std::string, Followers> accounts;
  const auto window = input.tallies.request.window();
  if (input.files.followers)
    for (const auto& row : *input.files.followers) {
      if (row.day < window.begin || row.day > window.end || !row.count) continue;
      auto& account = accounts[row.account];
      account.account = row.account;
      account.add(row.day, std::llround(*row.count), {});
    }
  std::vector<Followers> all;
  for (auto& [name, account] : accounts) all.push_back(std::move(account));
  return all;
}

/// Of the brand's accounts that wrote in the window, as their own posts tell.
std::vector<Followers> told_by_posts(const MetricInput& input) {
  std::map<std::uint64_t, Followers> accounts;
  for (const auto& item : input.tallies.own) {
    if (item.owner != brand_index) continue;
    auto& account = accounts[item.author];
    if (item.followers != unknown_count) account.add(item.key.posted_at, item.followers, item.key);
  }
  std::vector<Followers> all;
  for (auto& [author, followers] : accounts) {
    const auto* account = input.accounts.find(author);
    followers.account = input.accounts.name_of(author);
    if (account != nullptr && !account->network.empty())
      followers.account += " on " + account->network;
    all.push_back(std::move(followers));
  }
  std::ranges::stable_sort(all, {}, &Followers::account);
  return all;
}

bool any_twice(const std::vector<Followers>& accounts) {
  return std::ranges::any_of(accounts, &Followers::seen_twice);
}

/// The file's, if it tells of any account; a declared count is better than what posts happen to
/// say.
std::vector<Followers> all_accounts(const MetricInput& input) {
  auto accounts = told_by_file(input);
  return any_twice(accounts) ? accounts : told_by_posts(input);
}

Figure growth_figure(std::string name, std::int64_t start, std::int64_t end, std::uint64_t n,
                     std::uint64_t n_eligible) {
  if (start == 0)
    return not_measurable(std::move(name), Unit::percent, "there were no followers at first",
                          n_eligible);
  return {.name = std::move(name),
          .unit = Unit::percent,
          .value = static_cast<double>(end - start) / static_cast<double>(start),
          .ratio = Ratio{end - start, start},
          .n_used = n,
          .n_eligible = n_eligible};
}

std::string why_not(const MetricInput& input, const std::vector<Followers>& accounts) {
  if (input.files.followers)
    return "neither the followers file nor the own posts tell the followers of an account twice in "
           "the window";
  if (accounts.empty())
    return why_no_own_posts(input.project) + "; or name a followers file under [files]";
  if (std::ranges::none_of(accounts, &Followers::seen))
    return "the own posts don't say how many followers their accounts have: name a followers file "
           "under [files]";
  return "the followers of each account were seen only once: take a longer window, or name a "
         "followers file under [files]";
}

MetricValue measure_growth(const MetricInput& input) {
  const auto accounts = all_accounts(input);
  if (!any_twice(accounts))
    return {.figure = not_measurable({}, Unit::percent, why_not(input, accounts), accounts.size())};
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::uint64_t used = 0;
  MetricValue value;
  for (const auto& account : accounts) {
    auto row = not_measurable(account.account, Unit::percent,
                              "its followers were not seen twice in the window", 1);
    if (account.seen_twice()) {
      start += account.first;
      end += account.last;
      ++used;
      row = growth_figure(account.account, account.first, account.last, 1, 1);
    }
    value.breakdown.push_back({"account", std::move(row)});
  }
  value.figure = growth_figure({}, start, end, used, accounts.size());
  value.parts = {count_figure("followers at first", static_cast<std::uint64_t>(start)),
                 count_figure("followers at last", static_cast<std::uint64_t>(end))};
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("Your accounts went from {} to {} followers.", value.parts[0].n_used,
                     value.parts[1].n_used);
}

/// The posts that told the counts.
std::vector<PostKey> posts_of(const MetricInput& input) {
  std::vector<PostKey> posts;
  if (any_twice(told_by_file(input))) return posts;
  for (const auto& account : told_by_posts(input)) {
    if (!account.seen_twice()) continue;
    posts.push_back(account.first_post);
    posts.push_back(account.last_post);
  }
  return posts;
}

}  // namespace

/// (last - first) / first of the followers of the own accounts together, each with its first and
/// last count in the window: of the followers file, or where that has none twice, as own posts
/// tell. n are accounts; those seen fewer than two times are left out. No proportion, so without an
/// interval. No value where no account was seen twice, or there were no followers at first.
MetricDefinition follower_growth() {
  return {.formula =
              "(sum of last - sum of first) / sum of first, followers of each own account as the "
              "followers file or, without it, own posts tell",
          .source = "vendors' glossaries",
          .misleading_when =
              "counts are far apart, or a network deleted accounts; followers are no customers",
          .measure = measure_growth,
          .reads = {Table::activity, Table::accounts},
          .sentence = say,
          .evidence = {.posts = posts_of},
          .census = true};
}

}  // namespace earshot
