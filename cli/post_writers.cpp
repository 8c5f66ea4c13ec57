#include "cli/post_writers.hpp"

#include <array>

#include <fmt/format.h>

#include "analyze/language.hpp"
#include "cli/json_object.hpp"
#include "store/base/csv_text.hpp"
#include "store/base/json_text.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

constexpr std::array all_intents{
    Intent::recommendation, Intent::purchase_intent, Intent::complaint, Intent::question,
    Intent::request,        Intent::suggestion,      Intent::thanks};

std::string intent_list(Intents intents) {
  std::string list;
  for (const auto intent : all_intents)
    if (intents.has(intent)) list.append(list.empty() ? "" : " ").append(name_of(intent));
  return list;
}

/// 0.912; a probability of three digits.
std::string probability(unsigned permille) {
  return fmt::format("{}.{:03}", permille / 1000, permille % 1000);
}

void write_text(std::string& out, const StoredPost& stored, const Generation* /*generation*/) {
  const auto& post = stored.post;
  out += format_instant(post.posted_at);
  for (const auto part :
       {post.channel, post.author_name.empty() ? post.author_id : post.author_name}) {
    if (part.empty()) continue;
    out += "  ";
    append_printable(out, part, LineBreaks::escape);
  }
  if (stored.labels.generation != 0) {
    out.append("  ").append(name_of(stored.labels.sentiment));
    if (stored.labels.stance != Stance::none)
      out.append(", ").append(name_of(stored.labels.stance));
    if (!stored.labels.intents.empty()) out.append(", ").append(intent_list(stored.labels.intents));
  }
  out += "\n  ";
  std::string text;
  append_printable(text, post.text, LineBreaks::keep);
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  out += "\n  ";
  append_printable(out, post_id(post), LineBreaks::escape);
  if (!post.url.empty()) out += "  ";
  append_printable(out, post.url, LineBreaks::escape);
  out += "\n\n";
}

void add_count(JsonObject& object, std::string_view name, Count count) {
  if (count)
    object.number(name, *count);
  else
    object.raw(name, "null");
}

void append_entities(std::string& out, const Labels& labels, const Generation& generation) {
  out += '[';
  bool first = true;
  for (const auto& label : labels.entities) {
    if (label.entity >= generation.entities.size()) continue;
    if (!first) out += ',';
    first = false;
    const auto& entity = generation.entities[label.entity];
    JsonObject object{out};
    object.text("kind", name_of(entity.kind)).text("name", entity.name);
    object.text("sentiment", name_of(label.sentiment)).text("stance", name_of(label.stance));
    object.boolean("matched", label.matched).boolean("addressed", label.addressed).end();
  }
  out += ']';
}

void append_labels(std::string& out, const Labels& labels, const Generation* generation) {
  out += '{';
  append_label_members(out, labels.sentiment, labels.sentiment_permille, labels.stance,
                       labels.intents, text_of(labels.lang));
  out += ",\"owner\":";
  if (generation != nullptr && labels.owner < generation->entities.size())
    append_json_string(out, generation->entities[labels.owner].name);
  else
    out += "null";
  if (generation != nullptr) {
    out += ",\"entities\":";
    append_entities(out, labels, *generation);
  }
  out += '}';
}

void write_jsonl(std::string& out, const StoredPost& stored, const Generation* generation) {
  const auto& post = stored.post;
  JsonObject object{out};
  object.text("id", post_id(post)).text("network", post.network).text("channel", post.channel);
  object.text("posted_at", format_instant(post.posted_at)).boolean("dated", post.dated);
  object.text_or_null("author", post.author_name).text_or_null("author_id", post.author_id);
  object.text("text", post.text).text_or_null("lang", post.lang).text_or_null("url", post.url);
  object.text_or_null("parent", post.parent_id)
      .text_or_null("root", post.root_id)
      .text_or_null("place", post.place);
  object.text("source", post.source);
  add_count(object, "likes", post.engagement.likes);
  add_count(object, "shares", post.engagement.shares);
  add_count(object, "replies", post.engagement.replies);
  add_count(object, "followers", post.engagement.followers);
  if (stored.labels.generation == 0)
    object.raw("labels", "null");
  else
    append_labels(object.member("labels"), stored.labels, generation);
  object.end();
  out += '\n';
}

void add_csv_count(std::string& out, Count count) {
  out += ',';
  if (count) out += std::to_string(*count);
}

void write_csv(std::string& out, const StoredPost& stored, const Generation* /*generation*/) {
  const auto& post = stored.post;
  const auto& labels = stored.labels;
  append_csv_text(out, post_id(post));
  out.append(",").append(format_instant(post.posted_at));
  for (const auto part : {post.channel, post.author_name, post.author_id}) {
    out += ',';
    append_csv_text(out, part);
  }
  if (labels.generation == 0)
    out += ",,,,,";
  else
    fmt::format_to(
        std::back_inserter(out), ",{},{},{},{},{}", text_of(labels.lang), name_of(labels.sentiment),
        labels.sentiment == Sentiment::unsupported ? std::string{}
                                                   : probability(labels.sentiment_permille),
        name_of(labels.stance), intent_list(labels.intents));
  for (const auto count : {post.engagement.likes, post.engagement.shares, post.engagement.replies,
                           post.engagement.followers})
    add_csv_count(out, count);
  for (const auto part : {post.parent_id, post.url, post.text}) {
    out += ',';
    append_csv_text(out, part);
  }
  out += "\r\n";
}

}  // namespace

void append_label_members(std::string& out, Sentiment sentiment, unsigned permille, Stance stance,
                          Intents intents, std::string_view lang) {
  out.append("\"sentiment\":\"").append(name_of(sentiment)).append("\",\"sentiment_p\":");
  if (sentiment == Sentiment::unsupported) {
    out += "null";
  } else {
    out += static_cast<char>('0' + permille / 1000);
    out += '.';
    for (const unsigned unit : {100U, 10U, 1U})
      out += static_cast<char>('0' + permille / unit % 10);
  }
  out.append(",\"stance\":\"").append(name_of(stance)).append("\",\"intents\":[");
  bool first = true;
  for (const auto intent : all_intents) {
    if (!intents.has(intent)) continue;
    if (!first) out += ',';
    first = false;
    out.append("\"").append(name_of(intent)).append("\"");
  }
  out += "],\"lang\":";
  if (lang.empty())
    out += "null";
  else
    out.append("\"").append(lang).append("\"");
}

PostWriter post_writer(std::string_view format) {
  if (format == "jsonl") return write_jsonl;
  return format == "csv" ? write_csv : write_text;
}

std::string_view post_header(std::string_view format) {
  if (format != "csv") return {};
  return "id,posted_at,channel,author,author_id,lang,sentiment,sentiment_p,stance,intents,likes,"
         "shares,replies,followers,parent,url,"
         "text\r\n";
}

}  // namespace earshot
