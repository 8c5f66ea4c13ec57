#include "store/threads.hpp"

#include <algorithm>

#include "store/answer_tally.hpp"

namespace earshot {

namespace {

/// Fills in all roots. `link` gives the number of a post's parent, nothing if it is not among them.
/// A chain that bites its tail ends in the least id of the ring.
template <class Posts, class Link>
void walk_to_roots(Posts& posts, Link&& link) {
  enum class State : std::uint8_t { open, walking, resolved };
  std::vector<State> states(posts.size(), State::open);
  std::vector<std::uint32_t> path;
  for (std::uint32_t start = 0; start < posts.size(); ++start) {
    path.clear();
    std::uint32_t at = start;
    std::uint64_t root = 0;
    while (root == 0) {
      const auto& post = posts[at];
      if (states[at] == State::resolved) {
        root = post.root;
        break;
      }
      if (states[at] == State::walking) {
        root = post.id;
        for (auto on = std::ranges::find(path, at); on != path.end(); ++on)
          root = std::min(root, posts[*on].id);
        break;
      }
      states[at] = State::walking;
      path.push_back(at);
      if (post.root != 0) {
        root = post.root;
      } else if (post.parent == 0) {
        root = post.id;
      } else if (const std::optional<std::uint32_t> parent = link(at)) {
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
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_id;
  for (std::uint32_t i = 0; i < posts.size(); ++i) by_id.emplace_back(posts[i].id, i);
  std::ranges::sort(by_id);
  std::vector<ThreadPlace> places{posts.begin(), posts.end()};
  walk_to_roots(places, [&](std::uint32_t at) -> std::optional<std::uint32_t> {
    const auto parent = places[at].parent;
    const auto found =
        std::ranges::lower_bound(by_id, parent, {}, [](const auto& entry) { return entry.first; });
    if (found == by_id.end() || found->first != parent) return {};
    return found->second;
  });
  std::vector<std::uint64_t> roots;
  for (const auto& place : places) roots.push_back(place.root);
  return roots;
}

ThreadTally::ThreadTally(const TallyRequest& request, const Profiles& profiles)
    : request_{request},
      profiles_{profiles},
      window_{request.window()},
      keeps_nodes_{wants_own() || wants_inbox() || wants(Table::raised) ||
                   wants(Table::newcomers) || wants(Table::threads)} {}

void ThreadTally::add(const Fact& fact, std::uint32_t profile_number, Standing standing) {
  const Profile& profile = profiles_[profile_number];
  const auto channel = channel_number(fact.channel);
  if (fact.parent != 0) ++channels_[channel].replies;
  if (!keeps_nodes_) return;

  const bool newcomer = standing.newcomer && wants(Table::newcomers);
  const bool asked = standing.item && wants_inbox() && !profile.repost && !profile.only_thanks &&
                     (fact.parent != 0 || !profile.asks.empty());
  const bool raised = standing.item && wants(Table::raised) && profile.raises;
  const bool takes_part = fact.parent != 0 || fact.root != 0 || profile.owner != no_entity;
  if (!newcomer && !asked && !raised && !takes_part && !wants(Table::threads)) {
    if (wants_inbox() && fact.author != 0)
      bystanders_.push_back({fact.key.id, fact.author, fact.key.posted_at});
    return;
  }
  const auto node = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({fact.key.id, fact.key.posted_at, fact.author, fact.parent, fact.root, channel,
                    profile_number});
  if (newcomer) newcomers_.push_back(node);
  if (asked) asked_.push_back(node);
  if (raised) raised_.emplace_back(node, fact.question);
  if (standing.item && wants_own() && profile.owner != no_entity) add_own(fact, profile, node);
}

std::uint32_t ThreadTally::channel_number(std::uint64_t channel) {
  auto& number = channel_numbers_[channel];
  if (number == 0) {
    channels_.push_back({.channel = channel});
    number = static_cast<std::uint32_t>(channels_.size());
  }
  return number - 1;
}

void ThreadTally::add_own(const Fact& fact, const Profile& profile, std::uint32_t node) {
  const bool root = fact.parent == 0;
  if (!own_rows_.wants(profile.owner, root)) return;
  own_.emplace_back(OwnItem{.key = fact.key,
                            .channel = fact.channel,
                            .author = fact.author,
                            .owner = profile.owner,
                            .root = root,
                            .repost = fact.repost,
                            .sentiment = fact.sentiment,
                            .marks = fact.marks,
                            .group = fact.group,
                            .entities = profile.matched,
                            .likes = fact.likes,
                            .shares = fact.shares,
                            .followers = fact.followers},
                    node);
}

void ThreadTally::drop_newcomers(const FlatSet& heard) {
  std::erase_if(newcomers_,
                [&](std::uint32_t node) { return heard.contains(nodes_[node].author); });
}

void ThreadTally::finish(Tallies& tallies) {
  link_nodes();
  if (wants_inbox()) find_own_replies();

  finish_own(tallies);
  finish_inbox(tallies);
  finish_raised(tallies);
  finish_newcomers(tallies);
  slots_ = first_replies_ = next_replies_ = {};  // before the largest table grows
  if (wants(Table::threads)) finish_threads(tallies);
}

void ThreadTally::link_nodes() {
  std::size_t size = 64;
  while (size * 3 < nodes_.size() * 4) size *= 2;
  slots_.resize(size);
  const auto count = static_cast<std::uint32_t>(nodes_.size());
  for (std::uint32_t node = 0; node < count; ++node) {
    std::size_t at = mix_bits(nodes_[node].id) & (size - 1);
    while (slots_[at] != 0) at = (at + 1) & (size - 1);
    slots_[at] = node + 1;
  }
  parents_.assign(count, none);
  first_replies_.assign(count, none);
  next_replies_.assign(count, none);
  for (std::uint32_t node = count; node-- > 0;) {
    if (nodes_[node].parent == 0) continue;
    const auto parent = parents_[node] = find(nodes_[node].parent);
    if (parent == none) continue;
    next_replies_[node] = first_replies_[parent];
    first_replies_[parent] = node;
  }
}

std::uint32_t ThreadTally::find(std::uint64_t id) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = mix_bits(id) & mask; slots_[at] != 0; at = (at + 1) & mask)
    if (nodes_[slots_[at] - 1].id == id) return slots_[at] - 1;
  return none;
}

template <class Visit>
void ThreadTally::visit_replies(std::uint32_t node, Visit visit) const {
  for (auto reply = first_replies_[node]; reply != none; reply = next_replies_[reply])
    if (!visit(nodes_[reply])) return;
}

/// A machine of an owner's that says it will see to it has answered nobody.
bool ThreadTally::is_auto_reply(const Node& node) const {
  const Profile& profile = profiles_[node.profile];
  return profile.owner != no_entity && profile.marks.has(Mark::automatic);
}

void ThreadTally::find_own_replies() {
  // Those bystanders to whom one is, by their id.
  FlatCounter<std::uint64_t, Bystander, Hash> bystanders;
  const auto is_one = [&](const Node& node) {
    return node.parent != 0 && owner_of(node) != no_entity && !is_auto_reply(node);
  };
  for (std::uint32_t node = 0; node < nodes_.size(); ++node)
    if (is_one(nodes_[node]) && parents_[node] == none) bystanders[nodes_[node].parent] = {};
  if (bystanders.size() > 0)
    for (std::size_t i = 0; i < bystanders_.size(); ++i)
      if (auto* known = bystanders.find(bystanders_[i].id)) *known = bystanders_[i];
  for (std::uint32_t number = 0; number < nodes_.size(); ++number) {
    const Node& node = nodes_[number];
    if (!is_one(node)) continue;
    Bystander to;
    if (const auto parent = parents_[number]; parent == none)
      to = bystanders[node.parent];
    else
      to = {nodes_[parent].id, nodes_[parent].author, nodes_[parent].at};
    if (to.author != 0) own_replies_.push_back({owner_of(node), to.author, node.at, number, to.at});
  }
  std::ranges::sort(own_replies_);
}

/// What a post's thread is known by: what the source says, else the end of its chain of parents, as
/// far as they are seen.
std::uint64_t ThreadTally::thread_of(std::uint32_t number, const Window& seen) const {
  auto met = number;  // an earlier one of the chain, moved on at each power of two
  for (std::uint64_t step = 1; step == 1 || number != met; ++step) {
    const Node& node = nodes_[number];
    if (node.root != 0) return node.root;
    if (node.parent == 0) return node.id;
    const auto parent = parents_[number];
    if (parent == none || !seen.contains(nodes_[parent].at)) return node.parent;
    if ((step & (step - 1)) == 0) met = number;
    number = parent;
  }
  auto least = nodes_[number].id;  // the chain bites its tail
  for (auto on = parents_[number]; on != number; on = parents_[on])
    least = std::min(least, nodes_[on].id);
  return least;
}

std::int64_t ThreadTally::observed_for(Instant posted_at) const {
  return (std::min(request_.now, posted_at + request_.horizon) - posted_at).count();
}

/// The earliest own post whose parent this is, else the earliest own reply to its author later in
/// the same thread; within the horizon, and no auto-reply. With it, who wrote that.
std::optional<std::pair<Instant, std::uint64_t>> ThreadTally::first_answer(
    std::uint32_t number, EntityIndex owner) const {
  const Node& post = nodes_[number];
  const auto answers = answers_to(post);
  std::optional<std::pair<Instant, std::uint64_t>> answer;
  visit_replies(number, [&](const Node& reply) {
    if (owner_of(reply) == owner && answers.contains(reply.at) && !is_auto_reply(reply))
      answer = std::pair{reply.at, reply.author};
    return !answer;
  });
  if (answer || post.author == 0) return answer;
  const auto seen = seen_with(post);
  std::optional<std::uint64_t> thread;
  const OwnReply later{owner, post.author, post.at + std::chrono::seconds{1}, 0, {}};
  for (auto reply = std::ranges::lower_bound(own_replies_, later);
       reply != own_replies_.end() && reply->owner == owner && reply->to_author == post.author &&
       answers.contains(reply->at);
       ++reply) {
    if (!seen.contains(reply->parent_at)) continue;
    if (!thread) thread = thread_of(number, seen);
    if (thread_of(reply->node, seen) == *thread)
      return std::pair{reply->at, nodes_[reply->node].author};
  }
  return {};
}

void ThreadTally::finish_own(Tallies& tallies) {
  tallies.own.reserve(own_.size());
  for (auto& [own, node] : own_) {
    own.threaded = threaded(nodes_[node]);
    const auto answers = answers_to(nodes_[node]);
    const auto owner = own.owner;
    std::uint64_t replies = 0;
    visit_replies(node, [&](const Node& reply) {
      replies += owner_of(reply) != owner && answers.contains(reply.at);
      return true;
    });
    own.public_replies = replies;
    if (!wants(Table::own)) own.key.id = 0;
    tallies.own.push_back(std::move(own));
  }
}

void ThreadTally::finish_inbox(Tallies& tallies) const {
  const bool all = wants(Table::inboxes), named = all || wants(Table::inbox);
  const bool listed = request_.tables.has_any(inbox_tables), counted = wants(Table::answers);
  if (all) tallies.inbox.reserve(asked_.size());
  AnswerTally answers;
  for (const auto number : asked_) {
    const Node& post = nodes_[number];
    const Profile& profile = profiles_[post.profile];
    const auto parent = parents_[number];
    const bool seen = parent != none && seen_with(post).contains(nodes_[parent].at);
    const auto to = seen ? owner_of(nodes_[parent]) : no_entity;
    for (std::size_t i = 0; i < request_.entities.size(); ++i) {
      const auto owner = static_cast<EntityIndex>(i);
      if (request_.entities[i].kind > EntityKind::competitor) continue;
      const bool shown = listed && (all || owner == brand_index);
      if (!shown && !counted) continue;
      const bool answers_own = to == owner && profile.owner != owner;
      if (!answers_own && std::ranges::find(profile.asks, owner) == profile.asks.end()) continue;
      InboxItem item{.key = {post.at, post.id},
                     .channel = channels_[post.channel].channel,
                     .author = post.author,
                     .owner = owner,
                     .priority = profile.priority,
                     .sentiment = profile.sentiment,
                     .intents = profile.intents,
                     .entities = {},
                     .threaded = threaded(post),
                     .observed_for = observed_for(post.at)};
      if (const auto answer = first_answer(number, owner)) {
        item.answered_after = (answer->first - post.at).count();
        item.responder = answer->second;
      }
      if (counted) answers.add(answer_of(item, request_.horizon));
      if (!shown) continue;
      if (!named) item.key.id = item.author = 0;
      item.entities = profile.matched;
      tallies.inbox.push_back(std::move(item));
    }
  }
  tallies.answers = answers.finish();
}

void ThreadTally::finish_raised(Tallies& tallies) const {
  tallies.raised.reserve(raised_.size());
  for (const auto& [number, question] : raised_) {
    const Node& post = nodes_[number];
    const Profile& profile = profiles_[post.profile];
    RaisedItem raised{.key = {post.at, post.id},
                      .channel = channels_[post.channel].channel,
                      .author = post.author,
                      .threaded = threaded(post),
                      .brand = profile.brand,
                      .topics = {},
                      .intents = profile.intents,
                      .stance = profile.affiliate ? Stance::none : profile.brand_stance,
                      .question = question,
                      .observed_for = observed_for(post.at)};
    for (const auto entity : profile.matched)
      if (request_.entities[entity].kind == EntityKind::topic) raised.topics.push_back(entity);
    const auto answers = answers_to(post);
    visit_replies(number, [&, author = post.author, at = post.at](const Node& reply) {
      const bool by_author = reply.author != 0 && reply.author == author;
      if (by_author || !answers.contains(reply.at) || is_auto_reply(reply)) return true;
      const auto after = (reply.at - at).count();
      auto& by_whom =
          owner_of(reply) == brand_index ? raised.own_replied_after : raised.public_replied_after;
      if (!by_whom) by_whom = after;
      if (!raised.replied_after) raised.replied_after = after;
      return true;
    });
    tallies.raised.push_back(std::move(raised));
  }
}

std::optional<std::int64_t> ThreadTally::first_reply_by_other(std::uint32_t number) const {
  const Node& post = nodes_[number];
  const auto answers = answers_to(post);
  std::optional<std::int64_t> after;
  visit_replies(number, [&](const Node& reply) {
    if (reply.author != post.author && answers.contains(reply.at) && !is_auto_reply(reply))
      after = (reply.at - post.at).count();
    return !after;
  });
  return after;
}

void ThreadTally::finish_newcomers(Tallies& tallies) const {
  tallies.newcomers.reserve(newcomers_.size());
  for (const auto number : newcomers_) {
    const Node& post = nodes_[number];
    tallies.newcomers.push_back({.key = {post.at, post.id},
                                 .channel = channels_[post.channel].channel,
                                 .threaded = threaded(post),
                                 .replied_after = first_reply_by_other(number),
                                 .observed_for = observed_for(post.at)});
  }
}

void ThreadTally::finish_threads(Tallies& tallies) {
  walk_to_roots(nodes_, [this](std::uint32_t at) -> std::optional<std::uint32_t> {
    if (parents_[at] == none) return {};
    return parents_[at];
  });
  const auto asked_for = [&](const Node& node) {
    return profiles_[node.profile].asked_for &&
           (!request_.only_channel || channels_[node.channel].channel == *request_.only_channel);
  };
  FlatSet roots;
  for (std::uint32_t i = 0; i < nodes_.size(); ++i)
    if (const Node& node = nodes_[i];
        node.parent != 0 && window_.contains(node.at) && asked_for(node))
      roots.insert(node.root);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> rows;  // root, node: nodes are by time
  rows.reserve(nodes_.size());
  for (std::uint32_t i = 0; i < nodes_.size(); ++i)
    if (roots.contains(nodes_[i].root)) rows.emplace_back(nodes_[i].root, i);
  std::ranges::sort(rows);
  tallies.threads.reserve(rows.size());
  for (const auto& [root, number] : rows) {
    const Node& node = nodes_[number];
    const Profile& profile = profiles_[node.profile];
    tallies.threads.push_back({.root = root,
                               .key = {node.at, node.id},
                               .author = node.author,
                               .parent = node.parent,
                               .channel = channels_[node.channel].channel,
                               .owner = profile.owner,
                               .sentiment = profile.sentiment,
                               .intents = profile.intents,
                               .marks = profile.marks,
                               .in_window = window_.contains(node.at)});
  }
}

}  // namespace earshot
