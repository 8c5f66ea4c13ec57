#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/features.hpp"
#include "analyze/tokens.hpp"
#include "store/base/result.hpp"
#include "store/labels.hpp"

namespace earshot {

/// What the model thinks of a text.
struct SentimentScore {
  Sentiment sentiment = Sentiment::neutral;
  std::uint16_t permille = 0;  ///< Calibrated probability of `sentiment`, 0 to 1000.
  std::uint16_t negative_permille = 0;
  std::uint16_t positive_permille = 0;
};

/// Logits of negative and of positive, against neutral's.
using SentimentLogits = std::array<double, 2>;

class MappedFile;
struct SentimentView;

/// A linear model over hashed n-grams of the normalised text (`normalise.hpp`) and the valences of
/// its words (`lexicon.hpp`). Immutable once loaded, safe to share between threads; scores are
/// bit-for-bit the same everywhere.
class SentimentModel {
 public:
  struct Tables;

  SentimentModel(SentimentModel&&) noexcept;
  SentimentModel& operator=(SentimentModel&&) noexcept;
  ~SentimentModel();

  /// Maps the file; it may be replaced, but must not be written into, while the model lives.
  /// Errors: `config` (no such file, not a model, damaged: the checksum differs), `store_newer`
  /// never.
  static Result<SentimentModel> load(const std::string& path);

  /// The same from the bytes of such a file; `path` is for the errors.
  static Result<SentimentModel> parse(std::string_view bytes, const std::string& path);

  /// Name and version, as in the model's file: "sentiment-en-2026.11".
  const std::string& name() const;

  /// Hash of the file's bytes.
  std::uint64_t hash() const;

  /// Text buffers between calls, so that scoring allocates nothing; one a thread.
  struct Scratch {
    std::string normalised;
    TokenisedText text;  ///< The text scored last, whatever came of it.
    std::vector<WordSeen> seen;
  };

  /// True if the model was fitted on posts in this language, or the language is unknown, or the
  /// model does not say what it was fitted on.
  bool speaks(const Lang& lang) const;

  SentimentScore score(std::string_view text, Scratch& scratch) const;

  /// The same; `unsupported`, and no probability, in a language that the model does not speak.
  SentimentScore score(std::string_view text, const Lang& lang, Scratch& scratch) const;

  /// What `score` takes its probabilities from; `softmax` turns one into the other.
  SentimentLogits logits(std::string_view text, Scratch& scratch) const;

  /// The tables of its file; they live as long as the model.
  const SentimentView& view() const;

 private:
  static Result<SentimentModel> over(MappedFile file, const std::string& path);
  explicit SentimentModel(std::unique_ptr<Tables> tables);
  std::unique_ptr<Tables> tables_;
};

}  // namespace earshot
