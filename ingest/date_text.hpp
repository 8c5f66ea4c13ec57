#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/time.hpp"

namespace earshot {

/// How an archive spells its dates: `Mapping::date_format`, compiled once.
class DateFormat {
 public:
  /// "rfc3339", "rfc822", "unix", "unix_ms", or a pattern of %Y %y %m %d %H %I %M %S %p %z %a %b %%
  /// and literal characters that names at least a year, a month and a day. Nothing if it is none of
  /// these.
  static std::optional<DateFormat> compile(std::string_view format);

  /// The instant that `text` spells; nothing if it does not follow the format or does not exist (31
  /// February). In a pattern a space stands for any run of spaces, %z also reads `Z`, `+01:00` and
  /// the zone names of `parse_rfc822`, and a fraction after the seconds is skipped. %y is 1950 to
  /// 2049, %I an hour of twelve that %p tells to be AM or PM. Without a zone the time is UTC.
  std::optional<Instant> parse(std::string_view text) const;

 private:
  enum class Kind { rfc3339, rfc822, unix_seconds, unix_milliseconds, pattern };
  struct Step {
    bool literal;
    char letter;
  };

  explicit DateFormat(Kind kind) : kind_{kind} {}
  static std::optional<DateFormat> compile_pattern(std::string_view pattern);
  std::optional<Instant> parse_pattern(std::string_view text) const;

  Kind kind_;
  std::vector<Step> steps_;
};

/// `2026-08-01T09:30:00Z`, with `+10:00`, `+1000`, a zone name or nothing (UTC) in place of `Z`, a
/// space in place of `T`. Seconds may be left out, a fraction is skipped; a date alone is midnight
/// UTC. Source: RFC 3339 section 5.6, W3C date and time formats.
std::optional<Instant> parse_rfc3339(std::string_view text);

/// `Sat, 01 Aug 2026 09:30:00 +1000`: the weekday and the seconds are optional, a year of two
/// digits is 1950 to 2049, the zone is an offset or one of the common names. Source: RFC 2822
/// sections 3.3 and 4.3.
std::optional<Instant> parse_rfc822(std::string_view text);

}  // namespace earshot
