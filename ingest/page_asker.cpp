#include "ingest/page_asker.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "store/base/http.hpp"

namespace earshot {

namespace {

constexpr std::size_t room = 16;  // answers that wait to be written

std::ptrdiff_t reader_count() {
  return static_cast<std::ptrdiff_t>(2 * std::max(1U, std::thread::hardware_concurrency()));
}

/// The client of one fetch: goes by its source's proxy, waits for the turn of each host that it is
/// led to, and from the first answer on holds one of the places for those that read.
class SourceHttp final : public HttpClient {
 public:
  using Move = std::function<HostQueue::Entry(const std::string& host)>;

  SourceHttp(HttpClient& http, CollectJob& job, Move move, std::counting_semaphore<>& readers)
      : http_{http}, job_{job}, move_{std::move(move)}, readers_{readers} {}
  ~SourceHttp() override { leave(); }

  Result<HttpResponse> get(const HttpRequest& request) override {
    leave();
    auto response = follow(request);
    readers_.acquire();
    reads_ = true;
    return response;
  }

 private:
  Result<HttpResponse> follow(HttpRequest request) {
    if (request.proxy.empty()) request.proxy = job_.config->proxy;
    request.stay_on_host = true;
    for (;;) {
      const std::string& url = request.chain.url.empty() ? request.url : request.chain.url;
      const std::string host = server_of(url);
      if (!host.empty() && host != job_.host) {
        const auto entry = move_(host);
        job_.host = entry.in ? host : std::string{};
        if (!entry.in) return closed_door(entry, url);
      }
      auto response = http_.get(request);
      if (!response || response->led.url.empty()) return response;
      request.chain = std::move(response->led);
    }
  }

  /// What a host that rests has said before stands for its answer.
  static Result<HttpResponse> closed_door(const HostQueue::Entry& entry, const std::string& url) {
    if (entry.rest.count() == 0)
      return Error{Error::Kind::network, "given up because the run was stopped"};
    const auto rest = std::chrono::ceil<std::chrono::seconds>(entry.rest);
    return HttpResponse{
        .status = 429, .headers = {{"retry-after", std::to_string(rest.count())}}, .url = url};
  }

  void leave() {
    if (std::exchange(reads_, false)) readers_.release();
  }

  HttpClient& http_;
  CollectJob& job_;
  const Move move_;
  std::counting_semaphore<>& readers_;
  bool reads_ = false;
};

}  // namespace

PageAsker::PageAsker(const CollectRun& run, HostQueue& queue, std::span<CollectJob* const> jobs,
                     std::size_t threads)
    : run_{run}, queue_{queue}, jobs_{jobs}, readers_{reader_count()} {
  for (std::size_t i = 0; i < threads; ++i) add_thread();
}

void PageAsker::add_thread() {
  const std::scoped_lock lock{mutex_};
  threads_.emplace_back([this] { work(); });
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
  while (const auto job = queue_.take()) {
    put({*job, ask(*jobs_[*job])});
    const std::scoped_lock lock{mutex_};
    if (surplus_ == 0) continue;
    --surplus_;
    return;
  }
}

HostQueue::Entry PageAsker::move(const std::string& from, const std::string& to) {
  bool replaced = false;
  const auto entry = queue_.move(from, to, [&] {
    replaced = true;
    add_thread();
  });
  const std::scoped_lock lock{mutex_};
  if (replaced) ++surplus_;
  return entry;
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
  SourceHttp http{run_.http, job, [&](const std::string& to) { return move(job.host, to); },
                  readers_};
  if (job.again.asked.empty()) return job.source->fetch(http, fetch, run_.options.now);
  fetch.cursor = job.again.cursor;
  return job.source->reread(http, fetch, job.again.asked, run_.options.now);
}

}  // namespace earshot
