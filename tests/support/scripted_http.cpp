#include "tests/support/scripted_http.hpp"

#include <algorithm>

namespace earshot {

void ScriptedHttp::answer(const std::string& url, HttpResponse response) {
  if (response.url.empty()) response.url = url;
  const std::scoped_lock lock{mutex_};
  scripts_[url].answers.emplace_back(std::move(response));
}

void ScriptedHttp::fail(const std::string& url, const std::string& message) {
  const std::scoped_lock lock{mutex_};
  scripts_[url].answers.emplace_back(Error{Error::Kind::network, message});
}

Result<HttpResponse> ScriptedHttp::get(const HttpRequest& request) {
  const std::scoped_lock lock{mutex_};
  requests_.push_back(request);
  const auto found = scripts_.find(request.url);
  if (found == scripts_.end())
    return Error{Error::Kind::network, request.url + ": nothing is scripted for it"};
  Script& script = found->second;
  const std::size_t at = std::min(script.next++, script.answers.size() - 1);
  return script.answers[at];
}

std::vector<HttpRequest> ScriptedHttp::requests() const {
  const std::scoped_lock lock{mutex_};
  return requests_;
}

std::string request_header(const HttpHeaders& headers, std::string_view name) {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (const auto& [key, value] : headers)
    if (std::ranges::equal(key, name, same)) return value;
  return {};
}

}  // namespace earshot
