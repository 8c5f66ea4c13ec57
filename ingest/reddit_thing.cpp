#include "ingest/reddit_thing.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/html_text.hpp"
#include "ingest/markdown_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::string_view site = "https://www.reddit.com";
constexpr std::string_view nobody = "[deleted]";

bool is_comment(std::string_view name) {
  return name.starts_with("t1_");
}

/// What becomes of a post that is not there any more.
enum class Fate { shown, held, gone };

/// By the words that stand in place of the text, by the reason that newer answers name, and by what
/// a dump found on its second visit.
Fate fate_of(JsonValue thing, std::string_view text) {
  constexpr std::string_view waiting = "automod_filtered";
  constexpr std::string_view gone[] = {"[deleted]", "[removed]", "[deleted by user]",
                                       "[ Removed by Reddit ]", "[ Removed by reddit ]"};
  const bool restored = thing.at("_meta.was_initially_deleted").is_true();
  const bool later = thing.at("_meta.was_deleted_later").is_true();
  auto reason = thing.at("removed_by_category").text();
  if (later) reason = thing.at("_meta.removal_type").text();
  if (reason == waiting && !restored) return Fate::held;
  if (later || std::ranges::find(gone, text) != std::end(gone)) return Fate::gone;
  return reason.empty() || restored ? Fate::shown : Fate::gone;
}

/// `&amp;`, `&lt;` and `&gt;` decoded once, and nothing else: the rest is the author's Markdown.
std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto mark = std::min(text.find('&'), text.size());
    out += text.substr(0, mark);
    text.remove_prefix(mark);
    if (text.empty()) break;
    constexpr std::pair<std::string_view, char> escapes[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
    const auto found = std::ranges::find_if(
        escapes, [&](const auto& escape) { return text.starts_with(escape.first); });
    const bool known = found != std::end(escapes);
    out += known ? found->second : '&';
    text.remove_prefix(known ? found->first.size() : 1);
  }
  return out;
}

/// The crossposted submission, if this one is no more than that.
bool shares_only(JsonValue thing) {
  const JsonValue originals = thing.at("crosspost_parent_list");
  if (originals.empty()) return false;
  const JsonValue original = *originals.begin();
  return original.at("title").text() == thing.at("title").text() &&
         thing.at("selftext").text().empty();
}

/// The author's own words of Markdown: a quoted line is what somebody else said. Where that is all
/// there is, it stays.
std::string own_words(std::string_view markdown) {
  std::string own;
  for (auto rest = markdown; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = trim(rest.substr(0, end));
    if (!line.starts_with('>') || line.starts_with(">!"))
      own.append(rest.substr(0, end)).append(1, '\n');
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::string words = markdown_text(own);
  return words.empty() ? markdown_text(markdown) : words;
}

/// The lines of a submission: title, words, what a poll asks, captions, the link that it shares.
std::string submission_text(JsonValue thing, bool escaped) {
  const auto plain = [&](std::string_view text) {
    return escaped ? unescaped(text) : std::string{text};
  };
  std::string text = squeezed_text(plain(thing.at("title").text()));
  append_line(text, own_words(plain(thing.at("selftext").text())));
  for (const JsonValue choice : thing.at("poll_data.options"))
    append_line(text, squeezed_text(plain(choice.at("text").text())));
  for (const JsonValue picture : thing.at("gallery_data.items"))
    append_line(text, squeezed_text(plain(picture.at("caption").text())));
  if (!thing.at("is_self").is_true()) {
    const std::string link = plain(thing.at("url").text());
    if (link.starts_with("http")) append_line(text, link);
  }
  return text;
}

std::string comment_text(JsonValue thing, bool escaped) {
  const auto body = thing.at("body").text();
  return escaped ? own_words(unescaped(body)) : own_words(body);
}

std::string page_of(JsonValue thing, std::string_view name, std::string_view root) {
  auto permalink = thing.at("permalink").text();
  permalink = permalink.substr(0, permalink.find('?'));  // "?ref=search_posts"
  if (permalink.starts_with('/')) return fmt::format("{}{}", site, permalink);
  if (permalink.starts_with("http")) return std::string{permalink};
  if (!is_comment(name)) return fmt::format("{}/comments/{}/", site, name.substr(3));
  if (root.empty()) return {};
  return fmt::format("{}/comments/{}/_/{}/", site, root.substr(3), name.substr(3));
}

/// A full name; ids without their kind, as some dumps have them, name nothing.
std::string_view full_name(std::string_view id) {
  return (id.starts_with("t1_") || id.starts_with("t3_")) && id.size() > 3 ? id
                                                                           : std::string_view{};
}

Engagement engagement_of(JsonValue thing, bool comment, Instant observed_at) {
  Engagement engagement{.observed_at = observed_at};
  const bool hidden = thing.at("score_hidden").is_true() || thing.at("hide_score").is_true();
  if (!hidden) engagement.likes = thing.at("score").count();
  if (comment) return engagement;
  engagement.shares = thing.at("num_crossposts").count();
  engagement.replies = thing.at("num_comments").count();
  return engagement;
}

}  // namespace

std::string reddit_name(JsonValue thing) {
  const auto name = full_name(thing.at("name").text());
  if (!name.empty()) return std::string{name};
  const auto id = thing.at("id").text();
  if (id.empty()) return {};
  if (thing.at("body")) return fmt::format("t1_{}", id);
  return thing.at("title") ? fmt::format("t3_{}", id) : std::string{};
}

std::optional<Instant> reddit_time(JsonValue value) {
  constexpr std::int64_t latest = 253'402'300'799;  // year 9999
  const auto text = value.text();
  const char* const end = text.data() + text.size();
  std::int64_t seconds = 0;
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || (rest != end && *rest != '.') || seconds <= 0 || seconds > latest)
    return {};
  return from_unix(seconds);
}

Instant reddit_seen_at(JsonValue thing) {
  for (const auto* path : {"_meta.retrieved_2nd_on", "retrieved_utc", "retrieved_on"})
    if (const auto time = reddit_time(thing.at(path))) return *time;
  return {};
}

std::optional<std::string> RedditVenue::add(JsonValue thing, Instant observed_at, PostBatch& batch,
                                            std::vector<PostId>& removed) const {
  const std::string name = reddit_name(thing);
  if (name.empty()) return "neither a submission nor a comment";
  const bool comment = is_comment(name);
  const Fate fate = fate_of(thing, thing.at(comment ? "body" : "selftext").text());
  if (fate == Fate::gone) removed.push_back({batch.texts.keep(network), batch.texts.keep(name)});
  if (fate != Fate::shown) return {};
  const auto posted_at = reddit_time(thing.at("created_utc"));
  if (!posted_at) return fmt::format("{}: no date that can be read", name);
  const std::string text = comment ? comment_text(thing, escaped) : submission_text(thing, escaped);
  if (text.empty()) return fmt::format("{}: no text", name);

  const auto root = comment ? full_name(thing.at("link_id").text()) : std::string_view{};
  const auto parent = comment ? full_name(thing.at("parent_id").text()) : std::string_view{};
  const auto author = thing.at("author").text();
  const auto author_id = thing.at("author_fullname").text();
  const std::string page = page_of(thing, name, root);
  Post post{.network = network,
            .native_id = name,
            .channel = channel.empty() ? thing.at("subreddit").text() : channel,
            .text = text,
            .parent_id = parent.empty() ? root : parent,
            .root_id = root,
            .url = page,
            .source = source,
            .posted_at = *posted_at,
            .edited_at = reddit_time(thing.at("edited")).value_or(Instant{}),
            .engagement = engagement_of(thing, comment, observed_at),
            .filtered = filtered,
            .repost = !comment && shares_only(thing)};
  if (author != nobody) {
    post.author_id = author_id.empty() ? author : author_id;
    post.author_name = author;
  }
  add_post(batch, post);
  return {};
}

}  // namespace earshot
