#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/json.hpp"
#include "store/base/time.hpp"
#include "store/post.hpp"

namespace earshot {

// A status has two ids: `uri`, the same on every server, and `id`, its number on the server that
// is asked. A post's native id is the `uri`, so that a post seen through two servers is one post.
// `in_reply_to_id` is a number of the server, for which the source finds out the `uri`.

/// `uri` of statuses by their number on one server.
using StatusUris = std::map<std::string, std::string, std::less<>>;

/// The native id of the post that a status is; empty if it has none.
std::string_view status_uri(JsonValue status);

/// What posts of one server have in common, and how its statuses become posts.
///
/// Source: https://docs.joinmastodon.org/entities/Status/
struct MastodonServer {
  std::string url;   ///< Without "/" at the end.
  std::string host;  ///< "example.social".
  std::string network;
  std::string channel;
  std::string source;
  bool filtered = false;

  /// Adds the post that a status is, unless it was not for everybody: a token may see more than we
  /// should. A bare share is a repost with the words of what it shares. A parent that is not among
  /// `uris` is called "host/number". A reason if the status can't be read.
  std::optional<std::string> add(JsonValue status, const StatusUris& uris, Instant now,
                                 PostBatch& batch) const;
};

}  // namespace earshot
