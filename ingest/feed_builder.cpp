#include "ingest/feed_builder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "ingest/feed_date.hpp"
#include "ingest/feed_scope.hpp"
#include "ingest/feed_text.hpp"
#include "ingest/html_text.hpp"
#include "ingest/post_writer.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_list = 1000;  // links, tags or enclosures of one entry

bool is_content(FeedSlot slot) {
  return slot == FeedSlot::content || slot == FeedSlot::html_content;
}

bool is_title(FeedSlot slot) {
  return slot == FeedSlot::title || slot == FeedSlot::other_title;
}

/// The bit of a weekday in English, as in `FeedDocument::skip_days`; 0 for another text.
std::uint8_t day_bit(std::string_view text) {
  constexpr std::array<std::string_view, 7> days{"sunday",   "monday", "tuesday", "wednesday",
                                                 "thursday", "friday", "saturday"};
  const auto found = std::ranges::find(days, lower_case(text));
  return found == days.end() ? std::uint8_t{0}
                             : static_cast<std::uint8_t>(1U << (found - days.begin()));
}

}  // namespace

bool is_web_address(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

// --- entries ---

void FeedBuilder::start_entry(const std::optional<std::string>& lang) {
  if (in_entry_) end_entry();
  in_entry_ = true;
  entry_ = {};
  entry_said_ = {};
  entry_said_.lang = lang;
}

void FeedBuilder::end_entry() {
  in_entry_ = false;
  if (++feed_.items > most_feed_entries) return;
  complete_entry();
  feed_.entries.push_back(std::move(entry_));
}

void FeedBuilder::complete(FeedHead& head, const Said& said) {
  if (head.id.empty()) head.id = said.other_id;
  if (head.link.empty()) head.link = said.other_link;
  if (!head.published) head.published = said.created;
  if (head.author.empty()) head.author = said.other_author;
}

void FeedBuilder::complete_entry() {
  const auto& said = entry_said_;
  complete(entry_, said);
  if (entry_.summary.empty()) entry_.summary = said.other_summary;
  if (entry_.summary.empty()) entry_.summary = entry_.content;
  if (entry_.date_text.empty())
    entry_.date_text = said.created_text.empty() ? said.updated_text : said.created_text;
  if (entry_.place.empty() && !said.latitude.empty() && !said.longitude.empty())
    entry_.place = said.latitude + "," + said.longitude;
  const auto spoken =
      std::ranges::find_if(said.langs, [](const auto& one) { return one.has_value(); });
  const auto& lang = spoken != said.langs.end() ? *spoken : said.lang;
  if (lang)
    entry_.lang = *lang;
  else
    without_lang_.push_back(feed_.entries.size());
}

FeedDocument FeedBuilder::finish(const std::optional<std::string>& lang) {
  if (in_entry_) end_entry();
  complete(feed_, feed_said_);
  if (feed_.lang.empty()) feed_.lang = lang.value_or("");
  for (const auto i : without_lang_) feed_.entries[i].lang = feed_.lang;
  return std::move(feed_);
}

// --- texts ---

FeedSlot FeedBuilder::begin_text(FeedSlot slot, const std::optional<std::string>& lang) {
  if (is_content(slot)) said().has_content = true;
  if (!in_entry_) return slot;
  auto& held = entry_said_.langs[is_title(slot) ? 2 : is_content(slot) ? 0 : 1];
  if (!held) held = lang;
  const bool summary = slot == FeedSlot::description || slot == FeedSlot::summary;
  const bool second = summary && !entry_.summary.empty() && !entry_said_.has_content;
  return second ? FeedSlot::content : slot;
}

bool FeedBuilder::wants_text(FeedSlot slot, std::size_t depth) const {
  const auto& head = in_entry_ ? static_cast<const FeedHead&>(entry_) : feed_;
  switch (slot) {
    case FeedSlot::title:
      return depth < said().title_depth;
    case FeedSlot::other_title:
      return head.title.empty();
    case FeedSlot::other_summary:
      return said().other_summary.empty();
    case FeedSlot::feed_summary:
      return !in_entry_ && feed_.summary.empty();
    case FeedSlot::content:
      return in_entry_ && entry_.content.empty();
    case FeedSlot::html_content:  // goes before all others
      return in_entry_ && (entry_.content.empty() || !entry_said_.content_is_html);
    default:
      return depth <= said().summary_depth;
  }
}

void FeedBuilder::take_text(FeedSlot slot, std::size_t depth, std::string text) {
  if (text.empty()) return;
  switch (slot) {
    case FeedSlot::title:
      said().title_depth = depth;
      [[fallthrough]];
    case FeedSlot::other_title:
      head().title = std::move(text);
      return;
    case FeedSlot::other_summary:
      said().other_summary = std::move(text);
      return;
    case FeedSlot::content:
    case FeedSlot::html_content:
      entry_.content = std::move(text);
      entry_said_.content_is_html = slot == FeedSlot::html_content;
      return;
    case FeedSlot::feed_summary:
      feed_.summary = std::move(text);
      return;
    default:
      said().summary_depth = depth;
      head().summary = std::move(text);
  }
}

// --- values ---

void FeedBuilder::take_id(std::string id, std::string permalink, std::string_view spelled) {
  head().id = std::move(id);
  if (in_entry_) entry_.own_id = spelled;
  if (!permalink.empty()) said().other_link = std::move(permalink);
}

void FeedBuilder::take_link(std::string address) {
  auto& link = head().link;
  if (said().link_is_text && is_web_address(link)) return;
  said().link_is_text = true;
  link = std::move(address);
}

void FeedBuilder::take_alternate(std::string address, bool page) {
  auto& link = page ? head().link : said().other_link;
  if (link.empty()) link = std::move(address);
}

void FeedBuilder::take_person(FeedSlot slot, FeedPerson person) {
  mend_encoding(person.name);
  auto& author = slot == FeedSlot::author ? head().author : said().other_author;
  if (author.empty()) author = std::move(person);
}

void FeedBuilder::take_date(FeedSlot slot, std::string_view text) {
  const auto at = parse_feed_date(text);
  auto& to = said();
  switch (slot) {
    case FeedSlot::published:
      if (in_entry_ && entry_.date_text.empty()) entry_.date_text = text;
      if (at) head().published = at;
      return;
    case FeedSlot::created:
      to.created_text = text;
      if (at) to.created = at;
      return;
    default:
      to.updated_text = text;
      if (at) head().updated = at;
  }
}

void FeedBuilder::take_value(FeedSlot slot, std::string_view text) {
  switch (slot) {
    case FeedSlot::other_id:
      said().other_id = text;
      return;
    case FeedSlot::lang:
      (in_entry_ ? entry_said_.langs[0].emplace() : feed_.lang) = language_tag(text);
      return;
    case FeedSlot::tag_list:
      while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        add_tag(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
      }
      return;
    case FeedSlot::ttl:
      feed_.ttl = text;
      return;
    case FeedSlot::update_period:
      feed_.update_period = text;
      return;
    case FeedSlot::update_frequency:
      feed_.update_frequency = text;
      return;
    case FeedSlot::skip_hour:
      if (const auto hour = parse_count(text); hour && *hour <= 24 && !in_entry_)
        feed_.skip_hours |= 1U << *hour % 24;
      return;
    case FeedSlot::skip_day:
      if (!in_entry_) feed_.skip_days |= day_bit(text);
      return;
    case FeedSlot::comments:
      if (in_entry_) entry_.comments = text;
      return;
    case FeedSlot::reply_count:
      if (in_entry_) entry_.reply_count = text;
      return;
    case FeedSlot::like_count:
      if (in_entry_) entry_.like_count = text;
      return;
    case FeedSlot::rating:
      entry_.rated = in_entry_;
      return;
    case FeedSlot::source:
      if (in_entry_) entry_.source.name = squeezed_text(text);
      return;
    case FeedSlot::place:
      if (in_entry_) entry_.place = text;
      return;
    case FeedSlot::latitude:
      said().latitude = text;
      return;
    case FeedSlot::longitude:
      said().longitude = text;
      return;
    default:
      return;
  }
}

void FeedBuilder::add_tag(std::string_view tag) {
  tag = trim(tag);
  auto& tags = entry_.tags;
  if (!in_entry_ || tag.empty() || tags.size() >= longest_list) return;
  if (std::ranges::find(tags, tag) == tags.end()) tags.emplace_back(tag);
}

void FeedBuilder::add_link(std::string address) {
  auto& links = entry_.links;
  if (!in_entry_ || address.empty() || links.size() >= longest_list) return;
  if (std::ranges::find(links, address) == links.end()) links.push_back(std::move(address));
}

void FeedBuilder::add_enclosure(FeedEnclosure enclosure) {
  if (in_entry_ && entry_.enclosures.size() < longest_list)
    entry_.enclosures.push_back(std::move(enclosure));
}

void FeedBuilder::take_parent(std::string_view id) {
  if (in_entry_ && entry_.in_reply_to.empty()) entry_.in_reply_to = trim(id);
}

void FeedBuilder::take_source(std::string address) {
  if (in_entry_) entry_.source.url = std::move(address);
}

}  // namespace earshot
