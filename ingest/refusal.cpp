#include "ingest/refusal.hpp"

#include <algorithm>
#include <string>

#include "ingest/api.hpp"

namespace earshot {

namespace {

/// Reddit answers 403 where others answer 429, but for its API, where 403 is a private subreddit.
bool means_limit(std::string_view host) {
  return host == "reddit.com" || (host.ends_with(".reddit.com") && host != "oauth.reddit.com");
}

bool is_challenge(const HttpHeaders& headers) {
  return std::ranges::any_of(headers, [](const auto& header) {
    return header.first == "cf-mitigated" && header.second == "challenge";
  });
}

}  // namespace

Page refused_page(int status, const HttpHeaders& headers, std::string_view url, Instant now) {
  Page page;
  page.refused_status = status;
  page.wait = retry_after(headers, now);
  if (!page.wait) page.wait = budget_wait(headers, now);
  if (is_challenge(headers)) {
    page.refused_reason = "a challenge by Cloudflare (cf-mitigated) that only a browser passes";
    return page;
  }
  if (status == 403 && (page.wait || means_limit(server_of(url)))) page.refused_status = 429;
  return page;
}

}  // namespace earshot
