#pragma once

#include <string_view>

#include "ingest/feed_document.hpp"

namespace earshot {

/// Reads RSS and Atom from UTF-8, as `read_feed` does. Errors: `format`, as `parse_xml`, or if it
/// is neither.
Result<FeedDocument> read_xml_feed(std::string_view utf8, const FeedOrigin& origin);

}  // namespace earshot
