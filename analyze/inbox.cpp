#include "analyze/inbox.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "analyze/calendar.hpp"
#include "analyze/deadlines.hpp"
#include "analyze/items.hpp"
#include "analyze/metric.hpp"
#include "store/base/ascii.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_text = 280;  // characters
constexpr std::uint64_t hostile_before = 2;

TallyRequest tally_request(Window window, const Project& project) {
  const auto widened = widen_to_quarter_hours(window);
  const auto length = std::chrono::ceil<std::chrono::seconds>(window.end - widened.begin);
  return {.edges = {widened.begin, widened.end},
          .now = window.end,
          .horizon = std::max(project.inbox.horizon, length),  // a late answer is one, too
          .entities = entities_of(project),
          .tables = {Table::inbox, Table::own, Table::raised}};
}

/// What a list needs to know of a post, and its row in the tallies does not say.
struct Detail {
  EntityIndex owner = no_entity;
  bool addressed = false;  // mentions a handle of the brand
  std::uint64_t parent = 0;
};

bool is_wish(Intents intents) {
  return intents.has(Intent::request) || intents.has(Intent::suggestion);
}

/// All that make_inbox works with.
struct Work {
  const PostStore& store;
  const Project& project;
  const InboxRequest& request;
  const Calendar& calendar;
  Tallies tallies;
  std::map<PostKey, Detail> details;  // of the posts of the tallies' inbox and raised

  bool is_known(PostKey key) const { return std::ranges::binary_search(request.known, key); }
  bool in_window(PostKey key) const { return request.window.contains(key.posted_at); }
  std::size_t shown(std::size_t total) const {
    return request.limit == 0 ? total : std::min(total, request.limit);
  }
};

/// The first 280 characters on one line.
std::string excerpt(std::string_view text) {
  std::string line;
  std::size_t characters = 0;
  for (text = trim(text); !text.empty(); ++characters) {
    if (characters == longest_text) return line + "…";
    if (is_space(text.front())) {
      line += ' ';
      text = trim(text);
      continue;
    }
    const auto length = decode_utf8(text).length;
    line.append(text.substr(0, length));
    text.remove_prefix(length);
  }
  return line;
}

InboxPost shown_post(const StoredPost& stored, const Work& work, bool replies_collected) {
  const auto& post = stored.post;
  return {.key = stored.key,
          .id = post_id(post),
          .author = std::string{post.author_name.empty() ? post.author_id : post.author_name},
          .channel = std::string{post.channel},
          .url = std::string{post.url},
          .text = excerpt(post.text),
          .at_shown = work.calendar.format_minute(post.posted_at),
          .age = (work.request.window.end - post.posted_at).count(),
          .intents = stored.labels.intents,
          .replies_collected = replies_collected};
}

/// Calls `visit` for the stored posts of the first rows of a list, in their order.
template <class Row, class Visit>
Result<Done> for_each_shown(const Work& work, const std::vector<Row>& rows, Visit visit) {
  std::vector<PostKey> keys;
  for (std::size_t i = 0; i < work.shown(rows.size()); ++i) keys.push_back(rows[i].key);
  StoredBatch batch;
  if (const auto read = work.store.posts(keys, batch); !read) return read.error();
  std::size_t at = 0;
  for (const auto& stored : batch.posts) {
    while (rows[at].key != stored.key) ++at;  // one that is gone meanwhile is left out
    visit(stored, rows[at]);
  }
  return Done{};
}

/// A row of the tallies' inbox with what it is sorted by.
struct Open {
  PostKey key;
  const InboxItem* item = nullptr;
  std::optional<Instant> due;
  bool overdue = false;
};

void sort_open(std::vector<Open>& open, bool overdue_first) {
  std::ranges::sort(open, {}, [&](const Open& row) {
    const int priority = row.item->priority;
    const int late = row.overdue ? 0 : 1;
    return overdue_first ? std::tuple{late, priority, row.key}
                         : std::tuple{priority, late, row.key};
  });
}

std::vector<std::string_view> why_answer(const Open& open, const Work& work,
                                         const std::set<std::uint64_t>& own) {
  const auto& item = *open.item;
  const auto found = work.details.find(open.key);
  const Detail detail = found == work.details.end() ? Detail{} : found->second;
  std::vector<std::string_view> why;
  const bool about_brand = std::ranges::binary_search(item.entities, brand_index);
  // Its parent may be older than the window; then nothing else has brought it here.
  const bool by_itself = detail.addressed || (about_brand && asks_something(item.intents));
  if (own.contains(detail.parent) || !by_itself) why.push_back("answers your post");
  if (detail.addressed) why.push_back("mentions you");
  if (item.intents.has(Intent::question)) why.push_back("asks");
  if (item.intents.has(Intent::complaint)) why.push_back("complains");
  if (item.intents.has(Intent::request)) why.push_back("requests something");
  if (item.intents.has(Intent::purchase_intent)) why.push_back("plans to buy");
  return why;
}

/// Posts after which it is no use to answer once more: hostile ones that ask nothing, by authors
/// who were answered before and had said as much twice.
std::set<PostKey> repeated_anger(const Tallies& tallies) {
  struct Author {
    std::uint64_t hostile = 0;
    std::optional<Instant> answered;
  };
  std::vector<const InboxItem*> items;
  for (const auto& item : tallies.inbox)
    if (is_brands(item) && item.author != 0) items.push_back(&item);
  std::ranges::sort(items, {}, [](const InboxItem* item) { return item->key; });
  std::map<std::uint64_t, Author> authors;
  std::set<PostKey> repeated;
  for (const auto* item : items) {
    auto& author = authors[item->author];
    const bool hostile = item->sentiment == Sentiment::negative && !asks_something(item->intents);
    const bool answered = author.answered && *author.answered < item->key.posted_at;
    if (hostile && answered && author.hostile >= hostile_before) repeated.insert(item->key);
    if (hostile) ++author.hostile;
    if (item->answered_after) {
      const Instant at = item->key.posted_at + std::chrono::seconds{*item->answered_after};
      author.answered = std::min(author.answered.value_or(at), at);
    }
  }
  return repeated;
}

/// The first list, and the keys of all that need or needed an answer, which no other list repeats.
Result<std::set<PostKey>> add_to_answer(const Work& work, const std::set<PostKey>& praise,
                                        Inbox& inbox) {
  const auto triage = Triage::create(work.project);
  if (!triage) return triage.error();
  const Deadlines deadlines{work.calendar, work.project.inbox, work.request.window};
  std::vector<Open> open;
  std::set<PostKey> taken;
  for (const auto& item : work.tallies.inbox) {
    if (!is_brands(item) || !work.in_window(item.key)) continue;
    if (item.answered_after) taken.insert(item.key);
    if (item.answered_after || praise.contains(item.key)) continue;
    taken.insert(item.key);
    Open row{item.key, &item, deadlines.due(item.key.posted_at, item.priority)};
    row.overdue = row.due && *row.due < work.request.window.end;
    if (work.is_known(item.key)) {
      ++inbox.still_waiting;
      inbox.still_overdue += row.overdue;
      continue;
    }
    inbox.overdue += row.overdue;
    inbox.listed.push_back(row.key);
    open.push_back(row);
  }
  sort_open(open, work.request.overdue_first);

  std::set<std::uint64_t> own;
  for (const auto& item : work.tallies.own)
    if (item.owner == brand_index) own.insert(item.key.id);
  const auto repeated = repeated_anger(work.tallies);
  inbox.to_answer.total = open.size();
  const auto added = for_each_shown(work, open, [&](const StoredPost& stored, const Open& row) {
    const auto detail = work.details.find(row.key);
    const Triage::Standing standing{
        .competitor = detail != work.details.end() && detail->second.owner != no_entity,
        .repeats = repeated.contains(row.key)};
    inbox.to_answer.entries.push_back(
        {.post = shown_post(stored, work, row.item->threaded),
         .priority = row.item->priority,
         .due = row.due,
         .due_shown = row.due ? work.calendar.format_minute(*row.due) : std::string{},
         .overdue = row.overdue,
         .why = why_answer(row, work, own),
         .suggestion = triage->suggest(stored, standing)});
  });
  if (!added) return added.error();
  return taken;
}

/// A list of raised items that `wanted` picks, newest first. They are taken from lists to come.
Result<Done> add_raised(const Work& work, const std::function<bool(const RaisedItem&)>& wanted,
                        std::set<PostKey>& taken, Inbox& inbox, InboxList<InboxPost>& list) {
  std::vector<RaisedItem> rows;
  for (const auto& item : work.tallies.raised) {
    if (!work.in_window(item.key) || item.own_replied_after || !wanted(item)) continue;
    const auto detail = work.details.find(item.key);
    if (detail == work.details.end() || detail->second.owner != no_entity) continue;
    if (!taken.insert(item.key).second || work.is_known(item.key)) continue;
    inbox.listed.push_back(item.key);
    rows.push_back(item);
  }
  std::ranges::sort(rows, std::greater{}, &RaisedItem::key);
  list.total = rows.size();
  return for_each_shown(work, rows, [&](const StoredPost& stored, const RaisedItem& row) {
    list.entries.push_back(shown_post(stored, work, row.threaded));
  });
}

/// Fills `work.details`, and gives for each topic the facts of those who ask something in it.
Result<std::map<EntityIndex, std::vector<Fact>>> read_items(Work& work) {
  std::set<PostKey> wanted;
  for (const auto& item : work.tallies.inbox) wanted.insert(item.key);
  for (const auto& item : work.tallies.raised) wanted.insert(item.key);
  const auto& entities = work.tallies.request.entities;
  const auto topics = entities_of_kind(work.tallies.request, EntityKind::topic);
  std::map<EntityIndex, std::vector<Fact>> asked;
  const auto read = for_each_item(
      work.store, work.tallies.request, work.request.window,
      [&](const Fact& fact, std::span<const EntityLabel> rows) {
        if (wanted.contains(fact.key)) {
          const auto brand = std::ranges::find(rows, brand_index, &EntityLabel::entity);
          work.details[fact.key] = {fact.owner, brand != rows.end() && brand->addressed,
                                    fact.parent};
        }
        const bool asks = asks_something(fact.intents) || is_wish(fact.intents);
        if (!asks || fact.repost || fact.owner != no_entity) return;
        for (const auto topic : topics)
          if (in_scope(fact, rows, {Scope::Kind::entity, topic}, entities))
            asked[topic].push_back(fact);
      });
  if (!read) return read.error();
  return asked;
}

Result<Done> add_topics(const Work& work, std::map<EntityIndex, std::vector<Fact>> asked,
                        Inbox& inbox) {
  std::set<std::uint64_t> threaded;
  for (const auto& channel : work.tallies.channels)
    if (channel.replies > 0) threaded.insert(channel.channel);
  for (auto& [topic, facts] : asked) {
    std::erase_if(facts, [&](const Fact& fact) { return work.is_known(fact.key); });
    if (facts.empty()) continue;
    std::ranges::sort(facts, std::greater{}, &Fact::key);
    InboxTopic row{.name = work.tallies.request.entities[topic].name};
    for (const auto& fact : facts) {
      row.questions += fact.intents.has(Intent::question);
      row.complaints += fact.intents.has(Intent::complaint);
      row.wishes += is_wish(fact.intents);
      inbox.listed.push_back(fact.key);
    }
    row.posts.total = facts.size();
    const auto added = for_each_shown(work, facts, [&](const StoredPost& stored, const Fact& fact) {
      row.posts.entries.push_back(shown_post(stored, work, threaded.contains(fact.channel)));
    });
    if (!added) return added.error();
    inbox.topics.push_back(std::move(row));
  }
  std::ranges::stable_sort(inbox.topics, std::greater{},
                           [](const InboxTopic& topic) { return topic.posts.total; });
  return Done{};
}

/// The counts of a window as they stood at its end.
Result<InboxCounts> count_window(const PostStore& store, const Project& project, Window window) {
  const auto tallies = store.tally(tally_request(window, project));
  if (!tallies) return tallies.error();
  InboxCounts counts;
  for (const auto& item : tallies->inbox) {
    if (!is_brands(item) || !window.contains(item.key.posted_at)) continue;
    ++counts.asked;
    counts.answered += item.answered_after.has_value();
  }
  const auto& request = tallies->request;
  const auto read = for_each_item(store, request, window,
                                  [&](const Fact& fact, std::span<const EntityLabel> rows) {
                                    if (in_scope(fact, rows, brand_scope, request.entities))
                                      ++counts.about_brand;
                                  });
  if (!read) return read.error();
  return counts;
}

Result<Done> add_counts(const Work& work, Inbox& inbox) {
  if (inbox.window.begin >= inbox.window.end) return Done{};
  const auto now = count_window(work.store, work.project, inbox.window);
  if (!now) return now.error();
  const auto before =
      count_window(work.store, work.project, work.calendar.window_before(inbox.window));
  if (!before) return before.error();
  inbox.counts = *now;
  inbox.counts_before = *before;
  return Done{};
}

/// Who recommends the brand and asks nothing: to be thanked, and no case for the first list.
std::set<PostKey> praise_of(const Work& work) {
  std::set<PostKey> praise;
  for (const auto& item : work.tallies.raised)
    if (item.stance == Stance::advocate && !asks_something(item.intents)) praise.insert(item.key);
  return praise;
}

Result<Done> add_lists(Work& work, Inbox& inbox) {
  auto asked = read_items(work);
  if (!asked) return asked.error();
  const auto praise = praise_of(work);
  auto taken = add_to_answer(work, praise, inbox);
  if (!taken) return taken.error();
  const auto advocates = [&](const RaisedItem& item) { return praise.contains(item.key); };
  if (auto added = add_raised(work, advocates, *taken, inbox, inbox.to_thank); !added)
    return added.error();
  const auto buyers = [](const RaisedItem& item) {
    return item.intents.has(Intent::purchase_intent);
  };
  if (auto added = add_raised(work, buyers, *taken, inbox, inbox.leads); !added)
    return added.error();
  if (auto added = add_topics(work, std::move(*asked), inbox); !added) return added.error();
  std::ranges::sort(inbox.listed);
  inbox.listed.erase(std::unique(inbox.listed.begin(), inbox.listed.end()), inbox.listed.end());
  return Done{};
}

}  // namespace

Result<Inbox> make_inbox(const PostStore& store, const Project& project,
                         const InboxRequest& request) {
  const auto calendar = Calendar::create(project.timezone, project.week_start);
  if (!calendar) return calendar.error();
  auto tallies = store.tally(tally_request(request.window, project));
  if (!tallies) return tallies.error();
  Work work{store, project, request, *calendar, std::move(*tallies), {}};

  const Window window{request.since.value_or(request.window.begin), request.window.end};
  Inbox inbox{.project = project.name,
              .timezone = project.timezone,
              .window = window,
              .begin_shown = calendar->format_minute(window.begin),
              .end_shown = calendar->format_minute(window.end),
              .unlabelled = work.tallies.labels.unlabelled};
  if (auto added = add_lists(work, inbox); !added) return added.error();
  if (auto added = add_counts(work, inbox); !added) return added.error();
  return inbox;
}

}  // namespace earshot
