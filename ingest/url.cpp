#include "ingest/url.hpp"

#include <algorithm>
#include <memory>

#include <curl/curl.h>

namespace earshot {

namespace {

struct UrlCloser {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_case) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return text.size() >= lower_case.size() &&
         std::ranges::equal(text.substr(0, lower_case.size()), lower_case, {}, lower);
}

bool is_http(std::string_view url) {
  return starts_with_ignoring_case(url, "http://") || starts_with_ignoring_case(url, "https://");
}

/// A colon before any slash, question mark or hash ends a scheme.
bool has_scheme(std::string_view url) {
  const auto mark = url.find_first_of(":/?#");
  return mark != std::string_view::npos && mark > 0 && url[mark] == ':';
}

}  // namespace

std::string resolve_url(std::string_view base, std::string_view reference) {
  if (is_http(reference)) return std::string{reference};
  if (reference.empty() || has_scheme(reference) || !is_http(base)) return {};
  const std::unique_ptr<CURLU, UrlCloser> url{curl_url()};
  if (url == nullptr ||
      curl_url_set(url.get(), CURLUPART_URL, std::string{base}.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, std::string{reference}.c_str(),
                   CURLU_ALLOW_SPACE | CURLU_URLENCODE) != CURLUE_OK)
    return {};
  char* text = nullptr;
  if (curl_url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owned{text, curl_free};
  return is_http(text) ? std::string{text} : std::string{};
}

std::string_view host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  if (url.starts_with('[')) return url.substr(0, url.find(']') + 1);
  return url.substr(0, url.find(':'));
}

std::string_view without_scheme_and_query(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos)
    url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace earshot
