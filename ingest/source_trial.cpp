#include "ingest/source_trial.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/health.hpp"
#include "ingest/source_review.hpp"
#include "store/base/http.hpp"

namespace earshot {

namespace {

void fail(SourceTrial& trial, const Error& error, std::optional<std::chrono::seconds> wait,
          Instant now) {
  trial.error = Error{error.kind, clean_message(error.message)};
  trial.state = after_failure(std::move(trial.state), error, wait, now);
}

void refuse(SourceTrial& trial, const Page& page, Instant now) {
  const int status = page.refused_status;
  trial.state = after_status(std::move(trial.state), status, now);
  if (!is_gone(trial.state, status, now))
    return fail(trial, refusal(status, page.wait, page.refused_reason), page.wait, now);
  trial.error = gone(status);
  trial.state = after_gone(std::move(trial.state), *trial.error, now);
}

/// Pages until one has a post.
void poll(SourceTrial& trial, Source& source, std::string_view token, PoliteHttp& http,
          Instant now) {
  for (std::size_t i = 0; i < most_trial_pages; ++i) {
    auto page = source.fetch(http, {.cursor = trial.state.cursor, .token = token}, now);
    if (!page) return fail(trial, page.error(), {}, now);
    if (page->refused_status != 0) return refuse(trial, *page, now);
    trial.state.cursor = page->next_cursor;
    trial.state.wish = page->wish.value_or(std::chrono::seconds{0});
    trial.state.skip_hours = page->skip_hours;
    trial.state.skip_days = page->skip_days;
    const bool goes_on = page->more && !page->wait && page->posts.posts.empty();
    trial.pages.push_back(std::move(*page));
    if (!goes_on) break;
  }
  const Page& last = trial.pages.back();
  const auto wait = std::max(last.fresh, last.wait);  // nothing is less than any time
  trial.state = after_success(std::move(trial.state), wait, now);
}

void review(SourceTrial& trial, const SourceConfig& config, const PoliteHttp& http, Instant now) {
  trial.faults = review_pages(trial.pages, now);
  if (config.type != "feed" || trial.exchanges.empty()) return;
  const auto& last = trial.exchanges.back();
  const auto feed =
      read_feed(http.last_body(), {.url = last.answered, .content_type = last.content_type});
  if (!feed) return;
  trial.format = fmt::format("{}, {}", feed->version, feed->encoding);
  trial.title = feed->title;
  for (auto& fault : review_feed(*feed, config.interval, now))
    trial.faults.push_back(std::move(fault));
}

}  // namespace

std::uint64_t SourceTrial::posts() const {
  std::uint64_t sum = 0;
  for (const auto& page : pages) sum += page.posts.posts.size();
  return sum;
}

SourceTrial try_source(const SourceConfig& config, PoliteHttp& http, Instant now) {
  SourceTrial trial;
  trial.state.name = config.name;
  trial.state.type = config.type;
  trial.state.interval = config.interval;
  const auto before = static_cast<std::ptrdiff_t>(http.exchanges().size());
  const auto* type = find_source_type(config.type);
  if (type != nullptr) http.keep_apart(type->details.gap);
  if (type == nullptr)
    fail(trial, {Error::Kind::config, fmt::format("unknown type of source '{}'", config.type)}, {},
         now);
  else if (const auto source = type->make(config); !source)
    fail(trial, source.error(), {}, now);
  else if (const auto token = read_token(config.token); !token)
    fail(trial, token.error(), {}, now);
  else
    poll(trial, **source, *token, http, now);
  trial.exchanges.assign(http.exchanges().begin() + before, http.exchanges().end());
  if (!trial.pages.empty()) review(trial, config, http, now);
  return trial;
}

}  // namespace earshot
