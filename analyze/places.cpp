#include "analyze/places.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace earshot {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// `count` numbers between commas, and nothing else.
std::optional<std::vector<double>> parse_numbers(std::string_view text, std::size_t count) {
  std::vector<double> numbers;
  while (true) {
    const auto comma = std::min(text.find(','), text.size());
    const auto part = trimmed(text.substr(0, comma));
    double number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
    numbers.push_back(number);
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  if (numbers.size() != count) return std::nullopt;
  return numbers;
}

/// False for what is no number, too.
bool on_earth(double latitude, double longitude) {
  return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;
}

/// What follows "box:"; nothing for a query.
std::optional<std::string_view> box_of(std::string_view pattern) {
  constexpr std::string_view prefix = "box:";
  if (!pattern.starts_with(prefix)) return std::nullopt;
  return pattern.substr(prefix.size());
}

}  // namespace

bool PlaceTable::Box::contains(double latitude, double longitude) const {
  const bool inside = west <= east ? longitude >= west && longitude <= east
                                   : longitude >= west || longitude <= east;  // over the date line
  return inside && latitude >= south && latitude <= north;
}

std::optional<PlaceTable::Box> PlaceTable::parse_box(std::string_view text) {
  const auto numbers = parse_numbers(text, 4);
  if (!numbers) return std::nullopt;
  const Box box{(*numbers)[0], (*numbers)[1], (*numbers)[2], (*numbers)[3]};
  if (!on_earth(box.south, box.west) || !on_earth(box.north, box.east) || box.south > box.north)
    return std::nullopt;
  return box;
}

Result<Done> PlaceTable::check(const std::string& pattern) {
  if (pattern.empty()) return Error{Error::Kind::config, "a pattern is missing"};
  if (const auto box = box_of(pattern)) {
    if (parse_box(*box)) return Done{};
    return Error{Error::Kind::config, "a box is box:SOUTH,WEST,NORTH,EAST in degrees"};
  }
  const auto compiled = QuerySet::compile(std::span{&pattern, 1});
  if (!compiled) return compiled.error();
  return Done{};
}

Result<PlaceTable> PlaceTable::create(const std::vector<PlaceRule>& rules) {
  std::vector<std::string> queries;
  std::vector<std::optional<Box>> boxes;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& [pattern, region] = rules[i];
    if (const auto checked = check(pattern); !checked)
      return Error{Error::Kind::config,
                   fmt::format("place {}, '{}': {}", i + 1, pattern, checked.error().message)};
    if (region.empty())
      return Error{Error::Kind::config,
                   fmt::format("place {}, '{}': its region has no name", i + 1, pattern)};
    const auto box = box_of(pattern);
    boxes.push_back(box ? parse_box(*box) : std::nullopt);
    queries.push_back(box ? "" : pattern);
  }
  auto compiled = QuerySet::compile(queries);
  if (!compiled) return compiled.error();
  PlaceTable table{*std::move(compiled)};
  table.boxes_ = std::move(boxes);
  return table;
}

std::optional<std::size_t> PlaceTable::find(std::string_view place, Scratch& scratch) const {
  if (boxes_.empty() || place.empty()) return std::nullopt;
  auto point = parse_numbers(place, 2);
  if (point && !on_earth((*point)[0], (*point)[1])) point.reset();
  if (!point) queries_.match({.text = place}, {}, scratch.query, scratch.hits);
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const bool hit =
        point ? boxes_[i] && boxes_[i]->contains((*point)[0], (*point)[1]) : scratch.hits[i] != 0;
    if (hit) return i;
  }
  return std::nullopt;
}

}  // namespace earshot
