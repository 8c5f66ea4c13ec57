#include "ingest/feed_document.hpp"

#include <fmt/format.h>

#include "ingest/encoding.hpp"
#include "ingest/feed_xml.hpp"
#include "ingest/input.hpp"
#include "ingest/json_feed.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_document = 15'000'000;

}  // namespace

Result<FeedDocument> read_feed(std::string_view bytes, const FeedOrigin& origin) {
  if (bytes.size() > longest_document)
    return Error{Error::Kind::format,
                 fmt::format("larger than {} MB", longest_document / 1'000'000)};
  const auto decoded = decode_text(bytes, origin.content_type);
  const bool json = trim(std::string_view{decoded.text}.substr(0, 4096)).starts_with('{');
  auto feed = json ? read_json_feed(decoded.text, origin) : read_xml_feed(decoded.text, origin);
  if (!feed) return feed;
  feed->encoding = decoded.encoding;
  return feed;
}

Result<std::string> read_feed_file(const std::string& path) {
  return read_beginning(path, longest_document + 1, Utf16::kept);
}

}  // namespace earshot
