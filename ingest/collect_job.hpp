#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/collector.hpp"
#include "ingest/source.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// What one run of the collector works with.
struct CollectRun {
  PostStore& store;
  HttpClient& http;
  const CollectorOptions& options;
  const std::function<void(const CollectProgress&)>& progress;  ///< May be empty.
  const std::function<bool()>& stop;                            ///< May be empty.

  bool stopped() const { return stop && stop(); }
};

/// The posts of a source that are read again after its poll.
struct Rereads {
  PostBatch due;              ///< Still to be asked for, the last one first.
  std::vector<Post> asked;    ///< In the present request; empty: that is a poll.
  std::string cursor;         ///< Where the source is with those,
  std::size_t steps = 0;      ///< and after how many requests.
  std::vector<Post> missing;  ///< What that says is not known yet.
  PostBatch witness;          ///< A post that the poll has just seen, if there was one.
  bool found = false;         ///< Some of those asked for were there.
  /// Ids that were refused, and why, as long as none was there.
  std::vector<std::pair<std::string, std::string>> refused;
  Instant to{};  ///< With the last of them, all that is due until then is read.
};

/// One source in one run. `outcome.state` is the state as it will be stored next.
struct CollectJob {
  const SourceConfig* config = nullptr;
  const SourceType* type = nullptr;
  std::unique_ptr<Source> source;    ///< Null if it could not be made; `outcome.error` says why.
  bool polled_before = false;        ///< A poll of the same address was good.
  bool due = true;                   ///< To be polled in this run.
  bool full_answer = false;          ///< Leave the validators out of the next request.
  std::string address = {};          ///< Asked instead of the config's; empty: that.
  std::string host = {};             ///< Kept for it while it is asked; empty: none any more.
  unsigned pages = 0;                ///< Fetched in this run.
  std::set<std::string> left = {};   ///< Cursors that it moved on from in this run,
  unsigned returns = 0;              ///< and how often it came back to one of them.
  bool gapless = false;              ///< As its last page says.
  std::optional<std::string> token;  ///< Its secret, once it was asked for in this run.
  std::uint64_t posts = 0;           ///< Brought in this run, stored before or not.
  Rereads again;
  SourceOutcome outcome;

  SourceState& state() { return outcome.state; }

  /// Reads a file, also one of a type that else is polled: no schedule and no polls.
  bool reads_file() const {
    return type->archive || (config->url.empty() && !config->path.empty());
  }
};

/// Adds what a page brought to the job's counts and to the first of its bad lines.
void count_page(CollectJob& job, const Page& page);

/// Adds what became of a page's posts.
void count_stored(CollectJob& job, const AppendOutcome& stored, Instant now);

}  // namespace earshot
