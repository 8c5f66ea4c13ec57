#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping.hpp"
#include "ingest/token.hpp"
#include "store/base/http.hpp"
#include "store/base/result.hpp"
#include "store/post.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// One `[[source]]` of the config, or an archive named on the command line.
struct SourceConfig {
  std::string name;
  std::string type;     ///< A name of `sources.def`.
  std::string url;      ///< For sources on the network.
  std::string path;     ///< For archives: a file, or "-" for standard input.
  std::string network;  ///< Id space; empty: the source's own default.
  std::string channel;  ///< Venue; empty: the source's own default.
  std::chrono::seconds interval{3600};
  bool filtered = false;  ///< Collects only what matches a query.
  HttpHeaders headers;    ///< Sent with each request.
  Mapping mapping;        ///< For csv and jsonl.
  /// What only sources of its type know, by the names of its `SourceDetails::options`. A switch is
  /// "true" or not there.
  std::map<std::string, std::string, std::less<>> options;
  TokenPlace token;   ///< Where its secret is kept.
  std::string proxy;  ///< "socks5h://host:port", "http://host:port"; empty: as everybody's.

  /// The value of an option, empty if it is not set.
  std::string_view option(std::string_view option) const {
    const auto found = options.find(option);
    return found == options.end() ? std::string_view{} : found->second;
  }
};

/// A line, row or item that could not be read. It costs itself and nothing else.
struct BadLine {
  std::uint64_t line = 0;  ///< From 1, in the decompressed input; 0 where lines mean nothing.
  std::string reason;      ///< One lower-case clause.
};

/// What one fetch brought.
struct Page {
  PostBatch posts;
  std::string next_cursor;      ///< To be stored in the same write as the posts.
  bool more = false;            ///< Call again at once, or after `wait`, with `next_cursor`.
  bool gapless = false;         ///< The source goes on where it stopped: no post can slip through.
  std::vector<PostId> removed;  ///< Deleted at the source; views into `posts.texts`.
  std::vector<PostId> missing;  ///< Of a `reread`: not found any more, whatever that means.
  std::uint64_t rows = 0;       ///< Lines or items read, bad ones too.
  std::uint64_t bad_rows = 0;
  std::vector<BadLine> bad;  ///< The first of them, at most 100 a page.
  /// Of the input as it lies on disk, since the start; for the progress bar.
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_total = 0;  ///< 0 where unknown.

  std::string etag;  ///< For network sources: validators of the answer, to be stored as they are.
  std::string last_modified;
  std::string body_hash;
  bool unchanged = false;  ///< 304, or a body that is the same as last time.
  /// The server's budget of requests is used up, or it asks for time: none of the sources on its
  /// host asks before.
  std::optional<std::chrono::seconds> wait;
  /// How long the answer stays fresh (max-age, Expires): not asked again before.
  std::optional<std::chrono::seconds> fresh;
  /// The document's own wish, between any two polls; as long as it is unchanged, it holds.
  std::optional<std::chrono::seconds> wish;
  std::uint32_t skip_hours = 0;  ///< And the hours and days it wants to be left alone, as in
  std::uint8_t skip_days = 0;    ///< `SourceState`.
  std::string moved_to;          ///< Permanent redirect.

  /// HTTP status of a refusal (any but 200 and 304); 0 if there was none. Such a page brings
  /// nothing but, in `wait`, the answer's Retry-After.
  int refused_status = 0;
  std::string refused_reason;  ///< What the answer says of it, if anything: one lower-case clause.
};

/// What the last fetch left behind.
struct FetchState {
  std::string_view cursor = {};
  std::string_view etag = {};
  std::string_view last_modified = {};
  std::string_view body_hash = {};
  std::string_view token = {};    ///< The source's secret; empty if the config names none.
  std::string_view address = {};  ///< Asked instead of the config's, which moved there for good.
};

/// One wire format, and nothing else. Due times, limits, health and the store are the collector's.
class Source {
 public:
  virtual ~Source() = default;

  /// The next page after `state.cursor`. `now` dates posts that the source does not date. One call
  /// asks the server once, so that the collector keeps the gap between requests; who must ask more
  /// often for a page says `more` with the cursor as it was.
  /// A server that answers with another status than 200 or 304 is no error: `Page::refused_status`
  /// says so. Errors: `network` (no answer at all), `format` (the whole answer is unreadable), `io`
  /// (an archive's file).
  virtual Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) = 0;

  /// How many posts one `reread` takes; 0: this source has no way to ask for posts by their ids.
  virtual std::size_t rereads() const { return 0; }

  /// True if this post of its own can be asked for, by what is stored of it.
  virtual bool can_reread(const Post&) const { return true; }

  /// These posts, of which all can be asked for, as they are now. They come as they are stored,
  /// though without author and text, for what an answer may leave out: where a post stands, whom it
  /// answers. What the service says is deleted is in `Page::removed`, what is just not there in
  /// `Page::missing`; what it hides for now is in neither. Who must ask more often for these says
  /// `more`: the next call has the same posts, and `next_cursor` in `state.cursor`, which else is
  /// empty. Of the page's other members only `wait`, `refused_*`, `rows` and `bad*` count.
  virtual Result<Page> reread(HttpClient&, const FetchState&, std::span<const Post>, Instant) {
    return Page{};
  }
};

/// A key of `[[source]]` that only one type has.
struct SourceOption {
  std::string_view name;
  std::string_view value;  ///< What stands for its value: "TAG"; empty for a switch, true or false.
  std::string_view help;
  bool needed = false;
  std::string_view url = {};  ///< With this option, asked where the config has no `url`.
};

/// What a type of source can do with a secret.
enum class TokenUse { none, optional, needed };

/// What the file of a type says about it.
struct SourceDetails {
  std::span<const SourceOption> options = {};
  std::string_view url = {};  ///< Asked where the config has no `url`; empty: the config must.
  TokenUse token = TokenUse::none;
  bool reads_saved = false;  ///< Polled, but also reads a saved document at `path`.
  bool mapped = false;       ///< An archive that `mapping` is for.
  /// Between two requests to its host, where the service asks for more than everybody gets.
  std::chrono::milliseconds gap{0};
  /// Checks the config and asks nobody. Error: `config`.
  Result<std::unique_ptr<Source>> (*make)(const SourceConfig& config) = nullptr;
};

/// A kind of source, as listed in `sources.def`.
struct SourceType {
  std::string_view name;
  std::string_view summary;
  bool archive;  ///< Reads a file once, has no schedule.
  SourceDetails details;

  /// The source that a config describes. An archive whose path is a packed file reads what in it
  /// is of this type. Error: `config`.
  Result<std::unique_ptr<Source>> make(const SourceConfig& config) const;
};

/// All kinds, in the order of `sources.def`.
const std::vector<SourceType>& source_types();

/// The kind of that name, or null.
const SourceType* find_source_type(std::string_view name);

}  // namespace earshot
