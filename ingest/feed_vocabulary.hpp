#pragma once

#include <cstddef>
#include <string_view>

namespace earshot {

/// Which vocabulary an element of a feed belongs to.
enum class FeedModule {
  core,  ///< RSS and Atom of any version, and whatever has neither prefix nor a namespace we know.
  xhtml,
  dublin_core,
  content,
  thread,
  slash,
  syndication,
  media,
  itunes,
  apple,  ///< Of the reviews in its shops.
  georss,
  geo,
  rdf,
  other
};

/// By namespace, or by the usual prefix where the document forgot to declare it or declared another
/// namespace. Case does not matter.
FeedModule feed_module_of(std::string_view space, std::string_view prefix);

/// What an element of a feed, or of an entry, says.
enum class FeedSlot {
  none,
  id,
  other_id,  ///< Counts where there is no `id`.
  link,
  title,
  other_title,  ///< Counts where there is no `title`.
  description,  ///< Escaped HTML.
  summary,
  other_summary,  ///< Counts where there is neither `description` nor `summary`.
  feed_summary,   ///< Of the feed alone.
  content,
  html_content,
  author,
  other_author,  ///< Counts where there is no `author`.
  person_name,
  person_email,
  person_url,
  published,
  created,
  updated,
  reply_count,
  like_count,
  rating,
  source,
  lang,
  comments,
  enclosure,
  tag,
  tag_list,  ///< With commas.
  place,
  latitude,
  longitude,
  ttl,
  update_period,
  update_frequency,
  skip_hour,
  skip_day,
};

/// What an element says, in the feed itself and in an entry alike; `none` for elements without a
/// meaning to us. `name` in lower case. Source: as `read_feed`.
FeedSlot feed_slot_of(FeedModule module, std::string_view name);

}  // namespace earshot
