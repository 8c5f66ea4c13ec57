#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ingest/archive.hpp"
#include "ingest/json.hpp"
#include "ingest/reddit_thing.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

/// The words of a list that blanks or commas separate, in lower case, without "r/" before them.
std::vector<std::string> subreddits_of(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const auto end = std::min(list.find_first_of(" ,\t\n"), list.size());
    std::string name = lower_case(list.substr(0, end));
    if (name.starts_with('/')) name.erase(0, 1);
    if (name.starts_with("r/")) name.erase(0, 2);
    if (!name.empty()) names.push_back(std::move(name));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

/// Monthly dumps of all of Reddit (RS_2023-01.zst has submissions, RC_2023-01.zst comments) and
/// those of single subreddits, one JSON object a line, as Pushshift and Arctic Shift publish them.
///
/// Source: https://github.com/ArthurHeitmann/arctic_shift, file_content_explanations.md
class RedditDump final : public RecordFormat {
 public:
  explicit RedditDump(const SourceConfig& config)
      : venue_{.network = config.network.empty() ? "reddit" : config.network,
               .channel = config.channel,
               .source = config.name,
               .filtered = config.filtered,
               .escaped = true},
        subreddits_{subreddits_of(config.option("subreddits"))} {}

  Result<Cut> read_header(std::string_view /*beginning*/, const std::string& /*path*/) override {
    return Cut{};
  }

  Cut cut(std::string_view text) const override { return cut_line(text); }

  void read(std::string_view text, std::span<const Record> records, PostWriter& /*writer*/,
            ReadRecords& out) const override {
    for (const auto& record : records) {
      const auto line = JsonDocument::parse(text.substr(record.begin, record.size));
      if (!line) {
        out.refuse(record.line, line.error().message);
      } else if (wanted(line->root())) {
        auto reason =
            venue_.add(line->root(), reddit_seen_at(line->root()), out.batch, out.removed);
        if (reason) out.refuse(record.line, std::move(*reason));
      }
    }
  }

 private:
  bool wanted(JsonValue thing) const {
    return subreddits_.empty() ||
           std::ranges::find(subreddits_, lower_case(thing.at("subreddit").text())) !=
               subreddits_.end();
  }

  RedditVenue venue_;
  std::vector<std::string> subreddits_;
};

Result<std::unique_ptr<Source>> make_reddit_dump(const SourceConfig& config) {
  return make_archive(config, std::make_unique<RedditDump>(config));
}

constexpr SourceOption options[] = {
    {.name = "subreddits", .value = "NAMES", .help = "only what is in these; default: all"},
};

}  // namespace

SourceDetails describe_reddit_dump() {
  return {.options = options, .make = make_reddit_dump};
}

}  // namespace earshot
