#include "analyze/pipeline.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "analyze/calendar.hpp"
#include "analyze/corrections.hpp"
#include "store/base/parallel.hpp"

namespace earshot {

namespace {

/// The arrays that a batch is labelled in; kept from batch to batch for their room.
struct Workspace {
  std::vector<Post> posts;
  std::vector<Labels> labels;
  std::vector<LabelledPost> labelled;
};

/// Labels a batch and writes the labels; how many the store took.
Result<std::uint64_t> label_batch(PostStore& store, const Labeller& labeller,
                                  const StoredBatch& batch, Workspace& work) {
  const auto count = batch.posts.size();
  work.posts.clear();
  for (const auto& stored : batch.posts) work.posts.push_back(stored.post);
  work.labels.resize(count);
  work.labelled.resize(count);
  labeller.label(work.posts, work.labels);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& stored = batch.posts[i];
    if (stored.labels.by_hand)
      keep_correction(stored.labels, stored.post, labeller.generation().entities, work.labels[i]);
    work.labelled[i].key = batch.posts[i].key;
    std::swap(work.labelled[i].labels, work.labels[i]);
  }
  const auto written = store.append({.labels = work.labelled});
  for (std::size_t i = 0; i < count; ++i) std::swap(work.labelled[i].labels, work.labels[i]);
  if (!written) return written.error();
  return written->labelled;
}

/// How many posts there are with labels of other generations.
Result<std::uint64_t> count_stale(const PostStore& store, std::uint64_t generation) {
  const auto generations = store.generations();
  if (!generations) return generations.error();
  std::uint64_t stale = 0;
  for (const auto& [id, posts] : *generations) stale += id == generation ? 0 : posts;
  return stale;
}

/// How many posts a pass will look at.
Result<std::uint64_t> count_waiting(const PostStore& store, const Labeller& labeller, bool all) {
  const auto counters = store.counters();
  if (!counters) return counters.error();
  if (!all) return counters->unlabelled;
  const auto stale = count_stale(store, labeller.generation().id());
  if (!stale) return stale;
  return counters->unlabelled + *stale;
}

}  // namespace

Result<AnalyzeOutcome> analyze_store(
    PostStore& store, const Labeller& labeller, const AnalyzeOptions& options,
    const std::function<void(std::uint64_t, std::uint64_t)>& progress,
    const std::function<bool()>& stop) {
  const auto total = count_waiting(store, labeller, options.all);
  if (!total) return total.error();
  // Before the labels that name it: a run killed after this line leaves a generation without posts,
  // which does no harm.
  if (const auto known = store.append({.generation = labeller.generation()}); !known)
    return known.error();

  // Hidden posts too: they may be shown again, and nothing is to wait for labels for ever.
  ScanFilter filter{.unlabelled_only = !options.all, .hidden = HiddenPosts::taken};
  if (options.all) filter.not_generation = labeller.generation().id();
  ScanCursor cursor;
  AnalyzeOutcome outcome;
  Workspace work;
  std::uint64_t done = 0;
  std::array<StoredBatch, 2> batches;
  Result<Done> read = Done{}, written = Done{};
  // The cursor is past what is read, so writing its labels does not change what is read meanwhile.
  const auto scan = [&](std::size_t place) {
    read = store.scan(filter, cursor, options.batch, batches[place]);
    return read && !batches[place].posts.empty();
  };
  const auto label = [&](std::size_t place) {
    const auto labelled = label_batch(store, labeller, batches[place], work);
    if (!labelled) {
      written = labelled.error();
      return false;
    }
    outcome.labelled += *labelled;
    done += batches[place].posts.size();
    progress(done, *total);
    return !stop();
  };
  parallel_stream(batches.size(), scan, label);
  if (!written) return written.error();
  if (!read) return read.error();
  const auto stale = count_stale(store, labeller.generation().id());
  if (!stale) return stale.error();
  outcome.stale = *stale;
  return outcome;
}

Result<Done> roll_up(PostStore& store, const Project& project, Instant settled) {
  const auto calendar = Calendar::create(project.timezone, project.week_start);
  if (!calendar) return calendar.error();
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span) return Done{};
  const auto [oldest, newest] = **span;
  const auto entities = entities_of(project);
  // Of whole years: nothing is ready of one that is not.
  const auto cuts =
      calendar->day_edges({oldest - std::chrono::days{366}, newest + std::chrono::days{366}});
  std::vector<Instant> months;
  std::ranges::copy_if(cuts, std::back_inserter(months), [&](Instant cut) {
    return calendar->is_midnight(cut) && calendar->iso_day(cut).ends_with("-01");
  });
  std::vector<Instant> years;
  std::ranges::copy_if(months, std::back_inserter(years),
                       [&](Instant month) { return calendar->iso_day(month).ends_with("-01-01"); });
  return store.roll_up({.entities = entities,
                        .cuts = cuts,
                        .horizon = project.inbox.horizon,
                        .months = months,
                        .years = years,
                        .settled = settled});
}

}  // namespace earshot
