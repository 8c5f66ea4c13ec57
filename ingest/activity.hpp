#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/archive.hpp"
#include "ingest/json.hpp"

namespace earshot {

/// What the posts of one ActivityPub archive have in common, and how its activities become posts.
///
/// Source: ActivityStreams 2.0, https://www.w3.org/TR/activitystreams-vocabulary/
struct ActivityReader {
  std::string network;
  std::string channel;  ///< Empty: the community that an object is for, else its server.
  std::string source;
  bool filtered = false;
  std::string actor_id;       ///< The archive's own actor, where it is known,
  std::string actor_address;  ///< and "name@server" of it.
  Instant now{};              ///< Dates what has no date.

  /// Adds what an activity or a bare object says: a post that was made or changed, a share, a
  /// deletion. What was not for everybody and what is no post (follows, likes, people) is passed
  /// over. A reason if it can't be read.
  ///
  /// A post's native id is its `id`, as for `mastodon` sources; its author is "name@server" where
  /// the actor's address has a name. Counts are unknown but where the object has their totals.
  std::optional<std::string> add(JsonValue activity, ReadRecords& out) const;

 private:
  std::optional<std::string> add_object(JsonValue object, JsonValue activity,
                                        ReadRecords& out) const;
  std::optional<std::string> add_share(JsonValue activity, ReadRecords& out) const;
  void add_said(std::string_view id, std::string_view actor, JsonValue said, JsonValue activity,
                Post post, ReadRecords& out) const;
  std::string address_of(std::string_view actor) const;
};

/// "ann@a.example" of "https://a.example/users/ann" or "https://a.example/@ann"; empty where an
/// actor's address has no name.
std::string fediverse_address(std::string_view actor);

}  // namespace earshot
