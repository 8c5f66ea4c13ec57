#include "ingest/feed_vocabulary.hpp"

#include <array>

#include "store/base/ascii.hpp"

namespace earshot {

FeedModule feed_module_of(std::string_view space, std::string_view prefix) {
  struct Known {
    std::string_view space, prefix;
    FeedModule module;
  };
  using M = FeedModule;
  static constexpr std::array known{
      Known{"http://www.w3.org/2005/atom", "atom", M::core},
      Known{"http://purl.org/atom/ns#", "atom03", M::core},
      Known{"http://purl.org/dc/elements/1.", "dc", M::dublin_core},
      Known{"http://purl.org/dc/terms/", "dcterms", M::dublin_core},
      Known{"http://purl.org/rss/1.0/modules/content/", "content", M::content},
      Known{"http://purl.org/syndication/thread/1.0", "thr", M::thread},
      Known{"http://purl.org/rss/1.0/modules/threading/", "-", M::thread},
      Known{"http://purl.org/rss/1.0/modules/slash/", "slash", M::slash},
      Known{"http://purl.org/rss/1.0/modules/syndication/", "sy", M::syndication},
      Known{"http://search.yahoo.com/mrss", "media", M::media},
      Known{"http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes", M::itunes},
      Known{"http://example.com/dtds/podcast-1.0.dtd", "-", M::itunes},
      Known{"http://itunes.apple.com/rss", "im", M::apple},
      Known{"http://www.georss.org/georss", "georss", M::georss},
      Known{"http://www.w3.org/2003/01/geo/wgs84_pos#", "geo", M::geo},
      Known{"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf", M::rdf},
      Known{"http://www.w3.org/1999/xhtml", "xhtml", M::xhtml},
      Known{"http://purl.org/rss/1.0/modules/rss091#", "-", M::core},
      Known{"http://purl.org/rss/1.0/modules/", "-", M::other},
      Known{"http://purl.org/rss/", "rss", M::core},
      Known{"http://purl.org/echo/", "-", M::core},
      Known{"http://purl.org/pie/", "-", M::core},
      Known{"http://example.com/newformat#", "-", M::core},
      Known{"http://example.com/necho", "-", M::core},
      Known{"http://my.netscape.com/rdf/", "-", M::core},
      Known{"http://channel.netscape.com/rdf/", "-", M::core},
      Known{"http://backend.userland.com/rss", "-", M::core},
      Known{"http://blogs.law.harvard.edu/tech/rss", "-", M::core}};
  const auto uri = lower_case(space);
  if (!uri.empty())
    for (const auto& one : known)
      if (uri.starts_with(one.space)) return one.module;
  if (prefix.empty()) return M::core;
  for (const auto& one : known)
    if (prefix == one.prefix) return one.module;
  return M::other;
}

FeedSlot feed_slot_of(FeedModule module, std::string_view name) {
  struct Row {
    FeedModule module;
    std::string_view name;
    FeedSlot slot;
  };
  using M = FeedModule;
  using S = FeedSlot;
  static constexpr std::array rows{Row{M::core, "title", S::title},
                                   Row{M::core, "link", S::link},
                                   Row{M::core, "guid", S::id},
                                   Row{M::core, "id", S::id},
                                   Row{M::core, "description", S::description},
                                   Row{M::core, "abstract", S::summary},
                                   Row{M::core, "summary", S::summary},
                                   Row{M::core, "subtitle", S::feed_summary},
                                   Row{M::core, "tagline", S::feed_summary},
                                   Row{M::core, "content", S::content},
                                   Row{M::core, "body", S::content},
                                   Row{M::core, "fullitem", S::html_content},
                                   Row{M::core, "pubdate", S::published},
                                   Row{M::core, "published", S::published},
                                   Row{M::core, "issued", S::published},
                                   Row{M::core, "created", S::created},
                                   Row{M::core, "updated", S::updated},
                                   Row{M::core, "modified", S::updated},
                                   Row{M::core, "lastbuilddate", S::updated},
                                   Row{M::core, "author", S::author},
                                   Row{M::core, "managingeditor", S::author},
                                   Row{M::core, "category", S::tag},
                                   Row{M::core, "keywords", S::tag},
                                   Row{M::core, "tags", S::tag_list},
                                   Row{M::core, "comments", S::comments},
                                   Row{M::core, "source", S::source},
                                   Row{M::core, "language", S::lang},
                                   Row{M::core, "ttl", S::ttl},
                                   Row{M::core, "hour", S::skip_hour},
                                   Row{M::core, "day", S::skip_day},
                                   Row{M::xhtml, "body", S::content},
                                   Row{M::content, "encoded", S::html_content},
                                   Row{M::dublin_core, "title", S::title},
                                   Row{M::dublin_core, "description", S::description},
                                   Row{M::dublin_core, "identifier", S::other_id},
                                   Row{M::dublin_core, "author", S::author},
                                   Row{M::dublin_core, "creator", S::author},
                                   Row{M::dublin_core, "date", S::updated},
                                   Row{M::dublin_core, "issued", S::published},
                                   Row{M::dublin_core, "created", S::created},
                                   Row{M::dublin_core, "modified", S::updated},
                                   Row{M::dublin_core, "subject", S::tag},
                                   Row{M::dublin_core, "language", S::lang},
                                   Row{M::thread, "total", S::reply_count},
                                   Row{M::slash, "comments", S::reply_count},
                                   Row{M::syndication, "updateperiod", S::update_period},
                                   Row{M::syndication, "updatefrequency", S::update_frequency},
                                   Row{M::media, "title", S::other_title},
                                   Row{M::media, "description", S::other_summary},
                                   Row{M::media, "category", S::tag},
                                   Row{M::media, "keywords", S::tag_list},
                                   Row{M::media, "starrating", S::like_count},
                                   Row{M::apple, "votesum", S::like_count},
                                   Row{M::apple, "rating", S::rating},
                                   Row{M::itunes, "author", S::other_author},
                                   Row{M::itunes, "summary", S::summary},
                                   Row{M::itunes, "subtitle", S::feed_summary},
                                   Row{M::itunes, "category", S::tag},
                                   Row{M::itunes, "keywords", S::tag_list},
                                   Row{M::georss, "point", S::place},
                                   Row{M::geo, "lat", S::latitude},
                                   Row{M::geo, "long", S::longitude}};
  for (const auto& row : rows)
    if (row.module == module && row.name == name) return row.slot;
  return FeedSlot::none;
}

}  // namespace earshot
