#include "ingest/polite_http.hpp"

#include <thread>

namespace earshot {

Result<HttpResponse> PoliteHttp::get(const HttpRequest& request) {
  const std::scoped_lock lock{mutex_};
  const auto host = server_of(request.url);
  if (const auto known = free_at_.find(host); known != free_at_.end())
    std::this_thread::sleep_until(known->second);
  auto answer = client_.get(request);
  free_at_[host] = Clock::now() + gap_;
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

}  // namespace earshot
