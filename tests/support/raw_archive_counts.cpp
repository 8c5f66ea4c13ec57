#include "tests/support/raw_archive_counts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace earshot::test {

namespace {

bool is_handle(const RawEntity& party, const std::string& author) {
  return std::ranges::any_of(
      party.handles, [&](const std::string& handle) { return lower(handle) == lower(author); });
}

/// "38.9,-77.0" in "box:SOUTH,WEST,NORTH,EAST".
bool in_box(const std::string& box, const std::string& place) {
  double south = 0, west = 0, north = 0, east = 0, latitude = 0, longitude = 0;
  int end = 0;
  if (std::sscanf(box.c_str(), "box:%lf,%lf,%lf,%lf", &south, &west, &north, &east) != 4 ||
      std::sscanf(place.c_str(), " %lf , %lf %n", &latitude, &longitude, &end) != 2 ||
      static_cast<std::size_t>(end) != place.size())
    return false;
  return latitude >= south && latitude <= north && longitude >= west && longitude <= east;
}

std::string region_of(const RawProject& project, const std::string& place) {
  const auto words = raw_words(place);
  for (const auto& row : project.places)
    if (in_box(row.words[0], place) || says_any(words, row.words)) return row.region;
  return {};
}

/// What machines say, as the glossary of marks has it.
const std::vector<std::string> automatic_phrases{"automatic reply",
                                                 "automated reply",
                                                 "automated message",
                                                 "automated response",
                                                 "auto reply",
                                                 "autoreply",
                                                 "auto response",
                                                 "do not reply to this",
                                                 "out of office",
                                                 "this is an automated",
                                                 "this inbox is not monitored"};

}  // namespace

std::vector<RawFact> raw_facts(const RawArchive& archive, const RawProject& project,
                               const std::function<RawWish(const RawPost&)>& wish_of) {
  std::vector<std::string> brand_mentions;
  for (const auto& handle : project.parties[0].handles)
    brand_mentions.push_back('@' + lower(handle));
  std::vector<RawFact> facts;
  for (const auto& post : archive.posts) {
    const auto words = raw_words(post.text);
    RawFact fact{.post = &post, .wish = wish_of(post)};
    std::size_t entity = 0;
    for (const auto& party : project.parties) {
      if (is_handle(party, post.author)) fact.owner = entity;
      if (says_any(words, party.words)) fact.about.insert(entity);
      ++entity;
    }
    for (const auto& topic : project.topics) {
      if (says_any(words, topic.words)) fact.about.insert(entity);
      ++entity;
    }
    fact.addresses_brand = says_any(words, brand_mentions);
    fact.automatic = says_any(words, automatic_phrases);
    const auto& wish = fact.wish;
    if (wish.question || wish.request || wish.purchase) fact.priority = 2;
    if (wish.complaint || says_any(words, project.urgent)) fact.priority = 1;
    if (post.parent.empty() && !fact.owner) fact.same = sameness(words);
    fact.region = region_of(project, post.place);
    facts.push_back(fact);
  }
  return facts;
}

RawCounts::RawCounts(const RawProject& counted, const std::vector<RawFact>& facts, RawWindow span)
    : project{counted}, window{span} {
  std::set<std::pair<std::int64_t, std::string>> said;  // by day of UTC, also before the window
  for (const auto& fact : facts) {
    const auto at = fact.post->at;
    const bool repeated = !fact.same.empty() && !said.emplace(at / 86'400, fact.same).second;
    if (at >= window.now || at >= window.end + horizon) continue;
    if (at >= window.begin - horizon) {
      seen.push_back(&fact);
      seen_by_id_[fact.post->id] = &fact;
    }
    if (at >= window.end) continue;
    known.push_back(&fact);
    if (at < window.begin) continue;
    posts.push_back(&fact);
    if (!repeated) items.push_back(&fact);
  }
}

bool RawCounts::in(const RawFact& fact, std::size_t entity) const {
  if (!fact.about.contains(entity)) return false;
  const bool party = entity < project.parties.size();
  return fact.owner != (party ? entity : 0U);
}

bool RawCounts::heard(const RawFact& fact) const {
  for (std::size_t i = 0; i < project.parties.size() + project.topics.size(); ++i)
    if (in(fact, i)) return true;
  return false;
}

bool RawCounts::own_reply(const RawFact& fact) const {
  return by_brand(fact) && !fact.post->parent.empty() && !fact.automatic;
}

std::vector<const RawFact*> RawCounts::heard_items() const {
  std::vector<const RawFact*> found;
  for (const auto* item : items)
    if (heard(*item)) found.push_back(item);
  return found;
}

std::vector<const RawFact*> RawCounts::items_about(std::size_t entity) const {
  std::vector<const RawFact*> found;
  for (const auto* item : items)
    if (in(*item, entity)) found.push_back(item);
  return found;
}

std::map<std::string, int> RawCounts::items_by_author(const std::vector<const RawFact*>& of) const {
  std::map<std::string, int> authors;
  for (const auto* item : of) ++authors[item->post->author];
  return authors;
}

std::vector<const RawFact*> RawCounts::own_replies() const {
  std::vector<const RawFact*> found;
  for (const auto* post : posts)
    if (own_reply(*post)) found.push_back(post);
  return found;
}

const RawFact* RawCounts::find_seen(const std::string& id) const {
  const auto found = seen_by_id_.find(id);
  return found == seen_by_id_.end() ? nullptr : found->second;
}

/// The last post up the chain of answers that is known of, be it itself not in the archive.
std::string RawCounts::root_of(const RawFact& fact) const {
  const auto* at = &fact;
  std::set<std::string> walked;
  while (!at->post->parent.empty() && walked.insert(at->post->id).second) {
    const auto* parent = find_seen(at->post->parent);
    if (parent == nullptr) return at->post->parent;
    at = parent;
  }
  return at->post->id;
}

std::optional<std::int64_t> RawCounts::first_answer(const RawFact& fact) const {
  std::optional<std::int64_t> direct, in_thread;
  const auto asked = fact.post->at;
  for (const auto* reply : seen) {
    const auto after = reply->post->at - asked;
    if (!own_reply(*reply) || after < 0 || after >= horizon) continue;
    if (reply->post->parent == fact.post->id && !direct) direct = after;
    const auto* to = find_seen(reply->post->parent);
    if (to != nullptr && to->post->author == fact.post->author && after > 0 && !in_thread &&
        root_of(*reply) == root_of(fact))
      in_thread = after;
  }
  return direct ? direct : in_thread;
}

std::vector<RawWait> RawCounts::inbox() const {
  std::vector<RawWait> waits;
  for (const auto* item : items) {
    if (by_brand(*item) || item->wish.only_thanks) continue;
    const auto* parent = find_seen(item->post->parent);
    const bool to_own = parent != nullptr && by_brand(*parent);
    const bool asks = item->wish.question || item->wish.complaint || item->wish.request;
    if (!to_own && !item->addresses_brand && !(asks && item->about.contains(0))) continue;
    const auto asked = item->post->at;
    waits.push_back({item, first_answer(*item), std::min(window.now, asked + horizon) - asked});
  }
  return waits;
}

std::vector<std::vector<const RawFact*>> RawCounts::threads() const {
  std::map<std::string, std::vector<const RawFact*>> by_root;
  std::set<std::string> active;
  for (const auto* fact : seen) {
    const auto root = root_of(*fact);
    by_root[root].push_back(fact);
    const auto at = fact->post->at;
    if (!fact->post->parent.empty() && at >= window.begin && at < window.end) active.insert(root);
  }
  std::vector<std::vector<const RawFact*>> found;
  for (const auto& root : active) found.push_back(by_root[root]);
  return found;
}

double plain_gini(const std::vector<int>& counts) {
  double differences = 0, sum = 0;
  for (const int a : counts) {
    sum += a;
    for (const int b : counts) differences += std::abs(a - b);
  }
  const auto n = static_cast<double>(counts.size());
  return differences / (n * n) / 2 / (sum / n);
}

std::pair<double, double> plain_wilson(std::int64_t hits, std::int64_t n) {
  const double share = static_cast<double>(hits) / static_cast<double>(n);
  const auto far = [&](double p) {
    return std::abs(share - p) >
           1.959963984540054 * std::sqrt(p * (1 - p) / static_cast<double>(n));
  };
  const auto search = [&](double inside, double outside) {
    for (int i = 0; i < 100; ++i) {
      const double middle = (inside + outside) / 2;
      (far(middle) ? outside : inside) = middle;
    }
    return inside;
  };
  return {search(share, 0), search(share, 1)};
}

std::vector<PlainStep> plain_kaplan_meier(const std::vector<RawWait>& waits) {
  std::set<std::int64_t> times;
  for (const auto& wait : waits)
    if (wait.answered) times.insert(*wait.answered);
  std::vector<PlainStep> steps;
  PlainStep step;
  for (const auto time : times) {
    double at_risk = 0, answered = 0;
    for (const auto& wait : waits) {
      if (wait.answered.value_or(wait.observed) >= time) ++at_risk;
      if (wait.answered == time) ++answered;
    }
    step.time = time;
    step.waiting *= 1 - answered / at_risk;
    if (answered < at_risk) step.greenwood += answered / (at_risk * (at_risk - answered));
    steps.push_back(step);
  }
  return steps;
}

}  // namespace earshot::test
