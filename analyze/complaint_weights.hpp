#pragma once

#include <array>
#include <cstdint>

#include "analyze/advocacy_cues.hpp"

namespace earshot {

/// What the first, the second and the third phrase of a cue add to the log-odds of a complaint,
/// in hundredths.
struct ComplaintCue {
  Cue cue;
  std::array<int, 3> steps;
};

/// Logistic regression with an L2 penalty of 1, fitted by Newton's method on the 2,042 posts of
/// danielpreotiuc/complaints-social-media (a training part; no licence stated) and 257 posts about
/// brands; the threshold gave the best F1 in a five-fold cross-validation over both. Twenty-odd
/// numbers over cues: with a weight for every word it did worse on posts left out (F1 .75 against
/// .77).
inline constexpr auto complaint_cues = std::to_array<ComplaintCue>({
    {Cue::fault, {168, 41, 0}},
    {Cue::mention, {181, 0, 0}},
    {Cue::condemn, {132, 0, 0}},
    {Cue::leave, {81, 0, 0}},
    {Cue::annoyance, {83, 36, 16}},
    {Cue::dealing, {93, 60, 2}},
    {Cue::casual, {-84, -98, -26}},
    {Cue::rhetorical, {61, 0, 0}},
    {Cue::request, {31, 0, 0}},
    {Cue::thanks, {23, 0, 0}},
    {Cue::no_thanks, {-62, 0, 0}},
    {Cue::purchase, {-31, 0, 0}},
    {Cue::suggestion, {-45, 0, 0}},
});

inline constexpr int complaint_question_mark = 62;
inline constexpr int complaint_question = -57;  ///< Found by its form, or
inline constexpr int complaint_request = -54;   ///< that.
inline constexpr int complaint_negative = 219;  ///< Times the probability of negative,
inline constexpr int complaint_positive = -43;  ///< and of positive.

/// By the number of words: under 6, 12, 18, 24, 30, and more.
inline constexpr std::array<int, 6> complaint_length{-121, -20, -3, 2, 30, 108};
inline constexpr int complaint_bias = -381;
inline constexpr int complaint_threshold = -85;  ///< A probability of .30.

}  // namespace earshot
