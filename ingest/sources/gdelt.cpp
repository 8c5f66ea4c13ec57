#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/date_text.hpp"
#include "ingest/html_text.hpp"
#include "ingest/time_walk.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

// News of the world by the index of the GDELT project: titles and addresses, no texts. Source:
// https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/
//
// An answer has 250 articles and no second page. Asked oldest first, the next window of time begins
// with the last of them.

constexpr std::string_view service_url = "https://api.gdeltproject.org";
constexpr std::size_t most_articles = 250;
constexpr std::chrono::seconds request_gap{5};  // who asks more often is refused
constexpr std::chrono::minutes index_delay{
    60};  // articles come in by the quarter of an hour, or late
constexpr std::uint64_t reach_s = 90ULL * 86'400;  // the index forgets what is older

struct Language {
  std::string_view name;
  std::string_view code;
};

/// As the service names them, in small letters and in order.
constexpr Language languages[] = {
    {"afrikaans", "af"}, {"albanian", "sq"},   {"amharic", "am"},     {"arabic", "ar"},
    {"armenian", "hy"},  {"assamese", "as"},   {"azerbaijani", "az"}, {"bengali", "bn"},
    {"bosnian", "bs"},   {"bulgarian", "bg"},  {"burmese", "my"},     {"catalan", "ca"},
    {"chinese", "zh"},   {"croatian", "hr"},   {"czech", "cs"},       {"danish", "da"},
    {"dutch", "nl"},     {"english", "en"},    {"estonian", "et"},    {"finnish", "fi"},
    {"french", "fr"},    {"galician", "gl"},   {"georgian", "ka"},    {"german", "de"},
    {"greek", "el"},     {"gujarati", "gu"},   {"hausa", "ha"},       {"hebrew", "he"},
    {"hindi", "hi"},     {"hungarian", "hu"},  {"icelandic", "is"},   {"indonesian", "id"},
    {"italian", "it"},   {"japanese", "ja"},   {"kannada", "kn"},     {"kazakh", "kk"},
    {"khmer", "km"},     {"korean", "ko"},     {"kurdish", "ku"},     {"lao", "lo"},
    {"latvian", "lv"},   {"lithuanian", "lt"}, {"macedonian", "mk"},  {"malay", "ms"},
    {"malayalam", "ml"}, {"marathi", "mr"},    {"mongolian", "mn"},   {"nepali", "ne"},
    {"norwegian", "no"}, {"oriya", "or"},      {"pashto", "ps"},      {"persian", "fa"},
    {"polish", "pl"},    {"portuguese", "pt"}, {"punjabi", "pa"},     {"romanian", "ro"},
    {"russian", "ru"},   {"serbian", "sr"},    {"sinhalese", "si"},   {"slovak", "sk"},
    {"slovenian", "sl"}, {"somali", "so"},     {"spanish", "es"},     {"swahili", "sw"},
    {"swedish", "sv"},   {"tamil", "ta"},      {"telugu", "te"},      {"thai", "th"},
    {"tibetan", "bo"},   {"turkish", "tr"},    {"ukrainian", "uk"},   {"urdu", "ur"},
    {"uzbek", "uz"},     {"vietnamese", "vi"}, {"welsh", "cy"},
};

std::string_view language_code(std::string_view name) {
  const std::string lowered = lower_case(name);
  const auto* const found =
      std::ranges::lower_bound(languages, std::string_view{lowered}, {}, &Language::name);
  return found != std::end(languages) && found->name == lowered ? found->code : std::string_view{};
}

/// "20260801101500".
std::string digits_of(Instant time) {
  std::string digits = format_instant(time);
  std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
  return digits;
}

/// What is wrong with a query the service tells in plain words, with status 200.
std::string complaint_of(const HttpResponse& response) {
  constexpr std::size_t longest = 200;
  const auto body = trim(response.body);
  const bool is_json = body.starts_with('{') || body.starts_with('[');
  if (response.status != 200 || is_json) return {};
  return squeezed_text(html_text(body.substr(0, longest)));
}

class Gdelt final : public Source {
 public:
  explicit Gdelt(const SourceConfig& config)
      : config_{config},
        network_{config.network.empty() ? "gdelt" : config.network},
        query_{config.option("search")},
        since_{unix_seconds(parse_rfc3339(config.option("since")))} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    TimeWalk walk = TimeWalk::read(state.cursor, "seen");
    walk.begin(since_, index_delay);
    if (const Count today = unix_seconds(now); walk.from && today)
      walk.from = std::max(*walk.from, *today - std::min(*today, reach_s));
    const std::string url = url_of(walk, now);
    const auto request = api_request(config_, url, {});
    auto response = http.get(request);
    if (!response) return response.error();
    if (const auto words = complaint_of(*response); !words.empty())
      return Error{Error::Kind::format, fmt::format("{}: GDELT says '{}'", shown_url(url), words)};
    auto answer = read_json(std::move(*response), request, now);
    if (!answer) return answer.error();
    if (!answer->json) return std::move(answer->page);
    const JsonValue root = answer->json->root();
    const JsonValue articles = root.at("articles");
    if (!root.is_object() || (articles && !articles.is_list()))  // where there are none: "{}"
      return Error{Error::Kind::format, fmt::format("{}: not a list of articles", shown_url(url))};
    Page page = std::move(answer->page);
    page.more = read(articles, walk, page);
    // Of a quarter of an hour with more than an answer holds, the rest can't be had.
    page.gapless = !lost_;
    if (!page.more) lost_ = false;
    walk.add_to(page.next_cursor, "seen");
    return page;
  }

 private:
  std::string url_of(const TimeWalk& walk, Instant now) const {
    const bool from = walk.from.has_value();
    const std::string begin =
        from ? digits_of(from_unix(static_cast<std::int64_t>(*walk.from))) : std::string{};
    return with_query(std::string{without_slash(config_.url)} + "/api/v2/doc/doc",
                      {{"query", query_},
                       {"mode", "artlist"},
                       {"format", "json"},
                       {"maxrecords", std::to_string(most_articles)},
                       {"sort", from ? "dateasc" : "datedesc"},
                       {"startdatetime", begin},
                       {"enddatetime", from ? digits_of(now) : std::string{}}});
  }

  /// True if the walk goes on.
  bool read(JsonValue articles, TimeWalk& walk, Page& page) {
    Count last;
    Count latest;
    for (const JsonValue article : articles) {
      ++page.rows;
      const auto seen = seen_format_.parse(article.at("seendate").text());
      add(article, seen, page);
      if (!seen) continue;
      last = unix_seconds(seen);
      if (last && (!latest || *last > *latest)) latest = last;
    }
    const bool full = page.rows >= most_articles;
    lost_ |= full && walk.from && last && *last <= *walk.from;
    return walk.move_on(last, latest, full, 1);
  }

  void add(JsonValue article, std::optional<Instant> seen, Page& page) const {
    const auto url = article.at("url").text();
    if (url.empty()) return refuse_item(page, "an article without address");
    if (!seen)
      return refuse_item(page, fmt::format("{}: no date that can be read", shown_url(url)));
    const std::string title = html_text(article.at("title").text());
    if (title.empty()) return refuse_item(page, fmt::format("{}: no title", shown_url(url)));
    add_post(page.posts, {.network = network_,
                          .native_id = url,
                          .channel = config_.channel.empty() ? article.at("domain").text()
                                                             : std::string_view{config_.channel},
                          .text = title,
                          .lang = language_code(article.at("language").text()),
                          .url = url.starts_with("http") ? url : std::string_view{},
                          .place = article.at("sourcecountry").text(),
                          .source = config_.name,
                          .posted_at = *seen,
                          .filtered = true});
  }

  const SourceConfig config_;
  const std::string network_;
  const std::string query_;
  const Count since_;
  const DateFormat seen_format_ = *DateFormat::compile("%Y%m%dT%H%M%S%z");
  bool lost_ = false;  ///< In this run.
};

Result<std::unique_ptr<Source>> make_gdelt(const SourceConfig& config) {
  const auto fault = [](std::string message) {
    return Error{Error::Kind::config, std::move(message)};
  };
  if (config.option("search").empty()) return fault("gdelt needs a 'search'");
  if (config.url.empty()) return fault("gdelt needs a 'url'");
  if (const auto since = config.option("since"); !since.empty() && !parse_rfc3339(since))
    return fault(fmt::format("'since' is a day like 2026-08-01, and not '{}'", since));
  return std::unique_ptr<Source>{std::make_unique<Gdelt>(config)};
}

constexpr SourceOption options[] = {
    {.name = "search",
     .value = "WORDS",
     .help = "as GDELT spells it: '\"green basket\" sourcelang:english'",
     .needed = true},
    {.name = "since", .value = "DAY", .help = "how far the first poll goes back; default: a page"},
};

}  // namespace

SourceDetails describe_gdelt() {
  return {.options = options, .url = service_url, .gap = request_gap, .make = make_gdelt};
}

}  // namespace earshot
