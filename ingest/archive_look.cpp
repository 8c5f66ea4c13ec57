#include "ingest/archive_look.hpp"

#include <algorithm>
#include <filesystem>

#include "ingest/csv.hpp"
#include "ingest/input.hpp"
#include "ingest/json_list.hpp"
#include "ingest/mail_text.hpp"
#include "ingest/packed.hpp"
#include "ingest/twitter_files.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t bytes_looked_at = 64U << 10U;
constexpr int lines_looked_at = 50;
constexpr int records_looked_at = 20;

using Names = std::vector<std::string>;

std::size_t shared(const Names& layout, const Names& names) {
  return static_cast<std::size_t>(std::ranges::count_if(
      names, [&](const auto& name) { return std::ranges::find(layout, name) != layout.end(); }));
}

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

void look_at_lines(std::string_view text, std::vector<Names>& layouts) {
  for (int line = 0; line < lines_looked_at && !text.empty(); ++line) {
    for (const char delimiter : {',', ';', '\t', '|'}) {
      std::vector<std::string_view> fields;
      TextArena unquoted;
      const auto record = find_csv_record(text, delimiter);
      split_csv_record(text.substr(0, record.size), delimiter, fields, unquoted);
      if (fields.size() < 2) continue;
      auto& names = layouts.emplace_back();
      for (const auto field : fields) names.emplace_back(trim(field));
    }
    const auto line_end = text.find('\n');
    text = line_end == std::string_view::npos ? std::string_view{} : text.substr(line_end + 1);
  }
}

/// Adds the names of the members of the object at the front of a text, as far as it goes.
void add_members(std::string_view object, Names& names) {
  object = without_spaces(object.substr(1));
  while (object.starts_with('"')) {
    const auto key = json_value_size(object);
    if (!key) return;
    const std::string name{object.substr(1, *key - 2)};
    object = without_spaces(object.substr(*key));
    if (!object.starts_with(':')) return;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    object = without_spaces(object.substr(1));
    const auto value = json_value_size(object);
    if (!value || *value == 0) return;
    object = without_spaces(object.substr(*value));
    if (object.starts_with(',')) object = without_spaces(object.substr(1));
  }
}

/// All members of the first objects that follow each other in a text.
Names members_in(std::string_view text) {
  Names names;
  for (int found = 0; found < records_looked_at && !text.empty();) {
    if (text.front() == '{') {
      add_members(text, names);
      ++found;
    }
    const auto cut = cut_json_object(text);
    if (!cut.complete) break;
    text.remove_prefix(cut.next);
  }
  return names;
}

/// A document, or one object a line?
bool is_lines(std::string_view text) {
  if (text.front() == '[') return false;
  const auto first = json_value_size(text);
  if (!first) return text.substr(0, 2) != "{\n" && !find_json_list(text, {});
  const auto line_end = text.find('\n');
  if (line_end != std::string_view::npos && line_end < *first) return false;
  const auto next = without_spaces(text.substr(*first));
  return next.starts_with('{') || !find_json_list(text, {});
}

void look_at_json(std::string_view text, ArchiveLook& look) {
  const bool is_activities = text.find("https://www.w3.org/ns/activitystreams") < text.size();
  if (is_activities && find_json_list(text, "orderedItems")) {
    look.type = "outbox";
    return;
  }
  if (is_lines(text)) {
    look.type = "jsonl";
    look.layouts.push_back(members_in(text));
    return;
  }
  look.type = "json";
  if (const auto list = find_json_list(text, {}))
    look.layouts.push_back(members_in(text.substr(*list)));
}

}  // namespace

bool ArchiveLook::has(const std::vector<std::string>& names) const {
  return count(names) == names.size();
}

std::size_t ArchiveLook::count(const std::vector<std::string>& names) const {
  std::size_t most = 0;
  for (const auto& layout : layouts) most = std::max(most, shared(layout, names));
  return most;
}

ArchiveLook look_at_bytes(std::string_view beginning) {
  if (beginning.starts_with("\xEF\xBB\xBF")) beginning.remove_prefix(3);
  ArchiveLook look;
  const auto text = without_spaces(beginning);
  if (text.starts_with("window.YTD.tweet") || text.starts_with("Grailbird.data.tweets"))
    look.type = "twitter_archive";
  else if (is_mbox_line(beginning.substr(0, beginning.find('\n'))))
    look.type = "mbox";
  else if (text.starts_with('{') || text.starts_with('['))
    look_at_json(text, look);
  else
    look_at_lines(beginning, look.layouts);
  return look;
}

ArchiveLook look_at_archive(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return {.type = twitter_files(path).empty() ? "" : "twitter_archive", .layouts = {}};
  if (path == "-" || !(packed_path(path) || fs::is_regular_file(path, ignored))) return {};
  const auto beginning = read_beginning(path, bytes_looked_at);
  return beginning ? look_at_bytes(*beginning) : ArchiveLook{};
}

}  // namespace earshot
