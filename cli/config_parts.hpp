#pragma once

#include <string>
#include <string_view>

#include "cli/config.hpp"
#include "cli/toml_reader.hpp"

namespace earshot {

// The parts of a config, each read from its tables at the top of the file. What is wrong becomes a
// complaint; what is missing keeps its default.

/// [project], [brand], [[competitor]], [[topic]], [[channel]]
void read_project(const TableReader& file, Project& project, Complaints& complaints);

/// [inbox]
void read_inbox(const TableReader& file, InboxRules& inbox, Complaints& complaints);

/// [[objective]], [[pilot]], [thresholds]
void read_goals(const TableReader& file, Project& project, Complaints& complaints);

/// [policy], [checklist]
void read_governance(const TableReader& file, Project& project, Complaints& complaints);

/// [fetch]
void read_fetch(const TableReader& file, Config& config, Complaints& complaints);

/// [[source]]
void read_sources(const TableReader& file, Config& config, Complaints& complaints);

/// [files], and the table of places that it names.
void read_files(const TableReader& file, Config& config, Complaints& complaints);

/// A path that a config names, from the folder of that config.
std::string beside(const std::string& config, const std::string& path);

/// A proxy that curl would not take.
void check_proxy(const TableReader& reader, const std::string& proxy);

/// A query that can't be read is found here, with its line, and not when the first post comes.
void check_query(const TableReader& reader, std::string_view key, const std::string& query);

/// The same of a local day, "2026-08-01".
void check_day(const TableReader& reader, std::string_view key, const std::string& day,
               const std::string& timezone);

}  // namespace earshot
