#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/analyze/counted.hpp"

// Small corpora for the metrics of service: who asks, who answers, and what is said next.

namespace earshot::test {

/// Asks the brand something.
inline Said asks(std::string id, Instant at, std::string author, std::string channel = "forum") {
  return {.id = std::move(id),
          .at = at,
          .author = std::move(author),
          .channel = std::move(channel),
          .about = {{brand_index}},
          .intents = {Intent::question}};
}

/// Answers a post.
inline Said answers(std::string id, Instant at, std::string author, std::string parent,
                    std::string channel = "forum") {
  return {.id = std::move(id),
          .at = at,
          .author = std::move(author),
          .channel = std::move(channel),
          .parent = std::move(parent)};
}

/// The same by a handle of the brand.
inline Said replies(std::string id, Instant at, std::string parent,
                    std::string handle = "greenbasket", std::string channel = "forum") {
  auto said = answers(std::move(id), at, std::move(handle), std::move(parent), std::move(channel));
  said.owner = brand_index;
  return said;
}

inline Said with(Said said, Intent intent) {
  said.intents.push_back(intent);
  return said;
}
inline Said with(Said said, Mark mark) {
  said.marks.push_back(mark);
  return said;
}
inline Said with(Said said, Sentiment sentiment, Stance stance = Stance::none) {
  said.about = {{brand_index, sentiment, stance}};
  return said;
}

/// The project of green_basket.hpp with other posts in its two weeks.
inline Counted counted_of(const std::vector<Said>& posts, Instant now = later,
                          Window window = this_fortnight()) {
  Counted counted;
  counted.store = make_labelled_store(posts, entities_of(counted.project));
  counted.now = tally(*counted.store, counted.project, window, now);
  counted.before = tally(*counted.store, counted.project, fortnight_before(), now);
  return counted;
}

inline Figure part(const MetricValue& value, std::string_view name) {
  for (const auto& figure : value.parts)
    if (figure.name == name) return figure;
  FAIL("no part ", std::string{name});
  return {};
}

}  // namespace earshot::test
