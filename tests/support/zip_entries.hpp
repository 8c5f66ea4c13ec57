#pragma once

#include <map>
#include <string>

namespace earshot::test {

/// The files of a ZIP archive by name, unpacked: what a test needs to look into one. Fails the test
/// case on what it does not understand.
std::map<std::string, std::string> zip_entries(const std::string& bytes);

}  // namespace earshot::test
