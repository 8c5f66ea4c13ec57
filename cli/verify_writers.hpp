#pragma once

#include <string>

#include "store/post_store.hpp"

namespace earshot {

/// "1,000,000 posts, nothing amiss", or how many faults there are and what to do; one line.
std::string verify_line(const VerifyOutcome& outcome);

/// {"posts":1000000,"sound":false,"faults":["..."]}, one line.
std::string verify_json(const VerifyOutcome& outcome);

}  // namespace earshot
