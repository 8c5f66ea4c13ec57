#include "ingest/collect_job.hpp"

#include <algorithm>
#include <iterator>

namespace earshot {

void count_page(CollectJob& job, const Page& page) {
  constexpr std::size_t most_named = 100;
  SourceOutcome& outcome = job.outcome;
  outcome.rows += page.rows;
  outcome.bad_rows += page.bad_rows;
  const std::size_t room = most_named - std::min(most_named, outcome.bad.size());
  std::ranges::copy_n(page.bad.begin(),
                      static_cast<std::ptrdiff_t>(std::min(room, page.bad.size())),
                      std::back_inserter(outcome.bad));
}

void count_stored(CollectJob& job, const AppendOutcome& stored, Instant now) {
  AppendOutcome& sum = job.outcome.posts;
  sum.added += stored.added;
  sum.edited += stored.edited;
  sum.recounted += stored.recounted;
  sum.repeated += stored.repeated;
  sum.labelled += stored.labelled;
  sum.erased += stored.erased;
  job.state().posts += stored.added;
  if (stored.added > 0) job.state().last_new = now;
}

}  // namespace earshot
