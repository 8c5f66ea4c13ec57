#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/source.hpp"
#include "store/base/http.hpp"
#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

struct CollectorOptions {
  Instant now;           ///< Decides what is due, and dates the polls.
  bool due_only = true;  ///< Leave sources alone whose `next_try` is to come, or that are gone.
                         ///< Archives are always read, hosts that asked for rest always spared.
  /// Servers asked at the same time; one request at a time for each host.
  unsigned connections = 128;
  std::chrono::milliseconds host_gap{
      1000};                     ///< Between an answer of a host and the next request to it.
  unsigned pages_per_poll = 50;  ///< A source with more goes on from there at its next poll.
};

/// How far an archive is; called after each page that has been stored.
struct CollectProgress {
  std::string_view source;
  std::uint64_t rows = 0;
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_total = 0;  ///< 0 where unknown.
};

/// What became of one source in one run.
struct SourceOutcome {
  std::string name;
  bool polled = false;         ///< False: not due, stopped before, or its host asked for rest.
  std::optional<Error> error;  ///< It failed; what it had brought before is stored.
  SourceState state;           ///< As it is stored now.
  std::uint64_t rows = 0;
  std::uint64_t bad_rows = 0;
  std::vector<BadLine> bad;  ///< The first of them.
  AppendOutcome posts;
  std::string note;  ///< Something to tell of it, on one line; empty: nothing.
};

/// Polls the due sources, then reads the archives one after another; each page is one durable write
/// together with the source's cursor, health and poll. A source that fails costs itself only. The
/// result has one outcome a source, in the order given. Stops after the page in which `stop` turns
/// true; an archive goes on from there in the next run, if the file and its mapping are still the
/// same. `progress` and `stop` may be empty, and are called by the calling thread only. Error: only
/// the store's.
Result<std::vector<SourceOutcome>> collect(
    PostStore& store, HttpClient& http, std::span<const SourceConfig> sources,
    const CollectorOptions& options, const std::function<void(const CollectProgress&)>& progress,
    const std::function<bool()>& stop);

}  // namespace earshot
