#include "analyze/workbook.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "analyze/moods.hpp"
#include "analyze/report_figure.hpp"
#include "analyze/spikes.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

constexpr std::size_t most_questions = 20;
constexpr std::size_t most_hours = 12;
constexpr std::size_t longest_excerpt = 240;
constexpr Scope listening{Scope::Kind::listening};

ReportCell text(std::string_view shown) {
  return {std::string{shown}, {}};
}
ReportCell count(std::uint64_t items) {
  return {group_digits(items), std::to_string(items)};
}
ReportCell figure(const Figure& figure) {
  const auto rounded = round_figure(figure);
  return {rounded.shown, rounded.value};
}

ReportTable topics_page(const MetricInput& input) {
  ReportTable table{.name = "workbook_topics",
                    .title = "What people talk about",
                    .note =
                        "Posts by others than you on each topic, with or without your name in "
                        "them. Net: positive minus negative.",
                    .columns = {{"Topic", ""},
                                {"Posts", "items"},
                                {"With your name", "items"},
                                {"Questions", "items"},
                                {"Complaints", "items"},
                                {"Net sentiment", "points"}},
                    .empty = "No topic is declared: add [[topic]] to the config."};
  const auto& tallies = input.tallies;
  for (const auto topic : entities_of_kind(tallies.request, EntityKind::topic)) {
    const Scope scope{Scope::Kind::entity, topic};
    std::uint64_t questions = 0, complaints = 0;
    for (const auto& row : tallies.cube) {
      if (row.scope != scope) continue;
      if (row.intent == static_cast<std::uint8_t>(Intent::question)) questions += row.items;
      if (row.intent == static_cast<std::uint8_t>(Intent::complaint)) complaints += row.items;
    }
    const auto moods = count_moods(tallies, scope);
    const auto all = moods.all(), judged = sum_of(moods.judged);
    auto net = net_mood_figure({}, moods, correct_moods(input, moods));
    net.small_sample = judged < input.project.minimum_n;
    table.rows.push_back({text(tallies.request.entities[topic].name), count(all),
                          count(count_items(tallies, {Scope::Kind::brand_and_entity, topic})),
                          count(questions), count(complaints),
                          judged == 0 ? ReportCell{} : figure(net)});
  }
  return table;
}

std::string topics_of(const RaisedItem& item, const TallyRequest& request) {
  std::string names;
  for (const auto topic : item.topics)
    names += (names.empty() ? "" : ", ") + request.entities[topic].name;
  return names;
}

Result<ReportTable> questions_page(const PostStore& store, const MetricInput& input) {
  ReportTable table{
      .name = "workbook_questions",
      .title = "Questions that nobody answered",
      .note = fmt::format("On your topics, newest first, at most {}; only where replies are "
                          "collected, and only questions old enough to have had their answer.",
                          most_questions),
      .columns = {{"When", ""}, {"Channel", ""}, {"Topic", ""}, {"Question", ""}, {"Post", ""}},
      .empty = "None: every question that could have been seen unanswered had a reply."};
  const auto& tallies = input.tallies;
  std::vector<const RaisedItem*> open;
  for (const auto& item : tallies.raised)
    if (item.intents.has(Intent::question) && !item.topics.empty() && item.threaded &&
        !item.replied_after && item.observed_for >= tallies.request.horizon.count())
      open.push_back(&item);
  std::ranges::sort(open, std::greater{}, [](const RaisedItem* item) { return item->key; });
  if (open.size() > most_questions) open.resize(most_questions);
  std::vector<PostKey> keys;
  for (const auto* item : open) keys.push_back(item->key);
  StoredBatch batch;
  if (auto read = store.posts(keys, batch); !read) return read.error();
  std::map<PostKey, const Post*> posts;
  for (const auto& stored : batch.posts) posts.emplace(stored.key, &stored.post);
  for (const auto* item : open) {
    const auto found = posts.find(item->key);
    if (found == posts.end()) continue;
    const Post& post = *found->second;
    table.rows.push_back({text(input.calendar.format_minute(post.posted_at)), text(post.channel),
                          text(topics_of(*item, tallies.request)),
                          text(shorten(post.text, longest_excerpt)), text(post_id(post))});
  }
  return table;
}

ReportTable places_page(const MetricInput& input) {
  ReportTable table{.name = "workbook_channels",
                    .title = "Where people talk",
                    .note =
                        "Posts about you, a competitor or a topic. Needs an answer: what you "
                        "would have had to answer there.",
                    .columns = {{"Channel", ""},
                                {"Posts", "items"},
                                {"Share", "percent"},
                                {"About you", "items"},
                                {"Needs an answer", "items"},
                                {"Replies are seen", ""}},
                    .empty = "Nobody talked about you, a competitor or a topic."};
  struct Counts {
    std::uint64_t heard = 0, brand = 0, inbox = 0;
  };
  std::map<std::uint64_t, Counts> by_channel;
  std::uint64_t all = 0;
  for (const auto& row : input.tallies.cube) {
    if (row.intent != any_intent) continue;
    if (row.scope == listening) by_channel[row.channel].heard += row.items, all += row.items;
    if (row.scope == brand_scope) by_channel[row.channel].brand += row.items;
  }
  for (const auto& item : input.tallies.inbox)
    if (is_brands(item)) ++by_channel[item.channel].inbox;
  auto channels = input.tallies.channels;
  std::ranges::stable_sort(channels, std::greater{},
                           [&](const ChannelRow& row) { return by_channel[row.channel].heard; });
  for (const auto& channel : channels) {
    const auto& counts = by_channel[channel.channel];
    if (counts.heard == 0) continue;
    table.rows.push_back({text(channel_name(channel)), count(counts.heard),
                          figure(share_figure({}, Unit::percent, counts.heard, all, all)),
                          count(counts.brand), count(counts.inbox),
                          text(channel.replies > 0 ? "yes" : "no")});
  }
  return table;
}

ReportTable times_page(const MetricInput& input) {
  ReportTable table{
      .name = "workbook_times",
      .title = "When people talk",
      .note = fmt::format("The {} busiest hours of the week, local time.", most_hours),
      .columns = {{"Weekday", ""}, {"Hour", ""}, {"Posts", "items"}, {"Share", "percent"}},
      .empty = "Nobody talked about you, a competitor or a topic."};
  std::map<Calendar::WeekHour, std::uint64_t> hours;
  std::uint64_t all = 0;
  const Window window{input.tallies.request.window().begin, input.observed_end()};
  for (const auto& [hour, items] : hourly_counts(input, listening, Heard::items)) {
    if (!window.contains(hour)) continue;
    hours[input.calendar.week_hour(hour)] += items;
    all += items;
  }
  std::vector<std::pair<Calendar::WeekHour, std::uint64_t>> sorted{hours.begin(), hours.end()};
  std::ranges::stable_sort(sorted, std::greater{}, [](const auto& entry) { return entry.second; });
  if (sorted.size() > most_hours) sorted.resize(most_hours);
  for (const auto& [at, items] : sorted)
    table.rows.push_back({text(input.calendar.weekday_name(at.weekday)),
                          text(fmt::format("{:02}:00 to {:02}:00", at.hour, at.hour + 1)),
                          count(items), figure(share_figure({}, Unit::percent, items, all, all))});
  return table;
}

/// The rows of a metric's breakdown, as they are.
ReportTable breakdown_page(const MetricInput& input, std::string_view metric, ReportTable table) {
  const auto* found = find_metric(metric);
  const auto value = measure_alone(*found, input);
  for (const auto& row : value.breakdown) {
    const auto rounded = round_figure(row.figure);
    table.rows.push_back({text(rounded.name),
                          {rounded.shown, rounded.value},
                          text(rounded.value.empty() ? "" : rounded.unit),
                          text(rounded.not_measurable)});
  }
  if (!value.figure.not_measurable.empty())
    table.empty = "Not measurable: " + value.figure.not_measurable + ".";
  return table;
}

}  // namespace

Tables workbook_tables(const Project& project) {
  const std::array metrics{find_metric("competitor_audit"), find_metric("workload_need")};
  return tables_of(metrics, project) |
         Tables{Table::cube, Table::inbox, Table::raised, Table::quarters};
}

Result<std::vector<ReportTable>> make_workbook(const PostStore& store, const MetricInput& input) {
  auto questions = questions_page(store, input);
  if (!questions) return questions.error();
  return std::vector<ReportTable>{
      topics_page(input),
      *std::move(questions),
      places_page(input),
      times_page(input),
      breakdown_page(input, "competitor_audit",
                     {.name = "workbook_competitors",
                      .title = "What competitors do",
                      .note = "Their answers in private are not seen.",
                      .columns = {{"Measure", ""}, {"Value", "number"}, {"Unit", ""}, {"Note", ""}},
                      .empty = "No competitor is declared: add [[competitor]] to the config."}),
      breakdown_page(
          input, "workload_need",
          {.name = "workbook_hours",
           .title = "Hours a day that each channel would take",
           .note = fmt::format("What nine days of ten do not exceed, at {:g} minutes a post "
                               "([inbox] handling_minutes).",
                               input.project.inbox.handling_minutes),
           .columns = {{"Channel", ""}, {"Hours a day", "number"}, {"Unit", ""}, {"Note", ""}},
           .empty = "Nothing needed an answer."})};
}

}  // namespace earshot
