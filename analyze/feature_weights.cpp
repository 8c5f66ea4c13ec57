#include "analyze/feature_weights.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "analyze/feature_rows.hpp"
#include "analyze/lexicon.hpp"
#include "analyze/normalise.hpp"

namespace earshot {
namespace {

constexpr std::array<std::string_view, 6> kind_names{"word", "pair",  "negated",
                                                     "run",  "style", "valence"};
constexpr std::array<std::string_view, style_features> style_names{
    "capitals", "exclamation marks", "question marks", "stretched words", "mentions",
    "links",    "hashtags",          "length"};

/// With the marks of `normalise` as people know them.
std::string shown(std::string_view normalised) {
  std::string name;
  for (const char c : normalised) {
    if (c == mention_mark)
      name += '@';
    else if (c == link_mark)
      name += "link";
    else
      name += c;
  }
  return name;
}

/// Takes features as `Summing` does, and finds out from their order what each of them is.
class Naming {
 public:
  Naming(const SentimentView& model, const Lexicon& lexicon, const TokenisedText& text,
         const TextStyle& style)
      : model_{model}, lexicon_{lexicon}, text_{text}, style_{style.capitals,  style.exclamations,
                                                              style.questions, style.elongations,
                                                              style.mentions,  style.links,
                                                              style.hashtags,  text.text().size()} {
    const std::string_view bytes = text.between_blanks();
    for (std::size_t at = 0; at < bytes.size(); next_character(bytes, at))
      characters_.push_back(at);
    characters_.push_back(bytes.size());
  }

  void word(std::uint32_t row) {
    if (token_ == text_.tokens().size()) return add_style(row);
    const Token& token = text_.tokens()[token_];
    const std::string name = shown(text_.text_of(token));
    switch (rows_of_token_++) {
      case 0:
        return add(FeatureKind::word, name, row);
      case 1:
        return add(FeatureKind::pair, before_ + ' ' + name, row);
      default:
        return add(FeatureKind::negated, name, row);
    }
  }

  void token(std::uint64_t hash, bool negated) {
    const Token& token = text_.tokens()[token_++];
    before_ = shown(text_.text_of(token));
    rows_of_token_ = 0;
    const WordSeen seen{hash, negated};
    const ValenceSums valence = lexicon_.sum({&seen, 1});
    valences_.emplace_back(negated ? "not " + before_ : before_, valence);
  }

  /// The third character has a run of three; from the fifth on each has one of three, then one of
  /// five.
  void character(std::uint32_t row) {
    const std::size_t length = five_next_ ? 5 : 3;
    add(FeatureKind::run, run_before(length), row);
    if (five_next_ || last_ < 5) {
      five_next_ = false;
      ++last_;
    } else {
      five_next_ = true;
    }
  }

  std::vector<FeatureWeight> weights(const FeatureCounts& counts) && {
    const double word_scale = scaled(model_.scales.word, counts.words);
    const double run_scale = scaled(model_.scales.character, counts.characters);
    for (FeatureWeight& each : weights_)
      each.weight *= each.kind == FeatureKind::run ? run_scale : word_scale;
    const SentimentScales& scales = model_.scales;
    const double valence_scale = scaled(1.0 / 100, counts.words);
    for (const auto& [name, valence] : valences_) {
      const double above = static_cast<double>(valence.positive) * valence_scale;
      const double below = static_cast<double>(valence.negative) * valence_scale;
      const double weight = (scales.positive_valence[1] - scales.positive_valence[0]) * above +
                            (scales.negative_valence[1] - scales.negative_valence[0]) * below;
      if (weight != 0) at(FeatureKind::valence, name).weight += weight;
    }
    return std::move(weights_);
  }

 private:
  static double scaled(double scale, std::size_t count) {
    return count == 0 ? 0 : scale / std::sqrt(static_cast<double>(count));
  }

  std::string run_before(std::size_t length) const {
    const std::size_t begin = characters_[last_ - length];
    return shown(text_.between_blanks().substr(begin, characters_[last_] - begin));
  }

  void add_style(std::uint32_t row) {
    const std::size_t which = styles_named_++;
    add(FeatureKind::style, fmt::format("{} {}", style_names[which], style_[which]), row);
  }

  FeatureWeight& at(FeatureKind kind, const std::string& name) {
    const auto [found, is_new] = places_.try_emplace({kind, name}, weights_.size());
    if (is_new) weights_.push_back({kind, name, 0});
    return weights_[found->second];
  }

  void add(FeatureKind kind, const std::string& name, std::uint32_t row) {
    at(kind, name).weight += positive_of(model_.weights[row]) - negative_of(model_.weights[row]);
  }

  const SentimentView& model_;
  const Lexicon& lexicon_;
  const TokenisedText& text_;
  std::vector<std::size_t> characters_;  ///< Where each begins, and the end of the last.
  std::array<std::size_t, style_features> style_;
  std::size_t token_ = 0, styles_named_ = 0;
  unsigned rows_of_token_ = 0;
  std::string before_;
  std::size_t last_ = 3;  ///< Characters up to the end of the next run.
  bool five_next_ = false;
  std::vector<std::pair<std::string, ValenceSums>> valences_;
  std::vector<FeatureWeight> weights_;
  std::map<std::pair<FeatureKind, std::string>, std::size_t> places_;  // looked up only
};

}  // namespace

std::string_view name_of(FeatureKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::vector<FeatureWeight> weigh_features(const SentimentView& model, std::string_view text) {
  std::string normalised;
  TokenisedText tokenised;
  const TextStyle style = normalise(text, normalised);
  tokenised.read(normalised);
  const Lexicon lexicon{model.lexicon};
  Naming naming{model, lexicon, tokenised, style};
  const FeatureCounts counts = take_features(tokenised, style, naming);
  return std::move(naming).weights(counts);
}

}  // namespace earshot
