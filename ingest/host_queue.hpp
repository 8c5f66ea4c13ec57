#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace earshot {

/// Jobs that wait to ask a host: one of them at a time for each host, and two requests to it at
/// least `gap` apart. A job is a number of the caller's. All members may be called from several
/// threads at once.
class HostQueue {
 public:
  explicit HostQueue(std::chrono::milliseconds gap) : gap_{gap} {}

  void add(std::size_t job, const std::string& host);

  /// Leaves a host alone for so long from now.
  void rest(const std::string& host, std::chrono::milliseconds rest);

  /// The next job whose host is free, and keeps the host for it until `release`. Waits for one;
  /// nothing once closed.
  std::optional<std::size_t> take();

  /// The request of this host's job has been answered.
  void release(const std::string& host);

  /// What became of a wish to ask another host.
  struct Entry {
    bool in = false;                    ///< It is the caller's until `release`.
    std::chrono::milliseconds rest{0};  ///< Else how long it rests; 0 once closed.
  };

  /// Gives `from` back (empty: none), as `release`, and waits until `to` is free, which goes before
  /// the jobs that wait for it; but not for a host that rests. Where it must wait and nobody is
  /// left who waits in `take`, it calls `before_wait`, once, and has the queue to itself meanwhile.
  Entry move(const std::string& from, const std::string& to,
             const std::function<void()>& before_wait);

  /// Takes away all jobs that wait for this host, and returns them in their order.
  std::vector<std::size_t> drop(const std::string& host);

  /// Ends all `take`s; returns the jobs that nobody took.
  std::vector<std::size_t> close();

  /// The hosts that are not free yet, by name, and in how long they are.
  std::vector<std::pair<std::string, std::chrono::milliseconds>> resting();

 private:
  using Clock = std::chrono::steady_clock;

  struct Host {
    std::deque<std::size_t> jobs;
    Clock::time_point free_at{};
    std::size_t number = 0;  ///< In the order in which hosts were first named.
    bool busy = false;
    std::size_t guests = 0;  ///< Callers of `move` that wait for it.
  };
  /// Hosts with jobs that nobody asks, soonest first.
  using Ready = std::set<std::tuple<Clock::time_point, std::size_t, Host*>>;

  Host& host_of(const std::string& name);
  void free(Host& host);
  void line_up(Host& host);
  void leave_line(Host& host);

  const std::chrono::milliseconds gap_;
  std::mutex mutex_;
  std::condition_variable changed_;  ///< For those that wait for a job.
  std::condition_variable sooner_;   ///< For the one of them that wakes when the next host is free.
  std::condition_variable left_;     ///< For callers of `move`: a host is free, or rests.
  std::map<std::string, Host> hosts_;
  Ready ready_;
  bool timed_ = false;      ///< Somebody waits for the time of the first.
  std::size_t takers_ = 0;  ///< Threads that wait in `take`.
  bool closed_ = false;
};

}  // namespace earshot
