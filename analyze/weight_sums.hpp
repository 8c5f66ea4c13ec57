#pragma once

#include <array>
#include <cstdint>

#include "analyze/sentiment_file.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot {

/// Eight rows' weights.
using EightWeights = std::array<SentimentWeight, 8>;

/// Sums of weights, of negative and of positive apart; of integers, so that their order can't
/// change them. Holds those of a text of 16 MB. SSE2 where there is (every x86-64), else one by one
/// with the same sums.
class WeightSums {
 public:
  void add(SentimentWeight weight) {
    negative_ += negative_of(weight);
    positive_ += positive_of(weight);
  }

#if defined(__SSE2__)
  void add(const EightWeights& w) {
    const __m128i both = _mm_set_epi16(w[7], w[6], w[5], w[4], w[3], w[2], w[1], w[0]);
    const __m128i one = _mm_set1_epi16(1);
    const __m128i negative = _mm_srai_epi16(_mm_slli_epi16(both, 8), 8);
    const __m128i positive = _mm_srai_epi16(both, 8);
    negatives_ = _mm_add_epi32(negatives_, _mm_madd_epi16(negative, one));
    positives_ = _mm_add_epi32(positives_, _mm_madd_epi16(positive, one));
  }

  std::int64_t negative() const {
    return negative_ + sum_of(negatives_);
  }
  std::int64_t positive() const {
    return positive_ + sum_of(positives_);
  }

 private:
  static std::int64_t sum_of(__m128i four) {
    alignas(16) std::array<std::int32_t, 4> sums{};
    _mm_store_si128(reinterpret_cast<__m128i*>(sums.data()), four);
    return std::int64_t{sums[0]} + sums[1] + sums[2] + sums[3];
  }

  __m128i negatives_ = _mm_setzero_si128(), positives_ = _mm_setzero_si128();
#else
  void add(const EightWeights& weights) {
    for (const SentimentWeight weight : weights) add(weight);
  }

  std::int64_t negative() const {
    return negative_;
  }
  std::int64_t positive() const {
    return positive_;
  }

 private:
#endif
  std::int64_t negative_ = 0, positive_ = 0;
};

}  // namespace earshot
