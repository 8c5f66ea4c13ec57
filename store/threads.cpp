#include "store/threads.hpp"

#include <algorithm>
#include <map>
#include <ranges>

namespace earshot {

namespace {

void append_matched(std::span<const EntityLabel> rows, std::vector<EntityIndex>& to) {
  for (const auto& row : rows)
    if (row.matched && row.entity != no_entity) to.push_back(row.entity);
}

bool asks(Intents intents) {
  return intents.has(Intent::question) || intents.has(Intent::complaint) ||
         intents.has(Intent::request);
}

/// A machine of an owner's that says it will see to it has answered nobody.
bool is_auto_reply(EntityIndex owner, Marks marks) {
  return owner != no_entity && marks.has(Mark::automatic);
}

using ById = std::vector<std::pair<std::uint64_t, std::uint32_t>>;

std::optional<std::uint32_t> find_in(const ById& by_id, std::uint64_t id) {
  const auto found = std::ranges::lower_bound(by_id, id, {}, &ById::value_type::first);
  if (found == by_id.end() || found->first != id) return {};
  return found->second;
}

/// Fills in all roots. `find` gives the number of the post of an id.
template <class Find>
void walk_to_roots(std::vector<ThreadPlace>& posts, Find&& find) {
  enum class State : std::uint8_t { open, walking, resolved };
  std::vector<State> states(posts.size(), State::open);
  std::vector<std::uint32_t> path;
  for (std::uint32_t start = 0; start < posts.size(); ++start) {
    path.clear();
    std::uint32_t at = start;
    std::uint64_t root = 0;
    while (root == 0) {
      const ThreadPlace& post = posts[at];
      if (states[at] != State::open) {
        root = states[at] == State::resolved ? post.root : post.id;
        break;
      }
      states[at] = State::walking;
      path.push_back(at);
      if (post.root != 0) {
        root = post.root;
      } else if (post.parent == 0) {
        root = post.id;
      } else if (const std::optional<std::uint32_t> parent = find(post.parent)) {
        at = *parent;
      } else {
        root = post.parent;
      }
    }
    for (const auto walked : path) {
      posts[walked].root = root;
      states[walked] = State::resolved;
    }
  }
}

}  // namespace

std::vector<std::uint64_t> thread_roots(std::span<const ThreadPlace> posts) {
  ById by_id;
  for (std::uint32_t i = 0; i < posts.size(); ++i) by_id.emplace_back(posts[i].id, i);
  std::ranges::sort(by_id);
  std::vector<ThreadPlace> places{posts.begin(), posts.end()};
  walk_to_roots(places, [&by_id](std::uint64_t id) { return find_in(by_id, id); });
  std::vector<std::uint64_t> roots;
  for (const auto& place : places) roots.push_back(place.root);
  return roots;
}

void ThreadTally::add(const Fact& fact, std::span<const EntityLabel> entities, Standing standing) {
  const auto node = static_cast<std::uint32_t>(nodes_.size());
  const bool in_window = request_.window().contains(fact.key.posted_at);
  nodes_.push_back({fact.key, fact.channel, fact.author, fact.parent, fact.root, fact.owner,
                    fact.sentiment, fact.intents, fact.marks, in_window, standing.asked_for});
  if (!standing.item) return;
  if (standing.newcomer) newcomers_.push_back(node);
  if (fact.owner != no_entity || (fact.marks.has(Mark::look_alike) && fact.author != 0))
    accounts_.push_back(node);
  if (fact.owner != no_entity) add_own(fact, entities, node);
  if (!fact.repost && !fact.only_thanks) add_asked(fact, entities, node);
  if (fact.owner != brand_index) add_raised(fact, entities, node);
}

void ThreadTally::add_own(const Fact& fact, std::span<const EntityLabel> entities,
                          std::uint32_t node) {
  OwnItem own{.key = fact.key,
              .channel = fact.channel,
              .author = fact.author,
              .owner = fact.owner,
              .root = fact.parent == 0,
              .repost = fact.repost,
              .sentiment = fact.sentiment,
              .marks = fact.marks,
              .group = fact.group,
              .likes = fact.likes,
              .shares = fact.shares,
              .followers = fact.followers};
  append_matched(entities, own.entities);
  own_.emplace_back(std::move(own), node);
}

void ThreadTally::add_asked(const Fact& fact, std::span<const EntityLabel> entities,
                            std::uint32_t node) {
  const auto first = static_cast<std::uint32_t>(matched_.size());
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < request_.entities.size(); ++i) {
    const auto owner = static_cast<EntityIndex>(i);
    if (request_.entities[i].kind > EntityKind::competitor || fact.owner == owner) continue;
    const auto row = std::ranges::find(entities, owner, &EntityLabel::entity);
    const bool asked =
        row != entities.end() && (row->addressed || (row->matched && asks(fact.intents)));
    if (!asked && fact.parent == 0) continue;
    if (count == 0) {
      append_matched(entities, matched_);
      count = static_cast<std::uint32_t>(matched_.size()) - first;
    }
    asked_.push_back({node, owner, fact.priority, asked, first, count});
  }
}

void ThreadTally::add_raised(const Fact& fact, std::span<const EntityLabel> entities,
                             std::uint32_t node) {
  RaisedItem raised{.key = fact.key,
                    .channel = fact.channel,
                    .author = fact.author,
                    .intents = fact.intents,
                    .question = fact.question};
  for (const auto& row : entities) {
    if (!row.matched || row.entity == no_entity) continue;
    if (row.entity == brand_index) {
      raised.brand = true;
      if (!fact.affiliate) raised.stance = row.stance;
    } else if (request_.entities[row.entity].kind == EntityKind::topic) {
      raised.topics.push_back(row.entity);
    }
  }
  const bool wants =
      fact.intents.has(Intent::question) || fact.intents.has(Intent::purchase_intent);
  if ((raised.brand && raised.stance != Stance::none) ||
      (wants && (raised.brand || !raised.topics.empty())))
    raised_.emplace_back(std::move(raised), node);
}

void ThreadTally::finish(Tallies& tallies) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    by_id_.emplace_back(nodes_[i].key.id, i);
    if (nodes_[i].parent != 0) by_parent_keys_.emplace_back(nodes_[i].parent, i);
  }
  std::ranges::sort(by_id_);
  std::ranges::sort(by_parent_keys_);  // nodes are numbered by time
  for (const auto& [parent, node] : by_parent_keys_) by_parent_.push_back(node);

  resolve_roots();
  count_replies(tallies);
  for (const auto& channel : tallies.channels)
    if (channel.replies > 0) threaded_channels_.push_back(channel.channel);
  std::ranges::sort(threaded_channels_);
  for (const auto& node : nodes_) {
    if (node.owner == no_entity || node.parent == 0 || is_auto_reply(node.owner, node.marks))
      continue;
    if (const auto to = find(node.parent); to && nodes_[*to].author != 0)
      own_replies_.push_back(
          {node.owner, node.root, nodes_[*to].author, node.key.posted_at, node.author});
  }
  std::ranges::sort(own_replies_);

  finish_own(tallies);
  finish_inbox(tallies);
  finish_raised(tallies);
  finish_newcomers(tallies);
  finish_threads(tallies);
  finish_accounts(tallies);
}

std::optional<std::uint32_t> ThreadTally::find(std::uint64_t id) const {
  return find_in(by_id_, id);
}

void ThreadTally::resolve_roots() {
  std::vector<ThreadPlace> places;
  places.reserve(nodes_.size());
  for (const auto& node : nodes_) places.push_back({node.key.id, node.parent, node.root});
  walk_to_roots(places, [this](std::uint64_t id) { return find(id); });
  for (std::size_t i = 0; i < places.size(); ++i) nodes_[i].root = places[i].root;
}

void ThreadTally::count_replies(Tallies& tallies) const {
  std::map<std::uint64_t, std::uint64_t> replies;
  for (const auto& node : nodes_)
    if (node.parent != 0) ++replies[node.channel];
  for (auto& channel : tallies.channels)
    if (const auto found = replies.find(channel.channel); found != replies.end())
      channel.replies = found->second;
}

bool ThreadTally::threaded(std::uint64_t channel) const {
  return std::ranges::binary_search(threaded_channels_, channel);
}

std::span<const std::uint32_t> ThreadTally::replies_to(std::uint64_t id) const {
  const auto parent = &std::pair<std::uint64_t, std::uint32_t>::first;
  const auto first = std::ranges::lower_bound(by_parent_keys_, id, {}, parent);
  const auto last = std::ranges::upper_bound(by_parent_keys_, id, {}, parent);
  return std::span{by_parent_}.subspan(static_cast<std::size_t>(first - by_parent_keys_.begin()),
                                       static_cast<std::size_t>(last - first));
}

std::int64_t ThreadTally::observed_for(Instant posted_at) const {
  return (std::min(request_.now, posted_at + request_.horizon) - posted_at).count();
}

/// The earliest own post whose parent this is, else the earliest own reply to its author later in
/// the same thread; within the horizon, and no auto-reply. With it, who wrote that.
std::optional<std::pair<Instant, std::uint64_t>> ThreadTally::first_answer(
    const Node& post, EntityIndex owner) const {
  const Window answers{post.key.posted_at, post.key.posted_at + request_.horizon};
  for (const auto index : replies_to(post.key.id)) {
    const Node& reply = nodes_[index];
    if (reply.owner == owner && answers.contains(reply.key.posted_at) &&
        !is_auto_reply(reply.owner, reply.marks))
      return std::pair{reply.key.posted_at, reply.author};
  }
  if (post.author == 0) return {};
  const OwnReply from{owner, post.root, post.author, post.key.posted_at + std::chrono::seconds{1},
                      0};
  const auto found = std::ranges::lower_bound(own_replies_, from);
  if (found == own_replies_.end() || found->owner != owner || found->root != post.root ||
      found->to_author != post.author)
    return {};
  if (!answers.contains(found->at)) return {};
  return std::pair{found->at, found->author};
}

void ThreadTally::finish_own(Tallies& tallies) {
  for (auto& entry : own_) {
    OwnItem& own = entry.first;
    own.threaded = threaded(own.channel);
    const Window answers{own.key.posted_at, own.key.posted_at + request_.horizon};
    own.public_replies = static_cast<std::uint64_t>(
        std::ranges::count_if(replies_to(own.key.id), [&](std::uint32_t reply) {
          return nodes_[reply].owner != own.owner && answers.contains(nodes_[reply].key.posted_at);
        }));
    tallies.own.push_back(std::move(own));
  }
}

void ThreadTally::finish_inbox(Tallies& tallies) {
  for (const auto& asked : asked_) {
    const Node& post = nodes_[asked.node];
    if (!asked.asks) {  // then it needs an answer only if it answers an own item
      const auto parent = find(post.parent);
      if (!parent || nodes_[*parent].owner != asked.owner) continue;
    }
    InboxItem item{.key = post.key,
                   .channel = post.channel,
                   .author = post.author,
                   .owner = asked.owner,
                   .priority = asked.priority,
                   .sentiment = post.sentiment,
                   .intents = post.intents,
                   .entities = {matched_.begin() + asked.first_matched,
                                matched_.begin() + asked.first_matched + asked.matched_count},
                   .threaded = threaded(post.channel),
                   .observed_for = observed_for(post.key.posted_at)};
    if (const auto answer = first_answer(post, asked.owner)) {
      item.answered_after = (answer->first - post.key.posted_at).count();
      item.responder = answer->second;
    }
    tallies.inbox.push_back(std::move(item));
  }
}

void ThreadTally::finish_raised(Tallies& tallies) {
  for (auto& entry : raised_) {
    RaisedItem& raised = entry.first;
    const Node& post = nodes_[entry.second];
    raised.threaded = threaded(post.channel);
    raised.observed_for = observed_for(post.key.posted_at);
    const Window answers{post.key.posted_at, post.key.posted_at + request_.horizon};
    for (const auto at : replies_to(post.key.id)) {
      const Node& reply = nodes_[at];
      const bool by_author = reply.author != 0 && reply.author == post.author;
      if (by_author || !answers.contains(reply.key.posted_at) ||
          is_auto_reply(reply.owner, reply.marks))
        continue;
      const auto after = (reply.key.posted_at - post.key.posted_at).count();
      auto& by_whom =
          reply.owner == brand_index ? raised.own_replied_after : raised.public_replied_after;
      if (!by_whom) by_whom = after;
      if (!raised.replied_after) raised.replied_after = after;
    }
    tallies.raised.push_back(std::move(raised));
  }
}

void ThreadTally::finish_newcomers(Tallies& tallies) const {
  for (const auto node : newcomers_) {
    const Node& post = nodes_[node];
    NewcomerItem item{.key = post.key,
                      .channel = post.channel,
                      .threaded = threaded(post.channel),
                      .observed_for = observed_for(post.key.posted_at)};
    const Window answers{post.key.posted_at, post.key.posted_at + request_.horizon};
    for (const auto at : replies_to(post.key.id)) {
      const Node& reply = nodes_[at];
      if (reply.author == post.author || !answers.contains(reply.key.posted_at) ||
          is_auto_reply(reply.owner, reply.marks))
        continue;
      item.replied_after = (reply.key.posted_at - post.key.posted_at).count();
      break;
    }
    tallies.newcomers.push_back(item);
  }
}

void ThreadTally::finish_threads(Tallies& tallies) const {
  std::vector<std::uint64_t> roots;
  for (const auto& node : nodes_)
    if (node.in_window && node.asked_for && node.parent != 0) roots.push_back(node.root);
  std::ranges::sort(roots);
  roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
  for (const auto& node : nodes_) {
    if (!std::ranges::binary_search(roots, node.root)) continue;
    tallies.threads.push_back({.root = node.root,
                               .key = node.key,
                               .author = node.author,
                               .owner = node.owner,
                               .parent = node.parent,
                               .channel = node.channel,
                               .sentiment = node.sentiment,
                               .intents = node.intents,
                               .marks = node.marks,
                               .in_window = node.in_window});
  }
  std::ranges::stable_sort(tallies.threads, {}, &ThreadRow::root);  // nodes are in order of time
}

void ThreadTally::finish_accounts(Tallies& tallies) const {
  std::map<std::pair<std::uint64_t, EntityIndex>, AccountRow> accounts;
  for (const auto node : accounts_) {
    const Node& post = nodes_[node];
    auto& row = accounts[{post.author, post.owner}];
    row.author = post.author;
    row.owner = post.owner;
    ++row.items;
    row.last = post.key;
  }
  for (const auto& [key, row] : accounts) tallies.accounts.push_back(row);
}

}  // namespace earshot
