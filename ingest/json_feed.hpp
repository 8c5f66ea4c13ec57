#pragma once

#include <string_view>

#include "ingest/feed_document.hpp"

namespace earshot {

/// Reads JSON Feed 1.0 and 1.1 from UTF-8. Members of a kind that they should not have count as
/// absent; an id may be a number. Of a document that breaks off, the items before. Errors:
/// `format`, if it is no JSON object or has neither items nor a version of JSON Feed. Source:
/// https://www.jsonfeed.org/version/1.1/
Result<FeedDocument> read_json_feed(std::string_view utf8, const FeedOrigin& origin);

}  // namespace earshot
