#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace earshot {

/// Jobs that wait to ask a host: one of them at a time for each host, and two requests to it at
/// least `gap` apart. A job is a number of the caller's. All members may be called from several
/// threads at once.
class HostQueue {
 public:
  explicit HostQueue(std::chrono::milliseconds gap) : gap_{gap} {}

  void add(std::size_t job, const std::string& host);

  /// The next job whose host is free, and keeps the host for it until `release`. Waits for one;
  /// nothing once closed.
  std::optional<std::size_t> take();

  /// The request of this host's job has been answered.
  void release(const std::string& host);

  /// Takes away all jobs that wait for this host, and returns them in their order.
  std::vector<std::size_t> drop(const std::string& host);

  /// Ends all `take`s; returns the jobs that nobody took.
  std::vector<std::size_t> close();

 private:
  using Clock = std::chrono::steady_clock;

  struct Host {
    std::deque<std::size_t> jobs;
    Clock::time_point free_at{};
    bool busy = false;
  };

  const std::chrono::milliseconds gap_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Host> hosts_;
  bool closed_ = false;
};

}  // namespace earshot
