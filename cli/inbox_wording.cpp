#include "cli/inbox_wording.hpp"

#include <fmt/format.h>

#include "analyze/metric.hpp"
#include "cli/numbers.hpp"

namespace earshot {

namespace {

/// The parts as "a, b, c".
template <class Parts>
std::string listed_with_commas(const Parts& parts) {
  std::string text;
  for (const auto& part : parts) text.append(text.empty() ? "" : ", ").append(part);
  return text;
}

std::string age_of(const InboxPost& post) {
  return format_duration(static_cast<double>(post.age)) + " old";
}

/// "24 h", "7 d": a digest's day in hours, as people say it.
std::string length_of(Window window) {
  const auto length = window.end - window.begin;
  const auto hours = std::chrono::floor<std::chrono::hours>(length);
  if (length == hours && hours <= std::chrono::days{2}) return fmt::format("{} h", hours.count());
  return format_duration(static_cast<double>(length.count()));
}

}  // namespace

std::string inbox_summary(const Inbox& inbox) {
  std::vector<std::string> parts;
  if (inbox.to_answer.total > 0) {
    parts.push_back(grouped(inbox.to_answer.total) + " to answer");
    if (inbox.overdue > 0) parts.back() += fmt::format(" ({} overdue)", grouped(inbox.overdue));
  }
  if (inbox.to_thank.total > 0) parts.push_back(grouped(inbox.to_thank.total) + " to thank");
  if (inbox.leads.total > 0) parts.push_back(counted(inbox.leads.total, "lead", "leads"));
  if (parts.empty() && !inbox.topics.empty())
    parts.push_back(fmt::format("what people ask about {}",
                                inbox.topics.size() == 1
                                    ? inbox.topics.front().name
                                    : counted(inbox.topics.size(), "topic", "topics")));
  return fmt::format("{}: {}", inbox.project, listed_with_commas(parts));
}

std::string empty_inbox_line(const Inbox& inbox) {
  return fmt::format("Nothing to answer, nobody to thank and nothing asked from {} to {} ({}).",
                     inbox.begin_shown, inbox.end_shown, inbox.timezone);
}

std::string answer_heading(const Inbox& inbox) {
  if (inbox.to_answer.total == 0) return "To answer: nothing";
  auto heading = "To answer: " + counted(inbox.to_answer.total, "post", "posts");
  if (inbox.overdue == 0) return heading;
  if (inbox.overdue == inbox.to_answer.total)
    return heading + (inbox.overdue == 1 ? ", overdue" : ", all overdue");
  return heading + fmt::format(", {} of them overdue", grouped(inbox.overdue));
}

std::string thank_heading(const Inbox& inbox) {
  return "To thank: " + counted(inbox.to_thank.total, "post recommends you", "posts recommend you");
}

std::string lead_heading(const Inbox& inbox) {
  return "Leads: " + counted(inbox.leads.total, "post plans to buy", "posts plan to buy");
}

std::string topic_heading(const InboxTopic& topic) {
  std::vector<std::string> parts;
  if (topic.questions > 0) parts.push_back(counted(topic.questions, "question", "questions"));
  if (topic.complaints > 0) parts.push_back(counted(topic.complaints, "complaint", "complaints"));
  if (topic.wishes > 0) parts.push_back(counted(topic.wishes, "wish", "wishes"));
  return fmt::format("{}: {}", topic.name, listed_with_commas(parts));
}

std::string who_and_where(const InboxPost& post) {
  std::string text = post.author.empty() ? "somebody" : post.author;
  if (!post.channel.empty()) text.append(" in ").append(post.channel);
  return text;
}

std::string urgency(const InboxEntry& entry) {
  auto text = fmt::format("priority {}, {}", entry.priority, age_of(entry.post));
  if (entry.due)
    text += fmt::format(", {} {}", entry.overdue ? "overdue since" : "due", entry.due_shown);
  return text;
}

std::string reasons(const InboxEntry& entry) {
  auto text = listed_with_commas(entry.why);
  if (!entry.post.replies_collected)
    text += "; no replies are collected there, so it may have been answered";
  return text;
}

std::string advice(const InboxEntry& entry) {
  switch (entry.suggestion.advice) {
    case Advice::in_public:
      return fmt::format("answer in public: {}", entry.suggestion.reason);
    case Advice::in_private:
      return fmt::format("take it private: {}", entry.suggestion.reason);
    case Advice::leave:
      return fmt::format("leave it: {}", entry.suggestion.reason);
  }
  return {};
}

std::string cut_note(std::size_t shown, std::uint64_t total) {
  if (shown >= total) return {};
  return fmt::format("and {} more", grouped(total - shown));
}

std::vector<std::string> number_sentences(const Inbox& inbox) {
  if (inbox.window.begin >= inbox.window.end) return {};
  const auto& now = inbox.counts;
  const auto& before = inbox.counts_before;
  const auto length = length_of(inbox.window);
  const auto or_none = [](std::uint64_t number) {
    return number == 0 ? std::string{"none"} : grouped(number);
  };
  auto answers = fmt::format("Needed an answer: {}", or_none(now.asked));
  if (now.asked > 0) answers += fmt::format(", and {} got one", or_none(now.answered));
  answers += fmt::format("; in the {} before: {}", length, or_none(before.asked));
  if (before.asked > 0) answers += fmt::format(", and {} got one", or_none(before.answered));
  return {fmt::format("Posts about you in the last {}: {}; in the {} before: {}.", length,
                      grouped(now.about_brand), length, grouped(before.about_brand)),
          answers + "."};
}

std::vector<std::string> closing_notes(const Inbox& inbox) {
  std::vector<std::string> notes;
  if (inbox.still_waiting > 0) {
    auto note = counted(inbox.still_waiting, "post of an earlier digest still waits",
                        "posts of earlier digests still wait") +
                " for an answer";
    if (inbox.still_overdue > 0) note += fmt::format(", {} overdue", grouped(inbox.still_overdue));
    notes.push_back(note + "; `earshot inbox` lists all.");
  }
  if (inbox.unlabelled > 0)
    notes.push_back(counted(inbox.unlabelled, "post is not labelled yet and is",
                            "posts are not labelled yet and are") +
                    " left out; run `earshot analyze`.");
  return notes;
}

}  // namespace earshot
