#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ingest/feed.hpp"
#include "ingest/source.hpp"
#include "store/base/file.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/read_archive.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

// What services answered, as the libraries of others recorded it. The tests of each source look
// into some of it closely; here all of it is counted.

namespace {

const Instant now = from_unix(1'785'600'000);

/// How many posts a payload has and how many bad items; "-" for what no source asks for.
using Counts = std::map<std::string, std::string>;

/// Answers each request with what the test makes of its address. Log-ins are let in.
struct Answers final : HttpClient {
  std::function<std::string(const std::string& url)> body;

  Result<HttpResponse> get(const HttpRequest& request) override {
    if (!request.post.empty()) return ok(R"({"access_token":"k","accessJwt":"k"})");
    return ok(body(request.url));
  }
};

/// The posts of a poll.
std::string count_of(const SourceConfig& config,
                     std::function<std::string(const std::string& url)> body) {
  Answers http;
  http.body = std::move(body);
  const auto source = source_of(config);
  std::string cursor;
  std::size_t posts = 0, bad = 0;
  bool more = true;
  for (int pages = 0; more && pages < 9; ++pages) {
    const auto page = source->fetch(http, {.cursor = cursor, .token = "id:secret"}, now);
    if (!page) return page.error().message;
    posts += page->posts.posts.size();
    bad += page->bad_rows;
    cursor = page->next_cursor;
    more = page->more;
  }
  return bad > 0 ? fmt::format("{}, {} bad", posts, bad) : std::to_string(posts);
}

std::string count_of(const SourceConfig& config, const std::string& body) {
  return count_of(config, [&](const std::string&) { return body; });
}

SourceConfig config_of(const std::string& type, const std::string& url,
                       std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config{.name = "recorded", .type = type, .url = url};
  config.options = std::move(options);
  config.token = {TokenPlace::Kind::environment, "X"};
  return config;
}

std::string listed(const std::string& json) {
  return json.starts_with('[') ? json : "[" + json + "]";
}

/// Checks each file of a folder against its count; none may be left out.
void check_folder(
    const std::string& folder, const Counts& counts,
    const std::function<std::string(const std::string& name, const std::string& body)>& count) {
  std::set<std::string> left;
  for (const auto& [name, expected] : counts) left.insert(name);
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    const auto known = counts.find(name);
    CHECK(known != counts.end());
    left.erase(name);
    if (known == counts.end() || known->second == "-") continue;
    CHECK(count(name, *read_file(entry.path().string())) == known->second);
  }
  CHECK(left.empty());
}

}  // namespace

TEST_CASE("recorded payloads of Mastodon are read, all of them") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const std::string server = "http://localhost:3000";
  const auto count = [&](const std::string& name, const std::string& body) {
    if (name.starts_with("search"))
      return count_of(config_of("mastodon", server, {{"search", "x"}}), body);
    if (name == "context_1.json")
      return count_of(config_of("mastodon", server, {{"tag", "x"}, {"threads", "true"}}),
                      [&](const std::string& url) {
                        return url.ends_with("/context")
                                   ? body
                                   : listed(*read_file(data + "/payloads/mastodon/context_0.json"));
                      });
    return count_of(config_of("mastodon", server, {{"tag", "x"}}), listed(body));
  };
  const Counts counts = {{"account_statuses_pages_0.json", "1"},
                         {"account_statuses_pages_1.json", "1"},
                         {"account_statuses_pages_2.json", "1"},
                         {"account_statuses_pages_3.json", "1"},
                         {"account_statuses_pinned_0.json", "1"},
                         {"account_statuses_pinned_1.json", "1"},
                         {"account_statuses_pinned_2.json", "1"},
                         {"context_0.json", "1"},
                         {"context_1.json", "1"},
                         {"context_2.json", "-"},
                         {"edited_status_0.json", "1"},
                         {"edited_status_1.json", "-"},
                         {"edited_status_2.json", "1"},
                         {"edited_status_3.json", "1"},
                         {"edited_status_4.json", "-"},
                         {"hashtag_timeline_0.json", "1"},
                         {"hashtag_timeline_1.json", "1"},
                         {"hashtag_timeline_2.json", "-"},
                         {"pagination_0.json", "-"},
                         {"pagination_1.json", "1"},
                         {"poll_0.json", "1"},
                         {"poll_1.json", "-"},
                         {"poll_2.json", "-"},
                         {"public_timeline_0.json", "1"},
                         {"public_timeline_1.json", "8"},
                         {"quotes_0.json", "1"},
                         {"quotes_1.json", "-"},
                         {"reply_0.json", "1"},
                         {"reply_1.json", "-"},
                         {"reply_2.json", "1"},
                         {"search_0.json", "0"},
                         {"search_1.json", "0"},
                         {"search_2.json", "0"},
                         {"status_missing_404_0.json", "-"},
                         {"stream_0.json", "-"},
                         {"stream_1.json", "-"}};
  check_folder(data + "/payloads/mastodon", counts, count);
}

TEST_CASE("recorded payloads of Bluesky are read, all of them") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto feed = config_of("bluesky", "https://a.example", {{"account", "a"}});
  const auto search =
      config_of("bluesky", "https://a.example", {{"search", "a"}, {"login", "a.example"}});
  const auto thread = config_of("bluesky", "https://a.example", {{"thread", "at://a/b/c"}});
  const Counts counts = {{"autfeed_0.json", "50"},       {"feedfeed_0.json", "7"},
                         {"get_list_feed_0.json", "10"}, {"getlikes_0.json", "7"},
                         {"getposts_0.json", "1"},       {"getquotes_0.json", "2"},
                         {"postthread_0.json", "1"},     {"profile_0.json", "-"},
                         {"reposts_0.json", "-"},        {"search_0.json", "25"}};
  const Counts made = {{"actor.as-from-bsky.json", "-"},
                       {"actor.bsky.json", "-"},
                       {"actor_with_featured.as-from-bsky.json", "-"},
                       {"actor_with_featured.bsky.json", "-"},
                       {"comment_inreplyto_id.as-from-bsky.json", "-"},
                       {"comment_inreplyto_id.bsky.json", "1"},
                       {"follow.as-from-bsky.json", "-"},
                       {"follow.bsky.json", "-"},
                       {"like.as-from-bsky.json", "-"},
                       {"like.bsky.json", "-"},
                       {"note.as-from-bsky.json", "-"},
                       {"note.bsky.json", "1"},
                       {"note_with_article_tag_indices.as-from-bsky.json", "-"},
                       {"note_with_article_tag_indices.bsky.json", "-"},
                       {"note_with_custom_feed.as-from-bsky.json", "-"},
                       {"note_with_custom_feed.bsky.json", "1"},
                       {"note_with_mention_linked_text.bsky.json", "-"},
                       {"quote.as-from-bsky.json", "-"},
                       {"quote.bsky.json", "1"},
                       {"quote_and_attachment.bsky.json", "0, 1 bad"},
                       {"quote_and_image.bsky.json", "0, 1 bad"},
                       {"quote_with_image.bsky.json", "1"},
                       {"repost.as-from-bsky.json", "-"},
                       {"repost.bsky.json", "1"}};
  check_folder(data + "/payloads/bluesky", counts, [&](const auto& name, const auto& body) {
    return count_of(name.starts_with("postthread")   ? thread
                    : body.starts_with("{\"feed\":") ? feed
                                                     : search,
                    body);
  });
  check_folder(data + "/payloads/bluesky/granary", made, [&](const auto& name, const auto& body) {
    if (name.find("as-from") != std::string::npos) return std::string{"-"};
    if (body.find("#threadViewPost") != std::string::npos)
      return count_of(thread, "{\"thread\":" + body + "}");
    return count_of(feed, "{\"feed\":[" + body + "]}");
  });
}

TEST_CASE("recorded payloads of Reddit and Discourse are read, all of them") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const Counts reddit = {{"comment_stream_0.json", "100"},     {"comment_stream_1.json", "99"},
                         {"comment_tree_0.json", "471"},       {"comment_tree_1.json", "482"},
                         {"comment_tree_2.json", "483"},       {"domain_new_0.json", "100"},
                         {"duplicates_0.json", "4"},           {"listing_pages_0.json", "100"},
                         {"listing_pages_1.json", "100"},      {"listing_pages_2.json", "100"},
                         {"more_children_0.json", "478"},      {"more_children_1.json", "471"},
                         {"subreddit_comments_0.json", "100"}, {"subreddit_hot_0.json", "102"},
                         {"subreddit_new_0.json", "100"},      {"subreddit_search_0.json", "6"},
                         {"user_comments_0.json", "100"}};
  // The others list topics and people, or are read in the tests of the source.
  const Counts discourse = {{"categories.json", "-"},
                            {"category_latest_topics.json", "-"},
                            {"latest.json", "-"},
                            {"new.json", "-"},
                            {"post.json", "-"},
                            {"posts_before.json", "3"},
                            {"posts_latest.json", "4"},
                            {"replies.json", "-"},
                            {"search.json", "-"},
                            {"top.json", "-"},
                            {"topic.json", "-"},
                            {"topic_posts.json", "-"},
                            {"topics_created_by.json", "-"}};
  check_folder(data + "/payloads/reddit", reddit, [&](const auto&, const auto& body) {
    const std::string api = "https://oauth.reddit.com";
    if (body.starts_with('['))
      return count_of(config_of("reddit", api, {{"thread", "t3_3hahrw"}}), body);
    if (body.find("\"things\"") != std::string::npos)
      return count_of(config_of("reddit", api, {{"thread", "t3_3hahrw"}}),
                      [&](const std::string& url) {
                        return url.find("/morechildren") != url.npos
                                   ? body
                                   : *read_file(data + "/payloads/reddit/comment_tree_0.json");
                      });
    return count_of(config_of("reddit", api, {{"search", "a"}}), body);
  });
  check_folder(data + "/payloads/discourse", discourse, [&](const auto&, const auto& body) {
    return count_of(config_of("discourse", "https://forum.example", {}), body);
  });
}

TEST_CASE("recorded activities, RSS and JSON Feeds are read, all of them") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto feed = [](const auto&, const auto& body) {
    const auto parsed = parse_feed(body, {}, {.now = now});
    return parsed ? fmt::format("{} of {}", parsed->posts.posts.size(), parsed->items)
                  : parsed.error().message;
  };
  const Counts rss = {
      {"feed_with_audio_video.as-from-rss.json", "-"}, {"feed_with_audio_video.rss.xml", "2 of 2"},
      {"feed_with_authors.as-from-rss.json", "-"},     {"feed_with_authors.rss.xml", "2 of 2"},
      {"feed_with_note.as-from-rss.json", "-"},        {"feed_with_note.rss.xml", "1 of 1"}};
  const Counts json = {{"attachments.as-from-feed.json", "-"},
                       {"attachments.feed.json", "0 of 1"},
                       {"invalid_content_fields.as-from-feed.json", "-"},
                       {"invalid_content_fields.feed.json", "0 of 1"},
                       {"note.as-from-feed.json", "-"}};
  const Counts activities = {{"accept_follow.as2.json", "0"},
                             {"activity_with_actor.as2.json", "1"},
                             {"activity_with_person_tag.as2.json", "1"},
                             {"actor.as2.json", "0"},
                             {"actor_organization.as2.json", "0"},
                             {"actor_urls_displayName.as2.json", "0"},
                             {"actor_with_featured.as2.json", "0"},
                             {"actor_with_icon.as2.json", "0"},
                             {"article_with_audio_video.as2.json", "0, 1 bad"},
                             {"article_with_image_attachment_with_alt.as2.json", "0, 1 bad"},
                             {"article_with_photo.as2.json", "0, 1 bad"},
                             {"comment.as2.json", "1"},
                             {"comment_inreplyto_id.as2.json", "1"},
                             {"comment_multiple_in_reply_to.as2.json", "1"},
                             {"event.as2.json", "1"},
                             {"follow.as2.json", "0"},
                             {"invite.as2.json", "0"},
                             {"like.as2.json", "0"},
                             {"like_of_object.as2.json", "0"},
                             {"like_with_string_object_actor.as2.json", "0"},
                             {"note.as2.json", "1"},
                             {"note_mastodon_with_video.as2.json", "1"},
                             {"note_public.as2.json", "0, 1 bad"},
                             {"note_unlisted.as2.json", "0, 1 bad"},
                             {"note_with_hashtag.as2.json", "1"},
                             {"note_with_image_document_attachment.as2.json", "0, 1 bad"},
                             {"note_with_mention.as2.json", "1"},
                             {"note_with_string_id_image.as2.json", "0, 1 bad"},
                             {"question.as2.json", "1"},
                             {"question_multiple_choice.as2.json", "1"},
                             {"quote.as2.json", "0, 1 bad"},
                             {"repost.as2.json", "0, 1 bad"},
                             {"rsvp.as2.json", "0"},
                             {"rsvp_multiple_events.as2.json", "0"},
                             {"undo_object_id.as2.json", "0"},
                             {"undo_repost.as2.json", "0, 1 bad"},
                             {"unfollow.as2.json", "0"},
                             {"unfollow_multiple_urls.as2.json", "0"},
                             {"update_person.as2.json", "0"},
                             {"video.as2.json", "1"}};
  check_folder(data + "/payloads/rss", rss, feed);
  check_folder(data + "/payloads/jsonfeed", json, feed);
  check_folder(
      data + "/payloads/activitystreams/granary", activities, [&](const auto& name, const auto&) {
        SourceConfig config{.name = "r", .type = "outbox"};
        config.mapping = default_mapping();
        config.path = data + "/payloads/activitystreams/granary/" + name;
        const auto read = read_archive_as("outbox", config);
        return read.error.empty()
                   ? fmt::format("{}{}", read.posts.size(),
                                 read.bad_rows > 0 ? fmt::format(", {} bad", read.bad_rows) : "")
                   : read.error;
      });
}
