#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/calendar.hpp"
#include "analyze/project.hpp"
#include "analyze/user_files.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// Where the user's own tables are, as [files] names them: "exposure", "traffic", "cases",
/// "survey", "followers", "staff", "spend", "milestones" to a path.
using UserFilePaths = std::map<std::string, std::string>;

/// Reads them all. Days are those of the calendar's zone, "2026-08-01"; when a case was opened and
/// resolved may be an instant of RFC 3339 too. An empty cell is nothing, but each row needs its day
/// (of staff, its handle). Errors (`config`): "views.csv:3: 'views': 'many' is not a number", a
/// file that can't be read; the first thing wrong, and only that.
Result<UserFiles> load_user_files(const UserFilePaths& paths, const Calendar& calendar);

/// The same of the bytes of one table that were read from `path`; `name` is a key of [files].
Result<Done> parse_user_file(std::string_view name, std::string_view bytes, const std::string& path,
                             const Calendar& calendar, UserFiles& files);

/// The table of places: pattern, region. Labels depend on it, so it comes with the config. Errors
/// as above; a pattern that can't be read is one.
Result<std::vector<PlaceRule>> load_places(const std::string& path);
Result<std::vector<PlaceRule>> parse_places(std::string_view bytes, const std::string& path);

}  // namespace earshot
