#include <fmt/format.h>

#include "analyze/conversations.hpp"
#include "analyze/declared.hpp"

namespace earshot {

namespace {

/// What an answer of that kind costs: the newest line of the spend file that is not after the
/// window, for a price holds until the next is declared.
std::optional<double> price_of(const MetricInput& input, std::string_view item) {
  const SpendRow* newest = nullptr;
  for (const auto& row : *input.files.spend)
    if (row.cost && same_name(row.item, item) && row.day < input.observed_end() &&
        (newest == nullptr || newest->day <= row.day))
      newest = &row;
  return newest == nullptr ? std::nullopt : newest->cost;
}

bool is_answer(const OwnItem& item) {
  return is_own(item) && !item.root;
}

struct Answers {
  std::uint64_t handled = 0, all = 0;

  Figure at(std::string name, double price) const {
    return {.name = std::move(name),
            .unit = Unit::money,
            .value = static_cast<double>(handled) * price,
            .n_used = handled,
            .n_eligible = all};
  }
};

MetricValue measure_cost(const MetricInput& input) {
  Answers answers;
  for (const auto& item : input.tallies.own) {
    answers.handled += is_own_reply(item);
    answers.all += is_answer(item);
  }
  const auto why_not = [&](std::string why) {
    return MetricValue{.figure = not_measurable({}, Unit::money, std::move(why), answers.all)};
  };
  if (!input.files.spend) return why_not(no_file("spend"));
  const auto here = price_of(input, "public answer");
  if (!here)
    return why_not(
        "the spend file does not say what a \"public answer\" costs: add a line with "
        "that item and the cost of one");
  if (answers.handled == 0) return why_not("no answers by the brand in the window");
  MetricValue value{.figure = answers.at({}, *here)};
  if (const auto elsewhere = price_of(input, "other channel answer")) {
    value.parts = {answers.at("by other channels", *elsewhere),
                   answers.at("saved", *elsewhere - *here)};
  } else {
    value.parts = {not_measurable("by other channels", Unit::money,
                                  "the spend file does not say what an \"other channel answer\" "
                                  "costs: add a line with that item and the cost of one",
                                  answers.all)};
  }
  return value;
}

std::string say(const MetricValue& value) {
  const auto& other = value.parts[0];
  auto cost = fmt::format("Answers in public: {}, at a cost of {:.2f}", value.figure.n_used,
                          *value.figure.value);
  if (other.value) cost += fmt::format("; by other channels it would be {:.2f}", *other.value);
  return cost + ".";
}

Weight weigh(const OwnItem& item, const Tallies&, const Project&) {
  const bool handled = is_own_reply(item);
  return {is_answer(item), handled, handled};
}

}  // namespace

/// The brand's answers of the window, automatic ones left out, x what a "public answer" costs by
/// the spend file; beside it the same answers x the cost of an "other channel answer", and the
/// difference. The newest line of an item up to the end of the window holds. n is answers. No value
/// without the file, the cost, or answers.
MetricDefinition service_cost() {
  return {.formula =
              "own replies x cost of a \"public answer\", against own replies x cost of an "
              "\"other channel answer\", by the spend file",
          .source = "ours: cost saved beside revenue earned",
          .misleading_when =
              "the costs are declared and not measured, or a public answer takes "
              "several replies",
          .measure = measure_cost,
          .reads = {Table::activity},
          .sentence = say,
          .evidence = {.own = weigh}};
}

}  // namespace earshot
