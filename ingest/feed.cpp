#include "ingest/feed.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "ingest/feed_document.hpp"
#include "ingest/feed_habits.hpp"
#include "ingest/post_writer.hpp"
#include "ingest/url.hpp"
#include "store/base/ascii.hpp"
#include "store/base/hash.hpp"

namespace earshot {

namespace {

constexpr std::size_t bad_items_kept = 100;

/// Whole words only: "The" does not begin "Theory".
bool begins_with(std::string_view text, std::string_view title) {
  if (!text.starts_with(title)) return false;
  if (title.empty() || text.size() == title.size()) return true;
  const auto next = static_cast<unsigned char>(text[title.size()]);
  return next < 0x30 || (next > 0x39 && next < 0x41) || (next > 0x5A && next < 0x61) ||
         (next > 0x7A && next < 0x80);
}

std::string_view text_of(const FeedEntry& entry) {
  return entry.content.empty() ? entry.summary : entry.content;
}

/// The time between two polls that a feed asks for; nothing if it asks for none that makes sense.
std::optional<std::chrono::seconds> wait_of(const FeedDocument& feed) {
  using Period = std::pair<std::string_view, std::chrono::seconds>;
  static constexpr std::chrono::hours hour{1};
  static constexpr std::array<Period, 5> periods{{{"hourly", hour},
                                                  {"daily", 24 * hour},
                                                  {"weekly", 168 * hour},
                                                  {"monthly", 720 * hour},
                                                  {"yearly", 8760 * hour}}};
  if (const auto minutes = parse_count(feed.ttl); minutes && *minutes > 0 && *minutes <= 525'600)
    return std::chrono::minutes{*minutes};
  const auto name = lower_case(feed.update_period);
  const auto period = std::ranges::find(periods, std::string_view{name}, &Period::first);
  if (period == periods.end()) return {};
  const auto times = parse_count(feed.update_frequency).value_or(1);
  if (times == 0 || times > 3600) return {};
  return period->second / static_cast<std::int64_t>(times);
}

/// Turns the entries of one document into posts.
class PostsOfFeed {
 public:
  PostsOfFeed(const FeedDocument& document, std::string_view url, const FeedOptions& options)
      : document_{document},
        options_{options},
        own_{!url.empty()             ? url
             : !document.self.empty() ? std::string_view{document.self}
                                      : std::string_view{document.link}} {}

  ParsedFeed make() {
    share();
    const bool reviews = std::ranges::any_of(document_.entries, &FeedEntry::rated);
    std::uint64_t number = 0;
    for (const auto& own : document_.entries) {
      ++number;
      if (reviews && !own.rated) continue;  // the app itself, before its reviews
      const auto mended = without_habits(own);
      const FeedEntry& entry = mended ? *mended : own;
      if (text_of(entry).empty() && entry.title.empty())
        refuse(fmt::format("item {} has no text", number));
      else
        add(entry);
    }
    tell_apart();
    feed_.title = document_.title;
    feed_.link = document_.link;
    feed_.self = document_.self;
    feed_.older = document_.older;
    feed_.items = document_.items;
    if (const auto rest = document_.items - document_.entries.size(); rest > 0) {
      feed_.bad_items += rest;
      feed_.bad.push_back(
          {0, fmt::format("{} items past the first {}", rest, document_.entries.size())});
    }
    feed_.ttl = wait_of(document_);
    feed_.skip_hours = document_.skip_hours;
    feed_.skip_days = document_.skip_days;
    return std::move(feed_);
  }

 private:
  /// What all posts have in common is kept once.
  void share() {
    auto& texts = feed_.posts.texts;
    source_ = texts.keep(options_.source);
    network_ =
        texts.keep(options_.network.empty() ? fmt::format("feed:{}", without_scheme_and_query(own_))
                                            : std::string{options_.network});
    channel_ = texts.keep(!options_.channel.empty()  ? options_.channel
                          : !document_.title.empty() ? std::string_view{document_.title}
                                                     : host_of(own_));
  }

  void refuse(std::string reason) {
    ++feed_.bad_items;
    if (feed_.bad.size() < bad_items_kept) feed_.bad.push_back({0, std::move(reason)});
  }

  void add(const FeedEntry& entry) {
    auto& texts = feed_.posts.texts;
    Post& post = feed_.posts.posts.emplace_back();
    post.network = network_;
    post.channel = channel_;
    post.source = source_;
    post.filtered = options_.filtered;
    set_text(post, entry.title, text_of(entry));
    set_times(post, entry);
    set_author(post, entry.author);
    set_place(post, entry.place);
    post.parent_id = texts.keep(entry.in_reply_to);
    post.root_id = texts.keep(entry.root);
    post.lang = texts.keep(entry.lang);
    post.url = texts.keep(resolve_url(own_, entry.link));
    post.native_id = texts.keep(id_of(entry, post.url));
    post.engagement.likes = parse_count(entry.like_count);
    post.engagement.replies = parse_count(entry.reply_count);
    post.engagement.observed_at = options_.now;
  }

  std::string id_of(const FeedEntry& entry, std::string_view link) const {
    std::string id;
    if (options_.identity == FeedIdentity::own) id = lasting(entry.id);
    if (options_.identity != FeedIdentity::title && id.empty()) id = lasting(link);
    if (!id.empty()) return id;
    const std::string_view said = entry.title.empty() ? text_of(entry) : entry.title;
    return fmt::format("{:016x}", hash_pair(said, entry.date_text));
  }

  /// What of an id or a link stays the same from fetch to fetch.
  std::string lasting(std::string_view id) const {
    return without_parameters(id, options_.id_without);
  }

  void set_text(Post& post, std::string_view title, std::string_view text) {
    auto& texts = feed_.posts.texts;
    if (begins_with(text, title)) {
      post.text = texts.keep(text);
    } else if (text.empty()) {
      post.text = texts.keep(title);
    } else {
      char* const room = texts.room(title.size() + 1 + text.size());
      title.copy(room, title.size());
      room[title.size()] = '\n';
      text.copy(room + title.size() + 1, text.size());
      post.text = {room, title.size() + 1 + text.size()};
    }
  }

  void set_times(Post& post, const FeedEntry& entry) {
    const auto& posted = entry.published;
    const auto& updated = entry.updated;
    post.dated = posted || updated;
    post.posted_at = posted ? *posted : updated.value_or(options_.now);
    if (updated && (!posted || *updated > *posted)) post.edited_at = *updated;
  }

  void set_author(Post& post, const FeedPerson& own) {
    auto& texts = feed_.posts.texts;
    const auto& author = own.empty() ? document_.author : own;
    post.author_name = texts.keep(author.name);
    post.author_id = author.url.empty() ? post.author_name : texts.keep(author.url);
    if (post.author_id.empty()) post.author_id = texts.keep(author.email);
    if (post.author_name.empty()) post.author_name = post.author_id;
  }

  /// "-27.47 153.02" and "-27.47,153.02" are one place.
  void set_place(Post& post, std::string_view place) {
    if (place.empty()) return;
    std::string point{place};
    const auto gap = std::ranges::find_if(point, is_space);
    if (gap != point.end() && point.find(',') == std::string::npos)
      point.replace(gap, std::find_if_not(gap, point.end(), is_space), ",");
    post.place = feed_.posts.texts.keep(point);
  }

  /// Items that share an id get their link appended to it.
  void tell_apart() {
    std::unordered_map<std::string_view, int> times;
    for (const auto& post : feed_.posts.posts) ++times[post.native_id];
    for (auto& post : feed_.posts.posts) {
      if (times[post.native_id] < 2 || post.url.empty()) continue;
      const std::string link = lasting(post.url);
      if (post.native_id != link)
        post.native_id = feed_.posts.texts.keep(fmt::format("{} {}", post.native_id, link));
    }
  }

  const FeedDocument& document_;
  const FeedOptions& options_;
  std::string_view own_;
  std::string_view source_;
  std::string_view network_;
  std::string_view channel_;
  ParsedFeed feed_;
};

}  // namespace

ParsedFeed posts_of_feed(const FeedDocument& document, std::string_view url,
                         const FeedOptions& options) {
  return PostsOfFeed{document, url, options}.make();
}

Result<ParsedFeed> parse_feed(std::string_view bytes, const FeedOrigin& origin,
                              const FeedOptions& options) {
  const auto document = read_feed(bytes, origin);
  if (!document) return document.error();
  return posts_of_feed(*document, origin.url, options);
}

}  // namespace earshot
