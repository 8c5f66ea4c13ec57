#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/json.hpp"
#include "store/base/time.hpp"
#include "store/post.hpp"

namespace earshot {

/// Where a comment stands. An answer to a comment does not always say it.
struct YoutubePlace {
  std::string video;
  std::string channel;  ///< Id of the channel that the video is of.
};

/// What posts of YouTube have in common, and how comments and videos become posts. A post's channel
/// is the id of the YouTube channel, unless the config names one.
///
/// Source: https://developers.google.com/youtube/v3/docs/comments and .../docs/videos
struct YoutubeVenue {
  std::string network;
  std::string channel;  ///< Empty: the id of the YouTube channel, else of the video.
  std::string source;
  bool filtered = false;

  /// Adds a comment; `replies` are those that it is said to have. A reason if it can't be read.
  std::optional<std::string> add_comment(JsonValue comment, const YoutubePlace& place,
                                         Count replies, Instant now, PostBatch& batch) const;

  /// Adds a video: its title and description, a line each. A reason if it can't be read.
  std::optional<std::string> add_video(JsonValue video, Instant now, PostBatch& batch) const;
};

/// Where a thread or comment says that it stands; what it leaves out is taken from `known`.
YoutubePlace youtube_place(JsonValue snippet, const YoutubePlace& known = {});

/// How long until the next midnight in California, when the API's daily budget begins anew. With
/// the rules for daylight saving time that hold since 2007.
std::chrono::seconds until_pacific_midnight(Instant now);

}  // namespace earshot
