#include "ingest/activity.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/html_text.hpp"
#include "ingest/url.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

/// What people read: words, or what is shown with words.
bool is_post(std::string_view type) {
  static constexpr std::array<std::string_view, 9> types{
      "Note", "Page", "Article", "Question", "Video", "Audio", "Image", "Event", "Document"};
  return std::ranges::find(types, type) != types.end();
}

/// The id of a reference, which is an address, an object that has one, or a list of these.
std::string_view reference(JsonValue value) {
  if (value.is_object()) {
    const auto id = value.at("id").text();
    return id.empty() ? value.at("href").text() : id;
  }
  if (!value.is_list()) return value.text();
  for (const JsonValue each : value)
    if (const auto id = reference(each); !id.empty()) return id;
  return {};
}

/// Of several people and groups the person, who wrote it.
std::string_view author_of(JsonValue object, JsonValue activity) {
  const JsonValue by = object.at("attributedTo");
  for (const JsonValue each : by)
    if (by.is_list() && each.at("type").text() == "Person") return reference(each);
  for (const auto id :
       {reference(by), reference(object.at("actor")), reference(activity.at("actor"))})
    if (!id.empty()) return id;
  return {};
}

/// The page where people see it, among links of several kinds.
std::string_view page_of(JsonValue object) {
  const JsonValue url = object.at("url");
  for (const JsonValue link : url)
    if (url.is_list() && link.at("mediaType").text() == "text/html") return reference(link);
  const auto first = reference(url);
  return first.starts_with("http") ? first : std::string_view{};
}

bool names_everybody(JsonValue audience) {
  const auto is_everybody = [](std::string_view id) {
    return id == "https://www.w3.org/ns/activitystreams#Public" || id == "as:Public" ||
           id == "Public";
  };
  if (!audience.is_list()) return is_everybody(audience.text());
  for (const JsonValue each : audience)
    if (is_everybody(each.text())) return true;
  return false;
}

/// True also where it is not said whom it was for.
bool is_public(JsonValue said) {
  const JsonValue to = said.at("to"), cc = said.at("cc");
  return (!to && !cc) || names_everybody(to) || names_everybody(cc);
}

/// The language of its content, by the map of languages, the server's own word, or the context.
std::string_view language_of(JsonValue object) {
  const auto content = object.at("content").text();
  std::string_view first;
  for (const JsonValue each : object.at("contentMap")) {
    if (each.text() == content) return each.name();
    if (first.empty()) first = each.name();
  }
  if (!first.empty()) return first;
  const JsonValue language = object.at("language");
  if (const auto told = language.is_object() ? language.at("identifier").text() : language.text();
      !told.empty())
    return told;
  for (const JsonValue context : object.at("@context"))
    if (const auto told = context.at("@language").text(); !told.empty() && told != "und")
      return told;
  return {};
}

std::string_view content_of(JsonValue object) {
  const auto content = object.at("content").text();
  if (!content.empty()) return content;
  for (const JsonValue each : object.at("contentMap")) return each.text();
  return {};
}

/// Title, warning, words, what a poll asks. Where it has none of these, what its pictures are said
/// to show.
std::string text_of(JsonValue object) {
  std::string text{trim(object.at("name").text())};
  const auto summary = html_text(object.at("summary").text());
  const auto media = object.at("mediaType").text();
  const auto content = content_of(object);
  const bool plain = media == "text/markdown" || media == "text/plain";
  const auto words = plain ? std::string{trim(content)} : html_text(content);
  if (summary != words) append_line(text, summary);
  if (words != text) append_line(text, words);
  for (const auto* choices : {"oneOf", "anyOf"})
    for (const JsonValue choice : object.at(choices)) append_line(text, choice.at("name").text());
  if (!text.empty()) return text;
  const JsonValue attached = object.at("attachment");
  if (attached.is_object()) append_line(text, attached.at("name").text());
  for (const JsonValue each : attached)
    if (attached.is_list()) append_line(text, each.at("name").text());
  return text;
}

std::optional<Instant> first_date(std::initializer_list<JsonValue> dates) {
  for (const JsonValue date : dates)
    if (const auto instant = parse_rfc3339(date.text())) return instant;
  return {};
}

}  // namespace

std::string fediverse_address(std::string_view actor) {
  const auto host = host_of(actor);
  const auto path_begin = actor.find('/', actor.find("://") + 3);
  if (host.empty() || path_begin == std::string_view::npos) return {};
  auto path = actor.substr(path_begin + 1);
  while (path.ends_with('/')) path.remove_suffix(1);
  for (const std::string_view before :
       {"@", "users/", "user/", "u/", "profile/", "accounts/", "author/", "uid/", "channel/"}) {
    if (!path.starts_with(before)) continue;
    const auto name = path.substr(before.size());
    if (!name.empty() && name.find('/') == std::string_view::npos)
      return fmt::format("{}@{}", name, host);
  }
  return {};
}

std::string ActivityReader::address_of(std::string_view actor) const {
  if (!actor.empty() && actor == actor_id) return actor_address;
  auto address = fediverse_address(actor);
  return address.empty() ? std::string{actor} : address;
}

std::optional<std::string> ActivityReader::add(JsonValue activity, ReadRecords& out) const {
  if (!activity.is_object()) return "not an object";
  const auto type = activity.at("type").text();
  if (type.empty()) return "not an activity: no type";
  if (is_post(type)) return add_object(activity, {}, out);
  const JsonValue object = activity.at("object");
  if (type == "Create" || type == "Update") return add_object(object, activity, out);
  if (type == "Announce") {
    // Groups pass on what was said in them as activities of their own.
    const auto inner = object.at("type").text();
    if (object.is_object() && (inner == "Create" || inner == "Update" || inner == "Delete"))
      return object.at("object.type").text() == "Announce" ? std::nullopt : add(object, out);
    return add_share(activity, out);
  }
  const bool undone = type == "Undo" && object.at("type").text() == "Announce";
  if (type != "Delete" && !undone) return {};
  const auto id = reference(object);
  if (id.empty()) return "a deletion that does not say of what";
  out.removed.push_back({out.batch.texts.keep(network), out.batch.texts.keep(id)});
  return {};
}

std::optional<std::string> ActivityReader::add_object(JsonValue object, JsonValue activity,
                                                      ReadRecords& out) const {
  if (!object.is_object()) return "a post that is not in the archive, only its address";
  if (!is_post(object.at("type").text())) return {};
  if (!is_public(object) || !is_public(activity)) return {};
  const auto id = object.at("id").text();
  if (id.empty()) return "a post without id";
  Post post{.parent_id = reference(object.at("inReplyTo")),
            .url = page_of(object),
            .engagement = {.likes = object.at("likes.totalItems").count(),
                           .shares = object.at("shares.totalItems").count()}};
  const auto made_at = first_date({object.at("published"), activity.at("published")});
  const auto edited_at = first_date({object.at("updated")});
  if (edited_at && made_at && *edited_at > *made_at) post.edited_at = *edited_at;
  add_said(id, author_of(object, activity), object, activity, post, out);
  return {};
}

std::optional<std::string> ActivityReader::add_share(JsonValue activity, ReadRecords& out) const {
  if (!is_public(activity)) return {};
  const auto id = activity.at("id").text();
  const JsonValue shared = activity.at("object");
  const auto address = reference(shared);
  if (id.empty() || address.empty()) return "a share without id, or of nothing";
  Post post{.url = page_of(shared), .repost = true};
  if (post.url.empty() && address.starts_with("http")) post.url = address;
  add_said(id, reference(activity.at("actor")), shared, activity, post, out);
  return {};
}

/// What posts and shares have in common: whose they are, where and when, and the words of `said`,
/// which may be no more than an address.
void ActivityReader::add_said(std::string_view id, std::string_view actor, JsonValue said,
                              JsonValue activity, Post post, ReadRecords& out) const {
  const std::string text = text_of(said), author = address_of(actor);
  const auto group = reference(said.at("audience"));
  const auto host = host_of(id);
  // A share has the time of the activity, not that of what is shared.
  const auto posted_at = post.repost
                             ? first_date({activity.at("published"), activity.at("updated")})
                             : first_date({said.at("published"), activity.at("published"),
                                           said.at("updated"), activity.at("updated")});
  post.network = network;
  post.native_id = id;
  post.channel = channel;
  if (channel.empty()) post.channel = group.starts_with("http") && !post.repost ? group : host;
  post.author_id = author;
  post.author_name =
      author.starts_with("http") ? author : std::string_view{author}.substr(0, author.find('@'));
  post.text = text;
  post.lang = language_of(said);
  post.source = source;
  post.posted_at = posted_at.value_or(now);
  post.dated = posted_at.has_value();
  post.filtered = filtered;
  add_post(out.batch, post);
}

}  // namespace earshot
