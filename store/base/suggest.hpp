#pragma once

#include <span>
#include <string>
#include <string_view>

namespace earshot {

/// ", did you mean 'x'?" with the candidate that is nearest to `word`, to be put at the end of an
/// error; empty where none is near.
///
/// Near means that at most a third of the word's letters, and at least one, are wrong: inserted,
/// left out, replaced or swapped with their neighbour (Damerau's four slips, in the optimal string
/// alignment distance). ASCII letters are compared without case. Of equally near candidates the
/// first wins.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace earshot
