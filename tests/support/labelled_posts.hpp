#pragma once

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

/// The tab-separated fields of each line of a file; empty if there is no such file.
inline std::vector<std::vector<std::string>> read_labelled_posts(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> fields{1};
    for (const char byte : line) {
      if (byte == '\t')
        fields.emplace_back();
      else
        fields.back().push_back(byte);
    }
    rows.push_back(std::move(fields));
  }
  return rows;
}

/// The folder of external data sets, empty where there is none.
inline std::string test_data_folder() {
  const char* folder = std::getenv("EARSHOT_TEST_DATA");
  return folder == nullptr ? std::string{} : std::string{folder};
}
