#include "ingest/feed_document.hpp"

#include <algorithm>

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
  auto input = Input::open(path);
  if (!input) return input.error();
  std::string body;
  std::size_t step = std::min<std::uint64_t>(input->bytes_total() + 1, longest_document + 1);
  while (body.size() <= longest_document) {
    const auto begin = body.size();
    body.resize(std::min(begin + std::max<std::size_t>(step, 4096), longest_document + 1));
    const auto room = std::span{body}.subspan(begin);
    const auto size = input->read(room);
    if (!size) return size.error();
    body.resize(begin + *size);
    if (*size < room.size()) break;
    step = 1 << 20;
  }
  return body;
}

}  // namespace earshot
