#include "ingest/polite_http.hpp"

#include <thread>
#include <utility>

namespace earshot {

Result<HttpResponse> PoliteHttp::get(const HttpRequest& request) {
  const std::scoped_lock lock{mutex_};
  auto answer = follow(request);
  HttpExchange exchange{.asked = request.url};
  last_body_.clear();
  if (answer) {
    exchange.answered = answer->url.empty() ? request.url : answer->url;
    exchange.moved_to = answer->moved_to;
    exchange.content_type = answer->header("content-type");
    exchange.status = answer->status;
    exchange.bytes = answer->body.size();
    last_body_ = answer->body;
  }
  exchanges_.push_back(std::move(exchange));
  return answer;
}

Result<HttpResponse> PoliteHttp::follow(HttpRequest request) {
  request.stay_on_host = true;
  for (;;) {
    const auto host = server_of(request.chain.url.empty() ? request.url : request.chain.url);
    if (const auto known = free_at_.find(host); known != free_at_.end())
      std::this_thread::sleep_until(known->second);
    auto answer = client_.get(request);
    free_at_[host] = Clock::now() + gap_;
    if (!answer || answer->led.url.empty()) return answer;
    request.chain = std::move(answer->led);
  }
}

}  // namespace earshot
