// A large store after a thousand changes: its report is that of a store which was given the final
// state at once, byte for byte. $EARSHOT_CHURN_POSTS says how large (20,000);
// `script/test --scale` takes a million.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/invented_archive.hpp"

namespace earshot::test {
namespace {

constexpr int rounds = 10;
constexpr std::size_t changes_a_round = 100;
constexpr std::size_t erasures_a_round = 20;

std::uint64_t post_count() {
  const char* wanted = std::getenv("EARSHOT_CHURN_POSTS");
  return wanted == nullptr ? 20'000 : std::strtoull(wanted, nullptr, 10);
}

/// A project with its own store, and the commands that change it.
struct Shop : TemporaryFolder {
  Shop() { use_config(1); }

  void use_config(int version) const { write("earshot.toml", invented_config(version)); }

  void run(const std::vector<std::string>& words, const std::string& input = {}) const {
    const auto ran = run_earshot(*this, words, input);
    REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
  }

  /// Imports the lines of `posts.jsonl`, exported so many days after the last of the first posts.
  void ingest(int day) const {
    const auto as_of = from_unix(1'767'225'600 + (InventedArchive::days + day) * 86'400);
    write("mapping.toml", invented_mapping(as_of));
    run({"ingest", "--mapping", "mapping.toml", "--name", "archive", "--now",
         "2026-07-01T00:00:00Z", "posts.jsonl"});
  }

  /// Erases the posts of a list, and checks that all of them were there.
  void forget(const std::string& ids) const {
    const auto ran = run_earshot(*this, {"forget", "--from", "-"}, ids);
    REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
    CHECK(ran.out.find("passed over") == std::string::npos);
  }

  std::string report(const std::string& since) const {
    const auto ran = run_earshot(*this, {"report", "--since", since, "--until", "2026-05-01",
                                         "--format", "json", "--evidence"});
    REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
    return ran.out;
  }
};

/// What became of the archive's posts, change by change.
class Town {
 public:
  explicit Town(std::uint64_t posts) : archive_{7, posts}, next_{posts} {}

  void write_archive(const Shop& shop) const {
    std::ofstream file{shop.file("posts.jsonl"), std::ios::binary};
    std::string lines;
    for (std::uint64_t number = 0; number < archive_.size(); ++number)
      add_line(file, lines, archive_.post(number));
    file << lines;
  }

  /// All posts as they are now, newest changes first.
  void write_final(const Shop& shop) const {
    std::ofstream file{shop.file("posts.jsonl"), std::ios::binary};
    std::string lines;
    for (auto at = changed_.rbegin(); at != changed_.rend(); ++at)
      add_line(file, lines, at->second);
    for (std::uint64_t number = 0; number < archive_.size(); ++number)
      if (!changed_.contains(number)) add_line(file, lines, archive_.post(number));
    file << lines;
  }

  /// Draws a round of changes, each of another post, and returns them as lines.
  std::string change() {
    std::string lines;
    std::set<std::uint64_t> taken;
    while (taken.size() < changes_a_round)
      if (const auto number = chance_.below(next_); taken.insert(number).second)
        append_json_line(lines, draw(number, taken));
    return lines;
  }

  /// Chooses posts to be erased, and returns their ids. What comes of them from now on is nothing.
  std::string forget() {
    std::string ids;
    for (std::size_t i = 0; i < erasures_a_round;)
      if (const auto number = chance_.below(next_); erased_.insert(number).second) {
        ids += "town:" + invented_id(number) + '\n';
        ++i;
      }
    return ids;
  }

  /// All posts that were erased.
  std::string erased() const {
    std::string ids;
    for (const auto number : erased_) ids += "town:" + invented_id(number) + '\n';
    return ids;
  }

 private:
  static void add_line(std::ofstream& file, std::string& lines, const InventedPost& post) {
    append_json_line(lines, post);
    if (lines.size() < 1 << 20) return;
    file << lines;
    lines.clear();
  }

  InventedPost present(std::uint64_t number) const {
    const auto found = changed_.find(number);
    return found == changed_.end() ? archive_.post(number) : found->second;
  }

  Instant moment() {
    return from_unix(1'767'225'600 +
                     static_cast<std::int64_t>(chance_.below(InventedArchive::days * 86'400)));
  }

  /// An edit, with another date or not; newer counts; the same again; a late answer; a late post.
  InventedPost draw(std::uint64_t number, std::set<std::uint64_t>& taken) {
    const auto kind = chance_.below(8);
    auto post = present(number);
    if (kind < 3) {
      post.text = InventedArchive::text(chance_);
      if (kind == 0) post.at = moment();
    } else if (kind < 5) {
      post.likes = static_cast<std::int64_t>(chance_.below(500));
    } else if (kind > 5) {
      const bool answer = kind == 6;
      taken.erase(number);
      taken.insert(next_);
      const auto parent = static_cast<std::int64_t>(number);
      post = {.number = next_++,
              .author = answer ? "corner" : "author" + std::to_string(chance_.below(4'000)),
              .text = InventedArchive::text(chance_),
              .at = answer ? post.at + std::chrono::seconds{chance_.below(5 * 86'400)} : moment(),
              .parent = answer ? parent : -1};
    }
    if (!erased_.contains(post.number)) changed_[post.number] = post;
    return post;
  }

  InventedArchive archive_;
  Chance chance_{99};
  std::uint64_t next_;  ///< The number of the next new post.
  std::map<std::uint64_t, InventedPost> changed_;
  std::set<std::uint64_t> erased_;
};

/// A post that is erased before anybody has labelled it leaves nothing to a report.
void come_and_go(const Shop& shop, int round) {
  const InventedPost post{.number = 9'000'000'000 + static_cast<std::uint64_t>(round),
                          .author = "author1",
                          .text = "Terrible service today at the shop",
                          .at = from_unix(1'767'225'600 + 90 * 86'400)};
  std::string line;
  append_json_line(line, post);
  shop.write("posts.jsonl", line);
  shop.ingest(round);
  shop.forget("town:" + invented_id(post.number) + '\n');
}

}  // namespace

TEST_CASE("churn: the report after a thousand changes is that of the final state") {
  Town town{post_count()};
  const Shop churned;
  town.write_archive(churned);
  churned.ingest(0);
  churned.run({"analyze"});
  for (int round = 1; round <= rounds; ++round) {
    churned.write("posts.jsonl", town.change());
    churned.ingest(round);
    if (round == 4) churned.use_config(2);
    if (round % 3 == 1) churned.run({"analyze", "--all"});
    if (round < 5) continue;
    churned.run({"analyze"});
    churned.forget(town.forget());
    come_and_go(churned, round);
  }

  const Shop scratch;
  scratch.use_config(2);
  town.write_final(scratch);
  scratch.ingest(rounds);
  scratch.run({"analyze"});
  scratch.forget(town.erased());

  for (const auto* since : {"2026-01-01", "2026-04-01"}) {
    CAPTURE(since);
    const auto expected = scratch.report(since);
    CHECK(expected.size() > 5'000);
    CHECK((churned.report(since) == expected));  // without printing both
  }
  for (const auto* shop : {&churned, &scratch}) {
    const auto ran = run_earshot(*shop, {"verify"});
    CHECK(ran.err == "");
    CHECK(ran.out.ends_with(" posts, nothing amiss\n"));
    CHECK(ran.exit_code == 0);
  }
}

}  // namespace earshot::test
