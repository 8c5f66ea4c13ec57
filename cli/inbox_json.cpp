#include "cli/inbox_writers.hpp"
#include "cli/json_object.hpp"
#include "store/base/json_text.hpp"

namespace earshot {

namespace {

template <class Values, class Append>
void append_array(std::string& out, const Values& values, Append append) {
  out += '[';
  bool first = true;
  for (const auto& value : values) {
    if (!first) out += ',';
    first = false;
    append(value);
  }
  out += ']';
}

void append_intents(std::string& out, Intents intents) {
  std::vector<std::string_view> names;
  for (std::uint8_t i = 0; i < intent_count; ++i)
    if (intents.has(static_cast<Intent>(i))) names.push_back(name_of(static_cast<Intent>(i)));
  append_array(out, names, [&](std::string_view name) { append_json_string(out, name); });
}

void add_post(JsonObject& object, const InboxPost& post) {
  object.text("id", post.id).time("posted_at", post.key.posted_at);
  object.text_or_null("author", post.author).text_or_null("channel", post.channel);
  object.number("age_seconds", static_cast<std::uint64_t>(post.age));
  object.text("text", post.text).text_or_null("url", post.url);
  append_intents(object.member("intents"), post.intents);
  object.boolean("replies_collected", post.replies_collected);
}

void append_post(std::string& out, const InboxPost& post) {
  JsonObject object{out};
  add_post(object, post);
  object.end();
}

void append_entry(std::string& out, const InboxEntry& entry) {
  JsonObject object{out};
  add_post(object, entry.post);
  object.number("priority", entry.priority).time("due", entry.due.value_or(Instant{}));
  object.boolean("overdue", entry.overdue);
  append_array(object.member("why"), entry.why,
               [&](std::string_view why) { append_json_string(out, why); });
  object.text("suggestion", name_of(entry.suggestion.advice));
  object.text("suggestion_reason", entry.suggestion.reason).end();
}

template <class Entry, class Append>
void append_list(std::string& out, const InboxList<Entry>& list, Append append) {
  JsonObject object{out};
  object.number("total", list.total);
  append_array(object.member("posts"), list.entries,
               [&](const Entry& entry) { append(out, entry); });
  object.end();
}

void append_topic(std::string& out, const InboxTopic& topic) {
  JsonObject object{out};
  object.text("topic", topic.name).number("questions", topic.questions);
  object.number("complaints", topic.complaints).number("wishes", topic.wishes);
  append_list(object.member("asked"), topic.posts, append_post);
  object.end();
}

void append_counts(std::string& out, const InboxCounts& counts) {
  JsonObject object{out};
  object.number("about_brand", counts.about_brand).number("needed_answer", counts.asked);
  object.number("answered", counts.answered).end();
}

}  // namespace

std::string inbox_json(const Inbox& inbox) {
  std::string out;
  JsonObject object{out};
  object.text("project", inbox.project).text("timezone", inbox.timezone);
  object.time("since", inbox.window.begin).time("now", inbox.window.end);
  append_list(object.member("to_answer"), inbox.to_answer, append_entry);
  object.number("overdue", inbox.overdue);
  append_list(object.member("to_thank"), inbox.to_thank, append_post);
  append_list(object.member("leads"), inbox.leads, append_post);
  append_array(object.member("topics"), inbox.topics,
               [&](const InboxTopic& topic) { append_topic(out, topic); });
  append_counts(object.member("counts"), inbox.counts);
  append_counts(object.member("counts_before"), inbox.counts_before);
  object.number("still_waiting", inbox.still_waiting);
  object.number("still_overdue", inbox.still_overdue);
  object.number("unlabelled", inbox.unlabelled).end();
  return out + '\n';
}

}  // namespace earshot
