#include "ingest/source_review.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "store/base/ascii.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr days long_silence{365};

std::string_view text_of(const FeedEntry& entry) {
  return entry.content.empty() ? entry.summary : entry.content;
}

/// Ends as a teaser does: "...", "[…]", "Read more".
bool is_cut_off(std::string_view text) {
  static constexpr std::array<std::string_view, 9> endings{"...",
                                                           "\xE2\x80\xA6",
                                                           "...]",
                                                           "\xE2\x80\xA6]",
                                                           "read more",
                                                           "read more \xC2\xBB",
                                                           "continue reading",
                                                           "continue reading \xE2\x86\x92",
                                                           "[more]"};
  const auto end =
      lower_case(trim(text.substr(text.size() - std::min<std::size_t>(text.size(), 40))));
  return std::ranges::any_of(endings, [&](std::string_view each) { return end.ends_with(each); });
}

/// An address that names who asked for it is another one each time.
bool names_a_session(std::string_view id) {
  static constexpr std::array<std::string_view, 6> parameters{
      "sid=", "phpsessid=", "sessionid=", "session=", "token=", "jsessionid="};
  const auto query = lower_case(id.substr(std::min(id.find_first_of("?;"), id.size())));
  return std::ranges::any_of(parameters, [&](std::string_view each) {
    const auto at = query.find(each);
    return at != std::string::npos && at > 0 &&
           std::string_view{"?&;"}.find(query[at - 1]) != std::string_view::npos;
  });
}

std::string span_text(seconds span) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(span).count();
  const bool hours = minutes >= 600 || (minutes >= 60 && minutes % 60 == 0);
  return hours ? fmt::format("{} h", minutes / 60) : fmt::format("{} min", minutes);
}

/// "3 of 20 posts": the beginning of a fault; empty if there is none.
std::string some_of(std::uint64_t some, std::uint64_t all, std::string_view of) {
  return some == 0 ? std::string{} : fmt::format("{} of {} {}", some, all, of);
}

void add(std::vector<std::string>& faults, std::string some, std::string_view what) {
  if (!some.empty()) faults.push_back(some.append(" ").append(what));
}

}  // namespace

std::vector<std::string> review_pages(std::span<const Page> pages, Instant now) {
  std::vector<std::string> faults;
  std::uint64_t posts = 0, undated = 0, to_come = 0, rows = 0, bad = 0;
  std::string_view reason;
  Instant newest{};
  for (const Page& page : pages) {
    rows += page.rows;
    bad += page.bad_rows;
    if (reason.empty() && !page.bad.empty()) reason = page.bad.front().reason;
    for (const Post& post : page.posts.posts) {
      ++posts;
      if (!post.dated) ++undated;
      if (post.dated && post.posted_at > now + days{1}) ++to_come;
      newest = std::max(newest, post.posted_at);
    }
  }
  add(faults, some_of(undated, posts, "posts"), "have no date: they get that of their first poll");
  add(faults, some_of(to_come, posts, "posts"), "are dated more than a day ahead");
  add(faults, some_of(bad, rows, "items"), fmt::format("can't be read: {}", printable(reason)));
  if (posts > 0 && newest + long_silence < now)
    faults.push_back(fmt::format("nothing has come since {}", format_day(newest)));
  return faults;
}

std::vector<std::string> review_feed(const FeedDocument& feed, seconds interval, Instant now) {
  std::vector<std::string> faults;
  const auto all = feed.entries.size();
  if (all == 0) return {"there is no entry in it"};
  std::uint64_t without_id = 0, nameless = 0, sessions = 0, cut = 0;
  std::map<std::string_view, std::uint64_t> uses;
  Instant oldest = Instant::max(), newest = Instant::min();
  for (const auto& entry : feed.entries) {
    if (entry.id.empty()) ++(entry.link.empty() ? nameless : without_id);
    const std::string_view id = entry.id.empty() ? entry.link : entry.id;
    if (!id.empty()) ++uses[id];
    if (names_a_session(id)) ++sessions;
    if (is_cut_off(text_of(entry))) ++cut;
    const auto at = entry.published ? entry.published : entry.updated;
    if (!at || *at > now + days{1}) continue;
    oldest = std::min(oldest, *at);
    newest = std::max(newest, *at);
  }
  std::uint64_t shared = 0;
  for (const auto& [id, times] : uses)
    if (times > 1) shared += times;
  add(faults, some_of(without_id, all, "entries"), "have no id: their link stands in for it");
  add(faults, some_of(nameless, all, "entries"),
      "have neither id nor link: an edit of their title makes a new post");
  add(faults, some_of(shared, all, "entries"), "share an id: their link is added to it");
  add(faults, some_of(sessions, all, "entries"),
      "have an id with a session in it: each poll may bring them as new");
  add(faults, some_of(cut, all, "entries"), "are cut off: the rest is on their page only");
  constexpr std::size_t few = 5;
  if (all >= few && newest > oldest && newest - oldest < interval)
    faults.push_back(fmt::format(
        "its {} entries span {}, less than the {} between two polls: some will be missed", all,
        span_text(newest - oldest), span_text(interval)));
  return faults;
}

}  // namespace earshot
