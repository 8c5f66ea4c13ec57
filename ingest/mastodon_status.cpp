#include "ingest/mastodon_status.hpp"

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/html_text.hpp"

namespace earshot {

namespace {

/// The words of a status: warning, content, what a poll asks. Where it has none of these, what its
/// pictures are said to show.
std::string text_of(JsonValue status) {
  std::string text{status.at("spoiler_text").text()};
  append_line(text, html_text(status.at("content").text()));
  for (const JsonValue choice : status.at("poll.options"))
    append_line(text, choice.at("title").text());
  if (!text.empty()) return text;
  for (const JsonValue medium : status.at("media_attachments"))
    append_line(text, medium.at("description").text());
  return text;
}

/// "name@server", the same wherever it is seen.
std::string address_of(JsonValue account, const std::string& host) {
  std::string address{account.at("acct").text()};
  if (!address.empty() && address.find('@') == std::string::npos) address += "@" + host;
  return address;
}

std::string parent_of(JsonValue status, const StatusUris& uris, const std::string& host) {
  const auto number = status.at("in_reply_to_id").text();
  if (number.empty()) return {};
  const auto known = uris.find(number);
  return known != uris.end() ? known->second : fmt::format("{}/{}", host, number);
}

}  // namespace

std::string_view status_uri(JsonValue status) {
  const auto uri = status.at("uri").text();
  return uri.empty() ? status.at("url").text() : uri;
}

std::optional<std::string> MastodonServer::add(JsonValue status, const StatusUris& uris,
                                               Instant now, PostBatch& batch) const {
  const auto uri = status_uri(status);
  if (uri.empty()) return "a status without uri";
  const auto posted_at = parse_rfc3339(status.at("created_at").text());
  if (!posted_at) return fmt::format("{}: no date that can be read", uri);
  const auto visibility = status.at("visibility").text();
  if (visibility == "private" || visibility == "direct") return {};

  const JsonValue shared = status.at("reblog");
  const JsonValue said = shared ? shared : status;
  const JsonValue account = status.at("account");
  const std::string text = text_of(said);
  const std::string author = address_of(account, host);
  const std::string parent = parent_of(status, uris, host);
  const auto page = said.at("url").text();
  Post post{.network = network,
            .native_id = uri,
            .channel = channel,
            .author_id = author,
            .author_name = account.at("username").text(),
            .text = text,
            .lang = said.at("language").text(),
            .parent_id = parent,
            .url = page.empty() ? status_uri(said) : page,
            .source = source,
            .posted_at = *posted_at,
            .edited_at = parse_rfc3339(status.at("edited_at").text()).value_or(Instant{}),
            .engagement = {.followers = account.at("followers_count").count(), .observed_at = now},
            .filtered = filtered,
            .repost = static_cast<bool>(shared)};
  if (post.author_name.empty()) post.author_name = author;
  if (!post.url.starts_with("http")) post.url = {};
  if (!post.repost) {
    post.engagement.likes = status.at("favourites_count").count();
    post.engagement.shares =
        sum_of(status.at("reblogs_count").count(), status.at("quotes_count").count());
    post.engagement.replies = status.at("replies_count").count();
  }
  add_post(batch, post);
  return {};
}

}  // namespace earshot
