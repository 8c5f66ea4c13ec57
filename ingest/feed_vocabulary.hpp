#pragma once

#include <cstddef>
#include <string_view>

namespace earshot {

/// Which vocabulary an element of a feed belongs to.
enum class FeedModule {
  core,
  atom,
  dublin_core,
  content,
  thread,
  slash,
  media,
  georss,
  geo,
  other
};

/// By namespace, or by the usual prefix where the document forgot to declare it.
FeedModule feed_module_of(std::string_view space, std::string_view prefix);

/// The places where text is gathered.
enum class FeedSlot {
  none,
  id,
  link,
  title,
  content,
  summary,
  media_text,
  author,
  person_name,
  person_uri,
  published,
  issued,
  created,
  updated,
  reply_count,
  lang,
  place,
  latitude,
  longitude,
  ttl,
};
inline constexpr std::size_t feed_slot_count = 20;

/// Where the text of an element goes, in the feed itself and in an item alike; `none` for elements
/// without a meaning to us. `name` in lower case. Source: as `parse_feed`.
FeedSlot feed_slot_of(FeedModule module, std::string_view name);

}  // namespace earshot
