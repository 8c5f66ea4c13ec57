#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/archive.hpp"
#include "ingest/bluesky_record.hpp"
#include "ingest/json.hpp"

namespace earshot {

namespace {

constexpr std::string_view post_collection = "app.bsky.feed.post";

/// The events of Jetstream, one a line, as a client of its WebSocket writes them down: posts that
/// were made or deleted. Events of other kinds are read and passed over.
///
/// Source: https://github.com/bluesky-social/jetstream
class Jetstream final : public RecordFormat {
 public:
  explicit Jetstream(const SourceConfig& config)
      : network_{config.network.empty() ? "bluesky" : config.network},
        channel_{config.channel.empty() ? "bsky.app" : config.channel},
        source_{config.name},
        filtered_{config.filtered} {}

  Result<Cut> read_header(std::string_view /*beginning*/, const std::string& /*path*/) override {
    return Cut{};
  }

  Cut cut(std::string_view text) const override { return cut_line(text); }

  void read(std::string_view text, std::span<const Record> records, PostWriter& /*writer*/,
            ReadRecords& out) const override {
    for (const auto& record : records) {
      const auto event = JsonDocument::parse(text.substr(record.begin, record.size));
      if (!event)
        out.refuse(record.line, event.error().message);
      else if (auto reason = add(event->root(), out))
        out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  std::optional<std::string> add(JsonValue event, ReadRecords& out) const {
    if (event.at("kind").text().empty()) return "not an event of Jetstream";
    const JsonValue commit = event.at("commit");
    if (commit.at("collection").text() != post_collection) return {};
    const auto did = event.at("did").text();
    const auto key = commit.at("rkey").text();
    if (did.empty() || key.empty()) return "a post without did or rkey";
    const std::string uri = fmt::format("at://{}/{}/{}", did, post_collection, key);
    const auto operation = commit.at("operation").text();
    if (operation == "delete") {
      out.removed.push_back({out.batch.texts.keep(network_), out.batch.texts.keep(uri)});
      return {};
    }
    std::optional<Instant> seen_at;
    if (const Count time_us = event.at("time_us").count())
      seen_at = from_unix(static_cast<std::int64_t>(*time_us / 1'000'000));
    const BlueskyRecord record = read_bluesky_record(commit.at("record"));
    const auto posted_at = bluesky_time(record, seen_at);
    if (!posted_at) return "a post without a date that can be read";
    const std::string url = bluesky_page(did, uri);
    Post post{.network = network_,
              .native_id = uri,
              .channel = channel_,
              .author_id = did,
              .author_name = did,
              .text = record.text,
              .lang = record.lang,
              .parent_id = record.parent,
              .root_id = record.root,
              .url = url,
              .source = source_,
              .posted_at = *posted_at,
              .filtered = filtered_};
    if (operation == "update" && seen_at) post.edited_at = *seen_at;
    add_post(out.batch, post);
    return {};
  }

  std::string network_;
  std::string channel_;
  std::string source_;
  bool filtered_;
};

Result<std::unique_ptr<Source>> make_jetstream(const SourceConfig& config) {
  return make_archive(config, std::make_unique<Jetstream>(config));
}

}  // namespace

SourceDetails describe_jetstream() {
  return {.make = make_jetstream};
}

}  // namespace earshot
