#include "cli/digest_state.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "ingest/date_text.hpp"
#include "store/base/file.hpp"

namespace earshot {

namespace {

constexpr std::string_view first_line = "earshot digest 1";

/// All of `text` as a number.
template <class Number>
bool read_number(std::string_view text, Number& number, int base) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, base);
  return read.ec == std::errc{} && read.ptr == end;
}

/// Reads one line behind the first. False for what no digest has written.
bool read_line(std::string_view line, DigestState& state) {
  const auto word = line.substr(0, 5);
  const auto rest = line.substr(word.size());
  if (word == "told ") {
    std::int64_t seconds = 0;
    PostKey key;
    const auto space = std::min(rest.find(' '), rest.size());
    if (space == rest.size() || !read_number(rest.substr(0, space), seconds, 10) ||
        !read_number(rest.substr(space + 1), key.id, 16))
      return false;
    key.posted_at = from_unix(seconds);
    state.told.push_back(key);
    return true;
  }
  if (word != "from " && word != "last ") return false;
  const auto at = parse_rfc3339(rest);
  if (at) (word == "from " ? state.from : state.last) = *at;
  return at.has_value();
}

}  // namespace

Result<DigestState> parse_digest_state(std::string_view bytes) {
  DigestState state;
  const auto wrong = [](int line) {
    return Error{Error::Kind::format, fmt::format("line {} is not of a digest's state", line)};
  };
  int number = 0;
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    ++number;
    const bool known = number == 1 ? line == first_line : read_line(line, state);
    if (!known || end == std::string_view::npos) return wrong(number);
    bytes.remove_prefix(end + 1);
  }
  if (state.from == Instant{} || state.last == Instant{}) return wrong(number + 1);
  std::ranges::sort(state.told);
  return state;
}

std::string format_digest_state(const DigestState& state) {
  auto text = fmt::format("{}\nfrom {}\nlast {}\n", first_line, format_instant(state.from),
                          format_instant(state.last));
  for (const auto& key : state.told)
    fmt::format_to(std::back_inserter(text), "told {} {:016x}\n", to_unix(key.posted_at), key.id);
  return text;
}

Result<std::optional<DigestState>> read_digest_state(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed) && !failed) return std::optional<DigestState>{};
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  if (bytes->empty()) return std::optional<DigestState>{};
  auto state = parse_digest_state(*bytes);
  if (!state)
    return Error{Error::Kind::format,
                 fmt::format("{}: {}; name another file, or remove it to begin anew", path,
                             state.error().message)};
  return std::optional<DigestState>{std::move(*state)};
}

}  // namespace earshot
