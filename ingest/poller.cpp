#include "ingest/poller.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/health.hpp"
#include "ingest/host_queue.hpp"
#include "store/base/hash.hpp"
#include "store/base/http.hpp"

namespace earshot {

namespace {

struct Answer {
  std::size_t job;
  Result<Page> page;
};

/// Answers on their way from the threads that ask to the one that writes. Holds a few, so that
/// pages don't pile up in memory.
class Mailbox {
 public:
  explicit Mailbox(std::size_t room) : room_{room} {}

  void put(Answer answer) {
    std::unique_lock lock{mutex_};
    taken_.wait(lock, [&] { return answers_.size() < room_; });
    answers_.push_back(std::move(answer));
    came_.notify_one();
  }

  /// Waits a moment for one.
  std::optional<Answer> take(std::chrono::milliseconds patience) {
    std::unique_lock lock{mutex_};
    if (!came_.wait_for(lock, patience, [&] { return !answers_.empty(); })) return {};
    std::optional<Answer> answer{std::move(answers_.front())};
    answers_.pop_front();
    taken_.notify_one();
    return answer;
  }

 private:
  const std::size_t room_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::condition_variable taken_;
  std::deque<Answer> answers_;
};

/// One round of polls. The calling thread writes and decides, the others wait for servers. While a
/// job is asked, only its thread touches it; queue and mailbox hand it over.
class Round {
 public:
  Round(const CollectRun& run, std::span<CollectJob* const> jobs)
      : run_{run},
        jobs_{jobs},
        queue_{run.options.host_gap},
        answers_{std::max(1U, run.options.connections)} {
    for (const CollectJob* job : jobs) {
      const std::string host = server_of(job->config->url);
      hosts_.push_back(host.empty() ? job->config->type : host);
    }
  }

  Result<Done> poll() {
    for (std::size_t i = 0; i < jobs_.size(); ++i)
      if (jobs_[i]->due) ask(i);
    const std::size_t threads =
        std::min<std::size_t>(std::max(1U, run_.options.connections), waiting_);
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < threads; ++i) workers.emplace_back([this] { work(); });

    Result<Done> result = Done{};
    while (waiting_ > 0) {
      auto answer = answers_.take(std::chrono::milliseconds{100});
      if (!stopping_ && run_.stopped()) stop();
      if (!answer) continue;
      --waiting_;
      if (!result) continue;  // the store has failed: nothing more is written
      result = settle(answer->job, answer->page);
      if (!result) stop();
      queue_.release(hosts_[answer->job]);  // only now: its answer may be that the host wants rest
    }
    queue_.close();
    return result;
  }

 private:
  void ask(std::size_t job) {
    ++waiting_;
    queue_.add(job, hosts_[job]);
  }

  void stop() {
    stopping_ = true;
    waiting_ -= queue_.close().size();
  }

  void work() {
    while (const auto job = queue_.take()) {
      CollectJob& asked = *jobs_[*job];
      const SourceState& state = asked.outcome.state;
      FetchState fetch{.cursor = state.cursor};
      const std::string body_hash = state.body_hash.substr(0, state.body_hash.find('@'));
      if (!asked.full_answer) {
        fetch.etag = state.etag;
        fetch.last_modified = state.last_modified;
        fetch.body_hash = body_hash;
      }
      answers_.put({*job, fetch_page(asked, fetch)});
    }
  }

  /// The secret is read when it is needed first, and once a run.
  Result<Page> fetch_page(CollectJob& job, FetchState& fetch) const {
    if (!job.token) {
      auto token = read_token(job.config->token);
      if (!token) return token.error();
      job.token = std::move(*token);
    }
    fetch.token = *job.token;
    return job.source->fetch(run_.http, fetch, run_.options.now);
  }

  Result<Done> settle(std::size_t index, Result<Page>& page) {
    CollectJob& job = *jobs_[index];
    if (!page) {
      if (stopping_) return Done{};  // given up by us
      return store_failure(job, page.error(), {});
    }
    if (page->refused_status != 0) return refused(index, *page);
    return store_page(index, *page);
  }

  Result<Done> refused(std::size_t index, const Page& page) {
    CollectJob& job = *jobs_[index];
    const Error error = refusal(page.refused_status, page.wait);
    if (page.refused_status == 410) {
      job.outcome.error = error;
      job.state() = after_gone(std::move(job.state()), error, run_.options.now);
      return store_poll(job, false);
    }
    auto stored = store_failure(job, error, page.wait);
    const bool too_many = page.refused_status == 429 || (page.refused_status == 503 && page.wait);
    return stored && too_many ? spare_host(index) : stored;
  }

  Result<Done> store_failure(CollectJob& job, const Error& error,
                             std::optional<std::chrono::seconds> wait) {
    job.outcome.error = Error{error.kind, clean_message(error.message)};
    job.state() = after_failure(std::move(job.state()), error, wait, run_.options.now);
    return store_poll(job, false);
  }

  /// A host that asked for rest gets it from all its sources, also in the next runs.
  Result<Done> spare_host(std::size_t refused) {
    waiting_ -= queue_.drop(hosts_[refused]).size();
    const Instant next_try = jobs_[refused]->state().next_try;
    std::vector<SourceState> spared;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      SourceState& state = jobs_[i]->state();
      if (hosts_[i] != hosts_[refused] || state.next_try >= next_try) continue;
      state.next_try = next_try;
      if (state.first_poll == Instant{}) state.first_poll = run_.options.now;
      spared.push_back(state);
    }
    if (spared.empty()) return Done{};
    const auto stored = run_.store.append({.sources = spared});
    if (!stored) return stored.error();
    return Done{};
  }

  /// One write: posts, cursor, validators, health and, with the last page, the poll.
  Result<Done> store_page(std::size_t index, Page& page) {
    CollectJob& job = *jobs_[index];
    remember(job, page);
    count_page(job, page);
    job.posts += page.posts.posts.size();
    job.gapless = page.gapless;
    const bool asked_to_wait = page.wait.has_value();
    const bool last =
        !page.more || asked_to_wait || ++job.pages >= run_.options.pages_per_poll || stopping_;
    if (last) job.state() = after_success(std::move(job.state()), page.wait, run_.options.now);

    const Poll poll = poll_of(job, true);
    const std::span polls{&poll, last ? std::size_t{1} : std::size_t{0}};
    const auto stored = run_.store.append({.posts = page.posts.posts,
                                           .sources = {&job.state(), 1},
                                           .polls = polls,
                                           .erasures = page.removed});
    if (!stored) return stored.error();
    count_stored(job, *stored, run_.options.now);
    if (!last) {
      job.full_answer = true;  // the validators are those of the first page
      ask(index);
      return Done{};
    }
    job.outcome.polled = true;
    report(job, page);
    // Only the store knows which posts were new, so what follows from that is written after them.
    return job.outcome.posts.added > 0 ? store_poll(job, true) : Result<Done>{Done{}};
  }

  Result<Done> store_poll(CollectJob& job, bool ok) {
    job.outcome.polled = true;
    Poll poll = poll_of(job, ok);
    poll.overflow =
        ok && !job.gapless && may_have_lost_posts(job.polled_before, job.posts, job.outcome.posts);
    const auto stored = run_.store.append({.sources = {&job.state(), 1}, .polls = {&poll, 1}});
    if (!stored) return stored.error();
    return Done{};
  }

  Poll poll_of(const CollectJob& job, bool ok) const {
    return {.source = job.config->name, .at = run_.options.now, .ok = ok, .posts = job.posts};
  }

  static void remember(CollectJob& job, Page& page) {
    SourceState& state = job.state();
    const auto keep = [&](std::string& stored, std::string& fresh) {
      if (!page.unchanged || !fresh.empty()) stored = std::move(fresh);  // a 304 may leave them out
    };
    keep(state.cursor, page.next_cursor);
    if (job.pages > 0) return;
    keep(state.etag, page.etag);
    keep(state.last_modified, page.last_modified);
    const auto mark = state.body_hash.find('@');
    std::string address = mark == std::string::npos ? std::string{} : state.body_hash.substr(mark);
    if (!page.unchanged || !page.body_hash.empty()) state.body_hash = page.body_hash + address;
  }

  void report(const CollectJob& job, const Page& page) const {
    if (!run_.progress) return;
    run_.progress(
        {.source = job.config->name, .rows = job.outcome.rows, .bytes_read = page.bytes_read});
  }

  const CollectRun& run_;
  const std::span<CollectJob* const> jobs_;
  std::vector<std::string> hosts_;  ///< `hosts_[i]` is asked by `jobs_[i]`.
  HostQueue queue_;
  Mailbox answers_;
  std::size_t waiting_ = 0;  ///< Jobs asked for and not answered yet.
  bool stopping_ = false;
};

}  // namespace

Result<Done> poll_sources(const CollectRun& run, std::span<CollectJob* const> jobs) {
  if (jobs.empty()) return Done{};
  return Round{run, jobs}.poll();
}

}  // namespace earshot
