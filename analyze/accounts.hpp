#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyze/project.hpp"
#include "analyze/user_files.hpp"
#include "store/base/result.hpp"
#include "store/labels.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// An account that wrote in a window: a declared handle of the brand or of a competitor, or one
/// whose name looks like the brand's.
struct Account {
  std::uint64_t author = 0;
  EntityIndex owner = no_entity;  ///< `no_entity` for a look-alike.
  std::string name;               ///< As the network shows it; "(no longer stored)" if it is gone.
  std::string network;
  std::string role, department;        ///< Of its handle; the staff file's department first.
  std::optional<std::int64_t> handle;  ///< Index into the handles of its party.
  bool trained = false;  ///< By its handle, or by the staff file at the time of its last post.
  std::uint64_t items = 0;
  Instant last{};  ///< Its newest item in the window.
};

/// The accounts of a window's tallies with their names: what metrics say about handles, roles and
/// departments.
class Accounts {
 public:
  Accounts() = default;

  /// Reads one post of each account. Errors: the store's.
  static Result<Accounts> resolve(const PostStore& store, const std::vector<AccountRow>& rows,
                                  const Project& project, const UserFiles& files);

  /// Accounts that are known already, in any order.
  static Accounts of(std::vector<Account> accounts);

  /// Null for an author who is none of them.
  const Account* find(std::uint64_t author) const;

  /// The name of an account; its hash in hexadecimal digits if it is none of them.
  std::string name_of(std::uint64_t author) const;

  /// Sorted by author.
  const std::vector<Account>& all() const { return accounts_; }

 private:
  std::vector<Account> accounts_;
};

}  // namespace earshot
