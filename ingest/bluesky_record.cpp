#include "ingest/bluesky_record.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"

namespace earshot {

namespace {

/// What a post without words shows: descriptions of pictures, else the title of a link.
std::string shown_by(JsonValue embed) {
  std::string text;
  for (const JsonValue image : embed.at("images")) append_line(text, image.at("alt").text());
  append_line(text, embed.at("alt").text());  // of a video
  if (text.empty()) append_line(text, embed.at("external.title").text());
  return text;
}

}  // namespace

BlueskyRecord read_bluesky_record(JsonValue record) {
  BlueskyRecord read{.text = std::string{record.at("text").text()},
                     .lang = {},
                     .parent = record.at("reply.parent.uri").text(),
                     .root = record.at("reply.root.uri").text(),
                     .claimed_at = parse_rfc3339(record.at("createdAt").text())};
  for (const JsonValue lang : record.at("langs"))
    if (read.lang.empty()) read.lang = lang.text();
  if (read.text.empty()) read.text = shown_by(record.at("embed"));
  if (read.text.empty()) read.text = shown_by(record.at("embed.media"));
  return read;
}

std::optional<Instant> bluesky_time(const BlueskyRecord& record, std::optional<Instant> seen_at) {
  if (!record.claimed_at || !seen_at) return record.claimed_at ? record.claimed_at : seen_at;
  return std::min(*record.claimed_at, *seen_at);
}

std::string bluesky_page(std::string_view who, std::string_view uri) {
  return fmt::format("https://bsky.app/profile/{}/post/{}", who, uri.substr(uri.rfind('/') + 1));
}

}  // namespace earshot
