#include "ingest/json_feed.hpp"

#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "ingest/feed_date.hpp"
#include "ingest/feed_scope.hpp"
#include "ingest/feed_text.hpp"
#include "ingest/html_text.hpp"
#include "ingest/url.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

namespace ondemand = simdjson::ondemand;

/// A string, or nothing.
std::string text_of(ondemand::value value) {
  std::string_view text;
  return value.get_string().get(text) == simdjson::SUCCESS ? std::string{trim(text)}
                                                           : std::string{};
}

/// A string, or a number as it is spelled.
std::string scalar_of(ondemand::value value) {
  ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return {};
  if (type != ondemand::json_type::number) return text_of(value);
  return std::string{trim(value.raw_json_token())};
}

/// Calls `member(key, value)` for each member of an object; for none if it is something else.
template <class Member>
void for_each_member(ondemand::value value, Member&& member) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return;
  for (auto field : object) {
    std::string_view key;
    ondemand::value inner;
    if (field.error() || field.unescaped_key().get(key) != simdjson::SUCCESS ||
        field.value().get(inner) != simdjson::SUCCESS)
      return;
    member(key, inner);
  }
}

/// Calls `element(value)` for each element of an array; for none if it is something else.
template <class Element>
void for_each_element(ondemand::value value, Element&& element) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return;
  for (auto one : array) {
    ondemand::value inner;
    if (one.get(inner) != simdjson::SUCCESS) return;
    element(inner);
  }
}

class JsonFeed {
 public:
  explicit JsonFeed(const FeedOrigin& origin)
      : origin_{origin},
        scope_{
            resolve_reference(
                origin.url, origin.content_location.empty() ? origin.url : origin.content_location),
            origin.content_language} {}

  /// True if it is a feed.
  bool read(ondemand::document& document) {
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return false;
    for (auto field : object) {
      std::string_view key;
      ondemand::value value;
      if (field.error() || field.unescaped_key().get(key) != simdjson::SUCCESS ||
          field.value().get(value) != simdjson::SUCCESS)
        break;
      read_member(key, value);
    }
    if (feed_.lang.empty()) feed_.lang = scope_.lang().value_or("");
    for (auto& entry : feed_.entries) {
      if (entry.lang.empty()) entry.lang = feed_.lang;
      if (entry.author.empty()) entry.author = feed_.author;
    }
    return has_items_ || !feed_.version.empty();
  }

  FeedDocument take() { return std::move(feed_); }

 private:
  void read_member(std::string_view key, ondemand::value value) {
    if (key == "version") {
      const auto version = text_of(value);
      const bool feed = version.find("jsonfeed.org/version/1") != std::string::npos;
      if (feed) feed_.version = version.ends_with("/1.1") ? "json11" : "json1";
    } else if (key == "title") {
      feed_.title = plain(value);
    } else if (key == "home_page_url") {
      feed_.link = address(value);
    } else if (key == "feed_url") {
      feed_.self = address(value);
      feed_.id = feed_.self;
    } else if (key == "next_url") {
      feed_.older = address(value);
    } else if (key == "description") {
      feed_.summary = plain(value);
    } else if (key == "language") {
      feed_.lang = language_tag(text_of(value));
    } else if (key == "author" || key == "authors") {
      read_authors(value, feed_.author);
    } else if (key == "items") {
      for_each_element(value, [this](ondemand::value item) { read_item(item); });
    }
  }

  static std::string plain(ondemand::value value) { return squeezed_text(text_of(value)); }

  std::string address(ondemand::value value) const { return scope_.resolve(text_of(value)); }

  void read_item(ondemand::value value) {
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS || type != ondemand::json_type::object) return;
    has_items_ = true;
    entry_ = {};
    html_.clear();
    other_link_.clear();
    updated_text_.clear();
    for_each_member(value, [this](std::string_view key, ondemand::value inner) {
      read_item_member(key, inner);
    });
    if (!html_.empty()) {
      std::vector<std::string> links;
      auto& text = entry_.content;
      text.clear();
      append_feed_text(html_, FeedMarkup::html, text, origin_.links ? &links : nullptr);
      for (const auto& link : links)
        if (is_harmless_url(link)) entry_.links.push_back(scope_.resolve(link));
    }
    if (entry_.link.empty()) entry_.link = other_link_;
    if (entry_.date_text.empty()) entry_.date_text = updated_text_;
    if (++feed_.items <= most_feed_entries) feed_.entries.push_back(std::move(entry_));
  }

  void read_item_member(std::string_view key, ondemand::value value) {
    if (key == "id") entry_.id = scalar_of(value);
    if (key == "url") entry_.link = address(value);
    if (key == "external_url") other_link_ = address(value);
    if (key == "title") entry_.title = plain(value);
    if (key == "summary") entry_.summary = plain(value);
    if (key == "content_text") entry_.content = plain(value);
    if (key == "content_html") html_ = text_of(value);
    if (key == "language") entry_.lang = language_tag(text_of(value));
    if (key == "author" || key == "authors") read_authors(value, entry_.author);
    if (key == "date_published") {
      entry_.date_text = text_of(value);
      entry_.published = parse_feed_date(entry_.date_text);
    }
    if (key == "date_modified") {
      updated_text_ = text_of(value);
      entry_.updated = parse_feed_date(updated_text_);
    }
    if (key == "tags")
      for_each_element(value, [this](ondemand::value tag) {
        if (auto text = plain(tag); !text.empty()) entry_.tags.push_back(std::move(text));
      });
    if (key == "attachments")
      for_each_element(value, [this](ondemand::value one) { read_attachment(one); });
  }

  /// Version 1.0 has one author, 1.1 a list; the first counts.
  void read_authors(ondemand::value value, FeedPerson& author) const {
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return;
    if (type == ondemand::json_type::array)
      for_each_element(value, [&](ondemand::value one) { read_author(one, author); });
    else
      read_author(value, author);
  }

  /// An object; some write just the name.
  void read_author(ondemand::value value, FeedPerson& author) const {
    FeedPerson person;
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return;
    if (type == ondemand::json_type::string) person.name = plain(value);
    for_each_member(value, [&](std::string_view key, ondemand::value inner) {
      if (key == "name") person.name = plain(inner);
      if (key == "url") person.url = address(inner);
    });
    if (author.empty()) author = std::move(person);
  }

  void read_attachment(ondemand::value value) {
    FeedEnclosure enclosure;
    for_each_member(value, [&](std::string_view key, ondemand::value inner) {
      if (key == "url") enclosure.url = address(inner);
      if (key == "mime_type") enclosure.type = text_of(inner);
      if (key == "size_in_bytes") enclosure.length = scalar_of(inner);
    });
    if (!enclosure.url.empty()) entry_.enclosures.push_back(std::move(enclosure));
  }

  const FeedOrigin& origin_;
  FeedScope scope_;
  FeedDocument feed_;
  FeedEntry entry_;
  std::string html_;
  std::string other_link_;
  std::string updated_text_;
  bool has_items_ = false;
};

}  // namespace

Result<FeedDocument> read_json_feed(std::string_view utf8, const FeedOrigin& origin) {
  ondemand::parser parser;
  // A document that breaks off, inside of a text even, is read once more with an end.
  for (const auto* end : {"", "}", "\"}"}) {
    const simdjson::padded_string padded{std::string{utf8}.append(end)};
    ondemand::document document;
    JsonFeed feed{origin};
    if (parser.iterate(padded).get(document) == simdjson::SUCCESS && feed.read(document))
      return feed.take();
  }
  return Error{Error::Kind::format, "neither a JSON Feed nor XML"};
}

}  // namespace earshot
