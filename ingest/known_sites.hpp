#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/source.hpp"

namespace earshot {

/// A source that an address stands for.
struct FoundSource {
  SourceConfig source;  ///< `type`, `url` and `options`; the rest is the caller's.
  std::string title;    ///< As the page or the feed says; may be empty.
};

/// What the address itself tells, without asking anybody: accounts on Bluesky and the like,
/// subreddits, repositories, tags of Stack Exchange, channels of YouTube, searches of Google News,
/// apps of Apple's store. Best first: where a source needs a token, the site's feed goes before it.
/// Also "@name@server", as Mastodon writes accounts. Empty if the site is not known.
std::vector<FoundSource> sources_of_site(std::string_view address);

/// What an address stands for on a server that runs this software, as NodeInfo or a page's
/// `generator` names it: "mastodon", "pleroma", "lemmy", "discourse", ... Empty for other software.
std::vector<FoundSource> sources_of_software(std::string_view software, std::string_view address);

/// True if such addresses are those of a server of the fediverse: "/@name", "/tags/beans",
/// "/c/name".
bool looks_federated(std::string_view address);

/// The feed of a channel, by its id ("UC...") on YouTube.
FoundSource youtube_channel(std::string_view id);

}  // namespace earshot
