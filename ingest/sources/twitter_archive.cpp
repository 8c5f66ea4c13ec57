#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/archive.hpp"
#include "ingest/archive_files.hpp"
#include "ingest/date_text.hpp"
#include "ingest/html_text.hpp"
#include "ingest/json.hpp"
#include "ingest/json_list.hpp"
#include "ingest/twitter_files.hpp"

namespace earshot {

namespace {

/// The tweets of one account, as it can download them: JavaScript that assigns a list to a
/// variable. Numbers are strings, there are no counts of replies, and a retweet is known by its
/// first word only.
///
/// Source: the archives themselves, as public programs read them
class TwitterArchive final : public RecordFormat {
 public:
  explicit TwitterArchive(const SourceConfig& config)
      : network_{config.network.empty() ? "twitter" : config.network},
        channel_{config.channel.empty() ? "twitter" : config.channel},
        source_{config.name},
        filtered_{config.filtered} {}

  Result<Cut> read_header(std::string_view beginning, const std::string& path) override {
    account_ = twitter_account(path);
    const auto bracket = beginning.substr(0, 1000).find_first_of("[{");
    const auto named = beginning.substr(0, bracket);
    const bool tweets = named.find("window.YTD.tweet") != std::string_view::npos ||
                        named.find("Grailbird.data.tweets") != std::string_view::npos ||
                        named.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (bracket == std::string_view::npos || !tweets)
      return Error{Error::Kind::format,
                   path + ": no tweets in it; the file with them is called tweets.js or tweet.js"};
    return Cut{.next = bracket, .lines = count_lines(named)};
  }

  Cut cut(std::string_view text) const override { return cut_json_object(text); }

  void read(std::string_view text, std::span<const Record> records, PostWriter& /*writer*/,
            ReadRecords& out) const override {
    for (const auto& record : records) {
      const auto object = JsonDocument::parse(text.substr(record.begin, record.size));
      if (!object) {
        out.refuse(record.line, object.error().message);
        continue;
      }
      const JsonValue tweet = object->root().at("tweet");
      if (auto reason = add(tweet ? tweet : object->root(), out.batch))
        out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  static std::string_view either(JsonValue tweet, std::string_view name, std::string_view other) {
    const auto text = tweet.at(name).text();
    return text.empty() ? tweet.at(other).text() : text;
  }

  static std::optional<Instant> date_of(JsonValue tweet) {
    static const auto format = *DateFormat::compile("%a %b %d %H:%M:%S %z %Y");
    const auto text = tweet.at("created_at").text();
    const auto date = format.parse(text);
    return date ? date : parse_rfc3339(text);
  }

  /// Its words, with `&amp;` read, and the addresses in place of their short forms.
  static std::string text_of(JsonValue tweet) {
    const auto raw = either(tweet, "full_text", "text");
    std::string text;
    for (std::size_t i = 0; i < raw.size();) {
      const auto reference =
          raw[i] == '&' ? read_reference(raw.substr(i)) : std::optional<CharacterReference>{};
      if (reference)
        append_utf8(reference->character, text);
      else
        text += raw[i];
      i += reference ? reference->size : 1;
    }
    for (const JsonValue url : tweet.at("entities.urls")) {
      const auto given = url.at("url").text(), meant = url.at("expanded_url").text();
      const auto at = given.empty() ? std::string::npos : text.find(given);
      if (at != std::string::npos && !meant.empty()) text.replace(at, given.size(), meant);
    }
    return text;
  }

  std::optional<std::string> add(JsonValue tweet, PostBatch& batch) const {
    const auto id = either(tweet, "id_str", "id");
    if (id.empty()) return "a tweet without id";
    const auto posted_at = date_of(tweet);
    if (!posted_at) return fmt::format("{}: no date that can be read", id);
    const std::string text = text_of(tweet);
    if (text.empty()) return fmt::format("{}: no text", id);
    const std::string_view name = account_.name.empty() ? tweet.at("user.screen_name").text()
                                                        : std::string_view{account_.name};
    const std::string_view author = account_.id.empty()
                                        ? either(tweet, "user.id_str", "user.screen_name")
                                        : std::string_view{account_.id};
    const std::string url =
        fmt::format("https://twitter.com/{}/status/{}", name.empty() ? "i" : name, id);
    Post post{.network = network_,
              .native_id = id,
              .channel = channel_,
              .author_id = author.empty() ? name : author,
              .author_name = name.empty() ? author : name,
              .text = text,
              .lang = tweet.at("lang").text(),
              .parent_id = either(tweet, "in_reply_to_status_id_str", "in_reply_to_status_id"),
              .url = url,
              .source = source_,
              .posted_at = *posted_at,
              .engagement = {.likes = tweet.at("favorite_count").count(),
                             .shares = tweet.at("retweet_count").count()},
              .filtered = filtered_,
              .repost = text.starts_with("RT @")};
    if (post.lang == "und" || post.lang == "zxx") post.lang = {};
    if (post.repost) post.engagement = {};  // The counts are those of the tweet that was shared.
    add_post(batch, post);
    return {};
  }

  std::string network_;
  std::string channel_;
  std::string source_;
  bool filtered_;
  TwitterAccount account_;
};

Result<std::unique_ptr<Source>> make_file(const SourceConfig& config) {
  return make_archive(config, std::make_unique<TwitterArchive>(config));
}

Result<std::vector<ArchiveFile>> find_files(const std::string& path) {
  std::vector<ArchiveFile> files;
  for (const auto& file : twitter_files(path)) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    files.push_back({file, failed ? 0 : size});
  }
  if (files.empty())
    return Error{Error::Kind::format, path + ": no tweets.js in it, nor in its folder data"};
  return files;
}

Result<std::unique_ptr<Source>> make_twitter_archive(const SourceConfig& config) {
  return make_archive_of_files(config, find_files, make_file);
}

}  // namespace

SourceDetails describe_twitter_archive() {
  return {.make = make_twitter_archive};
}

}  // namespace earshot
