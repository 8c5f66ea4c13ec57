#include "cli/feed_json.hpp"

#include "cli/json_object.hpp"
#include "store/base/json_text.hpp"

namespace earshot {

namespace {

void put_time(JsonObject& object, std::string_view name, const std::optional<Instant>& at) {
  if (at)
    object.text(name, format_instant(*at));
  else
    object.raw(name, "null");
}

void put_texts(JsonObject& object, std::string_view name, const std::vector<std::string>& texts) {
  auto& out = object.member(name);
  out += '[';
  for (const auto& text : texts) {
    if (&text != &texts.front()) out += ',';
    append_json_string(out, text);
  }
  out += ']';
}

void put_enclosures(JsonObject& object, const std::vector<FeedEnclosure>& enclosures) {
  auto& out = object.member("enclosures");
  out += '[';
  for (const auto& enclosure : enclosures) {
    if (&enclosure != &enclosures.front()) out += ',';
    JsonObject one{out};
    one.text_or_null("url", enclosure.url)
        .text_or_null("type", enclosure.type)
        .text_or_null("length", enclosure.length)
        .end();
  }
  out += ']';
}

/// The members that feed and entry both have.
void put_head(JsonObject& object, const FeedHead& head) {
  object.text_or_null("id", head.id)
      .text_or_null("link", head.link)
      .text_or_null("title", head.title)
      .text_or_null("summary", head.summary)
      .text_or_null("author", head.author.name)
      .text_or_null("author_email", head.author.email)
      .text_or_null("author_url", head.author.url)
      .text_or_null("lang", head.lang);
  put_time(object, "published", head.published);
  put_time(object, "updated", head.updated);
}

void put_entry(const FeedEntry& entry, std::string& out) {
  JsonObject object{out};
  object.text("kind", "entry");
  put_head(object, entry);
  object.text_or_null("content", entry.content)
      .text_or_null("comments", entry.comments)
      .text_or_null("in_reply_to", entry.in_reply_to);
  put_texts(object, "links", entry.links);
  put_texts(object, "tags", entry.tags);
  put_enclosures(object, entry.enclosures);
  object.end();
  out += '\n';
}

}  // namespace

void append_feed_json(const FeedDocument* document, std::string& out) {
  const FeedDocument none;
  const auto& feed = document == nullptr ? none : *document;
  JsonObject object{out};
  object.text("kind", "feed");
  put_head(object, feed);
  object.text_or_null("version", feed.version).text_or_null("encoding", feed.encoding).end();
  out += '\n';
  for (const auto& entry : feed.entries) put_entry(entry, out);
}

}  // namespace earshot
