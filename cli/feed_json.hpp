#pragma once

#include <string>

#include "ingest/feed_document.hpp"

namespace earshot {

/// Appends what a feed says, as JSON lines: an object of "kind":"feed", and one of "kind":"entry"
/// for each entry in the order of the document. What it does not say is null, a list that it does
/// not have empty. Null for a document that is no feed: one object with all members null.
void append_feed_json(const FeedDocument* document, std::string& out);

}  // namespace earshot
