#include "store/base/curl_http.hpp"

#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "store/base/curl_exchange.hpp"
#include "store/base/peer_guard.hpp"

namespace earshot {

namespace {

constexpr long connections_kept = 64;  // open and idle
constexpr std::chrono::milliseconds patience{200};

/// An exchange, and who waits for it.
struct Asked {
  CurlExchange exchange;
  std::promise<Result<HttpResponse>> answer = {};
};

class CurlHttp final : public HttpClient {
 public:
  explicit CurlHttp(const CurlOptions& options)
      : guard_{options.allow_private, options.allowed}, stopped_{options.stopped} {
    static const CURLcode started =
        curl_global_init(CURL_GLOBAL_ALL);  // once a process, before any thread asks
    static_cast<void>(started);
    settings_.user_agent = options.user_agent;
    settings_.proxy = options.proxy;
    settings_.ca_file = options.ca_file;
    settings_.timeout = options.timeout;
    for (const std::string& line : options.resolve) append_line(settings_.resolve, line);
    multi_.reset(curl_multi_init());
    if (!multi_) return;
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections_kept);
    mover_ = std::thread{[this] { move_all(); }};
  }

  ~CurlHttp() override {
    closing_ = true;
    if (!mover_.joinable()) return;
    curl_multi_wakeup(multi_.get());
    mover_.join();
  }

  Result<HttpResponse> get(const HttpRequest& request) override {
    if (!multi_) return Error{Error::Kind::network, "curl can't be started"};
    const std::string& proxy = request.proxy.empty() ? settings_.proxy : request.proxy;
    Asked asked{{request, settings_, guard_, guard_.proxy(proxy)}};
    auto answer = asked.answer.get_future();
    {
      const std::scoped_lock lock{mutex_};
      fresh_.push_back(&asked);
    }
    curl_multi_wakeup(multi_.get());
    return answer.get();
  }

 private:
  struct Moving {
    Asked* asked;
    CurlHandle handle;
  };

  /// The thread of the client. All that follows belongs to it.
  void move_all() {
    while (!closing_) {
      take_fresh();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      settle_ended();
      if (stopped_ && !moving_.empty() && stopped_()) give_up();
      const auto wait = moving_.empty() ? 50 * patience : patience;
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }
  }

  void take_fresh() {
    std::vector<Asked*> fresh;
    {
      const std::scoped_lock lock{mutex_};
      fresh.swap(fresh_);
    }
    for (Asked* asked : fresh) {
      moving_.push_back({asked, take_handle()});
      if (!moving_.back().handle) {
        asked->answer.set_value(Error{Error::Kind::network, "curl can't be started"});
        moving_.pop_back();
      } else {
        begin(moving_.size() - 1);
      }
    }
  }

  void begin(std::size_t place) {
    CURL* handle = moving_[place].handle.get();
    if (!moving_[place].asked->exchange.begin(handle)) return answer(place);
    curl_multi_add_handle(multi_.get(), handle);
  }

  void settle_ended() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* handle = message->easy_handle;
      const CURLcode code = message->data.result;
      curl_multi_remove_handle(multi_.get(), handle);
      const auto place = place_of(handle);
      if (moving_[place].asked->exchange.end(handle, code))
        begin(place);
      else
        answer(place);
    }
  }

  void give_up() {
    while (!moving_.empty()) {
      CURL* handle = moving_.back().handle.get();
      curl_multi_remove_handle(multi_.get(), handle);
      moving_.back().asked->exchange.fail(handle, "given up because the run was stopped");
      answer(moving_.size() - 1);
    }
  }

  /// Hands the result to who waits; from then on the exchange is theirs.
  void answer(std::size_t place) {
    Asked& asked = *moving_[place].asked;
    idle_.push_back(std::move(moving_[place].handle));
    moving_[place] = std::move(moving_.back());
    moving_.pop_back();
    // Emptied first: the promise wakes its waiter, who takes the exchange away.
    auto waiter = std::move(asked.answer);
    waiter.set_value(std::move(asked.exchange.result()));
  }

  std::size_t place_of(const CURL* handle) const {
    std::size_t place = 0;
    while (moving_[place].handle.get() != handle) ++place;
    return place;
  }

  CurlHandle take_handle() {
    if (idle_.empty()) return CurlHandle{curl_easy_init()};
    CurlHandle handle = std::move(idle_.back());
    idle_.pop_back();
    return handle;
  }

  PeerGuard guard_;
  const std::function<bool()> stopped_;
  CurlSettings settings_;
  CurlMulti multi_;
  std::mutex mutex_;  ///< Guards `fresh_`.
  std::vector<Asked*> fresh_;
  std::atomic<bool> closing_{false};
  std::vector<CurlHandle> idle_;
  std::vector<Moving> moving_;
  std::thread mover_;
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_http(const CurlOptions& options) {
  return std::make_unique<CurlHttp>(options);
}

}  // namespace earshot
