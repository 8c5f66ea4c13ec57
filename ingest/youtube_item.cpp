#include "ingest/youtube_item.hpp"

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::string_view site = "https://www.youtube.com";

std::string page_of(const YoutubePlace& place, std::string_view comment) {
  if (!place.video.empty())
    return fmt::format("{}/watch?v={}&lc={}", site, url_encoded(place.video), url_encoded(comment));
  if (place.channel.empty()) return {};
  return fmt::format("{}/channel/{}", site, url_encoded(place.channel));
}

std::string_view first_of(std::string_view a, std::string_view b) {
  return a.empty() ? b : a;
}

std::chrono::hours pacific_offset(Instant at) {
  using namespace std::chrono;
  const auto year = year_month_day{floor<days>(at)}.year();
  const Instant begin = sys_days{year / March / Sunday[2]} + hours{10};  // 2:00 standard time
  const Instant end = sys_days{year / November / Sunday[1]} + hours{9};  // 2:00 daylight time
  return begin <= at && at < end ? hours{-7} : hours{-8};
}

}  // namespace

YoutubePlace youtube_place(JsonValue snippet, const YoutubePlace& known) {
  return {std::string{first_of(snippet.at("videoId").text(), known.video)},
          std::string{first_of(snippet.at("channelId").text(), known.channel)}};
}

std::optional<std::string> YoutubeVenue::add_comment(JsonValue comment, const YoutubePlace& place,
                                                     Count replies, Instant now,
                                                     PostBatch& batch) const {
  const auto id = comment.at("id").text();
  if (id.empty()) return "a comment without id";
  const JsonValue snippet = comment.at("snippet");
  const auto posted_at = parse_rfc3339(snippet.at("publishedAt").text());
  if (!posted_at) return fmt::format("{}: no date that can be read", id);
  // The original is there for some who ask only; what is displayed is asked for as plain text.
  const auto text =
      trim(first_of(snippet.at("textOriginal").text(), snippet.at("textDisplay").text()));
  if (text.empty()) return fmt::format("{}: no text", id);
  const YoutubePlace here = youtube_place(snippet, place);
  const auto name = snippet.at("authorDisplayName").text();
  const auto parent = snippet.at("parentId").text();
  const auto updated_at = parse_rfc3339(snippet.at("updatedAt").text());
  const std::string page = page_of(here, id);
  add_post(batch, {.network = network,
                   .native_id = id,
                   .channel = first_of(channel, first_of(here.channel, here.video)),
                   .author_id = first_of(snippet.at("authorChannelId.value").text(), name),
                   .author_name = name,
                   .text = text,
                   .parent_id = parent,
                   .root_id = parent,
                   .url = page,
                   .source = source,
                   .posted_at = *posted_at,
                   .edited_at = updated_at && *updated_at > *posted_at ? *updated_at : Instant{},
                   .engagement = {.likes = snippet.at("likeCount").count(),
                                  .replies = replies,
                                  .observed_at = now},
                   .filtered = filtered});
  return {};
}

std::optional<std::string> YoutubeVenue::add_video(JsonValue video, Instant now,
                                                   PostBatch& batch) const {
  const auto id = video.at("id").text();
  if (id.empty()) return "a video without id";
  const JsonValue snippet = video.at("snippet");
  const auto posted_at = parse_rfc3339(snippet.at("publishedAt").text());
  if (!posted_at) return fmt::format("{}: no date that can be read", id);
  std::string text{trim(snippet.at("title").text())};
  append_line(text, trim(snippet.at("description").text()));
  if (text.empty()) return fmt::format("{}: no text", id);
  const auto owner = snippet.at("channelId").text();
  const std::string page = fmt::format("{}/watch?v={}", site, url_encoded(id));
  add_post(batch, {.network = network,
                   .native_id = id,
                   .channel = first_of(channel, owner),
                   .author_id = owner,
                   .author_name = first_of(snippet.at("channelTitle").text(), owner),
                   .text = text,
                   .lang = first_of(snippet.at("defaultAudioLanguage").text(),
                                    snippet.at("defaultLanguage").text()),
                   .url = page,
                   .source = source,
                   .posted_at = *posted_at,
                   .engagement = {.likes = video.at("statistics.likeCount").count(),
                                  .replies = video.at("statistics.commentCount").count(),
                                  .observed_at = now},
                   .filtered = filtered});
  return {};
}

std::chrono::seconds until_pacific_midnight(Instant now) {
  using namespace std::chrono;
  const auto tomorrow = floor<days>(now + pacific_offset(now)) + days{1};
  const Instant guess = Instant{tomorrow} - pacific_offset(now);
  return Instant{tomorrow} - pacific_offset(guess) - now;
}

}  // namespace earshot
