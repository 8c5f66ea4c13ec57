#include "ingest/poll_writer.hpp"

#include <utility>

namespace earshot {

namespace {

constexpr std::size_t sources_a_write = 64;

}  // namespace

Result<AppendOutcome> PollWriter::page(CollectJob& job, const Page& page, bool last) {
  const Poll poll = poll_of(job, true);
  return run_.store.append({.posts = page.posts.posts,
                            .sources = {&job.state(), 1},
                            .polls = {&poll, last ? std::size_t{1} : std::size_t{0}},
                            .erasures = page.removed});
}

Result<Done> PollWriter::state(CollectJob& job) {
  states_.push_back(&job);
  return states_.size() < sources_a_write ? Result<Done>{Done{}} : flush();
}

Result<Done> PollWriter::poll(CollectJob& job, bool ok, bool overflow) {
  polls_.push_back(poll_of(job, ok));
  polls_.back().overflow = overflow;
  return state(job);
}

Result<Done> PollWriter::flush() {
  if (states_.empty() && hosts_.empty()) return Done{};
  std::vector<SourceState> states;
  for (CollectJob* job : std::exchange(states_, {})) states.push_back(job->state());
  const auto polls = std::exchange(polls_, {});
  const auto hosts = std::exchange(hosts_, {});
  const auto stored = run_.store.append({.sources = states, .hosts = hosts, .polls = polls});
  if (!stored) return stored.error();
  return Done{};
}

Poll PollWriter::poll_of(const CollectJob& job, bool ok) const {
  return {.source = job.config->name, .at = run_.options.now, .ok = ok, .posts = job.outcome.posts.added};
}

}  // namespace earshot
