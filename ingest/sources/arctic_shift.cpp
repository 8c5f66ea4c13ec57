#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/reddit_thing.hpp"

namespace earshot {

namespace {

constexpr std::string_view api_url = "https://arctic-shift.photon-reddit.com";
constexpr std::array<std::string_view, 2> lists{"posts", "comments"};
constexpr std::uint64_t full_page = 100;
constexpr std::uint64_t day_s = 86'400;
constexpr std::uint64_t delay_s = 3600;         // things come in late
constexpr std::uint64_t revised_s = 3 * day_s;  // and are looked at again after 36 hours

/// How far a list is, which is asked for from old to new; times are in seconds since 1970.
struct ListPlace {
  Count newest;  ///< All up to this time was read once.
  Count from;    ///< On a walk: where the next page begins.
};

struct Place {
  std::array<ListPlace, lists.size()> at;
  std::size_t list = 0;  ///< The one being walked.
  Count deep;            ///< When the walks last went back to what has been revised,
  Count today;           ///< and if they do so now: since when.

  static Place read(std::string_view cursor);
  std::string text() const;
};

Place Place::read(std::string_view cursor) {
  Place place{
      .at = {},
      .list = std::min<std::size_t>(cursor_number(cursor, "list").value_or(0), lists.size() - 1),
      .deep = cursor_number(cursor, "deep"),
      .today = cursor_number(cursor, "today")};
  for (std::size_t i = 0; i < lists.size(); ++i)
    place.at[i] = {cursor_number(cursor, fmt::format("newest{}", i)),
                   cursor_number(cursor, fmt::format("from{}", i))};
  return place;
}

std::string Place::text() const {
  std::string text;
  const auto add = [&](std::string_view name, Count value) {
    if (value) add_to_cursor(text, name, std::to_string(*value));
  };
  for (std::size_t i = 0; i < lists.size(); ++i) {
    add(fmt::format("newest{}", i), at[i].newest);
    add(fmt::format("from{}", i), at[i].from);
  }
  if (list > 0) add("list", list);
  add("deep", deep);
  add("today", today);
  return text;
}

Count seconds_of(std::optional<Instant> time) {
  if (!time || to_unix(*time) < 0) return {};
  return static_cast<std::uint64_t>(to_unix(*time));
}

/// "beans" of "r/beans", "/u/beans" or "beans".
std::string bare_name(std::string_view name) {
  if (name.starts_with('/')) name.remove_prefix(1);
  if (name.starts_with("r/") || name.starts_with("u/")) name.remove_prefix(2);
  return std::string{name};
}

/// Reddit as a public archive has it, which asks for no key and gives no guarantee.
///
/// Source: https://github.com/ArthurHeitmann/arctic_shift, api/README.md
class ArcticShift final : public Source {
 public:
  explicit ArcticShift(const SourceConfig& config)
      : config_{config},
        subreddit_{bare_name(config.option("subreddit"))},
        account_{bare_name(config.option("account"))},
        since_{seconds_of(parse_rfc3339(config.option("since")))},
        venue_{.network = config.network.empty() ? "reddit" : config.network,
               .channel = config.channel,
               .source = config.name,
               .filtered = config.filtered,
               .escaped = true} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    Place place = Place::read(state.cursor);
    begin(place, now);
    ListPlace& list = place.at[place.list];
    const std::string url = list_url(lists[place.list], list);
    auto answer = get_json(http, api_request(config_, url, {}), now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue things = answer->json->root().at("data");
    if (!things.is_list())
      return Error{Error::Kind::format, fmt::format("{}: not a list of things", shown_url(url))};

    Page page = std::move(answer->page);
    std::uint64_t count = 0;
    Count latest;
    for (const JsonValue thing : things) {
      ++page.rows;
      ++count;
      if (auto reason = venue_.add(thing, reddit_seen_at(thing), page.posts, page.removed))
        refuse_item(page, std::move(*reason));
      const Count time = seconds_of(reddit_time(thing.at("created_utc")));
      if (time && (!latest || *time > *latest)) latest = time;
    }
    page.more = move_on(place, latest, count >= full_page);
    page.gapless = true;
    page.next_cursor = place.text();
    return page;
  }

 private:
  /// Once a day the walks go back to what has been revised: counts, and what was deleted.
  void begin(Place& place, Instant now) const {
    const std::uint64_t today = seconds_of(now).value_or(0);
    if (!place.deep) place.deep = today;
    const bool first = place.list == 0 && !place.at[0].from;
    if (first && !place.today && today >= *place.deep + day_s) place.today = today;
    ListPlace& list = place.at[place.list];
    if (list.from) return;
    const std::uint64_t back = place.today ? revised_s : delay_s;
    list.from = list.newest ? Count{*list.newest - std::min(*list.newest, back)} : since_;
  }

  /// From a time on, that second included; without one, the newest.
  std::string list_url(std::string_view list, const ListPlace& place) const {
    const std::string after =
        place.from ? std::to_string(*place.from - std::min<std::uint64_t>(1, *place.from))
                   : std::string{};
    return with_query(fmt::format("{}/api/{}/search", without_slash(config_.url), list),
                      {{"subreddit", subreddit_},
                       {"author", account_},
                       {"limit", std::to_string(full_page)},
                       {"sort", after.empty() ? "desc" : "asc"},
                       {"after", after}});
  }

  /// True if there is another page, of this list or of the next one.
  static bool move_on(Place& place, Count latest, bool full) {
    ListPlace& list = place.at[place.list];
    if (latest && (!list.newest || *latest > *list.newest)) list.newest = latest;
    if (list.from && latest && full) {
      list.from = std::max(*latest, *list.from + 1);
      return true;
    }
    list.from.reset();
    if (++place.list < lists.size()) return true;
    place.list = 0;
    if (place.today) place.deep = std::exchange(place.today, Count{});
    return false;
  }

  const SourceConfig config_;
  const std::string subreddit_;
  const std::string account_;
  const Count since_;
  const RedditVenue venue_;
};

Error fault(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

Result<std::unique_ptr<Source>> make_arctic_shift(const SourceConfig& config) {
  if (config.option("subreddit").empty() && config.option("account").empty())
    return fault("arctic_shift needs 'subreddit', 'account' or both");
  if (config.url.empty()) return fault("arctic_shift needs a 'url'");
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<ArcticShift>(config)};
}

constexpr SourceOption options[] = {
    {.name = "subreddit", .value = "NAME", .help = "its submissions and comments"},
    {.name = "account", .value = "NAME", .help = "what one account posts, there or anywhere"},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_arctic_shift() {
  return {.options = options, .url = api_url, .make = make_arctic_shift};
}

}  // namespace earshot
