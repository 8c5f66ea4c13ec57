#include <algorithm>

#include <fmt/format.h>

#include "analyze/conversations.hpp"

namespace earshot {

namespace {

/// A thread in which the brand replied to somebody.
bool is_service(const Conversation& talk) {
  return talk.replied && talk.has_others;
}

/// Resolved among the cases of posts that were opened in the window, by the user's table.
Figure official_rate(const MetricInput& input) {
  const std::string name = "official";
  if (!input.files.cases)
    return not_measurable(name, Unit::percent, "no cases file: name one under [files]");
  const Window observed{input.tallies.request.window().begin, input.observed_end()};
  std::uint64_t opened = 0;
  std::uint64_t resolved = 0;
  for (const auto& row : *input.files.cases) {
    if (row.post_url.empty() || !row.opened || !observed.contains(*row.opened)) continue;
    ++opened;
    if (row.resolved && *row.resolved < observed.end) ++resolved;
  }
  if (opened == 0)
    return not_measurable(name, Unit::percent,
                          "the cases file has no case of a post that was opened in the window");
  return share_figure(name, Unit::percent, resolved, opened, opened);
}

std::string why_no_service(const MetricInput& input) {
  if (std::ranges::any_of(input.tallies.own, [](const auto& item) { return is_own_reply(item); }))
    return "nobody whom the brand replied to in the window is stored";
  return why_no_own_replies(input);
}

MetricValue measure_resolution(const MetricInput& input) {
  std::uint64_t threads = 0;
  std::uint64_t known = 0;
  std::uint64_t confirmed = 0;
  for (const auto& talk : conversations_of(input.tallies)) {
    if (!is_service(talk)) continue;
    ++threads;
    if (talk.first == nullptr) continue;
    ++known;
    if (talk.confirmed()) ++confirmed;
  }
  MetricValue value{.figure = share_figure({}, Unit::percent, confirmed, known, threads)};
  if (known == 0)
    value.figure = not_measurable(
        {}, Unit::percent,
        threads == 0 ? why_no_service(input)
                     : "these sources don't name the authors, so who asked can't be told",
        threads);
  value.parts.push_back(official_rate(input));
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  return fmt::format("{} of {} people you answered said thanks, or that it is settled.",
                     figure.ratio->numerator, figure.ratio->denominator);
}

std::vector<PostKey> last_words(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& talk : conversations_of(input.tallies))
    if (is_service(talk) && talk.confirmed()) posts.push_back(talk.last->key);
  return posts;
}

}  // namespace

/// Threads with an own reply in the window whose asker's last post, after an answer, is thanks or
/// says that it is settled / threads with an own reply in the window in which others take part. The
/// asker is the author of the thread's first post in the brand's inbox, else its first author who
/// is not the brand. A lower bound: most people say nothing. Thanks before the first answer confirm
/// nothing. Official: cases of posts, opened in the window and resolved in it, by the cases file.
MetricDefinition confirmed_resolution() {
  return {
      .formula =
          "threads with an own reply whose asker's last post, after an answer, is thanks or "
          "says solved / threads with an own reply (a lower bound); official: resolved / opened "
          "cases of posts",
      .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
      .misleading_when = "silence is read as success or as failure, or answers are recent",
      .measure = measure_resolution,
      .reads = {Table::activity, Table::inbox, Table::threads},
      .sentence = say,
      .evidence = {.posts = last_words}};
}

}  // namespace earshot
