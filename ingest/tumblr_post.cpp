#include "ingest/tumblr_post.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/html_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

void append_block(std::string& text, JsonValue block) {
  const auto type = block.at("type").text();
  if (type == "text") {
    append_line(text, trim(block.at("text").text()));
  } else if (type == "link") {
    append_line(text, trim(block.at("title").text()));
    append_line(text, block.at("url").text());
  } else if (type == "poll") {
    append_line(text, trim(block.at("question").text()));
    for (const JsonValue answer : block.at("answers"))
      append_line(text, trim(answer.at("answer_text").text()));
  } else if (type == "image") {
    append_line(text, trim(block.at("caption").text()));
  } else if (type == "audio") {
    append_line(text, trim(block.at("title").text()));
  }
}

/// True for a block that somebody else asked, and this post answers.
bool is_asked(JsonValue layout, std::uint64_t number) {
  for (const JsonValue part : layout) {
    if (part.at("type").text() != "ask") continue;
    for (const JsonValue block : part.at("blocks"))
      if (block.count() == number) return true;
  }
  return false;
}

/// The words of a post, or of one in its trail. Where there are none, what its pictures show.
std::string words_of(JsonValue post) {
  std::string text;
  std::string pictures;
  std::uint64_t number = 0;
  for (const JsonValue block : post.at("content")) {
    if (!is_asked(post.at("layout"), number++)) append_block(text, block);
    append_line(pictures, trim(block.at("alt_text").text()));
  }
  return text.empty() ? pictures : text;
}

/// Of a post in the old format, which came before content blocks.
std::string old_words_of(JsonValue post) {
  std::string text = squeezed_text(post.at("title").text());
  for (const auto* part : {"body", "caption", "text", "description", "answer"})
    append_line(text, html_text(post.at(part).text()));
  return text;
}

std::string trail_of(JsonValue post) {
  std::string text;
  for (const JsonValue before : post.at("trail")) append_line(text, words_of(before));
  return text;
}

std::string tags_of(JsonValue post) {
  std::string tags;
  for (const JsonValue tag : post.at("tags")) {
    const std::string words = squeezed_text(tag.text());
    if (!words.empty()) tags += (tags.empty() ? "#" : " #") + words;
  }
  return tags;
}

std::string_view first_of(std::string_view a, std::string_view b) {
  return a.empty() ? b : a;
}

}  // namespace

std::optional<Instant> tumblr_time(JsonValue post) {
  constexpr std::uint64_t latest = 253'402'300'799;  // year 9999
  const Count time = post.at("timestamp").count();
  if (!time || *time == 0 || *time > latest) return {};
  return from_unix(static_cast<std::int64_t>(*time));
}

std::optional<std::string> TumblrVenue::add(JsonValue post, Instant now, PostBatch& batch) const {
  const auto id = first_of(post.at("id_string").text(), post.at("id").text());
  if (id.empty()) return "a post without id";
  const auto posted_at = tumblr_time(post);
  if (!posted_at) return fmt::format("{}: no date that can be read", id);
  const auto parent =
      first_of(post.at("parent_post_id").text(), post.at("reblogged_from_id").text());
  std::string text = post.at("content").is_list() ? words_of(post) : old_words_of(post);
  const std::string tags = tags_of(post);
  const bool shares = !parent.empty() && text.empty() && tags.empty();
  if (shares) text = trail_of(post);
  append_line(text, tags);
  if (text.empty()) return fmt::format("{}: no text", id);
  const auto blog = first_of(post.at("blog.name").text(), post.at("blog_name").text());
  const auto page = post.at("post_url").text();
  Post made{.network = network,
            .native_id = id,
            .channel = first_of(channel, blog),
            .author_id = first_of(post.at("blog.uuid").text(), blog),
            .author_name = blog,
            .text = text,
            .url = page.starts_with("http") ? page : std::string_view{},
            .source = source,
            .posted_at = *posted_at,
            .engagement = {.likes = post.at("note_count").count(), .observed_at = now},
            .filtered = filtered,
            .repost = shares};
  if (!made.repost) {
    made.parent_id = parent;
    made.root_id = first_of(post.at("root_post_id").text(), post.at("reblogged_root_id").text());
  }
  if (!parent.empty()) made.engagement.likes = {};  // they are those of the post that it reblogs
  add_post(batch, made);
  return {};
}

}  // namespace earshot
