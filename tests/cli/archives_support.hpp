#pragma once

#include <doctest/doctest.h>
#include <string>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/raw_archive_checks.hpp"

namespace earshot::test {

inline const std::string source_tree = EARSHOT_SOURCE_DIR;

/// `name` is that of an archive, of its config and of its mapping.
inline std::string example_config(const std::string& name) {
  return source_tree + "/configs/examples/" + name + ".toml";
}

/// What `ingest` says; the posts are labelled then.
inline std::string ingest_and_label(const TemporaryFolder& folder, const std::string& config,
                                    const std::string& mapping, const std::string& archive) {
  const auto ingested = run_earshot(
      folder, {"ingest", "--config", config, "--store", "store", "--mapping", mapping, archive});
  CHECK(ingested.exit_code == 0);
  CHECK(run_earshot(folder, {"analyze", "--config", config, "--store", "store"}).exit_code == 0);
  return ingested.out;
}

inline std::string ingest_and_label(const TemporaryFolder& folder, const std::string& name,
                                    const std::string& archive) {
  return ingest_and_label(folder, example_config(name),
                          source_tree + "/configs/mappings/" + name + ".toml", archive);
}

/// The report on a window of local days, as if it were `now`.
inline std::string report_on(const TemporaryFolder& folder, const std::string& config,
                             const std::string& since, const std::string& until,
                             const std::string& now = "2020-01-01T00:00:00Z") {
  const auto ran =
      run_earshot(folder, {"report", "--config", config, "--store", "store", "--format", "json",
                           "--since", since, "--until", until, "--now", now, "--compare", "none"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.err.empty());
  return ran.out;
}

}  // namespace earshot::test
