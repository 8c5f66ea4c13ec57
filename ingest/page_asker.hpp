#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <semaphore>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "ingest/collect_job.hpp"
#include "ingest/host_queue.hpp"
#include "ingest/source.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// Threads that ask sources for pages, as the queue hands out their jobs, until it is closed. While
/// a job is asked, only its thread touches it. Hundreds may wait for servers; only a few read what
/// came, and what they made of it waits in a short line for `take`, so that memory stays small. One
/// that was led to a host and waits for its turn there is replaced, so that the others go on.
class PageAsker {
 public:
  struct Answer {
    std::size_t job;
    Result<Page> page;
  };

  PageAsker(const CollectRun& run, HostQueue& queue, std::span<CollectJob* const> jobs,
            std::size_t threads);

  /// Waits a moment for an answer.
  std::optional<Answer> take(std::chrono::milliseconds patience);

 private:
  void work();
  Result<Page> ask(CollectJob& job);
  void put(Answer answer);
  HostQueue::Entry move(const std::string& from, const std::string& to);
  void add_thread();

  const CollectRun& run_;
  HostQueue& queue_;
  const std::span<CollectJob* const> jobs_;
  std::counting_semaphore<> readers_;
  std::mutex mutex_;  ///< Guards what follows.
  std::condition_variable came_;
  std::condition_variable taken_;
  std::deque<Answer> answers_;
  unsigned surplus_ = 0;  ///< Threads to end, as somebody who has waited is back.
  std::vector<std::jthread> threads_;
};

}  // namespace earshot
