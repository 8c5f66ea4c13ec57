#include "analyze/accounts.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analyze/handles.hpp"

namespace earshot {

namespace {

/// The handle of a party that a post's author is.
std::optional<std::int64_t> handle_of(const Post& post, const Party& party) {
  const auto id = folded_handle(post.author_id);
  const auto name = folded_handle(post.author_name);
  const auto network = folded_handle(post.network);
  for (std::size_t i = 0; i < party.handles.size(); ++i) {
    const auto& handle = party.handles[i];
    const auto wanted = folded_handle(handle.name);
    if (wanted != id && wanted != name) continue;
    if (handle.network.empty() || folded_handle(handle.network) == network)
      return static_cast<std::int64_t>(i);
  }
  return std::nullopt;
}

const Party& party_of(const Project& project, EntityIndex owner) {
  return owner == brand_index ? project.brand
                              : project.competitors[static_cast<std::size_t>(owner) - 1];
}

void add_staff(const UserFiles& files, Account& account) {
  if (!files.staff) return;
  const auto name = folded_handle(account.name);
  for (const auto& row : *files.staff) {
    if (folded_handle(row.handle) != name) continue;
    if (!row.department.empty()) account.department = row.department;
    if (row.trained && (!row.from || *row.from <= account.last)) account.trained = true;
  }
}

}  // namespace

Result<Accounts> Accounts::resolve(const PostStore& store, const std::vector<AccountRow>& rows,
                                   const Project& project, const UserFiles& files) {
  std::vector<PostKey> keys;
  for (const auto& row : rows) keys.push_back(row.last);
  StoredBatch batch;
  if (auto read = store.posts(keys, batch); !read) return read.error();
  std::map<PostKey, const Post*> posts;
  for (const auto& stored : batch.posts) posts.emplace(stored.key, &stored.post);

  std::vector<Account> accounts;
  for (const auto& row : rows) {
    Account account{.author = row.author,
                    .owner = row.owner,
                    .name = "(no longer stored)",
                    .items = row.items,
                    .last = row.last.posted_at};
    if (const auto found = posts.find(row.last); found != posts.end()) {
      const Post& post = *found->second;
      account.name = post.author_name.empty() ? post.author_id : post.author_name;
      account.network = post.network;
      if (row.owner != no_entity) {
        const auto& party = party_of(project, row.owner);
        account.handle = handle_of(post, party);
        if (account.handle) {
          const auto& handle = party.handles[static_cast<std::size_t>(*account.handle)];
          account.name = handle.name;
          account.role = handle.role;
          account.department = handle.department;
          account.trained = handle.trained;
        }
      }
    }
    if (row.owner == brand_index) add_staff(files, account);
    accounts.push_back(std::move(account));
  }
  return of(std::move(accounts));
}

Accounts Accounts::of(std::vector<Account> accounts) {
  std::ranges::stable_sort(accounts, {}, &Account::author);
  Accounts sorted;
  sorted.accounts_ = std::move(accounts);
  return sorted;
}

const Account* Accounts::find(std::uint64_t author) const {
  const auto found = std::ranges::lower_bound(accounts_, author, {}, &Account::author);
  return found == accounts_.end() || found->author != author ? nullptr : &*found;
}

std::string Accounts::name_of(std::uint64_t author) const {
  const auto* account = find(author);
  return account == nullptr ? fmt::format("{:016x}", author) : account->name;
}

}  // namespace earshot
