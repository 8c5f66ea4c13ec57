#include "store/threads.hpp"

#include <algorithm>
#include <map>
#include <ranges>

namespace earshot {

namespace {

bool asks(Intents intents) {
  return intents.has(Intent::question) || intents.has(Intent::complaint) ||
         intents.has(Intent::request);
}

}  // namespace

void ThreadTally::add(const Fact& fact, std::span<const EntityLabel> entities, bool is_item) {
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  const bool in_window = request_.window().contains(fact.key.posted_at);
  nodes_.push_back(
      {fact.key, fact.channel, fact.author, fact.parent, fact.root, fact.owner, in_window});
  if (!in_window || !is_item) return;

  if (fact.owner != no_entity) {
    own_.push_back({{.key = fact.key,
                     .channel = fact.channel,
                     .author = fact.author,
                     .owner = fact.owner,
                     .root = fact.parent == 0,
                     .repost = fact.repost,
                     .likes = fact.likes,
                     .shares = fact.shares,
                     .followers = fact.followers},
                    index});
  }
  if (!fact.repost && !fact.only_thanks) {
    for (std::size_t i = 0; i < request_.entities.size(); ++i) {
      const auto owner = static_cast<EntityIndex>(i);
      if (request_.entities[i].kind == EntityKind::topic || fact.owner == owner) continue;
      const auto row = std::ranges::find(entities, owner, &EntityLabel::entity);
      const bool asked =
          row != entities.end() && (row->addressed || (row->matched && asks(fact.intents)));
      if (asked || fact.parent != 0) asked_.push_back({index, owner, fact.priority, asked});
    }
  }
  if (fact.owner != 0 && fact.intents.has(Intent::question)) {
    QuestionItem question{.key = fact.key, .channel = fact.channel};
    for (const auto& row : entities)
      if (row.matched && row.entity != no_entity &&
          request_.entities[row.entity].kind == EntityKind::topic)
        question.topics.push_back(row.entity);
    if (!question.topics.empty()) questions_.push_back({std::move(question), index});
  }
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
    if (node.owner == no_entity || node.parent == 0) continue;
    if (const auto to = find(node.parent); to && nodes_[*to].author != 0)
      own_replies_.push_back(
          {node.owner, node.root, nodes_[*to].author, node.key.posted_at, node.author});
  }
  std::ranges::sort(own_replies_);

  finish_own(tallies);
  finish_inbox(tallies);
  finish_questions(tallies);
  finish_edges(tallies);
}

std::optional<std::uint32_t> ThreadTally::find(std::uint64_t id) const {
  const auto found =
      std::ranges::lower_bound(by_id_, id, {}, &std::pair<std::uint64_t, std::uint32_t>::first);
  if (found == by_id_.end() || found->first != id) return {};
  return found->second;
}

/// Gives every node the id of its thread's first post: what the source says, else the end of the
/// chain of stored parents, which may be a post that is not stored. A chain that bites its tail
/// ends where the walk came in.
void ThreadTally::resolve_roots() {
  enum class State : std::uint8_t { open, walking, resolved };
  std::vector<State> states(nodes_.size(), State::open);
  std::vector<std::uint32_t> path;
  for (std::uint32_t start = 0; start < nodes_.size(); ++start) {
    path.clear();
    std::uint32_t at = start;
    std::uint64_t root = 0;
    while (root == 0) {
      Node& node = nodes_[at];
      if (states[at] != State::open) {
        root = states[at] == State::resolved ? node.root : node.key.id;
        break;
      }
      states[at] = State::walking;
      path.push_back(at);
      if (node.root != 0) {
        root = node.root;
      } else if (node.parent == 0) {
        root = node.key.id;
      } else if (const auto parent = find(node.parent)) {
        at = *parent;
      } else {
        root = node.parent;
      }
    }
    for (const auto walked : path) {
      nodes_[walked].root = root;
      states[walked] = State::resolved;
    }
  }
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
/// the same thread; within the horizon. With it, who wrote that.
std::optional<std::pair<Instant, std::uint64_t>> ThreadTally::first_answer(
    const Node& post, EntityIndex owner) const {
  const Window answers{post.key.posted_at, post.key.posted_at + request_.horizon};
  for (const auto index : replies_to(post.key.id)) {
    const Node& reply = nodes_[index];
    if (reply.owner == owner && answers.contains(reply.key.posted_at))
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
    tallies.own.push_back(own);
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
                   .owner = asked.owner,
                   .priority = asked.priority,
                   .threaded = threaded(post.channel),
                   .observed_for = observed_for(post.key.posted_at)};
    if (const auto answer = first_answer(post, asked.owner)) {
      item.answered_after = (answer->first - post.key.posted_at).count();
      item.responder = answer->second;
    }
    tallies.inbox.push_back(item);
  }
}

void ThreadTally::finish_questions(Tallies& tallies) {
  for (auto& [question, index] : questions_) {
    const Node& post = nodes_[index];
    question.threaded = threaded(post.channel);
    question.observed_for = observed_for(post.key.posted_at);
    const Window answers{post.key.posted_at, post.key.posted_at + request_.horizon};
    for (const auto at : replies_to(post.key.id)) {
      const Node& reply = nodes_[at];
      const bool by_asker = reply.author != 0 && reply.author == post.author;
      if (by_asker || !answers.contains(reply.key.posted_at)) continue;
      const auto after = (reply.key.posted_at - post.key.posted_at).count();
      if (!question.replied_after) question.replied_after = after;
      if (!question.public_replied_after && reply.owner != 0) question.public_replied_after = after;
    }
    tallies.questions.push_back(std::move(question));
  }
}

void ThreadTally::finish_edges(Tallies& tallies) const {
  for (const auto& node : nodes_) {
    if (!node.in_window || node.parent == 0) continue;
    ReplyEdge edge{.reply = node.key,
                   .author = node.author,
                   .owner = node.owner,
                   .parent = {{}, node.parent},
                   .root = node.root};
    if (const auto found = find(node.parent)) {
      const Node& parent = nodes_[*found];
      edge.parent = parent.key;
      edge.parent_author = parent.author;
      edge.parent_owner = parent.owner;
    }
    tallies.threads.push_back(edge);
  }
}

}  // namespace earshot
