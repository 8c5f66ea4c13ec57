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
    if (error != std::errc{} || end != part.data() + part.size() || !(number >= -360) ||
        !(number <= 360))
      return std::nullopt;
    numbers.push_back(number);
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  if (numbers.size() != count) return std::nullopt;
  return numbers;
}

constexpr std::string_view box_prefix = "box:";

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
  if (box.south > box.north) return std::nullopt;
  return box;
}

Result<PlaceTable> PlaceTable::create(const std::vector<PlaceRule>& rules) {
  std::vector<std::string> queries;
  std::vector<std::optional<Box>> boxes;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& pattern = rules[i].pattern;
    const bool is_box = std::string_view{pattern}.starts_with(box_prefix);
    boxes.push_back(is_box ? parse_box(std::string_view{pattern}.substr(box_prefix.size()))
                           : std::nullopt);
    queries.push_back(is_box ? "" : pattern);
    const auto alone = QuerySet::compile(std::span{&queries.back(), 1});
    if (alone && (!is_box || boxes.back())) continue;
    return Error{Error::Kind::config,
                 fmt::format("place {}, '{}': {}", i + 1, pattern,
                             is_box ? "a box is box:SOUTH,WEST,NORTH,EAST in degrees"
                                    : alone.error().message)};
  }
  auto compiled = QuerySet::compile(queries);
  if (!compiled) return compiled.error();
  PlaceTable table{*std::move(compiled)};
  table.boxes_ = std::move(boxes);
  return table;
}

std::optional<std::size_t> PlaceTable::find(std::string_view place, Scratch& scratch) const {
  if (boxes_.empty() || place.empty()) return std::nullopt;
  const auto point = parse_numbers(place, 2);
  if (!point) queries_.match({.text = place}, {}, scratch.query, scratch.hits);
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const bool hit =
        point ? boxes_[i] && boxes_[i]->contains((*point)[0], (*point)[1]) : scratch.hits[i] != 0;
    if (hit) return i;
  }
  return std::nullopt;
}

}  // namespace earshot
