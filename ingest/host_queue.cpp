#include "ingest/host_queue.hpp"

#include <algorithm>
#include <utility>

namespace earshot {

namespace {

/// Who was led to a host waits for the request before and its gap. What takes longer than that is a
/// rest, which may be hours.
constexpr std::chrono::seconds longest_wait{5};

}  // namespace

void HostQueue::add(std::size_t job, const std::string& host) {
  const std::scoped_lock lock{mutex_};
  Host& at = host_of(host);
  at.jobs.push_back(job);
  if (at.jobs.size() == 1) line_up(at);
}

void HostQueue::rest(const std::string& host, std::chrono::milliseconds rest) {
  const std::scoped_lock lock{mutex_};
  Host& at = host_of(host);
  leave_line(at);
  at.free_at = std::max(at.free_at, Clock::now() + rest);
  line_up(at);
  if (at.guests > 0) left_.notify_all();
}

/// Of all that wait, one wakes by the clock, so that the end of a rest doesn't wake hundreds.
std::optional<std::size_t> HostQueue::take() {
  std::unique_lock lock{mutex_};
  ++takers_;
  while (!closed_) {
    if (ready_.empty() || (timed_ && std::get<0>(*ready_.begin()) > Clock::now())) {
      changed_.wait(lock);
      continue;
    }
    const auto [at, number, host] = *ready_.begin();
    if (at > Clock::now()) {
      timed_ = true;
      sooner_.wait_until(lock, at);
      timed_ = false;
      continue;
    }
    ready_.erase(ready_.begin());
    host->busy = true;
    const std::size_t job = host->jobs.front();
    host->jobs.pop_front();
    if (!ready_.empty()) changed_.notify_one();
    --takers_;
    return job;
  }
  --takers_;
  return {};
}

void HostQueue::release(const std::string& host) {
  const std::scoped_lock lock{mutex_};
  free(host_of(host));
}

HostQueue::Entry HostQueue::move(const std::string& from, const std::string& to,
                                 const std::function<void()>& before_wait) {
  std::unique_lock lock{mutex_};
  if (!from.empty()) free(host_of(from));
  Host& at = host_of(to);
  leave_line(at);
  ++at.guests;
  Entry entry;
  bool told = false;
  while (!closed_ && !entry.in && entry.rest.count() == 0) {
    const auto wait = at.free_at - Clock::now();
    if (wait > gap_ + longest_wait) {
      entry.rest = std::chrono::ceil<std::chrono::milliseconds>(wait);
    } else if (!at.busy && wait.count() <= 0) {
      entry.in = at.busy = true;
    } else {
      if (takers_ == 0 && !std::exchange(told, true)) before_wait();
      if (at.busy)
        left_.wait(lock);
      else
        left_.wait_until(lock, at.free_at);
    }
  }
  --at.guests;
  line_up(at);
  return entry;
}

std::vector<std::size_t> HostQueue::drop(const std::string& host) {
  const std::scoped_lock lock{mutex_};
  Host& at = host_of(host);
  leave_line(at);
  const auto jobs = std::exchange(at.jobs, {});
  return {jobs.begin(), jobs.end()};
}

std::vector<std::size_t> HostQueue::close() {
  const std::scoped_lock lock{mutex_};
  closed_ = true;
  ready_.clear();
  std::vector<std::size_t> left;
  for (auto& [name, host] : hosts_)
    for (const std::size_t job : std::exchange(host.jobs, {})) left.push_back(job);
  std::ranges::sort(left);
  changed_.notify_all();
  sooner_.notify_all();
  left_.notify_all();
  return left;
}

std::vector<std::pair<std::string, std::chrono::milliseconds>> HostQueue::resting() {
  const std::scoped_lock lock{mutex_};
  const auto now = Clock::now();
  std::vector<std::pair<std::string, std::chrono::milliseconds>> resting;
  for (const auto& [name, host] : hosts_)
    if (host.free_at > now)
      resting.emplace_back(name, std::chrono::ceil<std::chrono::milliseconds>(host.free_at - now));
  return resting;
}

HostQueue::Host& HostQueue::host_of(const std::string& name) {
  const auto [at, fresh] = hosts_.try_emplace(name);
  if (fresh) at->second.number = hosts_.size();
  return at->second;
}

void HostQueue::free(Host& host) {
  host.busy = false;
  host.free_at = std::max(host.free_at, Clock::now() + gap_);
  line_up(host);
  if (host.guests > 0) left_.notify_all();
}

void HostQueue::line_up(Host& host) {
  if (closed_ || host.busy || host.guests > 0 || host.jobs.empty()) return;
  ready_.emplace(host.free_at, host.number, &host);
  (timed_ ? sooner_ : changed_).notify_one();
}

void HostQueue::leave_line(Host& host) {
  ready_.erase({host.free_at, host.number, &host});
}

}  // namespace earshot
