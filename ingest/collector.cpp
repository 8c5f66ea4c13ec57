#include "ingest/collector.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ingest/archive_reader.hpp"
#include "ingest/collect_job.hpp"
#include "ingest/health.hpp"
#include "ingest/poller.hpp"
#include "store/base/hash.hpp"

namespace earshot {

namespace {

/// Stands behind `body_hash`, so that another address, or another question to it, is noticed under
/// the same name.
std::string address_mark(const SourceConfig& config) {
  std::uint64_t hash = hash_bytes(config.url);
  for (const auto& [name, value] : config.options) hash = hash_bytes(value, hash_bytes(name, hash));
  return fmt::format("@{:016x}", hash);
}

/// Forgets what belongs to the address asked before, and keeps the source's history.
void forget_address(SourceState& state) {
  for (auto* text :
       {&state.cursor, &state.etag, &state.last_modified, &state.body_hash, &state.last_error})
    text->clear();
  state.next_try = {};
  state.failing_since = {};
  state.failures = 0;
  state.gone = false;
  state.missing_since = {};
  state.wish = {};
  state.skip_hours = state.skip_days = 0;
  state.moved_to.clear();
  state.moved = 0;
}

/// Brings a stored state in line with the config.
void adopt_config(CollectJob& job) {
  const SourceConfig& config = *job.config;
  SourceState& state = job.state();
  const bool archive = job.reads_file();
  const std::string mark = archive ? std::string{} : address_mark(config);
  const bool moved =
      state.body_hash.find('@') != std::string::npos && !state.body_hash.ends_with(mark);
  const bool same = state.type == config.type && !moved;
  if (!same) forget_address(state);
  state.name = config.name;
  state.type = config.type;
  if (!state.body_hash.ends_with(mark)) state.body_hash += mark;
  job.polled_before = same && state.last_ok != Instant{};

  const auto interval = archive ? std::chrono::seconds{0} : config.interval;
  if (interval < state.interval && state.failures == 0)
    state.next_try = std::min(
        state.next_try, state.last_poll + std::max<std::chrono::seconds>(interval, shortest_pause));
  state.interval = interval;
}

/// A job for each source of the config, ready to be asked.
std::vector<CollectJob> prepare(std::span<const SourceConfig> sources,
                                const std::vector<SourceState>& states) {
  std::vector<CollectJob> jobs(sources.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CollectJob& job = jobs[i];
    job.config = &sources[i];
    job.outcome.name = sources[i].name;
    const auto known = std::ranges::find(states, sources[i].name, &SourceState::name);
    if (known != states.end()) job.state() = *known;

    job.type = find_source_type(sources[i].type);
    if (job.type == nullptr) {
      job.outcome.error =
          Error{Error::Kind::config, fmt::format("unknown type of source '{}'", sources[i].type)};
      continue;
    }
    auto made = job.type->make(sources[i]);
    if (!made) {
      job.outcome.error = made.error();
      continue;
    }
    job.source = std::move(*made);
    adopt_config(job);
  }
  return jobs;
}

/// The sources on the network, with a mark on those to be polled now.
std::vector<CollectJob*> polled_jobs(std::vector<CollectJob>& jobs,
                                     const CollectorOptions& options) {
  std::vector<CollectJob*> polled;
  for (CollectJob& job : jobs) {
    if (!job.source || job.reads_file()) continue;
    job.due = !options.due_only || is_due(job.state(), options.now);
    job.full_answer = wants_full_answer(job.state(), options.now);
    polled.push_back(&job);
  }
  return polled;
}

}  // namespace

Result<std::vector<SourceOutcome>> collect(
    PostStore& store, HttpClient& http, std::span<const SourceConfig> sources,
    const CollectorOptions& options, const std::function<void(const CollectProgress&)>& progress,
    const std::function<bool()>& stop) {
  const auto states = store.sources();
  if (!states) return states.error();
  auto jobs = prepare(sources, *states);
  const CollectRun run{store, http, options, progress, stop};

  if (auto done = poll_sources(run, polled_jobs(jobs, options)); !done) return done.error();
  for (CollectJob& job : jobs) {
    if (!job.source || !job.reads_file() || run.stopped()) continue;
    if (auto done = read_archive(run, job); !done) return done.error();
  }

  std::vector<SourceOutcome> outcomes;
  outcomes.reserve(jobs.size());
  for (CollectJob& job : jobs) outcomes.push_back(std::move(job.outcome));
  return outcomes;
}

}  // namespace earshot
