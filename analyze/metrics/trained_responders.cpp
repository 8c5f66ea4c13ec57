#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyze/conversations.hpp"
#include "analyze/declared.hpp"

namespace earshot {

namespace {

/// What is known of an account: nothing, or since when who answers with it is trained.
struct Training {
  bool known = false;
  std::optional<Instant> since;  ///< Nothing: not trained.
};

bool is_trained(const Training& training, Instant at) {
  return training.since && *training.since <= at;
}

Training training_of(const Account& account, const MetricInput& input) {
  const auto& handles = input.project.brand.handles;
  if (account.handle && handles[static_cast<std::size_t>(*account.handle)].trained)
    return {true, Instant::min()};
  if (!input.files.staff) return {account.handle.has_value(), {}};
  Training training;
  for (const auto& row : *input.files.staff) {
    if (!same_name(row.handle, account.name)) continue;
    training.known = true;
    if (!row.trained) continue;
    const auto from = row.from.value_or(Instant::min());
    training.since = std::min(training.since.value_or(from), from);
  }
  return training;
}

using Trainings = std::map<std::uint64_t, Training>;

Trainings trainings_of(const MetricInput& input) {
  Trainings trainings;
  for (const auto& account : input.accounts.all())
    if (account.owner == brand_index) trainings[account.author] = training_of(account, input);
  return trainings;
}

std::string why_not(const MetricInput& input, std::uint64_t replies) {
  const bool declared = std::ranges::any_of(input.project.brand.handles, &Handle::trained);
  if (!declared && !input.files.staff)
    return "nothing says who is trained: name a staff file under [files], or add trained = true to "
           "handles";
  if (replies == 0) return "no answers by the brand in the window";
  return {};
}

MetricValue measure_training(const MetricInput& input) {
  std::uint64_t replies = 0;
  std::uint64_t known = 0;
  std::uint64_t trained = 0;
  auto trainings = trainings_of(input);
  for (const auto& item : input.tallies.own) {
    if (!is_own_reply(item)) continue;
    ++replies;
    const auto& training = trainings[item.author];
    if (training.known) ++known;
    if (is_trained(training, item.key.posted_at)) ++trained;
  }
  auto why = why_not(input, replies);
  if (why.empty() && known == 0) why = "the staff file has no line for the accounts that answer";
  if (!why.empty()) return {.figure = not_measurable({}, Unit::percent, std::move(why), replies)};
  return {.figure = share_figure({}, Unit::percent, trained, known, replies)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} answers came from somebody trained for it.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 answers, {} came from somebody trained for it.",
                     of_every_100(*figure.value));
}

std::vector<PostKey> trained_answers(const MetricInput& input) {
  std::vector<PostKey> keys;
  auto trainings = trainings_of(input);
  for (const auto& item : input.tallies.own)
    if (is_own_reply(item) && is_trained(trainings[item.author], item.key.posted_at))
      keys.push_back(item.key);
  return keys;
}

}  // namespace

/// The brand's answers by accounts that were trained when they wrote them (a handle with `trained`,
/// or a line of the staff file whose `from` is not later) / those by accounts of which it is known.
/// With a staff file, accounts that it does not name are unknown; without one, every other handle
/// is untrained. No value if neither file nor handles say anything.
MetricDefinition trained_responders() {
  return {.formula = "own replies by trained handles / own replies by handles of which it is known",
          .source = "Cisco's playbook: certification",
          .misleading_when = "the staff list is stale, or several people share a handle",
          .measure = measure_training,
          .reads = {Table::activity, Table::accounts},
          .sentence = say,
          .evidence = {.posts = trained_answers}};
}

}  // namespace earshot
