#include "tests/support/store_picture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tests/sql/tsv.hpp"
#include "tests/support/temporary_folder.hpp"

namespace earshot::test {

namespace {

const Window all_time{from_unix(-10'000'000'000), from_unix(10'000'000'000)};

std::string shown(const Count& count) {
  return count ? std::to_string(*count) : "-";
}

void append_entities(std::string& line, std::span<const EntityLabel> rows) {
  for (const auto& row : rows)
    fmt::format_to(std::back_inserter(line), " e{}/{}/{}/{}/{}", row.entity,
                   static_cast<int>(row.sentiment), static_cast<int>(row.stance), row.matched,
                   row.addressed);
}

void append_links(std::string& line, std::span<const std::uint64_t> links) {
  for (const auto link : links) fmt::format_to(std::back_inserter(line), " l{:x}", link);
}

void append_labels(std::string& line, const Labels& labels) {
  fmt::format_to(std::back_inserter(line),
                 " labels {:x}/{:x} group {} question {} lang {}{} {}/{} {} intents {} marks {} "
                 "owner {} priority {} {}{}{}",
                 labels.content, labels.generation, labels.group, labels.question,
                 static_cast<int>(labels.lang[0]), static_cast<int>(labels.lang[1]),
                 static_cast<int>(labels.sentiment), labels.sentiment_permille,
                 static_cast<int>(labels.stance), labels.intents.bits(), labels.marks.bits(),
                 labels.owner, labels.priority, labels.only_thanks ? 't' : '-',
                 labels.affiliate ? 'a' : '-', labels.by_hand ? 'h' : '-');
  append_entities(line, labels.entities);
  append_links(line, labels.links);
}

std::string line_of(const StoredPost& stored) {
  const auto& post = stored.post;
  auto line = fmt::format("{} {:x} content {:x}", to_unix(stored.key.posted_at), stored.key.id,
                          stored.content);
  for_each_text(post, [&](std::string_view text) {
    fmt::format_to(std::back_inserter(line), " '{}'", text);
  });
  const auto& counts = post.engagement;
  fmt::format_to(std::back_inserter(line), " {} edited {} {}/{}/{}/{} at {} missing {} {}{}{}",
                 to_unix(post.posted_at), to_unix(post.edited_at), shown(counts.likes),
                 shown(counts.shares), shown(counts.replies), shown(counts.followers),
                 to_unix(counts.observed_at), to_unix(post.missing_at), post.dated ? 'd' : '-',
                 post.filtered ? 'f' : '-', post.repost ? 'r' : '-');
  append_labels(line, stored.labels);
  return line;
}

std::string line_of(const Fact& fact, const FactBatch& batch) {
  auto line = fmt::format(
      "{} {:x} channel {:x} author {:x} parent {:x} root {:x} {}/{}/{}/{} {}{} generation {:x} "
      "group {} question {} lang {}{} {} {} intents {} marks {} owner {} priority {} {}{}",
      to_unix(fact.key.posted_at), fact.key.id, fact.channel, fact.author, fact.parent, fact.root,
      fact.likes, fact.shares, fact.replies, fact.followers, fact.filtered ? 'f' : '-',
      fact.repost ? 'r' : '-', fact.generation, fact.group, fact.question,
      static_cast<int>(fact.lang[0]), static_cast<int>(fact.lang[1]),
      static_cast<int>(fact.sentiment), static_cast<int>(fact.stance), fact.intents.bits(),
      fact.marks.bits(), fact.owner, fact.priority, fact.only_thanks ? 't' : '-',
      fact.affiliate ? 'a' : '-');
  append_entities(line, batch.entities_of(fact));
  append_links(line, batch.links_of(fact));
  return line;
}

/// All that a scan finds, in batches of odd sizes.
std::vector<StoredPost> scanned(const PostStore& store, const ScanFilter& filter,
                                TextArena& texts) {
  std::vector<StoredPost> posts;
  ScanCursor cursor;
  for (;;) {
    StoredBatch batch;
    REQUIRE(store.scan(filter, cursor, 701, batch));
    if (batch.posts.empty()) return posts;
    texts.absorb(std::move(batch.texts));
    std::ranges::move(batch.posts, std::back_inserter(posts));
  }
}

std::vector<std::string> lines_of(const std::vector<StoredPost>& posts) {
  std::vector<std::string> lines;
  for (const auto& stored : posts) lines.push_back(line_of(stored));
  return lines;
}

/// Every ninth of these posts, asked for by key, from the last to the first.
std::vector<std::string> looked_up(const PostStore& store, const std::vector<StoredPost>& posts) {
  std::vector<PostKey> keys;
  for (std::size_t i = 0; i < posts.size(); i += 9) keys.push_back(posts[i].key);
  std::ranges::reverse(keys);
  StoredBatch batch;
  REQUIRE(store.posts(keys, batch));
  auto lines = lines_of(batch.posts);
  REQUIRE(store.posts(keys, batch, HiddenPosts::taken));
  std::ranges::move(lines_of(batch.posts), std::back_inserter(lines));
  return lines;
}

/// The keys that a scan finds.
void append_keys(std::vector<std::string>& lines, std::string_view what, const PostStore& store,
                 const ScanFilter& filter) {
  TextArena texts;
  for (const auto& stored : scanned(store, filter, texts))
    lines.push_back(fmt::format("{} {}/{:x}", what, to_unix(stored.key.posted_at), stored.key.id));
}

/// What scans of a part of the posts find.
std::vector<std::string> parts_of(const PostStore& store, const std::vector<StoredPost>& posts) {
  std::vector<std::string> lines;
  append_keys(lines, "shown", store, {});
  append_keys(lines, "waiting", store, {.unlabelled_only = true});
  const auto generations = store.generations();
  REQUIRE(generations);
  for (const auto& [id, count] : *generations)
    append_keys(lines, fmt::format("not of {:x}", id), store, {.not_generation = id});
  if (posts.empty()) return lines;
  const Window middle{posts[posts.size() / 3].key.posted_at, posts[posts.size() / 2].key.posted_at};
  append_keys(lines, "in the middle", store, {.window = middle});
  append_keys(lines, "waiting there", store, {.window = middle, .unlabelled_only = true});
  return lines;
}

std::vector<std::string> facts_of(const PostStore& store) {
  std::vector<std::string> lines;
  REQUIRE(store.facts(all_time, [&](const FactBatch& batch) {
    for (const auto& fact : batch.facts) lines.push_back(line_of(fact, batch));
  }));
  return lines;
}

std::vector<std::string> totals_of(const PostStore& store) {
  const auto counters = store.counters();
  const auto generations = store.generations();
  const auto channels = store.channel_names();
  const auto span = store.span();
  REQUIRE(counters);
  REQUIRE(generations);
  REQUIRE(channels);
  REQUIRE(span);
  std::vector<std::string> lines{fmt::format("{} posts, {} unlabelled, {} erased", counters->posts,
                                             counters->unlabelled, counters->erased)};
  for (const auto& [source, posts] : counters->posts_by_source)
    lines.push_back(fmt::format("source {}: {}", source, posts));
  for (const auto& [id, posts] : *generations)
    lines.push_back(fmt::format("generation {:x}: {}", id, posts));
  if (*span)
    lines.push_back(
        fmt::format("from {} to {}", to_unix((*span)->first), to_unix((*span)->second)));
  for (const auto& [hash, name] : *channels)
    lines.push_back(fmt::format("channel {:x}: {}", hash, name));
  return lines;
}

std::string difference(std::string_view what, const std::vector<std::string>& left,
                       const std::vector<std::string>& right) {
  const auto at = std::ranges::mismatch(left, right);
  if (at.in1 == left.end() && at.in2 == right.end()) return {};
  return fmt::format("{} {}: {}\nagainst: {}", what, at.in1 - left.begin(),
                     at.in1 == left.end() ? "nothing" : *at.in1,
                     at.in2 == right.end() ? "nothing" : *at.in2);
}

}  // namespace

StorePicture picture_of(const PostStore& store) {
  TextArena texts;
  const auto posts = scanned(store, {.hidden = HiddenPosts::taken}, texts);
  return {lines_of(posts), looked_up(store, posts), parts_of(store, posts), facts_of(store),
          totals_of(store)};
}

std::string difference(const StorePicture& left, const StorePicture& right) {
  if (auto found = difference("total", left.totals, right.totals); !found.empty()) return found;
  if (auto found = difference("post", left.posts, right.posts); !found.empty()) return found;
  if (auto found = difference("look-up", left.looked_up, right.looked_up); !found.empty())
    return found;
  if (auto found = difference("scan", left.parts, right.parts); !found.empty()) return found;
  return difference("fact", left.facts, right.facts);
}

std::string tally_difference(const PostStore& left, const PostStore& right,
                             const TallyRequest& request) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "left");
  std::filesystem::create_directories(folder / "right");
  const auto one = left.tally(request);
  const auto two = right.tally(request);
  REQUIRE(one);
  REQUIRE(two);
  REQUIRE(write_tallies(*one, folder / "left"));
  REQUIRE(write_tallies(*two, folder / "right"));
  std::string tables;
  std::size_t read = 0;
  for (const auto& file : std::filesystem::directory_iterator{folder / "left"}) {
    const auto name = file.path().filename().string();
    read += folder.read("left/" + name).size();
    if (folder.read("left/" + name) != folder.read("right/" + name)) tables += name + ' ';
  }
  CHECK(read > 0);
  if (one->fingerprint != two->fingerprint) tables += "fingerprint";
  return tables;
}

}  // namespace earshot::test
