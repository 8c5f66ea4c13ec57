#pragma once

#include <string>
#include <string_view>

#include "store/labels.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// Appends one stored post in one of the formats of `earshot search`. `generation` names the
/// entities of its labels and may be null where it has none.
using PostWriter = void (*)(std::string& out, const StoredPost& post, const Generation* generation);

/// The writer of "text", "jsonl" or "csv".
PostWriter post_writer(std::string_view format);

/// The line that comes first: CSV's column names; empty for the others.
std::string_view post_header(std::string_view format);

/// Appends sentiment, sentiment_p, stance, intents and lang as members of a JSON object, without
/// braces, in this order.
void append_label_members(std::string& out, Sentiment sentiment, unsigned permille, Stance stance,
                          Intents intents, std::string_view lang);

}  // namespace earshot
