#include "analyze/labelled_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "store/base/file.hpp"
#include "store/base/hash.hpp"

namespace earshot {
namespace {

constexpr std::array<std::string_view, 3> labels{"negative", "neutral", "positive"};

Result<LabelledText> read_line(std::string_view line, const std::string& path, std::size_t number) {
  const auto wrong = [&](std::string_view what) {
    return Error{Error::Kind::format, fmt::format("{}:{}: {}", path, number, what)};
  };
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return wrong("no tab between label and text");
  for (std::uint8_t label = 0; label < labels.size(); ++label)
    if (line.substr(0, tab) == labels[label]) return LabelledText{label, line.substr(tab + 1)};
  return wrong(fmt::format("unknown label '{}', expected negative, neutral or positive",
                           line.substr(0, tab).substr(0, 40)));
}

}  // namespace

Result<LabelledFile> read_labelled_file(const std::string& path) {
  auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  LabelledFile file;
  file.name = path.substr(path.rfind('/') + 1);
  file.bytes.assign(bytes->begin(), bytes->end());
  std::string_view rest{file.bytes.data(), file.bytes.size()};
  file.hash = hash_bytes(rest);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    auto row = read_line(line, path, number);
    if (!row) return row.error();
    file.rows.push_back(*row);
  }
  if (file.rows.empty())
    return Error{Error::Kind::format, fmt::format("{}: no labelled line in it", path)};
  return file;
}

}  // namespace earshot
