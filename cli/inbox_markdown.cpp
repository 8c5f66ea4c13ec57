#include <algorithm>

#include <fmt/format.h>

#include "cli/inbox_wording.hpp"
#include "cli/inbox_writers.hpp"
#include "store/base/ascii.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

std::string markdown(std::string_view text) {
  std::string out;
  append_markdown_text(out, text);
  return out;
}

/// The address as a link if it is one of the web, else as text. What could end the link is
/// percent-encoded.
std::string link(std::string_view url) {
  const auto lowered = lower_case(url.substr(0, 8));
  if (!lowered.starts_with("http://") && !lowered.starts_with("https://")) return markdown(url);
  std::string out = "<";
  for (const char c : url) {
    const bool kept =
        c > ' ' && c < 0x7F && std::string_view{"<>\"\\^`{|}"}.find(c) == std::string_view::npos;
    if (kept)
      out += c;
    else
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
  }
  return out + ">";
}

std::string place(const InboxPost& post) {
  auto text = "Post " + markdown(post.id);  // a word of ours first: no line begins with theirs
  if (!post.url.empty()) text += " " + link(post.url);
  return text;
}

void add_entry(std::string& out, const InboxEntry& entry, std::size_t number) {
  fmt::format_to(std::back_inserter(out),
                 "{}. **{}** ({})  \n   “{}”  \n   {}  \n   **{}**  \n   {}\n", number,
                 markdown(who_and_where(entry.post)), urgency(entry), markdown(entry.post.text),
                 reasons(entry), advice(entry), place(entry.post));
}

void add_cut(std::string& out, std::size_t shown, std::uint64_t total) {
  if (const auto note = cut_note(shown, total); !note.empty()) out += "\n" + note + "\n";
}

void add_list(std::string& out, const std::string& heading, const InboxList<InboxPost>& list) {
  if (list.total == 0) return;
  out += "\n## " + heading + "\n\n";
  for (const auto& post : list.entries)
    fmt::format_to(std::back_inserter(out), "- **{}**, {}  \n  “{}”  \n  {}\n",
                   markdown(who_and_where(post)), post.at_shown, markdown(post.text), place(post));
  add_cut(out, list.entries.size(), list.total);
}

void add_topic(std::string& out, const InboxTopic& topic) {
  out += "- **" + markdown(topic_heading(topic)) + "**\n";
  const auto shown = std::min(topic.posts.entries.size(), topic_examples);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& post = topic.posts.entries[i];
    out += "  - “" + markdown(post.text) + "” (" + markdown(post.id) + ")\n";
  }
  if (const auto note = cut_note(shown, topic.posts.total); !note.empty())
    out += "  - " + note + "\n";
}

}  // namespace

void append_markdown_text(std::string& out, std::string_view text) {
  const auto harmless = printable(text);
  const std::string_view rest{harmless};
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    const bool begins_link = c == '.' && i >= 3 && lower_case(rest.substr(i - 3, 3)) == "www";
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '@')
      out += "&#64;";  // neither an address nor somebody's name
    else if (begins_link ||
             std::string_view{"\\`*_{}[]()#|~!:$^"}.find(c) != std::string_view::npos)
      out.append("\\") += c;
    else
      out += c;
  }
}

std::string inbox_markdown(const Inbox& inbox) {
  std::string out = fmt::format("# Inbox of {}\n\nFrom {} to {} ({}).\n\n## {}\n\n",
                                markdown(inbox.project), inbox.begin_shown, inbox.end_shown,
                                markdown(inbox.timezone), answer_heading(inbox));
  std::size_t number = 0;
  for (const auto& entry : inbox.to_answer.entries) add_entry(out, entry, ++number);
  add_cut(out, number, inbox.to_answer.total);
  add_list(out, thank_heading(inbox), inbox.to_thank);
  add_list(out, lead_heading(inbox), inbox.leads);
  if (!inbox.topics.empty()) out += "\n## What people ask for\n\n";
  for (const auto& topic : inbox.topics) add_topic(out, topic);
  out += "\n## In numbers\n\n";
  for (const auto& sentence : number_sentences(inbox)) out += "- " + sentence + "\n";
  for (const auto& note : closing_notes(inbox)) out += "- " + note + "\n";
  return out;
}

}  // namespace earshot
