#pragma once

#include <string>
#include <vector>

#include "analyze/inbox.hpp"

namespace earshot {

// What the inbox says in words, the same in text, mail and Markdown. Names of topics and of the
// project come from the config; writers make them harmless with the rest.

/// "Larkrow Greens: 4 to answer (2 overdue), 1 to thank"; for the subject of a mail.
std::string inbox_summary(const Inbox& inbox);

/// "Nothing needs an answer: no open question, ... between A and B."
std::string empty_inbox_line(const Inbox& inbox);

std::string answer_heading(const Inbox& inbox);      ///< "To answer: 4 posts, 2 of them overdue"
std::string thank_heading(const Inbox& inbox);       ///< "To thank: 1 post recommends you"
std::string lead_heading(const Inbox& inbox);        ///< "Leads: 2 posts plan to buy"
std::string topic_heading(const InboxTopic& topic);  ///< "delivery: 3 questions, 1 complaint"

/// "bob in Corrie Park Neighbours"; "somebody" where the source names nobody.
std::string who_and_where(const InboxPost& post);

/// "priority 1, 4 h old, overdue since 21 Sep 2026 12:00"
std::string urgency(const InboxEntry& entry);

/// "mentions you, asks"
std::string reasons(const InboxEntry& entry);

/// "Answer in public: others may have the same question."
std::string advice(const InboxEntry& entry);

/// What is said where a list is cut: "14 more; --limit 0 shows all"; empty where it is not.
std::string cut_note(std::size_t shown, std::uint64_t total);

/// The numbers of the window beside those of the window before, a sentence each.
std::vector<std::string> number_sentences(const Inbox& inbox);

/// What else to know: known posts that still wait, posts without labels.
std::vector<std::string> closing_notes(const Inbox& inbox);

}  // namespace earshot
