#include "cli/source_tables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/config.hpp"
#include "cli/toml_reader.hpp"
#include "ingest/url.hpp"
#include "store/base/ascii.hpp"
#include "store/base/file.hpp"
#include "store/base/http.hpp"
#include "store/base/json_text.hpp"
#include "store/base/terminal_text.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_name = 40;

bool is_name_letter(char32_t code, std::string_view spelled) {
  if (spelled.size() > 1)  // letters of other scripts; spaces and dashes of Unicode are none
    return code > 0xBF && !steers_terminal(code) && (code < 0x2000 || code > 0x206F) &&
           code != 0x3000 && code != 0xFEFF;
  const char c = lower(spelled.front());
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string hyphenated(std::string_view title) {
  std::string name;
  bool gap = false;
  while (!title.empty()) {
    const auto [code, length] = decode_utf8(title);
    const auto spelled = title.substr(0, length);
    title.remove_prefix(length);
    if (spelled == "'" || code == 0x2019) continue;  // "Ann's" is one word
    if (code == Utf8Character::invalid || !is_name_letter(code, spelled)) {
      gap = !name.empty();
      continue;
    }
    if (name.size() + (gap ? 1 : 0) + length > longest_name) break;
    if (gap) name += '-';
    gap = false;
    for (const char c : spelled) name += lower(c);
  }
  return name;
}

std::string_view without_www(std::string_view host) {
  return host.starts_with("www.") ? host.substr(4) : host;
}

/// A TOML string; JSON's escapes are TOML's.
void append_key(std::string& out, std::string_view key, std::string_view value) {
  out.append(key).append(" = ");
  append_json_string(out, value);
  out += '\n';
}

std::string shown_interval(std::chrono::seconds interval) {
  const auto count = interval.count();
  if (count % 86'400 == 0) return fmt::format("{}d", count / 86'400);
  if (count % 3'600 == 0) return fmt::format("{}h", count / 3'600);
  if (count % 60 == 0) return fmt::format("{}m", count / 60);
  return fmt::format("{}s", count);
}

/// Where a source of this kind is asked if its table names no `url`.
std::string_view implied_url(const SourceConfig& source) {
  const auto* type = find_source_type(source.type);
  if (type == nullptr) return {};
  for (const auto& option : type->details.options)
    if (!option.url.empty() && source.options.contains(option.name)) return option.url;
  return type->details.url;
}

}  // namespace

std::string source_name(std::string_view title, std::string_view url,
                        std::set<std::string>& taken) {
  std::string base = hyphenated(title);
  if (base.empty()) base = hyphenated(without_www(server_of(url)));
  if (base.empty()) base = "source";
  std::string name = base;
  for (unsigned number = 2; !taken.insert(name).second; ++number)
    name = fmt::format("{}-{}", base, number);
  return name;
}

std::string address_key(std::string_view url) {
  const auto host = server_of(url);
  std::string key{without_www(host)};
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string{url};
  auto rest = url.substr(std::min(url.find_first_of(":/?#", scheme + 3), url.size()));
  rest = rest.substr(0, rest.find('#'));
  if (rest.ends_with('/')) rest.remove_suffix(1);
  return key.append(rest);
}

bool same_source(const SourceConfig& a, const SourceConfig& b) {
  return a.type == b.type && address_key(a.url) == address_key(b.url) && a.options == b.options;
}

void append_source_table(std::string& out, const SourceConfig& source, std::string_view comment) {
  out += '\n';
  if (!comment.empty()) out.append("# ").append(printable(comment)).append("\n");
  out.append("[[source]]\n");
  append_key(out, "name", source.name);
  append_key(out, "type", source.type);
  if (source.url != implied_url(source)) append_key(out, "url", source.url);
  const auto* type = find_source_type(source.type);
  for (const auto& option :
       type == nullptr ? std::span<const SourceOption>{} : type->details.options) {
    const auto value = source.option(option.name);
    if (value.empty()) continue;
    if (option.value.empty())
      out.append(option.name).append(" = true\n");
    else
      append_key(out, option.name, value);
  }
  if (!source.channel.empty()) append_key(out, "channel", source.channel);
  if (source.interval != SourceConfig{}.interval)
    append_key(out, "interval", shown_interval(source.interval));
}

Result<Done> append_to_config(const std::string& path, std::string_view tables) {
  auto bytes = read_text_file(path);
  if (!bytes) return bytes.error();
  if (!bytes->empty() && bytes->back() != '\n') *bytes += '\n';
  bytes->append(tables);
  if (const auto whole = parse_config(*bytes, path); !whole)
    return Error{Error::Kind::config, fmt::format("{}; nothing is added", whole.error().message)};
  return write_file(path, *bytes);
}

}  // namespace earshot
