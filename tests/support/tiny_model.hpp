#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <string_view>

#include "analyze/sentiment.hpp"
#include "analyze/train.hpp"
#include "tests/support/temporary_folder.hpp"

namespace earshot {

/// A sentiment model fitted on a few lines in a moment, for tests that need one and don't care how
/// good it is.
inline const SentimentModel& tiny_model() {
  static const SentimentModel model = [] {
    const TemporaryFolder folder;
    std::ofstream lines{folder / "lines.tsv"};
    for (int i = 0; i < 10; ++i)
      lines << "positive\tI love this wonderful shop, great service\n"
            << "negative\tI hate this terrible shop, awful service\n"
            << "neutral\tthe shop opens at nine on Monday\n";
    lines.close();
    const TrainRequest request{.train = {{.file = {folder / "lines.tsv"}}},
                               .calibrate = {folder / "lines.tsv"},
                               .languages = {{'d', 'e'}, {'e', 'n'}, {'e', 's'}},
                               .name = "tiny",
                               .output = folder / "tiny.model"};
    const auto trained = train_sentiment(request, [](std::string_view) {});
    REQUIRE_MESSAGE(trained.has_value(), (trained ? "" : trained.error().message));
    auto loaded = SentimentModel::load(request.output);
    REQUIRE_MESSAGE(loaded.has_value(), (loaded ? "" : loaded.error().message));
    return *std::move(loaded);
  }();
  return model;
}

}  // namespace earshot
