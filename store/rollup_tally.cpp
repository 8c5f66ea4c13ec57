#include "store/rollup_tally.hpp"

#include <algorithm>
#include <tuple>

#include "store/day_repeats.hpp"

namespace earshot {

namespace {

using std::chrono::days;

Window answers_window(const TallyRequest& request) {
  const auto window = request.window();
  return {DayRepeats::reads_from(window.begin) - request.horizon,
          std::min(request.now, window.end + request.horizon)};
}

}  // namespace

RollupTally::RollupTally(const TallyRequest& request, const Profiles& profiles,
                         const KeptTallies* kept, Instant since, Tallies& tallies)
    : request_{request},
      kept_{request.only_topic ? nullptr : kept},  // they count all topics together
      since_{since},
      window_{request.window()},
      replies_{answers_window(request)},
      heard_{request.tables.has(Table::channels_before) ? request.previous : Window{}},
      quarters_from_{request.tables.has(Table::quarters) ? window_.begin - quarter_baseline
                                                         : window_.end},
      stances_from_{request.tables.has(Table::stances) ? window_.end - stance_memory : window_.end},
      tallies_{tallies},
      builder_{request, profiles} {}

Window RollupTally::range() const {
  // Of a day of stances those before the year are left out, so that a rollup of it may be used.
  auto begin =
      std::min({replies_.begin, quarters_from_, Instant{std::chrono::floor<days>(stances_from_)}});
  if (heard_.begin < heard_.end) begin = std::min(begin, heard_.begin);
  return {std::max(begin, since_), replies_.end};
}

/// Where rollups may not reach over, rising: midnights are not among them.
std::vector<Instant> RollupTally::cuts(Window range) const {
  std::vector<Instant> cuts{request_.edges};
  cuts.insert(cuts.end(), {replies_.begin, quarters_from_, heard_.begin, heard_.end, range.end});
  std::erase_if(cuts, [&](Instant at) { return at <= range.begin || at > range.end; });
  std::ranges::sort(cuts);
  return cuts;
}

Result<Done> RollupTally::prepare() {
  const auto range = this->range();
  if (range.begin >= range.end) return Done{};
  if (kept_ != nullptr) {
    auto entries = kept_->rollups(range);
    if (!entries) return entries.error();
    entries_ = *std::move(entries);
    std::erase_if(entries_, [hash = entities_hash(request_.entities)](const auto& entry) {
      return entry.entities != hash;
    });
  }
  plan(range);
  return Done{};
}

void RollupTally::plan(Window range) {
  const auto cuts = this->cuts(range);
  std::size_t cut = 0, next = 0;
  for (auto at = range.begin; at < range.end; at = steps_.back().window.end) {
    while (cuts[cut] <= at) ++cut;
    const auto midnight = std::chrono::floor<days>(at) + days{1};
    auto end = std::min<Instant>(cuts[cut], midnight);
    while (next < entries_.size() && entries_[next].window.begin < at) ++next;
    const bool ready = next < entries_.size() && entries_[next].window.begin < end &&
                       entries_[next].window.end <= cuts[cut];
    if (ready && entries_[next].window.begin == at) {
      steps_.push_back({entries_[next].window, next});
      continue;
    }
    if (ready) end = entries_[next].window.begin;
    steps_.push_back({{at, end}, {}});
  }
}

std::vector<Window> RollupTally::gaps() const {
  std::vector<Window> gaps;
  for (const auto& step : steps_) {
    if (step.kept) continue;
    if (!gaps.empty() && gaps.back().end == step.window.begin)
      gaps.back().end = step.window.end;
    else
      gaps.push_back(step.window);
  }
  return gaps;
}

bool RollupTally::wants(Instant at) {
  while (step_ < steps_.size() && steps_[step_].window.end <= at) close_step();
  return step_ < steps_.size() && !steps_[step_].kept && steps_[step_].window.begin <= at;
}

void RollupTally::close_step() {
  const Step& step = steps_[step_++];
  if (!step.kept) {
    auto rollup = builder_.finish(step.window);
    take(rollup);
    return;
  }
  auto rollup = kept_->read_rollup(entries_[*step.kept]);
  entries_[*step.kept].bytes = {};
  if (rollup)
    take(*rollup);
  else if (read_)
    read_ = rollup.error();
}

void RollupTally::take(Rollup& rollup) {
  const auto at = rollup.window.begin;
  if (at >= quarters_from_ && at < window_.end)
    tallies_.history.quarters.insert(tallies_.history.quarters.end(), rollup.quarters.begin(),
                                     rollup.quarters.end());
  if (rollup.window.end > stances_from_ && at < window_.end)
    for (const auto& row : rollup.stances)
      if (row.key.posted_at >= stances_from_) tallies_.history.stances.push_back(row);
  for (const auto& channel : rollup.channels) {
    if (heard_.contains(at) && channel.heard > 0) before_[channel.channel] += channel.heard;
    if (replies_.contains(at)) channels_[channel.channel].replies += channel.replies;
  }
  if (window_.contains(at)) take_items(rollup);
}

void RollupTally::take_items(const Rollup& rollup) {
  tallies_.fingerprint += rollup.fingerprint;
  tallies_.labels.unlabelled += rollup.unlabelled;
  tallies_.collapsed += rollup.collapsed;
  for (const auto& seen : rollup.generations) {
    auto& generation = generations_[seen.id];
    if (generation.posts == 0) generation.begin = seen.begin;
    generation.posts += seen.posts;
    tallies_.labels.labelled += seen.posts;
  }
  const auto counted = [&](std::uint64_t channel) {
    return !request_.only_channel || channel == *request_.only_channel;
  };
  for (const auto& channel : rollup.channels)
    if (counted(channel.channel)) channels_[channel.channel].items += channel.items;
  if (request_.tables.has(Table::accounts))
    for (const auto& account : rollup.accounts) {
      if (!counted(account.channel)) continue;
      auto& row = accounts_[{account.author, account.owner}];
      row.items += account.items;
      row.last = std::max(row.last, account.last);
    }
  if (!request_.tables.has(Table::cube)) return;
  while (rollup.window.begin >= request_.edges[bucket_ + 1]) close_bucket();
  for (const auto& row : rollup.cube)
    if (counted(row.channel)) cube_.add(row, {row.items, row.engaged_items, row.engagement});
}

void RollupTally::close_bucket() {
  auto& rows = tallies_.cube;
  const auto before = rows.size();
  cube_.close(static_cast<std::uint32_t>(bucket_++), rows);
  // Rows are large, so room is made for as many as the buckets that follow are likely to have.
  const auto left = request_.edges.size() - 1 - bucket_;
  if (rows.capacity() - rows.size() < rows.size() - before)
    rows.reserve(rows.size() + (rows.size() - before) * left * 9 / 8);
}

Result<Done> RollupTally::finish() {
  while (step_ < steps_.size()) close_step();
  if (!read_) return read_;
  close_bucket();
  for (const auto& [id, generation] : generations_) {
    tallies_.labels.generations.emplace_back(id, generation.posts);
    tallies_.labels.generation_begins.push_back(generation.begin);
  }
  for (auto& [channel, row] : channels_) {
    row.channel = channel;
    if (row.items > 0) tallies_.channels.push_back(std::move(row));
  }
  for (auto& [account, row] : accounts_) {
    std::tie(row.author, row.owner) = account;
    tallies_.accounts.push_back(row);
  }
  tallies_.history.channels_before.assign(before_.begin(), before_.end());
  return Done{};
}

}  // namespace earshot
