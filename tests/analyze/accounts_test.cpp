#include "analyze/accounts.hpp"

#include <doctest/doctest.h>

#include "store/memory_post_store.hpp"
#include "tests/support/sample_posts.hpp"

using namespace earshot;

namespace {

Project sample_project() {
  Project project;
  project.brand = {"Acme",
                   "acme",
                   {{"AcmeHelp", "twitter", "support", "orders", true},
                    {"@acme", "", "owner", "family"},
                    {"acmehelp", "", "executive", "top"}},
                   {}};
  project.competitors = {{"Globex", "globex", {{"globex", "", "sales", ""}}, {}}};
  return project;
}

/// A store with these posts and an account row for the author of each, numbered from 1, all of
/// one owner.
struct Corpus {
  explicit Corpus(const std::vector<Post>& posts, EntityIndex owner) {
    store = make_memory_store();
    REQUIRE(store->append({.posts = posts}));
    for (const auto& post : posts)
      rows.push_back({rows.size() + 1,
                      owner,
                      3,
                      {post.posted_at, post_id_hash(post.network, post.native_id)}});
  }
  Accounts resolve(const UserFiles& files = {}) const {
    auto accounts = Accounts::resolve(*store, rows, sample_project(), files);
    REQUIRE(accounts);
    return *std::move(accounts);
  }
  std::unique_ptr<PostStore> store;
  std::vector<AccountRow> rows;
};

Post post_on(std::string_view network, std::string_view author) {
  auto post = sample_post("1", author, "hello", 10);
  post.network = network;
  return post;
}

}  // namespace

TEST_CASE(
    "accounts: a handle brings its role, department and training, where its network is right") {
  const Corpus corpus{
      {post_on("Twitter", "acmehelp"), post_on("mastodon", "acmehelp"), post_on("net", "ACME")},
      brand_index};

  const auto accounts = corpus.resolve();

  REQUIRE(accounts.all().size() == 3);
  const auto& twitter = *accounts.find(1);
  CHECK(twitter.handle == 0);
  CHECK(twitter.name == "AcmeHelp");
  CHECK(twitter.network == "Twitter");
  CHECK(twitter.role == "support");
  CHECK(twitter.department == "orders");
  CHECK(twitter.trained);
  CHECK(twitter.items == 3);
  CHECK(twitter.last == corpus.rows[0].last.posted_at);
  CHECK(accounts.find(2)->handle == 2);
  CHECK(accounts.find(2)->role == "executive");
  CHECK_FALSE(accounts.find(2)->trained);
  CHECK(accounts.find(3)->handle == 1);
  CHECK(accounts.find(3)->department == "family");
}

TEST_CASE("accounts: a look-alike has the name that its network shows, and no handle") {
  auto post = post_on("net", "4711");
  post.author_name = "Acme Deals";
  const Corpus corpus{{post}, no_entity};

  const auto accounts = corpus.resolve();

  CHECK(accounts.find(1)->name == "Acme Deals");
  CHECK(accounts.find(1)->owner == no_entity);
  CHECK_FALSE(accounts.find(1)->handle);
  CHECK(accounts.name_of(1) == "Acme Deals");
  CHECK(accounts.find(2) == nullptr);
  CHECK(accounts.name_of(2) == "0000000000000002");
}

TEST_CASE("accounts: without a name an author is called by the id, a forgotten one by nothing") {
  auto post = post_on("net", "4711");
  post.author_name = "";
  Corpus corpus{{post}, no_entity};
  corpus.rows.push_back({2, no_entity, 1, {from_unix(1'767'225'600), 99}});

  const auto accounts = corpus.resolve();

  CHECK(accounts.name_of(1) == "4711");
  CHECK(accounts.name_of(2) == "(no longer stored)");
  CHECK(accounts.find(2)->network == "");
}

TEST_CASE("accounts: the staff file goes before the handle's department and adds training") {
  const Corpus corpus{{post_on("net", "acme")}, brand_index};
  const auto last = corpus.rows[0].last.posted_at;
  const auto with = [&](StaffRow row) {
    UserFiles files;
    files.staff = {std::move(row)};
    return *corpus.resolve(files).find(1);
  };

  CHECK(with({"@ACME", "packing", true, std::nullopt}).department == "packing");
  CHECK(with({"@ACME", "packing", true, std::nullopt}).trained);
  CHECK(with({"acme", "", true, last}).department == "family");
  CHECK(with({"acme", "", true, last}).trained);
  CHECK_FALSE(with({"acme", "", true, last + std::chrono::seconds{1}}).trained);
  CHECK_FALSE(with({"acme", "", false, std::nullopt}).trained);
  CHECK_FALSE(with({"somebody", "packing", true, std::nullopt}).trained);
}

TEST_CASE("accounts: the staff file says nothing about a competitor's handle") {
  const Corpus corpus{{post_on("net", "globex")}, 1};
  UserFiles files;
  files.staff = {StaffRow{"globex", "packing", true, std::nullopt}};

  const auto accounts = corpus.resolve(files);

  CHECK(accounts.find(1)->role == "sales");
  CHECK(accounts.find(1)->department == "");
  CHECK_FALSE(accounts.find(1)->trained);
}

TEST_CASE("accounts: they are sorted by author, whatever the order of the rows") {
  Corpus corpus{{post_on("a", "acme"), post_on("b", "acme"), post_on("c", "acme")}, brand_index};
  std::swap(corpus.rows[0], corpus.rows[2]);

  const auto accounts = corpus.resolve();

  REQUIRE(accounts.all().size() == 3);
  CHECK(accounts.all()[0].author == 1);
  CHECK(accounts.all()[0].network == "a");
  CHECK(accounts.all()[2].network == "c");
}
