#include "ingest/feed_vocabulary.hpp"

#include <array>

namespace earshot {

FeedModule feed_module_of(std::string_view space, std::string_view prefix) {
  struct Known {
    std::string_view space, prefix;
    FeedModule module;
  };
  static constexpr std::array known{
      Known{"http://www.w3.org/2005/Atom", "atom", FeedModule::atom},
      Known{"http://purl.org/atom/ns#", "atom03", FeedModule::atom},
      Known{"http://purl.org/dc/elements/1.", "dc", FeedModule::dublin_core},
      Known{"http://purl.org/dc/terms/", "dcterms", FeedModule::dublin_core},
      Known{"http://purl.org/rss/1.0/modules/content/", "content", FeedModule::content},
      Known{"http://purl.org/syndication/thread/1.0", "thr", FeedModule::thread},
      Known{"http://purl.org/rss/1.0/modules/slash/", "slash", FeedModule::slash},
      Known{"http://search.yahoo.com/mrss", "media", FeedModule::media},
      Known{"http://www.georss.org/georss", "georss", FeedModule::georss},
      Known{"http://www.w3.org/2003/01/geo/wgs84_pos#", "geo", FeedModule::geo},
      Known{"http://purl.org/rss/1.0/modules/", "-", FeedModule::other},
      Known{"http://purl.org/rss/", "rss", FeedModule::core},
      Known{"http://my.netscape.com/rdf/", "rdf", FeedModule::core},
      Known{"http://channel.netscape.com/rdf/", "-", FeedModule::core},
      Known{"http://backend.userland.com/", "-", FeedModule::core},
      Known{"http://blogs.law.harvard.edu/tech/rss", "-", FeedModule::core}};
  if (space.empty() && prefix.empty()) return FeedModule::core;
  for (const auto& one : known)
    if (space.empty() ? prefix == one.prefix : space.starts_with(one.space)) return one.module;
  return FeedModule::other;
}

FeedSlot feed_slot_of(FeedModule module, std::string_view name) {
  struct Row {
    FeedModule module;
    std::string_view name;
    FeedSlot slot;
  };
  using M = FeedModule;
  static constexpr std::array rows{Row{M::core, "title", FeedSlot::title},
                                   Row{M::core, "link", FeedSlot::link},
                                   Row{M::core, "guid", FeedSlot::id},
                                   Row{M::core, "id", FeedSlot::id},
                                   Row{M::core, "description", FeedSlot::summary},
                                   Row{M::core, "summary", FeedSlot::summary},
                                   Row{M::core, "content", FeedSlot::content},
                                   Row{M::core, "fullitem", FeedSlot::content},
                                   Row{M::core, "body", FeedSlot::content},
                                   Row{M::core, "pubdate", FeedSlot::published},
                                   Row{M::core, "published", FeedSlot::published},
                                   Row{M::core, "issued", FeedSlot::issued},
                                   Row{M::core, "created", FeedSlot::created},
                                   Row{M::core, "updated", FeedSlot::updated},
                                   Row{M::core, "modified", FeedSlot::updated},
                                   Row{M::core, "author", FeedSlot::author},
                                   Row{M::core, "language", FeedSlot::lang},
                                   Row{M::core, "ttl", FeedSlot::ttl},
                                   Row{M::content, "encoded", FeedSlot::content},
                                   Row{M::dublin_core, "title", FeedSlot::title},
                                   Row{M::dublin_core, "description", FeedSlot::summary},
                                   Row{M::dublin_core, "identifier", FeedSlot::id},
                                   Row{M::dublin_core, "creator", FeedSlot::author},
                                   Row{M::dublin_core, "date", FeedSlot::issued},
                                   Row{M::dublin_core, "issued", FeedSlot::issued},
                                   Row{M::dublin_core, "created", FeedSlot::created},
                                   Row{M::dublin_core, "modified", FeedSlot::updated},
                                   Row{M::dublin_core, "language", FeedSlot::lang},
                                   Row{M::thread, "total", FeedSlot::reply_count},
                                   Row{M::slash, "comments", FeedSlot::reply_count},
                                   Row{M::media, "description", FeedSlot::media_text},
                                   Row{M::georss, "point", FeedSlot::place},
                                   Row{M::geo, "lat", FeedSlot::latitude},
                                   Row{M::geo, "long", FeedSlot::longitude}};
  if (module == FeedModule::atom) module = FeedModule::core;
  for (const auto& row : rows)
    if (row.module == module && row.name == name) return row.slot;
  return FeedSlot::none;
}

}  // namespace earshot
