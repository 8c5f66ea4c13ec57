#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/feed_document.hpp"
#include "ingest/feed_vocabulary.hpp"

namespace earshot {

/// Gathers what RSS and Atom say of the feed and of one entry after the other, in the order of the
/// document, and settles what is said twice or in two ways. Texts come plain, addresses resolved;
/// a depth is that of the element that said it.
class FeedBuilder {
 public:
  /// All that was said of the feed so far, with the entries that have ended.
  FeedDocument& feed() { return feed_; }
  /// Of the entry that is open, else of the feed.
  FeedHead& head() { return in_entry_ ? static_cast<FeedHead&>(entry_) : feed_; }
  bool in_entry() const { return in_entry_; }

  /// `lang` holds where the entry's element stands. An entry that is open ends.
  void start_entry(const std::optional<std::string>& lang);
  void end_entry();

  /// `lang` holds at the document's outside.
  FeedDocument finish(const std::optional<std::string>& lang);

  /// The slot that a text is for which begins in an element of this one: a second description or
  /// summary of an entry is its content. `lang` holds there.
  FeedSlot begin_text(FeedSlot slot, const std::optional<std::string>& lang);
  /// Whether that text counts beside what was said before.
  bool wants_text(FeedSlot slot, std::size_t depth) const;
  void take_text(FeedSlot slot, std::size_t depth, std::string text);

  /// `permalink` is the address that the id is too; empty if it is none.
  void take_id(std::string id, std::string permalink, std::string_view spelled);
  /// A link that is the text of its element.
  void take_link(std::string address);
  /// A link in an attribute: to a web page, or to something else.
  void take_alternate(std::string address, bool page);
  void take_person(FeedSlot slot, FeedPerson person);
  void take_date(FeedSlot slot, std::string_view text);
  /// Any other slot.
  void take_value(FeedSlot slot, std::string_view text);

  void add_tag(std::string_view tag);
  void add_link(std::string address);
  void add_enclosure(FeedEnclosure enclosure);
  void take_parent(std::string_view id);
  void take_source(std::string address);

 private:
  static constexpr std::size_t no_depth = static_cast<std::size_t>(-1);

  /// What has no place in the record, or not yet.
  struct Said {
    std::string other_id;
    std::string other_link;  ///< A permalink, or an alternate that is no web page.
    std::string other_summary;
    std::string created_text;
    std::string updated_text;
    std::string latitude;
    std::string longitude;
    std::optional<Instant> created;
    FeedPerson other_author;
    bool link_is_text = false;
    bool has_content = false;
    bool content_is_html = false;
    std::size_t title_depth = no_depth;
    std::size_t summary_depth = no_depth;
    /// What holds at content, summary and title: the first that there is.
    std::array<std::optional<std::string>, 3> langs;
    std::optional<std::string> lang;
  };

  Said& said() { return in_entry_ ? entry_said_ : feed_said_; }
  const Said& said() const { return in_entry_ ? entry_said_ : feed_said_; }
  static void complete(FeedHead& head, const Said& said);
  void complete_entry();

  FeedDocument feed_;
  FeedEntry entry_;
  Said feed_said_;
  Said entry_said_;
  bool in_entry_ = false;
  std::vector<std::size_t> without_lang_;  ///< Entries that have the feed's.
};

/// True for what begins as an address on the web does.
bool is_web_address(std::string_view text);

}  // namespace earshot
