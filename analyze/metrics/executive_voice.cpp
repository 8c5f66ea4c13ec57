#include <algorithm>

#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

bool is_executive(const Handle& handle) {
  return same_name(handle.role, "executive");
}

/// The handle by which an own item was written; null if the post is no longer stored.
const Handle* handle_of(const OwnItem& item, const MetricInput& input) {
  const auto* account = input.accounts.find(item.author);
  if (account == nullptr || account->owner != brand_index || !account->handle) return nullptr;
  return &input.project.brand.handles[static_cast<std::size_t>(*account->handle)];
}

MetricValue measure_voice(const MetricInput& input) {
  std::uint64_t own = 0;
  std::uint64_t known = 0;
  std::uint64_t executive = 0;
  for (const auto& item : input.tallies.own) {
    if (!is_own(item)) continue;
    ++own;
    const auto* handle = handle_of(item, input);
    if (handle == nullptr) continue;
    ++known;
    if (is_executive(*handle)) ++executive;
  }
  std::string why;
  if (std::ranges::none_of(input.project.brand.handles, is_executive))
    why = "no handle is an executive's: add role = \"executive\" to theirs";
  else if (own == 0)
    why = why_no_own_posts(input.project);
  else if (known == 0)
    why = "the own posts of the window are no longer stored";
  if (!why.empty()) return {.figure = not_measurable({}, Unit::percent, std::move(why), own)};
  return {.figure = share_figure({}, Unit::percent, executive, known, own)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts and answers of yours came from an executive.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 posts and answers of yours, {} came from an executive.",
                     of_every_100(*figure.value));
}

std::vector<PostKey> executive_posts(const MetricInput& input) {
  std::vector<PostKey> keys;
  for (const auto& item : input.tallies.own) {
    if (!is_own(item)) continue;
    const auto* handle = handle_of(item, input);
    if (handle != nullptr && is_executive(*handle)) keys.push_back(item.key);
  }
  return keys;
}

}  // namespace

/// Own posts and answers by handles with the role "executive" / own posts and answers, bare shares
/// left out. No value if no handle has that role, or there are no own items.
MetricDefinition executive_voice() {
  return {.formula =
              "own posts and answers by handles with the role \"executive\" / own posts and "
              "answers",
          .source = "Altimeter: the executive sponsor (2013)",
          .misleading_when = "somebody else writes in the executive's name",
          .measure = measure_voice,
          .reads = {Table::activity, Table::accounts},
          .sentence = say,
          .evidence = {.posts = executive_posts}};
}

}  // namespace earshot
