#include "analyze/standpoint.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <tuple>
#include <utility>

#include "store/own_rows.hpp"

namespace earshot {

namespace {

/// Gives the competitor the brand's number, and the brand his.
class Swap {
 public:
  explicit Swap(EntityIndex competitor) : competitor_{competitor} {}

  void operator()(EntityIndex& entity) const {
    if (entity == brand_index)
      entity = competitor_;
    else if (entity == competitor_)
      entity = brand_index;
  }

  void operator()(Scope& scope) const {
    if (scope.kind == Scope::Kind::entity) (*this)(scope.entity);
  }

  void operator()(EntityList& entities) const {
    for (auto& entity : entities) (*this)(entity);
    std::ranges::sort(entities);
  }

 private:
  EntityIndex competitor_;
};

bool only_of_brand(Scope scope) {
  return scope.kind == Scope::Kind::brand_and_entity ||
         scope.kind == Scope::Kind::brand_and_department ||
         scope.kind == Scope::Kind::brand_or_topic;
}

void swap_counts(Tallies& tallies, const Swap& swap) {
  std::erase_if(tallies.cube, [](const CubeRow& row) { return only_of_brand(row.scope); });
  for (auto& row : tallies.cube) swap(row.scope);
  std::ranges::sort(tallies.cube, {}, [](const CubeRow& row) {
    return std::tuple{row.bucket, row.channel, row.scope,   row.sentiment,
                      row.stance, row.intent,  row.filtered};
  });
  for (auto& row : tallies.audience) swap(row.scope);
  std::ranges::sort(tallies.audience, {}, [](const AudienceRow& row) {
    return std::tuple{row.scope, row.items, row.recommends, row.warns};
  });
  for (auto& row : tallies.authors) swap(row.scope);
  std::ranges::sort(tallies.authors, {}, [](const AuthorRow& row) {
    return std::tuple{row.author, row.scope};
  });
}

void swap_posts(Tallies& tallies, const Swap& swap) {
  for (auto& item : tallies.own) {
    swap(item.owner);
    swap(item.entities);
  }
  for (auto& item : tallies.inbox) {
    swap(item.owner);
    swap(item.entities);
  }
  for (auto& row : tallies.answers) swap(row.owner);
  for (auto& row : tallies.threads) swap(row.owner);
  for (auto& row : tallies.accounts) swap(row.owner);
  std::ranges::sort(tallies.accounts, {}, [](const AccountRow& row) {
    return std::tuple{row.author, row.owner};
  });
}

/// Stances and raised items, which are the brand's alone, have not been copied.
void forget_brand(History& history) {
  std::erase_if(history.quarters, [](const QuarterRow& row) { return row.scope == brand_scope; });
  for (auto& voice : history.voices) voice.brand_before = 0;
}

}  // namespace

Standpoints::Standpoints(const MetricInput& input, Tables tables)
    : input_{input}, tables_{tables}, now_{rows_by_owner(input.tallies)} {
  if (input.other != nullptr) other_ = rows_by_owner(*input.other);
}

Standpoints::Rows Standpoints::rows_by_owner(const Tallies& tallies) const {
  const auto numbers = [&](Tables any, const auto& rows) {
    Numbers of(tallies.request.entities.size());
    if (tables_.has_any(any))
      for (std::uint32_t i = 0; i < rows.size(); ++i)
        if (rows[i].owner < of.size()) of[rows[i].owner].push_back(i);
    return of;
  };
  return {.own = numbers(own_tables, tallies.own),
          .inbox = numbers(inbox_tables, tallies.inbox),
          .answers = numbers({Table::answers}, tallies.answers)};
}

/// A copy of what is no table, and of the tables; of own posts, inboxes and answers, the
/// competitor's.
Tallies Standpoints::copied(const Tallies& from, const Rows& rows, EntityIndex competitor) const {
  Tallies to{.request = from.request};
  to.request.tables = tables_;
  const auto copy = [&](Table table, auto member) {
    if (tables_.has(table)) to.*member = from.*member;
  };
  const auto copy_his = [&](const Numbers& numbers, auto member) {
    (to.*member).reserve(numbers[competitor].size());
    for (const auto number : numbers[competitor]) (to.*member).push_back((from.*member)[number]);
  };
  copy(Table::cube, &Tallies::cube);
  copy(Table::audience, &Tallies::audience);
  copy(Table::authors, &Tallies::authors);
  copy_his(rows.own, &Tallies::own);
  copy_his(rows.inbox, &Tallies::inbox);
  copy_his(rows.answers, &Tallies::answers);
  copy(Table::newcomers, &Tallies::newcomers);
  copy(Table::threads, &Tallies::threads);
  copy(Table::accounts, &Tallies::accounts);
  copy(Table::links, &Tallies::links);
  to.coverage = from.coverage;
  to.channels = from.channels;
  to.labels = from.labels;
  to.history.begin = from.history.begin;
  const auto copy_history = [&](Table table, auto member) {
    if (tables_.has(table)) to.history.*member = from.history.*member;
  };
  copy_history(Table::quarters, &History::quarters);
  copy_history(Table::voices, &History::voices);
  copy_history(Table::channels_before, &History::channels_before);
  to.collapsed = from.collapsed;
  to.fingerprint = from.fingerprint;
  return to;
}

Tallies Standpoints::swapped(const Tallies& tallies, const Rows& rows,
                             EntityIndex competitor) const {
  auto seen = copied(tallies, rows, competitor);
  auto& entities = seen.request.entities;
  std::swap(entities[brand_index].name, entities[competitor].name);
  const Swap swap{competitor};
  swap_counts(seen, swap);
  swap_posts(seen, swap);
  forget_brand(seen.history);
  return seen;
}

Standpoint Standpoints::of(EntityIndex competitor) const {
  assert(competitor > brand_index && competitor <= input_.project.competitors.size());
  Standpoint standpoint{.tallies = swapped(input_.tallies, now_, competitor),
                        .other = {},
                        .project = input_.project,
                        .accounts = {},
                        .files = {},
                        .calendar = input_.calendar,
                        .correction = input_.correction};
  if (input_.other != nullptr) standpoint.other = swapped(*input_.other, other_, competitor);
  auto& project = standpoint.project;
  std::swap(project.brand, project.competitors[static_cast<std::size_t>(competitor) - 1]);
  project.channels.clear();
  auto accounts = input_.accounts.all();
  for (auto& account : accounts) Swap{competitor}(account.owner);
  standpoint.accounts = Accounts::of(std::move(accounts));
  return standpoint;
}

bool tells_of_competitors(const Metric& metric) {
  static constexpr std::array<std::string_view, 26> names{"share_of_voice",
                                                          "sentiment_ratio",
                                                          "net_sentiment",
                                                          "cadence",
                                                          "amplification",
                                                          "applause",
                                                          "conversation_rate",
                                                          "earned_owned_ratio",
                                                          "response_rate",
                                                          "first_response_time",
                                                          "sla_attainment",
                                                          "dialogue_depth",
                                                          "net_advocacy",
                                                          "confirmed_resolution",
                                                          "resolution_time",
                                                          "tone_recovery",
                                                          "purchase_intent_share",
                                                          "backlog",
                                                          "responder_concentration",
                                                          "service_consistency",
                                                          "tone_spread",
                                                          "escalation_time",
                                                          "channel_parity",
                                                          "continuity",
                                                          "actionable_share",
                                                          "original_content"};
  return std::ranges::find(names, metric.name) != names.end();
}

}  // namespace earshot
