#include "cli/verify_writers.hpp"

#include <fmt/format.h>

#include "cli/json_object.hpp"
#include "cli/numbers.hpp"
#include "store/base/json_text.hpp"

namespace earshot {

std::string verify_line(const VerifyOutcome& outcome) {
  const auto posts = counted(outcome.posts, "post", "posts");
  if (outcome.faults.empty()) return posts + ", nothing amiss\n";
  return fmt::format("{}, {}; restore the store from a copy\n", posts,
                     counted(outcome.faults.size(), "fault", "faults"));
}

std::string verify_json(const VerifyOutcome& outcome) {
  std::string json;
  JsonObject object{json};
  object.number("posts", outcome.posts).boolean("sound", outcome.faults.empty());
  auto& out = object.member("faults");
  out += '[';
  for (const auto& fault : outcome.faults) {
    if (&fault != &outcome.faults.front()) out += ',';
    append_json_string(out, fault);
  }
  out += ']';
  object.end();
  return json + "\n";
}

}  // namespace earshot
