#include "tests/support/raw_archive_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace earshot::test {

namespace {

constexpr std::int64_t day = 86'400;

void check_ratio(simdjson::dom::element figure, std::int64_t numerator, std::int64_t denominator) {
  CHECK(std::int64_t{figure["numerator"]} == numerator);
  CHECK(std::int64_t{figure["denominator"]} == denominator);
}

void check_n(simdjson::dom::element figure, std::int64_t used, std::int64_t eligible) {
  CHECK(std::int64_t{figure["n_used"]} == used);
  CHECK(std::int64_t{figure["n_eligible"]} == eligible);
}

/// `number` is `expected`, rounded to so many decimals.
void check_rounded(simdjson::dom::element number, double expected, int decimals) {
  REQUIRE(number.is_number());
  CHECK(std::abs(double{number} - expected) <= 0.5000001 * std::pow(10.0, -decimals));
}

/// A share with its exact counts, in percent with a decimal.
void check_share(simdjson::dom::element figure, std::int64_t numerator, std::int64_t denominator) {
  check_ratio(figure, numerator, denominator);
  if (!bool{figure["small_sample"]})
    check_rounded(figure["value"],
                  100.0 * static_cast<double>(numerator) / static_cast<double>(denominator), 1);
}

std::int64_t size_of(const auto& range) {
  return std::ssize(range);
}

/// An entity of the project by its place: name and number.
std::vector<std::string> entity_names(const RawProject& project) {
  std::vector<std::string> names;
  for (const auto& party : project.parties) names.push_back(party.name);
  for (const auto& topic : project.topics) names.push_back(topic.name);
  return names;
}

}  // namespace

// ---- M01, M03, M05, M06, M07, M25: how much is said, by whom, where ----------------------------

void check_volume(const RawCounts& counts, const Figures& report) {
  CHECK(std::int64_t{report.document["labels"]["collapsed"]} ==
        size_of(counts.posts) - size_of(counts.items));
  const auto heard = counts.heard_items();
  CHECK(std::int64_t{report.metric("listening_volume")["value"]} == size_of(heard));
  std::int64_t mentions = 0;
  const auto names = entity_names(counts.project);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto about = size_of(counts.items_about(i));
    CHECK(std::int64_t{report.figure("listening_volume", "breakdown", names[i])["value"]} == about);
    mentions += about;
  }
  CHECK(std::int64_t{report.figure("listening_volume", "parts", "mentions")["value"]} == mentions);
}

void check_days(const RawCounts& counts, const Figures& report, int year, int month, int first) {
  int number = first;
  std::int64_t all = 0;
  for (const auto point : report.metric("listening_volume")["series"].get_array()) {
    CHECK(std::string_view{point["day"]} == fmt::format("{}-{:02}-{:02}", year, month, number));
    const auto begin = new_york_midnight(year, month, number);
    const auto end = new_york_midnight(year, month, ++number);
    const auto of_day = std::ranges::count_if(counts.heard_items(), [&](const RawFact* item) {
      return item->post->at >= begin && item->post->at < end;
    });
    CHECK(std::int64_t{point["items"]} == of_day);
    all += of_day;
  }
  CHECK(all == size_of(counts.heard_items()));
}

void check_share_of_voice(const RawCounts& counts, const Figures& report) {
  std::int64_t all = 0;
  for (std::size_t i = 0; i < counts.project.parties.size(); ++i)
    all += size_of(counts.items_about(i));
  REQUIRE(all > 0);
  const auto share = report.metric("share_of_voice");
  check_share(share, size_of(counts.items_about(0)), all);
  const auto [low, high] = plain_wilson(size_of(counts.items_about(0)), all);
  check_rounded(share["interval"]["low"], 100 * low, 1);
  check_rounded(share["interval"]["high"], 100 * high, 1);
  for (std::size_t i = 0; i < counts.project.parties.size(); ++i)
    check_share(report.figure("share_of_voice", "breakdown", counts.project.parties[i].name),
                size_of(counts.items_about(i)), all);
}

void check_share_of_shares(const RawCounts& counts, const Figures& report) {
  std::int64_t all = 0, brand = 0, mentions = 0;
  for (std::size_t i = 0; i < counts.project.parties.size(); ++i)
    for (const auto* item : counts.items_about(i)) {
      all += item->post->shares;
      if (i == 0) brand += item->post->shares;
      ++mentions;
    }
  const auto share = report.figure("share_of_voice", "parts", "by engagement");
  check_share(share, brand, all);
  check_n(share, mentions, mentions);
}

void check_channels(const RawCounts& counts, const Figures& report) {
  std::map<std::string, double> channels;
  const auto heard = counts.heard_items();
  for (const auto* item : heard) ++channels[item->post->channel];
  double entropy = 0;
  for (const auto& [name, items] : channels) {
    const double share = items / static_cast<double>(heard.size());
    entropy -= share * std::log(share);
    check_share(report.figure("channel_breadth", "breakdown", name),
                static_cast<std::int64_t>(items), size_of(heard));
    CHECK(double{report.figure("listening_volume", "breakdown", name)["value"]} == items);
  }
  check_rounded(report.metric("channel_breadth")["value"], std::exp(entropy), 1);
  check_n(report.metric("channel_breadth"), size_of(heard), size_of(heard));
}

void check_voices(const RawCounts& counts, const Figures& report) {
  const auto heard = counts.heard_items();
  const auto authors = counts.items_by_author(heard);
  const auto voices = report.metric("unique_voices");
  CHECK(std::int64_t{voices["value"]} == size_of(authors));
  check_n(voices, size_of(heard), size_of(heard));
  check_ratio(report.figure("unique_voices", "parts", "posts each"), size_of(heard),
              size_of(authors));
  const auto names = entity_names(counts.project);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto figure = report.figure("unique_voices", "breakdown", names[i]);
    CHECK(std::int64_t{figure["value"]} == size_of(counts.items_by_author(counts.items_about(i))));
  }

  std::vector<int> items;
  for (const auto& [author, count] : authors) items.push_back(count);
  const auto concentration = report.metric("voice_concentration");
  check_rounded(concentration["value"], plain_gini(items), 2);
  check_n(concentration, size_of(authors), size_of(authors));
  std::ranges::sort(items, std::greater{});
  std::int64_t top = 0;
  for (std::size_t i = 0; 10 * i < items.size(); ++i) top += items[i];
  check_share(report.figure("voice_concentration", "parts", "posts of the top tenth of people"),
              top, size_of(heard));
}

void check_regions(const RawCounts& counts, const Figures& report) {
  std::map<std::string, std::int64_t> regions;
  for (const auto& place : counts.project.places) regions[place.region] = 0;
  std::int64_t placed = 0, reached = 0;
  const auto about = counts.items_about(0);
  for (const auto* item : about) {
    if (item->region.empty()) continue;
    ++regions[item->region];
    ++placed;
  }
  for (const auto& [region, items] : regions) {
    CHECK(std::int64_t{report.figure("geographic_reach", "breakdown", region)["value"]} == items);
    if (items >= 3) ++reached;
  }
  CHECK(std::int64_t{report.metric("geographic_reach")["value"]} == reached);
  check_n(report.metric("geographic_reach"), placed, size_of(about));
  check_share(report.figure("geographic_reach", "parts", "posts with a known region"), placed,
              size_of(about));
}

// ---- M40, M41: who comes back, who is new --------------------------------------------------

namespace {

std::set<std::string> people(const std::vector<const RawFact*>& facts) {
  std::set<std::string> names;
  for (const auto* fact : facts)
    if (!fact->owner) names.insert(fact->post->author);
  return names;
}

}  // namespace

void check_returning(const RawCounts& counts, const Figures& report, std::int64_t before) {
  const auto now = people(counts.items_about(0));
  std::vector<const RawFact*> earlier, old;
  for (const auto* fact : counts.known) {
    if (fact->post->at >= counts.window.begin) continue;
    old.push_back(fact);
    if (fact->post->at >= before && counts.in(*fact, 0)) earlier.push_back(fact);
  }
  const auto then = people(earlier);
  REQUIRE_FALSE(then.empty());
  const auto again =
      std::ranges::count_if(then, [&](const auto& name) { return now.contains(name); });
  check_share(report.metric("returning_voices"), again, size_of(then));

  const auto known = people(old);
  const auto fresh =
      std::ranges::count_if(now, [&](const auto& name) { return !known.contains(name); });
  check_share(report.metric("new_voices"), fresh, size_of(now));
  const auto history = counts.window.begin - counts.known.front()->post->at;
  check_rounded(report.figure("new_voices", "parts", "history before the window")["value"],
                static_cast<double>(history) / static_cast<double>(day), 1);
}

// ---- M26, M27, M28, M58: who gets an answer, and when -----------------------------------------

void check_response(const std::vector<RawWait>& inbox, const Figures& report) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> channels;  // answered, settled
  std::int64_t answered = 0, settled = 0;
  for (const auto& wait : inbox) {
    if (wait.observed < RawCounts::horizon) continue;
    auto& channel = channels[wait.fact->post->channel];
    ++settled, ++channel.second;
    if (wait.answered) ++answered, ++channel.first;
  }
  REQUIRE(answered > 0);
  const auto rate = report.metric("response_rate");
  check_share(rate, answered, settled);
  check_n(rate, settled, settled);
  const auto [low, high] = plain_wilson(answered, settled);
  check_rounded(rate["interval"]["low"], 100 * low, 1);
  check_rounded(rate["interval"]["high"], 100 * high, 1);

  double least = 1, most = 0;
  int compared = 0;
  for (const auto& [name, counts] : channels) {
    check_share(report.figure("response_rate", "breakdown", name), counts.first, counts.second);
    check_share(report.figure("channel_parity", "breakdown", name), counts.first, counts.second);
    if (counts.second < 10) continue;
    ++compared;
    const double share = static_cast<double>(counts.first) / static_cast<double>(counts.second);
    least = std::min(least, share);
    most = std::max(most, share);
  }
  if (compared < 2)
    CHECK(std::string_view{report.metric("channel_parity")["not_measurable"]}.starts_with(
        "fewer than two channels have 10 posts"));
  else
    check_rounded(report.metric("channel_parity")["value"], least / most, 2);
}

namespace {

/// The first time at which no more than this share still waits; none if more do to the end.
void check_quantile(simdjson::dom::element figure, const std::vector<PlainStep>& steps,
                    const std::vector<RawWait>& inbox, double waiting) {
  for (const auto& step : steps) {
    if (step.waiting > waiting + 1e-9) continue;
    CHECK(std::int64_t{figure["value"]} == step.time);
    return;
  }
  std::int64_t longest = 0;
  for (const auto& wait : inbox) longest = std::max(longest, wait.answered.value_or(wait.observed));
  CHECK(figure["value"].is_null());
  CHECK(std::int64_t{figure["more_than"]} == longest);
}

}  // namespace

void check_waits(const std::vector<RawWait>& inbox, const Figures& report) {
  const auto steps = plain_kaplan_meier(inbox);
  const auto median = report.metric("first_response_time");
  check_n(median, size_of(inbox), size_of(inbox));
  check_quantile(median, steps, inbox, 0.5);
  check_quantile(report.figure("first_response_time", "parts", "p90"), steps, inbox, 0.1);

  // Where the curve is within 1.96 of Greenwood's errors of one half.
  std::vector<std::size_t> near;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double error = steps[i].waiting * std::sqrt(steps[i].greenwood);
    if (std::abs(steps[i].waiting - 0.5) <= 1.959963984540054 * error) near.push_back(i);
  }
  REQUIRE_FALSE(near.empty());
  CHECK(std::int64_t{median["interval"]["low"]} == steps[near.front()].time);
  if (near.back() + 1 < steps.size())
    CHECK(std::int64_t{median["interval"]["high"]} == steps[near.back() + 1].time);
  else
    CHECK(median["interval"]["high"].is_null());
}

void check_targets(const RawProject& project, const std::vector<RawWait>& inbox,
                   const Figures& report) {
  std::int64_t kept = 0, due = 0;
  std::array<std::int64_t, 3> kept_of{}, due_of{};
  for (const auto& wait : inbox) {
    const auto priority = static_cast<std::size_t>(wait.fact->priority - 1);
    if (wait.observed < project.sla[priority]) continue;
    ++due, ++due_of[priority];
    if (wait.answered && *wait.answered <= project.sla[priority]) ++kept, ++kept_of[priority];
  }
  check_share(report.metric("sla_attainment"), kept, due);
  const std::array<std::string, 3> names{"1 (within 1 h)", "2 (within 4 h)", "3 (within 1 d)"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (due_of[i] > 0)
      check_share(report.figure("sla_attainment", "breakdown", names[i]), kept_of[i], due_of[i]);
}

// ---- M29, M44, M59, M64: what is said in answer ------------------------------------------------

void check_dialogue(const RawCounts& counts, const Figures& report) {
  std::int64_t turns = 0, threads = 0, longest = 0;
  for (const auto& thread : counts.threads()) {
    const bool replied = std::ranges::any_of(thread, [&](const RawFact* fact) {
      const auto at = fact->post->at;
      return counts.own_reply(*fact) && at >= counts.window.begin && at < counts.window.end;
    });
    if (!replied) continue;
    std::string speakers;
    for (const auto* fact : thread) {
      if (counts.by_brand(*fact) && fact->automatic) continue;
      const char speaker = counts.by_brand(*fact) ? 'b' : 'o';
      if (!speakers.ends_with(speaker)) speakers += speaker;
    }
    ++threads;
    turns += size_of(speakers);
    longest = std::max(longest, size_of(speakers));
  }
  REQUIRE(threads > 0);
  check_ratio(report.metric("dialogue_depth"), turns, threads);
  CHECK(double{report.figure("dialogue_depth", "parts", "longest")["value"]} ==
        static_cast<double>(longest));
  const auto replies = size_of(counts.own_replies());
  const auto roots = std::ranges::count_if(counts.posts, [&](const RawFact* fact) {
    return counts.by_brand(*fact) && fact->post->parent.empty();
  });
  check_share(report.figure("dialogue_depth", "parts", "dialogue ratio"), replies, replies + roots);
}

void check_responders(const RawCounts& counts, const Figures& report) {
  const auto replies = counts.own_replies();
  std::vector<int> by_handle;
  for (const auto& [handle, count] : counts.items_by_author(replies)) {
    by_handle.push_back(count);
    check_share(report.figure("responder_concentration", "breakdown", handle), count,
                size_of(replies));
  }
  std::ranges::sort(by_handle, std::greater{});
  check_share(report.metric("responder_concentration"), by_handle.front(), size_of(replies));
  std::int64_t handles = 0, sum = 0;
  while (2 * sum < size_of(replies)) sum += by_handle[static_cast<std::size_t>(handles++)];
  CHECK(double{report.figure("responder_concentration", "parts", "bus factor")["value"]} ==
        static_cast<double>(handles));
}

void check_continuity(const RawCounts& counts, const Figures& report,
                      const std::vector<std::int64_t>& mondays) {
  const auto replies = counts.own_replies();
  std::int64_t active = 0;
  for (std::size_t i = 0; i + 1 < mondays.size(); ++i)
    if (std::ranges::any_of(replies, [&](const RawFact* reply) {
          return reply->post->at >= mondays[i] && reply->post->at < mondays[i + 1];
        }))
      ++active;
  const auto continuity = report.metric("continuity");
  check_share(continuity, active, size_of(mondays) - 1);

  std::vector<std::int64_t> times{counts.window.begin};
  for (const auto* reply : replies) times.push_back(reply->post->at);
  times.push_back(std::min(counts.window.end, counts.window.now));
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < times.size(); ++i)
    longest = std::max(longest, times[i] - times[i - 1]);
  check_rounded(report.figure("continuity", "parts", "longest silence")["value"],
                static_cast<double>(longest) / static_cast<double>(day), 1);
}

void check_reciprocity(const RawArchive& archive, const RawCounts& counts, const Figures& report) {
  std::set<std::pair<std::string, std::string>> from_to;
  std::int64_t replies = 0, known = 0;
  for (const auto* fact : counts.posts) {
    if (fact->post->parent.empty() || (fact->owner && fact->automatic)) continue;
    const auto* parent = archive.find(fact->post->parent);
    const bool seen = parent != nullptr && parent->at < counts.window.now &&
                      parent->at >= counts.window.begin - RawCounts::horizon;
    if (seen && parent->author == fact->post->author) continue;
    ++replies;
    if (!seen) continue;
    ++known;
    from_to.emplace(fact->post->author, parent->author);
  }
  std::set<std::pair<std::string, std::string>> pairs;
  std::int64_t both = 0;
  for (const auto& [from, to] : from_to)
    if (pairs.insert(std::minmax(from, to)).second && from_to.contains({to, from})) ++both;
  check_share(report.metric("reciprocity"), both, size_of(pairs));
  check_share(report.figure("reciprocity", "parts", "replies between known people"), known,
              replies);
}

}  // namespace earshot::test
