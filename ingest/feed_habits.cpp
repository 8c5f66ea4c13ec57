#include "ingest/feed_habits.hpp"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "ingest/url.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == npos;
}

/// True for "example.org" and what is below it.
bool is_at(std::string_view url, std::string_view host) {
  const std::string_view own = host_of(url);
  return own.ends_with(host) &&
         (own.size() == host.size() || own[own.size() - host.size() - 1] == '.');
}

bool mend_youtube(FeedEntry& entry) {
  constexpr std::string_view prefix = "yt:video:";
  if (!entry.own_id.starts_with(prefix)) return false;
  entry.id = entry.own_id.substr(prefix.size());
  return !entry.id.empty();
}

bool mend_wordpress(FeedEntry& entry) {
  constexpr std::string_view mark = "#comment-";
  const std::string_view id = entry.id;
  const auto at = id.rfind(mark);
  if (at == npos || at == 0 || !is_number(id.substr(at + mark.size()))) return false;
  const std::string post{id.substr(0, at)};
  if (!entry.content.empty() || entry.summary != entry.title) entry.title.clear();
  if (entry.in_reply_to.empty()) entry.in_reply_to = post;
  entry.root = post;
  return true;
}

bool mend_google_news(FeedEntry& entry) {
  if (!is_at(entry.link, "news.google.com") || entry.source.name.empty()) return false;
  const std::string ending = " - " + entry.source.name;
  if (entry.title.ends_with(ending)) entry.title.resize(entry.title.size() - ending.size());
  if (!entry.title.empty()) entry.content = entry.summary = {};
  if (entry.author.empty()) entry.author = entry.source;
  return true;
}

bool mend_apple(FeedEntry& entry) {
  if (!entry.rated || !is_number(entry.own_id)) return false;
  entry.id = entry.own_id;
  return true;
}

/// "abc" of "https://www.reddit.com/r/beans/comments/abc/late_boxes/def/".
std::string_view reddit_thread(std::string_view link) {
  constexpr std::string_view mark = "/comments/";
  const auto at = link.find(mark);
  if (at == npos) return {};
  link.remove_prefix(at + mark.size());
  return link.substr(0, link.find('/'));
}

/// Cuts "submitted by /u/nell [link] [comments]" off.
void cut_submitter(std::string& text) {
  constexpr std::string_view mark = "submitted by ";
  const auto at = text.rfind(mark);
  if (at == std::string::npos || !text.ends_with("[comments]")) return;
  text.resize(at);
  text = trim(std::string{text});
}

bool mend_reddit(FeedEntry& entry) {
  const bool comment = entry.own_id.starts_with("t1_");
  if ((!comment && !entry.own_id.starts_with("t3_")) || !is_at(entry.link, "reddit.com"))
    return false;
  entry.id = entry.own_id;
  cut_submitter(entry.content);
  cut_submitter(entry.summary);
  if (entry.author.name.starts_with("/u/")) entry.author = {entry.author.name.substr(3), {}, {}};
  const auto thread = reddit_thread(entry.link);
  if (comment && !thread.empty()) entry.root = fmt::format("t3_{}", thread);
  if (comment) entry.title.clear();
  return true;
}

}  // namespace

std::optional<FeedEntry> without_habits(const FeedEntry& entry) {
  const bool may_have_one = entry.rated || entry.own_id.starts_with("yt:") ||
                            entry.own_id.starts_with("t1_") || entry.own_id.starts_with("t3_") ||
                            !entry.source.name.empty() || entry.id.find("#comment-") != npos;
  if (!may_have_one) return {};
  FeedEntry mended = entry;
  for (const auto mend : {mend_youtube, mend_wordpress, mend_google_news, mend_apple, mend_reddit})
    if (mend(mended)) return mended;
  return {};
}

}  // namespace earshot
