#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace earshot {

/// The folder of external test data, or nothing: then a test says "skipped" and returns.
inline std::optional<std::string> test_data() {
  const char* folder = std::getenv("EARSHOT_TEST_DATA");
  if (folder == nullptr || *folder == '\0') return {};
  return std::string{folder};
}

}  // namespace earshot

/// At the start of a test that needs external data: names the folder, or says that the test is
/// skipped and ends it.
#define EARSHOT_TEST_DATA_OR_SKIP(name)                                          \
  const auto name##_found = earshot::test_data();                                \
  if (!name##_found) {                                                           \
    MESSAGE("skipped: EARSHOT_TEST_DATA names no folder of external test data"); \
    return;                                                                      \
  }                                                                              \
  const std::string& name = *name##_found
