#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// A subscription, as feed readers hand them on.
struct OpmlFeed {
  std::string title;   ///< Plain text, on one line; empty if the list does not say.
  std::string url;     ///< http or https.
  std::string site;    ///< The page that the feed belongs to; may be empty.
  std::string folder;  ///< "News / Local"; empty at the top of the list.

  friend bool operator==(const OpmlFeed&, const OpmlFeed&) = default;
};

struct OpmlList {
  std::string title;
  std::vector<OpmlFeed> feeds;        ///< In the order of the document, the same one twice too.
  std::vector<std::string> left_out;  ///< Outlines that name no feed we could ask, and why.
};

/// Between the names of nested folders.
inline constexpr std::string_view folder_separator = " / ";

inline constexpr std::size_t most_opml_outlines = 100'000;

/// Reads a list of subscriptions, well-formed or damaged, in any encoding. An outline with an
/// `xmlUrl`, however its letters' case, is a feed; one without is the folder of what is in it. A
/// feed is called what its `text` says, else its `title`. A feed outside of folders is in that of
/// its first `category`. Errors: `format`, as `parse_xml`; no outline in it; too many of them.
/// Source: OPML 2.0 specification, "Subscription lists".
Result<OpmlList> parse_opml(std::string_view bytes);

/// The feeds as OPML 2.0, in their order; feeds of one folder that follow one another share it.
std::string write_opml(std::span<const OpmlFeed> feeds, std::string_view title);

}  // namespace earshot
