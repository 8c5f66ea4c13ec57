#include <fmt/format.h>

#include "analyze/moods.hpp"

namespace earshot {

namespace {

std::vector<Figure> shares_of(const Moods& counts, const std::optional<CorrectedShares>& corrected,
                              std::string_view suffix) {
  std::vector<Figure> shares;
  for (const auto sentiment : {Sentiment::positive, Sentiment::neutral, Sentiment::negative})
    shares.push_back(
        mood_figure(fmt::format("{}{}", name_of(sentiment), suffix), sentiment, counts, corrected));
  return shares;
}

/// The corrected shares in place of the counts.
void correct_ratio(const CorrectedShares& corrected, Figure& figure) {
  const auto share = [&](Sentiment sentiment) {
    return corrected.share[place_of(sentiment)].value;
  };
  const double negative = share(Sentiment::negative);
  const double positive = share(Sentiment::positive);
  figure.ratio.reset();
  figure.value.reset();
  if (negative > 0) figure.value = positive / negative;
  figure.words = fmt::format("{:.1f} : {:.1f} : {:.1f} %", positive * 100,
                             share(Sentiment::neutral) * 100, negative * 100);
}

MetricValue measure_ratio(const MetricInput& input) {
  const auto counts = count_moods(input.tallies, brand_scope);
  const auto [negative, neutral, positive] = counts.judged;
  const auto judged = sum_of(counts.judged);
  if (judged == 0) return {.figure = no_mood({}, Unit::ratio, counts.all())};
  MetricValue value;
  // Positive to negative; without a negative one there is no such number, but still three counts.
  value.figure = mean_figure({}, Unit::ratio, positive, negative, counts.all());
  value.figure.n_used = judged;
  value.figure.words = fmt::format("{} : {} : {}", positive, neutral, negative);
  const auto corrected = correct_moods(input, counts);
  value.parts = shares_of(counts, corrected, "");
  if (!corrected) return value;
  correct_ratio(*corrected, value.figure);
  for (auto& plain : shares_of(counts, {}, ", as labelled")) value.parts.push_back(plain);
  return value;
}

std::string say(const MetricValue& value) {
  const auto& positive = value.parts[0];
  const auto& neutral = value.parts[1];
  const auto& negative = value.parts[2];
  if (!positive.ratio)
    return fmt::format(
        "Of every 100 posts about you, about {} were positive, {} neutral and {} negative, the "
        "model's errors taken out.",
        of_every_100(*positive.value), of_every_100(*neutral.value), of_every_100(*negative.value));
  return fmt::format("Of {} posts about you, {} were positive, {} neutral and {} negative.",
                     value.figure.n_used, positive.ratio->numerator, neutral.ratio->numerator,
                     negative.ratio->numerator);
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(brand_scope)) return {};
  const auto sentiment = fact.about(brand_index)->sentiment;
  return {1, sentiment != Sentiment::unsupported, sentiment == Sentiment::positive};
}

}  // namespace

/// Positive : neutral : negative items about the brand, by the sentiment toward it. As one number,
/// positive to negative; none if no item is negative. With an audit of the labels the shares are
/// corrected for their errors, and stand beside those that were counted.
MetricDefinition sentiment_ratio() {
  return {.formula =
              "count(B, positive) : count(B, neutral) : count(B, negative); the number is "
              "positive / negative",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when = "people are sarcastic, or news copy is read as a mood",
          .measure = measure_ratio,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
