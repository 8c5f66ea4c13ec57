#include "cli/trial_writers.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "analyze/language.hpp"
#include "cli/json_object.hpp"
#include "cli/numbers.hpp"
#include "store/base/http.hpp"
#include "store/base/json_text.hpp"
#include "store/base/terminal_text.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

constexpr std::size_t posts_shown = 5;
constexpr std::size_t longest_line = 100;

/// The posts of all pages, newest first.
std::vector<const Post*> newest_first(const SourceTrial& trial) {
  std::vector<const Post*> posts;
  for (const auto& page : trial.pages)
    for (const auto& post : page.posts.posts) posts.push_back(&post);
  std::ranges::stable_sort(posts, std::ranges::greater{}, &Post::posted_at);
  return posts;
}

using Languages = std::vector<std::pair<std::string, std::uint64_t>>;

/// Codes and posts, the most frequent first; "?" where nothing tells.
Languages languages_of(const std::vector<const Post*>& posts) {
  std::map<std::string, std::uint64_t> counts;
  for (const Post* post : posts) {
    const auto lang = detect_language(post->text, post->lang);
    ++counts[text_of(lang).empty() ? "?" : std::string{text_of(lang)}];
  }
  Languages languages{counts.begin(), counts.end()};
  std::ranges::stable_sort(languages, std::ranges::greater{}, &Languages::value_type::second);
  return languages;
}

std::string languages_text(const Languages& languages) {
  if (languages.size() == 1) return languages.front().first;
  std::string text;
  for (const auto& [code, posts] : languages)
    text.append(text.empty() ? "" : ", ").append(fmt::format("{} ({})", code, posts));
  return text;
}

std::string first_line(std::string_view text) {
  return printable(shorten(text.substr(0, text.find('\n')), longest_line));
}

void append_exchange(std::string& out, const HttpExchange& exchange) {
  if (exchange.status == 0) {
    out += fmt::format("answer  none from {}\n", shown_url(exchange.asked));
    return;
  }
  out += fmt::format("answer  {}{}{}, {} from {}\n", exchange.status,
                     exchange.content_type.empty() ? "" : ", ", printable(exchange.content_type),
                     counted(exchange.bytes, "byte", "bytes"), shown_url(exchange.answered));
  if (!exchange.moved_to.empty())
    out += fmt::format("        moved there for good: put {} in the config\n",
                       shown_url(exchange.moved_to));
}

void append_posts(std::string& out, const std::vector<const Post*>& posts) {
  out += fmt::format("posts   {}, {} to {}, in {}\n", posts.size(),
                     format_instant(posts.back()->posted_at),
                     format_instant(posts.front()->posted_at), languages_text(languages_of(posts)));
  for (const Post* post : std::span{posts}.first(std::min(posts.size(), posts_shown)))
    out += fmt::format("        {}{}  {}\n", format_instant(post->posted_at),
                       post->dated ? "" : " (no date)", first_line(post->text));
}

void append_exchanges_json(std::string& out, const std::vector<HttpExchange>& exchanges) {
  out += '[';
  for (const auto& exchange : exchanges) {
    if (out.back() != '[') out += ',';
    JsonObject object{out};
    object.text("asked", shown_url(exchange.asked))
        .text_or_null("answered", shown_url(exchange.answered))
        .text_or_null("moved_to", shown_url(exchange.moved_to));
    object.number("status", static_cast<std::uint64_t>(exchange.status))
        .text_or_null("content_type", exchange.content_type)
        .number("bytes", exchange.bytes);
    object.end();
  }
  out += ']';
}

void append_posts_json(std::string& out, const std::vector<const Post*>& posts) {
  out += '[';
  for (const Post* post : posts) {
    if (out.back() != '[') out += ',';
    JsonObject object{out};
    object.text("id", post_id(*post))
        .time("posted_at", post->posted_at)
        .boolean("dated", post->dated)
        .text("text", post->text);
    object.end();
  }
  out += ']';
}

void append_list_json(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (const auto& text : texts) {
    if (out.back() != '[') out += ',';
    append_json_string(out, text);
  }
  out += ']';
}

}  // namespace

std::string trial_summary(const SourceTrial& trial) {
  const auto posts = newest_first(trial);
  if (posts.empty()) return "no posts yet";
  return fmt::format("{}, newest {}, in {}", counted(posts.size(), "post", "posts"),
                     format_instant(posts.front()->posted_at), languages_text(languages_of(posts)));
}

std::string trial_text(const SourceConfig& source, const SourceTrial& trial) {
  std::string out = fmt::format("source  {} ({}){}{}\n", printable(source.name), source.type,
                                source.url.empty() ? "" : " ", shown_url(source.url));
  for (const auto& exchange : trial.exchanges) append_exchange(out, exchange);
  if (!trial.format.empty())
    out += fmt::format("format  {}{}{}\n", trial.format, trial.title.empty() ? "" : ": ",
                       printable(trial.title));
  const auto posts = newest_first(trial);
  if (!posts.empty()) append_posts(out, posts);
  if (posts.empty() && !trial.error) out += "posts   none yet\n";
  if (!trial.state.gone)
    out += fmt::format("next    not before {}\n", format_instant(trial.state.next_try));
  for (const auto& fault : trial.faults) out += fmt::format("fault   {}\n", printable(fault));
  return out;
}

std::string trial_json(const SourceConfig& source, const SourceTrial& trial) {
  std::string out;
  const auto posts = newest_first(trial);
  JsonObject object{out};
  object.text("name", source.name)
      .text("type", source.type)
      .text_or_null("url", shown_url(source.url))
      .text_or_null("error", trial.error ? trial.error->message : "");
  append_exchanges_json(object.member("exchanges"), trial.exchanges);
  object.text_or_null("format", trial.format).text_or_null("title", trial.title);
  JsonObject languages{object.member("languages")};
  for (const auto& [code, count] : languages_of(posts)) languages.number(code, count);
  languages.end();
  append_posts_json(object.member("posts"), posts);
  append_list_json(object.member("faults"), trial.faults);
  object.time("next_try", trial.state.next_try);
  object.end();
  return out + "\n";
}

}  // namespace earshot
