#pragma once

#include <array>

namespace earshot {

/// Probabilities of negative, neutral and positive for these logits of negative and positive
/// against neutral. Made of additions, multiplications and divisions alone, whose results IEEE 754
/// fixes, so they are the same on every machine; libm's exp is not.
std::array<double, 3> softmax(double negative, double positive);

}  // namespace earshot
