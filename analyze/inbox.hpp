#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/project.hpp"
#include "analyze/triage.hpp"
#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// What `earshot inbox` was asked for.
struct InboxRequest {
  Window window;                   ///< Of the posts that are looked at. Its end is now.
  std::size_t limit = 20;          ///< Posts a list, and a topic; 0: all.
  std::vector<PostKey> known;      ///< Sorted: posts that the reader was told of. Left out.
  std::optional<Instant> since{};  ///< The numbers are of the time from here; else of the window.
  bool overdue_first = false;      ///< Else by priority first.
};

/// A post as the inbox shows it. Texts are as they were collected: writers make them harmless.
struct InboxPost {
  PostKey key;
  std::string id;  ///< "network:native id"
  std::string author, channel, url;
  std::string text;  ///< On one line; the first 280 characters.
  std::string at_shown;
  std::int64_t age = 0;  ///< Seconds until now.
  Intents intents;
  /// Replies are collected on its channel; else an answer may be there and not be seen.
  bool replies_collected = false;
};

/// A post that needs an answer by the brand and has none.
struct InboxEntry {
  InboxPost post;
  std::uint8_t priority = 3;
  std::optional<Instant> due;  ///< By the target of its priority, in business hours if there are.
  std::string due_shown;
  bool overdue = false;
  std::vector<std::string_view> why;  ///< Why it needs one: "answers your post", "asks", ...
  Suggestion suggestion;
};

/// The first entries of a list, and how many there are.
template <class Entry>
struct InboxList {
  std::vector<Entry> entries;
  std::uint64_t total = 0;
};

/// What people ask for in a topic, the newest post first. A post may do several of these.
struct InboxTopic {
  std::string name;
  std::uint64_t questions = 0, complaints = 0, wishes = 0;  ///< Wishes: requests, suggestions.
  InboxList<InboxPost> posts;
};

/// Counts of a window, as they stood at its end.
struct InboxCounts {
  std::uint64_t about_brand = 0;  ///< Items by others.
  std::uint64_t asked = 0;        ///< Needed an answer by the brand
  std::uint64_t answered = 0;     ///< and had one by then.
};

/// The morning page: counts and posts, no percentages. A post stands in one of the first three
/// lists at most, and may stand under its topics besides.
struct Inbox {
  std::string project, timezone;
  Window window;  ///< That the numbers are of; the lists too, unless posts came late.
  std::string begin_shown, end_shown;
  InboxList<InboxEntry> to_answer;
  std::uint64_t overdue = 0;      ///< Of `to_answer`, all.
  InboxList<InboxPost> to_thank;  ///< Recommend the brand, ask nothing, no own reply; newest first.
  InboxList<InboxPost> leads;     ///< Plan to buy, no own reply; newest first.
  std::vector<InboxTopic> topics;   ///< Those in which somebody asks, the most posts first.
  std::uint64_t still_waiting = 0;  ///< Known posts that need an answer and have none,
  std::uint64_t still_overdue = 0;  ///< and those among them that are overdue.
  InboxCounts counts, counts_before;
  std::uint64_t unlabelled = 0;  ///< Posts that cannot be judged yet.
  std::vector<PostKey> listed;   ///< All that is in a list, beyond the limit too; sorted.

  bool empty() const { return listed.empty(); }
};

/// Near-duplicates are collapsed as in tallies, posts by the brand or a competitor left out (but
/// for competitors who speak to the brand). An answer counts however late it came. Errors: the
/// store's; `config` for the time zone and the query for private answers.
Result<Inbox> make_inbox(const PostStore& store, const Project& project,
                         const InboxRequest& request);

}  // namespace earshot
