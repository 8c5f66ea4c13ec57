#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "store/base/result.hpp"

namespace earshot {

/// The bytes of a config or mapping file. Error `config`, with the path.
Result<std::string> read_text_file(const std::string& path);

/// Parsed; `path` is how messages call the file. Error `config`, with file:line.
Result<toml::table> parse_toml(std::string_view bytes, const std::string& path);

/// What is wrong with a TOML file. The first complaint counts; whoever reads goes on as if nothing
/// had happened.
class Complaints {
 public:
  explicit Complaints(std::string file) : file_{std::move(file)} {}

  void add(const toml::node& where, std::string_view message);
  void add(const toml::source_region& where, std::string_view message);

  const std::optional<Error>& first() const { return first_; }

 private:
  std::string file_;
  std::optional<Error> first_;
};

/// One table of a file, read key by key into variables that already hold their defaults. A key that
/// is not among `known` is a complaint with a did-you-mean, and so is a value of the wrong type.
class TableReader {
 public:
  /// `place` is how the table is called in messages: "[brand]", "[[source]]"; empty for the top of
  /// the file.
  TableReader(const toml::table& table, std::string_view place,
              std::initializer_list<std::string_view> known, Complaints& complaints)
      : TableReader{table, place, std::span{known.begin(), known.size()}, complaints} {}
  TableReader(const toml::table& table, std::string_view place,
              std::span<const std::string_view> known, Complaints& complaints);

  const toml::table& table() const { return table_; }
  bool has(std::string_view key) const { return table_.contains(key); }

  void read(std::string_view key, std::string& into) const;
  void read(std::string_view key, bool& into) const;
  void read(std::string_view key, double& into) const;
  void read(std::string_view key, std::uint64_t& into) const;
  void read(std::string_view key, std::chrono::seconds& into) const;  ///< "30m", "4h", "7d"
  void read(std::string_view key, std::vector<std::string>& into) const;

  /// Like `read`, and a complaint if the key is missing or empty.
  void require(std::string_view key, std::string& into) const;

  /// The table or list under a key, null if there is none.
  const toml::table* table_at(std::string_view key) const;
  const toml::array* array_at(std::string_view key) const;
  /// The tables of a list written as [[key]].
  std::vector<const toml::table*> tables_at(std::string_view key) const;

  void complain(std::string_view key,
                std::string_view message) const;  ///< At the key's line, or the table's without it.

 private:
  const toml::node* find(std::string_view key) const;
  void expected(const toml::node& node, std::string_view key, std::string_view type) const;

  const toml::table& table_;
  std::string place_;
  Complaints& complaints_;
};

}  // namespace earshot
