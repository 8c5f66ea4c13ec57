#include "ingest/page_asker.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "store/base/http.hpp"

namespace earshot {

namespace {

constexpr std::size_t room = 16;  // answers that wait to be written

std::ptrdiff_t reader_count() {
  return static_cast<std::ptrdiff_t>(2 * std::max(1U, std::thread::hardware_concurrency()));
}

/// The client of one fetch: goes by its source's proxy, and from the first answer on holds one of
/// the places for those that read.
class SourceHttp final : public HttpClient {
 public:
  SourceHttp(HttpClient& http, const std::string& proxy, std::counting_semaphore<>& readers)
      : http_{http}, proxy_{proxy}, readers_{readers} {}
  ~SourceHttp() override { leave(); }

  Result<HttpResponse> get(const HttpRequest& request) override {
    leave();
    auto response =
        proxy_.empty() || !request.proxy.empty() ? http_.get(request) : by_proxy(request);
    readers_.acquire();
    reads_ = true;
    return response;
  }

 private:
  Result<HttpResponse> by_proxy(HttpRequest request) {
    request.proxy = proxy_;
    return http_.get(request);
  }

  void leave() {
    if (std::exchange(reads_, false)) readers_.release();
  }

  HttpClient& http_;
  const std::string& proxy_;
  std::counting_semaphore<>& readers_;
  bool reads_ = false;
};

}  // namespace

PageAsker::PageAsker(const CollectRun& run, HostQueue& queue, std::span<CollectJob* const> jobs,
                     std::size_t threads)
    : run_{run}, queue_{queue}, jobs_{jobs}, readers_{reader_count()} {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

std::optional<PageAsker::Answer> PageAsker::take(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  if (!came_.wait_for(lock, patience, [&] { return !answers_.empty(); })) return {};
  std::optional<Answer> answer{std::move(answers_.front())};
  answers_.pop_front();
  taken_.notify_one();
  return answer;
}

void PageAsker::put(Answer answer) {
  std::unique_lock lock{mutex_};
  taken_.wait(lock, [&] { return answers_.size() < room; });
  answers_.push_back(std::move(answer));
  came_.notify_one();
}

void PageAsker::work() {
  while (const auto job = queue_.take()) put({*job, ask(*jobs_[*job])});
}

Result<Page> PageAsker::ask(CollectJob& job) {
  if (!job.token) {  // read when it is needed first, and once a run
    auto token = read_token(job.config->token);
    if (!token) return token.error();
    job.token = std::move(*token);
  }
  const SourceState& state = job.outcome.state;
  const std::string body_hash = state.body_hash.substr(0, state.body_hash.find('@'));
  FetchState fetch{.cursor = state.cursor, .token = *job.token, .address = job.address};
  if (!job.full_answer) {
    fetch.etag = state.etag;
    fetch.last_modified = state.last_modified;
    fetch.body_hash = body_hash;
  }
  SourceHttp http{run_.http, job.config->proxy, readers_};
  return job.again.asked.empty()
             ? job.source->fetch(http, fetch, run_.options.now)
             : job.source->reread(http, fetch, job.again.asked, run_.options.now);
}

}  // namespace earshot
