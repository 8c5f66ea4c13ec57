#include "ingest/known_sites.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

/// "feed https://... | mastodon https://... tag=beans"
std::string spelled(const std::vector<FoundSource>& found) {
  std::string all;
  for (const auto& [source, title] : found) {
    all.append(all.empty() ? "" : " | ").append(source.type).append(" ").append(source.url);
    for (const auto& [name, value] : source.options)
      all.append(" ").append(name).append("=").append(value);
  }
  return all;
}

std::string site(std::string_view address) {
  return spelled(sources_of_site(address));
}

std::string software(std::string_view name, std::string_view address) {
  return spelled(sources_of_software(name, address));
}

}  // namespace

TEST_CASE("known sites: an account or a thread on Bluesky, an account by its Mastodon name") {
  CHECK(site("https://bsky.app/profile/ann.example") ==
        "bluesky https://public.api.bsky.app account=ann.example");
  CHECK(site("https://bsky.app/profile/ann.example/post/3k#x") ==
        "bluesky https://public.api.bsky.app "
        "thread=https://bsky.app/profile/ann.example/post/3k");
  CHECK(site("@ann@elm.example") == "mastodon https://elm.example account=ann");
  CHECK(site("@ann") == "");
  CHECK(site("@ann@elm.example/x") == "");
}

TEST_CASE("known sites: channels and lists of YouTube; a handle must be looked up") {
  CHECK(site("https://www.youtube.com/channel/UC12_-x/videos") ==
        "feed https://www.youtube.com/feeds/videos.xml?channel_id=UC12_-x | "
        "youtube https://youtube.googleapis.com account=UC12_-x");
  CHECK(site("https://www.youtube.com/watch?v=abc") ==
        "youtube https://youtube.googleapis.com video=https://www.youtube.com/watch?v=abc");
  CHECK(site("https://m.youtube.com/playlist?list=PL1&x=2") ==
        "feed https://www.youtube.com/feeds/videos.xml?playlist_id=PL1");
  CHECK(site("https://www.youtube.com/@ann") == "");
}

TEST_CASE("known sites: what needs a token comes after the feed, what needs none before it") {
  CHECK(site("https://old.reddit.com/r/beans/top/?t=day") ==
        "feed https://www.reddit.com/r/beans/new/.rss | "
        "reddit https://oauth.reddit.com subreddit=beans");
  CHECK(site("https://www.reddit.com/user/ann") ==
        "feed https://www.reddit.com/user/ann/.rss | reddit https://oauth.reddit.com account=ann");
  CHECK(site("https://github.com/ann/beans.git") ==
        "github https://api.github.com repository=ann/beans | "
        "feed https://github.com/ann/beans/releases.atom");
  CHECK(site("https://stackoverflow.com/questions/tagged/c%2b%2b?tab=Newest") ==
        "stackexchange https://api.stackexchange.com/2.3 site=stackoverflow tag=c++ | "
        "feed https://stackoverflow.com/feeds/tag/c%2b%2b");
  CHECK(site("https://cooking.stackexchange.com/") ==
        "stackexchange https://api.stackexchange.com/2.3 site=cooking | "
        "feed https://cooking.stackexchange.com/feeds");
}

TEST_CASE("known software: communities of Lemmy, categories of Discourse, and their feeds") {
  CHECK(software("lemmy", "https://elm.example/c/beans@oak.example") ==
        "lemmy https://elm.example community=beans@oak.example | "
        "feed https://elm.example/feeds/c/beans@oak.example.xml?sort=New");
  CHECK(software("lemmy", "https://elm.example") ==
        "lemmy https://elm.example | feed https://elm.example/feeds/all.xml?sort=New");
  CHECK(software("discourse", "https://forum.example/c/garden/beans/7/") ==
        "discourse https://forum.example category=7 | "
        "feed https://forum.example/c/garden/beans/7.rss");
  CHECK(software("discourse", "https://forum.example/latest") ==
        "discourse https://forum.example | feed https://forum.example/posts.rss");
}

TEST_CASE("known sites: searches, reviews and publications that have feeds elsewhere") {
  CHECK(site("https://news.google.com/search?q=green%20basket&hl=en-AU&gl=AU&ceid=AU%3Aen") ==
        "feed https://news.google.com/rss/search?q=green%20basket&hl=en-AU&gl=AU&ceid=AU%3Aen");
  CHECK(site("https://news.google.com/rss/search?q=x") == "");
  CHECK(site("https://hn.algolia.com/?q=green+basket").starts_with("hackernews https://"));
  CHECK(site("https://apps.apple.com/au/app/green-basket/id1234?l=en") ==
        "feed https://itunes.apple.com/au/rss/customerreviews/page=1/id1234/sortby=mostrecent/xml");
  CHECK(site("https://medium.com/@ann/a-story-12") == "feed https://medium.com/feed/@ann");
}

TEST_CASE("known sites: other sites, and addresses that only look like one of them") {
  CHECK(site("https://example.org/r/beans") == "");
  CHECK(site("https://notgithub.com/a/b") == "");
  CHECK(site("https://github.com/topics/beans") == "");
  CHECK(site("https://github.com/ann") == "");
  CHECK(site("https://bsky.app/") == "");
  CHECK(site("nothing") == "");
  CHECK(site("") == "");
}

TEST_CASE("known software: accounts, tags and the whole of a server of Mastodon's kin") {
  CHECK(software("mastodon", "https://elm.example/@ann") ==
        "mastodon https://elm.example account=ann");
  CHECK(software("pleroma", "https://elm.example/users/ann") ==
        "mastodon https://elm.example account=ann");
  CHECK(software("mastodon", "https://elm.example/deck/@ann@oak.example/12?x") ==
        "mastodon https://elm.example account=ann@oak.example");
  CHECK(software("gotosocial", "https://elm.example/tags/beans") ==
        "mastodon https://elm.example tag=beans");
  CHECK(software("mastodon", "https://elm.example/") ==
        "mastodon https://elm.example public=local");
  CHECK(software("mastodon", "https://elm.example/about") == "");
  CHECK(software("wordpress", "https://elm.example/@ann") == "");
}

TEST_CASE("known software: only some addresses are worth asking what runs there") {
  CHECK(looks_federated("https://elm.example/@ann"));
  CHECK(looks_federated("https://elm.example/c/beans"));
  CHECK_FALSE(looks_federated("https://elm.example/about"));
  CHECK_FALSE(looks_federated("https://www.tiktok.com/@ann"));
  CHECK_FALSE(looks_federated("https://medium.com/@ann"));
}
