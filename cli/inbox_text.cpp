#include <algorithm>

#include <fmt/format.h>

#include "cli/inbox_wording.hpp"
#include "cli/inbox_writers.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view reset = "\x1b[0m";

/// Lines of sanitised text, in colour if wanted.
class Page {
 public:
  explicit Page(const Terminal& terminal)
      : width_{static_cast<std::size_t>(std::max(terminal.width, 40))}, colour_{terminal.colour} {}

  void blank() { out_ += '\n'; }

  void heading(std::string_view text) {
    blank();
    lines(0, text, bold);
  }

  /// In as many lines as it needs, all indented; the first may begin with a mark in place of that.
  void lines(std::size_t indent, std::string_view text, std::string_view style = {},
             std::string_view mark = {}) {
    std::string margin(indent, ' ');
    margin.replace(0, mark.size(), mark);
    for (const auto& part : wrap_text(printable(text), width_ - indent)) {
      out_ += margin;
      if (colour_ && !style.empty())
        out_.append(style).append(part).append(reset);
      else
        out_ += part;
      out_ += '\n';
      margin.assign(indent, ' ');
    }
  }

  /// Id and address of a post, beside each other where they fit.
  void place(std::size_t indent, const InboxPost& post) {
    const std::string margin(indent, ' ');
    const auto id = printable(post.id);
    const auto url = printable(post.url);
    const bool fits = indent + display_width(id) + 2 + display_width(url) <= width_;
    out_.append(margin).append(id);
    if (!url.empty()) out_.append(fits ? "  " : '\n' + margin).append(url);
    out_ += '\n';
  }

  std::string take() { return std::move(out_); }

 private:
  std::size_t width_;
  bool colour_;
  std::string out_;
};

std::string quoted(const InboxPost& post) {
  return "\"" + post.text + "\"";
}

void add_entry(Page& page, const InboxEntry& entry, std::size_t number) {
  page.blank();
  const auto mark = fmt::format("{:>3}. ", number);
  page.lines(5, who_and_where(entry.post), bold, mark);
  page.lines(5, urgency(entry), entry.overdue ? red : std::string_view{});
  page.lines(5, quoted(entry.post));
  page.lines(5, reasons(entry));
  page.lines(5, advice(entry));
  page.place(5, entry.post);
}

void add_list(Page& page, const InboxList<InboxPost>& list) {
  for (const auto& post : list.entries) {
    page.lines(4, fmt::format("{}, {}: {}", who_and_where(post), post.at_shown, quoted(post)), {},
               "  - ");
    page.place(4, post);
  }
  page.lines(4, cut_note(list.entries.size(), list.total));
}

void add_topic(Page& page, const InboxTopic& topic) {
  page.lines(2, topic_heading(topic));
  const auto shown = std::min(topic.posts.entries.size(), topic_examples);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& post = topic.posts.entries[i];
    page.lines(5, fmt::format("{} ({})", quoted(post), post.id), {}, "   - ");
  }
  page.lines(5, cut_note(shown, topic.posts.total));
}

}  // namespace

std::string inbox_text(const Inbox& inbox, const Terminal& terminal) {
  Page page{terminal};
  page.lines(0, inbox.project, bold);
  page.lines(0, fmt::format("{} to {} ({})", inbox.begin_shown, inbox.end_shown, inbox.timezone));

  page.heading(answer_heading(inbox));
  std::size_t number = 0;
  for (const auto& entry : inbox.to_answer.entries) add_entry(page, entry, ++number);
  if (number < inbox.to_answer.total) page.blank();
  page.lines(5, cut_note(number, inbox.to_answer.total));
  if (inbox.to_thank.total > 0) {
    page.heading(thank_heading(inbox));
    add_list(page, inbox.to_thank);
  }
  if (inbox.leads.total > 0) {
    page.heading(lead_heading(inbox));
    add_list(page, inbox.leads);
  }
  if (!inbox.topics.empty()) {
    page.heading("What people ask for");
    for (const auto& topic : inbox.topics) add_topic(page, topic);
  }
  page.blank();
  for (const auto& sentence : number_sentences(inbox)) page.lines(0, sentence);
  for (const auto& note : closing_notes(inbox)) page.lines(0, note);
  return page.take();
}

}  // namespace earshot
