#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/json.hpp"
#include "store/base/time.hpp"

namespace earshot {

/// What somebody published on Bluesky (`app.bsky.feed.post`), however it came: by the API or in a
/// line of Jetstream. Views into the document.
struct BlueskyRecord {
  std::string text;  ///< Where there are no words, what the pictures are said to show.
  std::string_view lang;
  std::string_view parent;  ///< at:// address of the post that it answers.
  std::string_view root;    ///< The same of the first post of the thread.
  std::optional<Instant> claimed_at;
};

BlueskyRecord read_bluesky_record(JsonValue record);

/// When a post counts as posted: when its author says, but not after it was `seen_at`.
std::optional<Instant> bluesky_time(const BlueskyRecord& record, std::optional<Instant> seen_at);

/// "https://bsky.app/profile/WHO/post/KEY" of "at://did/app.bsky.feed.post/KEY".
std::string bluesky_page(std::string_view who, std::string_view uri);

}  // namespace earshot
