#include "ingest/source_review.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

constexpr Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 9 / 1}};
constexpr std::chrono::seconds hour{3600};

FeedEntry entry(const std::string& id, Instant at, const std::string& content = "whole") {
  FeedEntry made;
  made.id = id;
  made.published = at;
  made.content = content;
  return made;
}

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("review: a good feed has no fault") {
  FeedDocument feed;
  for (int i = 0; i < 5; ++i)
    feed.entries.push_back(entry("https://x.example/?p=" + std::to_string(i), now - i * hour));
  CHECK(review_feed(feed, hour, now).empty());
}

TEST_CASE("review: ids that are missing, shared, or made for a session") {
  FeedDocument feed;
  feed.entries = {entry("", now), entry("", now), entry("a", now), entry("a", now),
                  entry("https://x.example/p?PHPSESSID=1f&p=1", now)};
  feed.entries[0].link = "https://x.example/1";
  CHECK(review_feed(feed, hour, now) ==
        Faults{"1 of 5 entries have no id: their link stands in for it",
               "1 of 5 entries have neither id nor link: an edit of their title makes a new post",
               "2 of 5 entries share an id: their link is added to it",
               "1 of 5 entries have an id with a session in it: each poll may bring them as new"});
}

TEST_CASE("review: texts that are cut off") {
  FeedDocument feed;
  feed.entries = {entry("1", now, "and so on [...]"), entry("2", now, "and so\xE2\x80\xA6"),
                  entry("3", now, "Continue reading \xE2\x86\x92 "), entry("4", now, "the end.")};
  CHECK(review_feed(feed, hour, now) ==
        Faults{"3 of 4 entries are cut off: the rest is on their page only"});
}

TEST_CASE("review: a list that is shorter than the time between polls, or empty") {
  FeedDocument feed;
  CHECK(review_feed(feed, hour, now) == Faults{"there is no entry in it"});
  for (int i = 0; i < 6; ++i)
    feed.entries.push_back(entry(std::to_string(i), now - i * std::chrono::minutes{6}));
  CHECK(review_feed(feed, hour, now) ==
        Faults{"its 6 entries span 30 min, less than the 1 h between two polls: some will be "
               "missed"});
  CHECK(review_feed(feed, std::chrono::minutes{30}, now).empty());
}

TEST_CASE("review: posts without a date, from the future, long past, and items that are bad") {
  std::vector<Page> pages(2);
  pages[0].rows = 3;
  pages[0].bad_rows = 1;
  pages[0].bad = {{0, "item 2 has no text"}};
  pages[0].posts.posts = {{.posted_at = now, .dated = false}, {.posted_at = now + 49 * hour}};
  pages[1].rows = 1;
  pages[1].posts.posts = {{.posted_at = now}};
  CHECK(review_pages(pages, now) ==
        Faults{"1 of 3 posts have no date: they get that of their first poll",
               "1 of 3 posts are dated more than a day ahead",
               "1 of 4 items can't be read: item 2 has no text"});
  pages.erase(pages.begin());
  CHECK(review_pages(pages, now).empty());
  CHECK(review_pages(pages, now + 366 * 24 * hour) == Faults{"nothing has come since 2026-09-01"});
}
