#include "store/base/curl_exchange.hpp"

#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};
constexpr std::chrono::seconds stall_timeout{20};
constexpr long stall_bytes_per_second = 100;
constexpr std::size_t short_body = 1'000'000;

std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

std::string size_text(std::size_t bytes) {
  if (bytes % 1'000'000 == 0) return fmt::format("{} MB", bytes / 1'000'000);
  return fmt::format("{} bytes", bytes);
}

/// Names that may follow a redirect to another host: nothing in them is secret.
bool is_harmless(const std::string& name) {
  constexpr std::array<std::string_view, 6> harmless = {
      "accept", "accept-language", "if-none-match", "if-modified-since", "a-im", "user-agent"};
  return std::ranges::find(harmless, lower_case(name)) != harmless.end();
}

/// Header lines for curl. What could not be sent as one line is left out.
CurlList header_list(const HttpHeaders& headers, bool other_host) {
  CurlList list;
  for (const auto& [name, value] : headers) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    if (name.empty() || std::ranges::any_of(name, control) || std::ranges::any_of(value, control))
      continue;
    if (other_host && !is_harmless(name)) continue;
    append_line(list, value.empty() ? name + ";" : name + ": " + value);
  }
  return list;
}

std::string without_userinfo(const std::string& text) {
  const CurlUrl url{curl_url()};
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return text;
  curl_url_set(url.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(url.get(), CURLUPART_PASSWORD, nullptr, 0);
  return url_part(url.get(), CURLUPART_URL);
}

/// The peer that a URL names by its address, in whatever spelling; without address if it names a
/// host that must be looked up.
Peer literal_peer(const std::string& text) {
  const CurlUrl url{curl_url()};
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return {};
  const std::string port = url_part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  return {literal_address(lower_case(url_part(url.get(), CURLUPART_HOST))),
          static_cast<std::uint16_t>(port.empty() ? 0 : std::stoul(port))};
}

/// The proxy that the environment names for a URL, as curl looks for it; `no_proxy` is left to
/// curl.
std::string environment_proxy(std::string_view url) {
  const auto first_of = [](std::initializer_list<const char*> names) -> std::string {
    for (const char* name : names)
      if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
    return {};
  };
  return lower_case(url.substr(0, 6)) == "https:"
             ? first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
             : first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
}

/// A SOCKS proxy in the spelling that leaves names to it, as HTTP proxies do. Else curl would look
/// them up and tell it addresses, which the guard at the socket never sees.
std::string that_looks_names_up(std::string proxy) {
  for (const auto& [local, remote] :
       {std::pair{"socks4://", "socks4a://"}, std::pair{"socks5://", "socks5h://"}})
    if (lower_case(proxy.substr(0, 9)) == local) return proxy.replace(0, 9, remote);
  return proxy;
}

std::string lower_first(std::string text) {
  const auto word = std::string_view{text}.substr(1, text.find(' ') - 1);
  const bool name = std::ranges::any_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!name) text[0] = lower(text[0]);
  return text;
}

}  // namespace

void append_line(CurlList& list, const std::string& line) {
  if (curl_slist* longer = curl_slist_append(list.get(), line.c_str()); longer != nullptr) {
    static_cast<void>(list.release());
    list.reset(longer);
  }
}

std::size_t CurlExchange::on_body(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& hop = *static_cast<CurlExchange*>(to);
  hop.too_large_ = hop.too_large_ || size > hop.request_.max_bytes - hop.body_.size();
  if (hop.too_large_) return 0;
  if (!hop.has_room(size)) return CURL_WRITEFUNC_PAUSE;
  hop.body_.append(bytes, size);
  return size;
}

std::size_t CurlExchange::on_header(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& hop = *static_cast<CurlExchange*>(to);
  const std::string_view line{bytes, size};
  // A 1xx before the answer, a login before it.
  if (line.starts_with("HTTP/")) hop.headers_.clear();
  const auto colon = line.find(':');
  if (colon == line.npos || line.starts_with("HTTP/")) return size;
  std::string name = lower_case(trim(line.substr(0, colon)));
  hop.packed_ = hop.packed_ || name == "content-encoding";
  hop.headers_.emplace_back(std::move(name), trim(line.substr(colon + 1)));
  return size;
}

/// The guard sits here, after the name is resolved and before anything is sent: URL texts have too
/// many spellings.
curl_socket_t CurlExchange::on_open_socket(void* to, curlsocktype, curl_sockaddr* address) {
  auto& hop = *static_cast<CurlExchange*>(to);
  const Peer peer = peer_of(&address->addr);
  if (!hop.guard_.may_connect(peer, hop.proxies_)) {
    hop.refused_address_ = format_address(peer.address);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool CurlExchange::begin(CURL* handle) {
  handle_ = handle;
  too_large_ = packed_ = false;
  headers_.clear();
  body_.clear();
  refused_address_.clear();
  detail_[0] = '\0';
  if (refuses_address()) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  curl_easy_reset(handle);  // keeps connections and names
  set_limits(handle, std::max(left, std::chrono::milliseconds{1}));
  set_callbacks(handle);
  lines_ = header_list(request_.headers, origin_of(url_) != origin_of(request_.url));
  curl_easy_setopt(handle, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines_.get());
  curl_easy_setopt(handle, CURLOPT_USERAGENT, settings_.user_agent.c_str());
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(handle, CURLOPT_RESOLVE, settings_.resolve.get());
  if (!settings_.ca_file.empty())
    curl_easy_setopt(handle, CURLOPT_CAINFO, settings_.ca_file.c_str());
  if (!request_.post.empty()) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.post.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request_.post.data());
  }
  const std::string& proxy = request_.proxy.empty() ? settings_.proxy : request_.proxy;
  if (!proxy.empty()) curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
  const std::string by = that_looks_names_up(proxy.empty() ? environment_proxy(url_) : proxy);
  if (!by.empty()) curl_easy_setopt(handle, CURLOPT_PROXY, by.c_str());
  return true;
}

bool CurlExchange::end(CURL* handle, CURLcode code) {
  give_back_room(handle);
  if (code != CURLE_OK || too_large_) {  // too large may come out while it goes on after a pause
    refuse(reason(code));
    return false;
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  char* next = nullptr;
  curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &next);
  if (next == nullptr || status == 304 || !request_.post.empty()) {
    const std::string from = without_userinfo(url_);
    result_ = HttpResponse{.status = static_cast<int>(status),
                           .headers = std::move(headers_),
                           .body = std::move(body_),
                           .url = from,
                           .moved_to = hops_ > 0 && permanent_ ? from : std::string{}};
    return false;
  }
  if (hops_++ == request_.max_redirects) {
    result_ = Error{
        Error::Kind::network,
        fmt::format("{}: more than {} redirects", shown_url(request_.url), request_.max_redirects)};
    return false;
  }
  permanent_ = permanent_ && (status == 301 || status == 308);
  const bool leaves = server_of(next) != server_of(url_);
  url_ = next;
  if (!request_.stay_on_host || !leaves) return true;
  const auto spent = Clock::now() - (deadline_ - timeout_);
  result_ = HttpResponse{
      .status = static_cast<int>(status),
      .led = {url_, hops_, permanent_, std::chrono::ceil<std::chrono::milliseconds>(spent)}};
  return false;
}

void CurlExchange::fail(CURL* handle, std::string_view reason) {
  give_back_room(handle);
  refuse(reason);
}

void CurlExchange::refuse(std::string_view reason) {
  const std::string from = hops_ > 0 ? shown_url(request_.url) + ": redirected to " : "";
  result_ = Error{Error::Kind::network, fmt::format("{}{}: {}", from, shown_url(url_), reason)};
}

/// A proxy would be asked to go there, and the guard at the socket would see only the proxy.
bool CurlExchange::refuses_address() {
  const Peer peer = literal_peer(url_);
  if (peer.address.empty() || guard_.may_connect(peer, proxies_)) return false;
  refused_address_ = format_address(peer.address);
  refuse(reason(CURLE_COULDNT_CONNECT));
  return true;
}

void CurlExchange::set_limits(CURL* handle, std::chrono::milliseconds left) const {
  const auto connect = std::min(left, connect_timeout);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, stall_bytes_per_second);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall_timeout.count()));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void CurlExchange::set_callbacks(CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_PRIVATE, this);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail_);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, this);
}

bool CurlExchange::has_room(std::size_t size) {
  if (holds_room_ || packed_ || body_.size() + size <= short_body) return true;
  BodyRoom& room = settings_.room;
  if (room.left == 0) {
    room.paused.push_back(handle_);
    return false;
  }
  --room.left;
  return holds_room_ = true;
}

void CurlExchange::give_back_room(CURL* handle) {
  BodyRoom& room = settings_.room;
  std::erase(room.paused, handle);
  if (!std::exchange(holds_room_, false)) return;
  ++room.left;
  if (room.paused.empty()) return;
  CURL* next = room.paused.front();
  room.paused.pop_front();
  curl_easy_pause(next, CURLPAUSE_CONT);
}

/// What went wrong, after "URL: ".
std::string CurlExchange::reason(CURLcode code) const {
  const std::string_view detail{detail_};
  if (too_large_) return fmt::format("answer larger than {}", size_text(request_.max_bytes));
  if (!refused_address_.empty() && code == CURLE_COULDNT_CONNECT)
    return fmt::format(
        "refuses to connect to the private address {} (allow it with --allow-private)",
        refused_address_);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      if (detail.starts_with("Operation too slow"))
        return fmt::format("slower than {} bytes/s for {} s", stall_bytes_per_second,
                           stall_timeout.count());
      return fmt::format("no complete answer within {} s", timeout_.count());
    case CURLE_UNSUPPORTED_PROTOCOL:  // curl's code for HTTP/0.9 as well
      if (detail.starts_with("Received")) return "the answer is not HTTP";
      return "only http and https are fetched";
    case CURLE_URL_MALFORMAT:
      return "is not a URL";
    case CURLE_COULDNT_RESOLVE_HOST:
      return "there is no host of that name";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "there is no proxy of that name";
    // Here curl's own words say more, and none of them is the address.
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_RECV_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
      if (!detail.empty()) return lower_first(std::string{detail});
      [[fallthrough]];
    default:
      return lower_first(curl_easy_strerror(code));
  }
}

}  // namespace earshot
