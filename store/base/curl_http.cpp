#include "store/base/curl_http.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <mutex>
#include <span>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>

#include "store/base/address.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

struct CurlCloser {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct UrlCloser {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using CurlHandle = std::unique_ptr<CURL, CurlCloser>;
using CurlList = std::unique_ptr<curl_slist, ListCloser>;
using CurlUrl = std::unique_ptr<CURLU, UrlCloser>;

constexpr std::chrono::seconds connect_timeout{10};
constexpr std::chrono::seconds stall_timeout{20};
constexpr long stall_bytes_per_second = 100;

/// One host and port that a connection may go to although it is private: a proxy.
struct Peer {
  std::vector<std::uint8_t> address;
  std::uint16_t port = 0;

  friend bool operator==(const Peer&, const Peer&) = default;
};

Peer peer_of(const sockaddr* address) {
  Peer peer;
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&v4->sin_addr);
    peer = {{bytes, bytes + 4}, ntohs(v4->sin_port)};
  } else if (address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&v6->sin6_addr);
    peer = {{bytes, bytes + 16}, ntohs(v6->sin6_port)};
  }
  return peer;
}

std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

/// Adds all addresses of the proxy that `text` names, as curl reads it: "host:port",
/// "http://user@host:port", "socks5://host".
void add_proxy(std::string text, std::vector<Peer>& peers) {
  const CurlUrl url{curl_url()};
  if (text.find("://") == text.npos) text.insert(0, "http://");
  if (!url ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return;
  std::string port = url_part(url.get(), CURLUPART_PORT);
  if (port.empty()) port = text.starts_with("https://") ? "443" : "1080";
  std::string host = url_part(url.get(), CURLUPART_HOST);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next)
    peers.push_back(peer_of(at->ai_addr));
  freeaddrinfo(found);
}

/// The proxies that somebody asked for: by option, else by the variables that curl reads.
std::vector<Peer> trusted_proxies(const std::string& option) {
  std::vector<Peer> peers;
  if (!option.empty()) {
    add_proxy(option, peers);
    return peers;
  }
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      add_proxy(value, peers);
  return peers;
}

/// What curl's callbacks fill and look at during one request of a chain.
struct Transfer {
  std::size_t max_bytes = 0;
  bool too_large = false;
  std::string refused_address = {};
  const std::function<bool(const Peer&)>* may_connect = nullptr;
  const std::function<bool()>* stopped = nullptr;
  HttpHeaders headers = {};
  std::string body = {};
};

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  if (size > transfer.max_bytes - transfer.body.size()) {
    transfer.too_large = true;
    return 0;
  }
  transfer.body.append(bytes, size);
  return size;
}

std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& headers = static_cast<Transfer*>(to)->headers;
  const std::string_view line{bytes, size};
  if (line.starts_with("HTTP/")) headers.clear();  // a 1xx before the answer, a login before it
  const auto colon = line.find(':');
  if (colon == line.npos || line.starts_with("HTTP/")) return size;
  std::string name{trim(line.substr(0, colon))};
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
  return size;
}

/// The guard sits here, after the name is resolved and before anything is sent: URL texts have too
/// many spellings.
curl_socket_t on_open_socket(void* to, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(to);
  const Peer peer = peer_of(&address->addr);
  if (!(*transfer.may_connect)(peer)) {
    transfer.refused_address = format_address(peer.address);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int on_progress(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& stopped = *static_cast<Transfer*>(to)->stopped;
  return stopped && stopped() ? 1 : 0;
}

std::string size_text(std::size_t bytes) {
  if (bytes % 1'000'000 == 0) return fmt::format("{} MB", bytes / 1'000'000);
  return fmt::format("{} bytes", bytes);
}

/// Names that may follow a redirect to another host: nothing in them is secret.
bool is_harmless(std::string_view name) {
  constexpr std::array<std::string_view, 6> harmless = {
      "accept", "accept-language", "if-none-match", "if-modified-since", "a-im", "user-agent"};
  return std::ranges::any_of(harmless, [&](std::string_view known) {
    return std::ranges::equal(
        known, name, [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  });
}

/// Header lines for curl. What could not be sent as one line is left out.
CurlList header_list(const HttpHeaders& headers, bool other_host) {
  CurlList list;
  for (const auto& [name, value] : headers) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    if (name.empty() || std::ranges::any_of(name, control) || std::ranges::any_of(value, control))
      continue;
    if (other_host && !is_harmless(name)) continue;
    const std::string line = value.empty() ? name + ";" : name + ": " + value;
    if (curl_slist* longer = curl_slist_append(list.get(), line.c_str()); longer != nullptr) {
      static_cast<void>(list.release());
      list.reset(longer);
    }
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

std::string lower_first(std::string text) {
  const bool word = text.size() > 1 && text[1] >= 'a' && text[1] <= 'z';
  if (word && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

/// What went wrong, after "URL: ".
std::string reason(CURLcode code, const Transfer& transfer, const HttpRequest& request,
                   const char* detail) {
  if (transfer.too_large) return fmt::format("answer larger than {}", size_text(request.max_bytes));
  if (!transfer.refused_address.empty() && code == CURLE_COULDNT_CONNECT)
    return fmt::format(
        "refuses to connect to the private address {} (allow it with --allow-private)",
        transfer.refused_address);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      if (std::string_view{detail}.starts_with("Operation too slow"))
        return fmt::format("slower than {} bytes/s for {} s", stall_bytes_per_second,
                           stall_timeout.count());
      return fmt::format("no complete answer within {} s", request.timeout.count());
    case CURLE_UNSUPPORTED_PROTOCOL:  // curl's code for HTTP/0.9 as well
      if (std::string_view{detail}.starts_with("Received")) return "the answer is not HTTP";
      return "only http and https are fetched";
    case CURLE_URL_MALFORMAT:
      return "is not a URL";
    case CURLE_COULDNT_RESOLVE_HOST:
      return "there is no host of that name";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "there is no proxy of that name";
    case CURLE_ABORTED_BY_CALLBACK:
      return "given up because the run was stopped";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
      if (*detail != '\0') return lower_first(detail);
      [[fallthrough]];
    default:
      return lower_first(curl_easy_strerror(code));
  }
}

class CurlHttp final : public HttpClient {
 public:
  explicit CurlHttp(const CurlOptions& options) : options_{options} {
    static const CURLcode started =
        curl_global_init(CURL_GLOBAL_ALL);  // once a process, before any thread asks
    static_cast<void>(started);
    may_connect_ = [this](const Peer& peer) { return may_connect(peer); };
  }

  Result<HttpResponse> get(const HttpRequest& request) override {
    CurlHandle handle = take_handle();
    if (!handle) return Error{Error::Kind::network, "curl can't be started"};
    auto response = follow(handle.get(), request);
    give_back(std::move(handle));
    return response;
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// Walks the chain of redirects ourselves: so each hop is checked, and secrets stay with the host
  /// they were meant for.
  Result<HttpResponse> follow(CURL* handle, const HttpRequest& request) const {
    const auto deadline = Clock::now() + request.timeout;
    const std::string origin = origin_of(request.url);
    std::string url = request.url;
    bool permanent = true;
    for (int hops = 0;; ++hops) {
      Transfer transfer{.max_bytes = request.max_bytes,
                        .may_connect = &may_connect_,
                        .stopped = &options_.stopped};
      const CurlList headers = header_list(request.headers, origin_of(url) != origin);
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      if (auto asked = ask(handle, url, headers.get(), left, request, transfer); !asked) {
        const std::string from = hops > 0 ? shown_url(request.url) + ": redirected to " : "";
        return Error{Error::Kind::network, from + asked.error().message};
      }

      long status = 0;
      curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
      char* next = nullptr;
      curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &next);
      if (next == nullptr || status == 304 || !request.post.empty()) {
        const std::string from = without_userinfo(url);
        return HttpResponse{.status = static_cast<int>(status),
                            .headers = std::move(transfer.headers),
                            .body = std::move(transfer.body),
                            .url = from,
                            .moved_to = hops > 0 && permanent ? from : std::string{}};
      }
      if (hops == request.max_redirects)
        return Error{Error::Kind::network,
                     fmt::format("{}: more than {} redirects", shown_url(request.url),
                                 request.max_redirects)};
      permanent = permanent && (status == 301 || status == 308);
      url = next;
    }
  }

  /// One request and its answer, into `transfer`.
  Result<Done> ask(CURL* handle, const std::string& url, curl_slist* headers,
                   std::chrono::milliseconds left, const HttpRequest& request,
                   Transfer& transfer) const {
    char detail[CURL_ERROR_SIZE] = {};
    curl_easy_reset(handle);  // keeps connections and names
    set_limits(handle, std::max(left, std::chrono::milliseconds{1}));
    set_callbacks(handle, transfer);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
    if (!request.post.empty()) {
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.post.size()));
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.post.data());
    }
    if (!options_.proxy.empty()) {
      curl_easy_setopt(handle, CURLOPT_PROXY, options_.proxy.c_str());
      curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
    }
    const CURLcode code = curl_easy_perform(handle);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
    if (code == CURLE_OK) return Done{};
    return Error{Error::Kind::network,
                 fmt::format("{}: {}", shown_url(url), reason(code, transfer, request, detail))};
  }

  static void set_limits(CURL* handle, std::chrono::milliseconds left) {
    const auto milliseconds = static_cast<long>(left.count());
    const auto connect = std::chrono::duration_cast<std::chrono::milliseconds>(connect_timeout);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     std::min(milliseconds, static_cast<long>(connect.count())));
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, stall_bytes_per_second);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall_timeout.count()));
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  }

  static void set_callbacks(CURL* handle, Transfer& transfer) {
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  }

  bool may_connect(const Peer& peer) {
    if (options_.allow_private || is_public_address(peer.address)) return true;
    std::call_once(proxies_known_, [this] { proxies_ = trusted_proxies(options_.proxy); });
    return std::ranges::find(proxies_, peer) != proxies_.end();
  }

  CurlHandle take_handle() {
    const std::scoped_lock lock{mutex_};
    if (idle_.empty()) return CurlHandle{curl_easy_init()};
    CurlHandle handle = std::move(idle_.back());
    idle_.pop_back();
    return handle;
  }

  void give_back(CurlHandle handle) {
    const std::scoped_lock lock{mutex_};
    idle_.push_back(std::move(handle));
  }

  const CurlOptions options_;
  std::function<bool(const Peer&)> may_connect_;
  std::once_flag proxies_known_;
  std::vector<Peer> proxies_;
  std::mutex mutex_;  ///< Guards `idle_`.
  /// Each with its open connections; as many as there were threads at once.
  std::vector<CurlHandle> idle_;
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_http(const CurlOptions& options) {
  return std::make_unique<CurlHttp>(options);
}

}  // namespace earshot
