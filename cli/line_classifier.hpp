#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "analyze/sentiment.hpp"
#include "cli/line_reader.hpp"

namespace earshot {

/// Turns lines into labelled JSON lines:
/// `{"sentiment":"positive","sentiment_p":0.912,"stance":"none","intents":[],"lang":"en"}`.
/// Immutable; safe to call from several threads at once, with a scratch each.
class LineClassifier {
 public:
  enum class Format { text, jsonl };

  /// `field` holds the text in each object of jsonl. `model` must outlive the classifier.
  LineClassifier(const SentimentModel& model, Format format, std::string field);

  /// Buffers between calls; one a thread.
  class Scratch {
   public:
    Scratch();
    ~Scratch();

   private:
    friend class LineClassifier;
    struct State;
    std::unique_ptr<State> state_;
  };

  /// Appends one line for each of `lines`, in the same order, and returns how many were bad:
  /// `{"error":"..."}` in their place. An object's `id` is carried over as it is written; its
  /// `lang` is believed where it names a language.
  std::uint64_t classify(std::span<const InputLine> lines, Scratch& scratch,
                         std::string& out) const;

 private:
  struct Entry;
  Entry read(const InputLine& line, Scratch::State& state) const;

  const SentimentModel& model_;
  Format format_;
  std::string field_;
};

}  // namespace earshot
