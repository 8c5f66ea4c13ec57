#pragma once

#include <optional>
#include <string_view>

#include "store/base/time.hpp"

namespace earshot {

/// A date as feeds spell them: RFC 3339 and whatever ISO 8601 allows beside it (`20210906T164500Z`,
/// `2003-12`, `2003-335`, `03-12-31`); RFC 822 with the parts in another order, spelled out, with
/// commas and remarks (`Thu Aug 30 2012 17:26:16 +0200`, `Monday, 06 September 2021 16:45 Z`);
/// asctime; `2006/09/15 08:19:53 EDT`; the Korean, Greek and Hungarian of three kinds of weblogs.
/// Without a zone it is UTC, without a time midnight. Nothing if it can't be read or does not
/// exist. Source: feedparser's documentation, "Date Parsing".
std::optional<Instant> parse_feed_date(std::string_view text);

}  // namespace earshot
