#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <stdlib.h>  // NOLINT: mkdtemp is POSIX

namespace earshot {

/// A folder of its own for a test, gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "earshot-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string operator/(const std::string& name) const { return file(name); }

  /// Writes a file, with the folders above it, and returns its path.
  std::string write(const std::string& name, const std::string& bytes) const {
    const auto to = path_ / name;
    std::filesystem::create_directories(to.parent_path());
    std::ofstream{to, std::ios::binary} << bytes;
    return to.string();
  }

  std::string read(const std::string& name) const {
    std::ostringstream bytes;
    bytes << std::ifstream{path_ / name, std::ios::binary}.rdbuf();
    return bytes.str();
  }

  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }

 private:
  std::filesystem::path path_;
};

}  // namespace earshot
