#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyze/project.hpp"
#include "analyze/query.hpp"

namespace earshot {

/// Tells regions from the places that posts name: coordinates, country codes, free text. Immutable;
/// safe to share between threads.
class PlaceTable {
 public:
  /// Error `config`: "place 3, 'box:1,2': ...", counted from 1.
  static Result<PlaceTable> create(const std::vector<PlaceRule>& rules);

  /// What is wrong with a pattern, without its place. Error `config`: "column 3: missing ')'".
  static Result<Done> check(const std::string& pattern);

  struct Scratch {
    QuerySet::Scratch query;
    std::vector<std::uint8_t> hits;
  };

  /// The index of the first rule that the place matches. "lat,lon" is looked up in boxes, all else
  /// by queries over its text.
  std::optional<std::size_t> find(std::string_view place, Scratch& scratch) const;

 private:
  struct Box {
    double south = 0, west = 0, north = 0, east = 0;
    bool contains(double latitude, double longitude) const;
  };
  explicit PlaceTable(QuerySet queries) : queries_{std::move(queries)} {}
  static std::optional<Box> parse_box(std::string_view text);

  QuerySet queries_;                       ///< One a rule; empty for boxes.
  std::vector<std::optional<Box>> boxes_;  ///< One a rule.
};

}  // namespace earshot
