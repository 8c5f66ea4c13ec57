#include "ingest/robots.hpp"

#include <algorithm>
#include <array>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_file = 500'000;
constexpr std::size_t longest_path = 2'000;
constexpr std::string_view robots_path = "/robots.txt";

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

bool is_unreserved(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void append_encoded(std::string& out, int byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out += '%';
  out += digits[static_cast<std::size_t>(byte) / 16];
  out += digits[static_cast<std::size_t>(byte) % 16];
}

/// A path or pattern so that what is the same by RFC 3986 is the same byte for byte.
std::string normalised(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto byte = static_cast<unsigned char>(path[i]);
    const int high = i + 2 < path.size() ? digit_of(path[i + 1]) : -1;
    const int low = high < 0 ? -1 : digit_of(path[i + 2]);
    if (byte == '%' && low >= 0) {
      const int decoded = high * 16 + low;
      if (is_unreserved(decoded))
        out += static_cast<char>(decoded);
      else
        append_encoded(out, decoded);
      i += 2;
    } else if (byte >= 0x80 || byte <= 0x20) {
      append_encoded(out, byte);
    } else {
      out += path[i];
    }
  }
  return out;
}

/// Whether a pattern matches the beginning of a path, or all of it if it ends in "$".
bool matches(std::string_view pattern, std::string_view path) {
  const bool whole = pattern.ends_with('$');
  if (whole) pattern.remove_suffix(1);
  std::size_t at = 0;
  for (bool first = true;; first = false) {
    const auto star = pattern.find('*');
    const auto piece = pattern.substr(0, star);
    const bool last = star == std::string_view::npos;
    if (first) {
      if (!path.starts_with(piece)) return false;
      at = piece.size();
    } else if (last && whole) {
      return path.size() - at >= piece.size() && path.ends_with(piece);
    } else {
      const auto found = path.find(piece, at);
      if (found == std::string_view::npos) return false;
      at = found + piece.size();
    }
    if (last) return !whole || at == path.size();
    pattern.remove_prefix(star + 1);
  }
}

struct Line {
  std::string key;
  std::string_view value;
};

/// "user-agent" and "*" of " User-Agent : * # all"; an empty key if it is no such line.
Line read_line(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {lower_case(trim(line.substr(0, colon))), trim(line.substr(colon + 1))};
}

bool names(std::string_view value, std::string_view agent) {
  const auto is_letter = [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '_';
  };
  const auto end = std::ranges::find_if_not(value, is_letter);
  const auto token = value.substr(0, static_cast<std::size_t>(end - value.begin()));
  return std::ranges::equal(token, agent, {}, lower, lower);
}

}  // namespace

RobotsRules RobotsRules::parse(std::string_view text, std::string_view agent) {
  RobotsRules ours;
  RobotsRules everyones;
  bool named = false;                                     // by any group
  bool for_us = false, for_all = false, in_rules = true;  // of the present group
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = text.substr(0, longest_file);
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    const auto [key, value] = read_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (key == "user-agent") {
      if (in_rules) for_us = for_all = in_rules = false;
      for_us = for_us || names(value, agent);
      for_all = for_all || value == "*";
      named = named || for_us;
    } else if (key == "allow" || key == "disallow") {
      in_rules = true;
      if (!value.starts_with('/') && !value.starts_with('*')) continue;
      const Rule rule{key == "allow", normalised(value)};
      if (for_us) ours.rules_.push_back(rule);
      if (for_all) everyones.rules_.push_back(rule);
    }
  }
  return named ? ours : everyones;
}

bool RobotsRules::allow(std::string_view path) const {
  if (path == robots_path) return true;
  const std::string wanted = normalised(path.substr(0, longest_path));
  const Rule* best = nullptr;
  for (const Rule& rule : rules_) {
    const bool longer = best == nullptr || rule.pattern.size() > best->pattern.size() ||
                        (rule.pattern.size() == best->pattern.size() && rule.allows);
    if (longer && matches(rule.pattern, wanted)) best = &rule;
  }
  return best == nullptr || best->allows;
}

bool RobotsGate::allow(const std::string& url) {
  const auto origin = origin_of(url);
  if (origin.empty()) return false;
  const auto [server, unknown] = servers_.try_emplace(origin);
  if (unknown) server->second = ask(origin);
  if (server->second.closed) return false;
  const auto scheme = url.find("://");
  const auto path_at = url.find_first_of("/?#", scheme + 3);
  std::string path = path_at == std::string::npos ? "/" : url.substr(path_at);
  path = path.substr(0, path.find('#'));
  if (!path.starts_with('/')) path.insert(0, "/");
  return server->second.rules.allow(path);
}

RobotsGate::Server RobotsGate::ask(const std::string& origin) {
  const auto answer =
      http_.get({.url = origin + std::string{robots_path}, .max_bytes = 2 * longest_file});
  if (!answer || answer->status >= 500 || answer->status == 429) return {.closed = true};
  if (answer->status >= 400) return {};
  if (answer->status != 200) return {.closed = true};
  return {.rules = RobotsRules::parse(answer->body, robots_agent)};
}

}  // namespace earshot
