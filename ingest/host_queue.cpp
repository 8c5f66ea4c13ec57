#include "ingest/host_queue.hpp"

#include <algorithm>
#include <utility>

namespace earshot {

void HostQueue::add(std::size_t job, const std::string& host) {
  const std::scoped_lock lock{mutex_};
  hosts_[host].jobs.push_back(job);
  changed_.notify_all();
}

std::optional<std::size_t> HostQueue::take() {
  std::unique_lock lock{mutex_};
  while (!closed_) {
    Host* soonest = nullptr;
    for (auto& [name, host] : hosts_)
      if (!host.busy && !host.jobs.empty() &&
          (soonest == nullptr || host.free_at < soonest->free_at))
        soonest = &host;
    if (soonest == nullptr) {
      changed_.wait(lock);
    } else if (const auto at = soonest->free_at; at > Clock::now()) {
      changed_.wait_until(lock, at);
    } else {
      soonest->busy = true;
      const std::size_t job = soonest->jobs.front();
      soonest->jobs.pop_front();
      return job;
    }
  }
  return {};
}

void HostQueue::release(const std::string& host) {
  const std::scoped_lock lock{mutex_};
  hosts_[host].busy = false;
  hosts_[host].free_at = Clock::now() + gap_;
  changed_.notify_all();
}

std::vector<std::size_t> HostQueue::drop(const std::string& host) {
  const std::scoped_lock lock{mutex_};
  const auto jobs = std::exchange(hosts_[host].jobs, {});
  return {jobs.begin(), jobs.end()};
}

std::vector<std::size_t> HostQueue::close() {
  const std::scoped_lock lock{mutex_};
  closed_ = true;
  std::vector<std::size_t> left;
  for (auto& [name, host] : hosts_)
    for (const std::size_t job : std::exchange(host.jobs, {})) left.push_back(job);
  std::ranges::sort(left);
  changed_.notify_all();
  return left;
}

}  // namespace earshot
