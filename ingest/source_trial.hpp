#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/polite_http.hpp"
#include "ingest/source.hpp"

namespace earshot {

/// What one poll of a source would bring, nothing of it stored.
struct SourceTrial {
  std::vector<HttpExchange> exchanges;  ///< In their order.
  std::optional<Error> error;           ///< It failed, as `run` would say.
  std::vector<Page> pages;              ///< Those before a failure too.
  std::string format;                   ///< Of a feed: "rss20, utf-8".
  std::string title;                    ///< Of a feed.
  std::vector<std::string> faults;      ///< What will go wrong; `review_pages`, `review_feed`.
  SourceState state;                    ///< As it would be afterwards: `next_try`, `last_error`.

  std::uint64_t posts() const;
};

/// A first poll goes on after its first page until there is a post, this often at most.
inline constexpr std::size_t most_trial_pages = 5;

/// Polls a source as if for the first time. Its secret is read where the config says it is.
SourceTrial try_source(const SourceConfig& config, PoliteHttp& http, Instant now);

}  // namespace earshot
