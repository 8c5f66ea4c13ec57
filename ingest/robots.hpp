#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/http.hpp"

namespace earshot {

/// What a robots.txt says to one robot. Source: RFC 9309.
class RobotsRules {
 public:
  /// The rules for `agent` (a product token, compared without case), else those for "*", else none.
  /// Never fails: lines that mean nothing are passed over, and what is past 500 KB.
  static RobotsRules parse(std::string_view text, std::string_view agent);

  /// True if the path with its query ("/feed?x=1") may be fetched: the longest rule that matches
  /// decides, of two that are as long the one that allows.
  bool allow(std::string_view path) const;

 private:
  struct Rule {
    bool allows = false;
    std::string pattern;  ///< Normalised; "*" is any text, "$" at the end is the end.
  };

  std::vector<Rule> rules_;
};

/// Asks for the robots.txt of each server once, and says which pages may be fetched there. For
/// pages that a page merely names; what a person typed is fetched because they asked for it.
class RobotsGate {
 public:
  explicit RobotsGate(HttpClient& http) : http_{http} {}

  /// A server without a robots.txt (4xx) allows everything; one that fails (no answer, 429, 5xx)
  /// allows nothing.
  bool allow(const std::string& url);

 private:
  struct Server {
    bool closed = false;
    RobotsRules rules;
  };

  Server ask(const std::string& origin);

  HttpClient& http_;
  std::map<std::string, Server> servers_;
};

/// What earshot is called in a robots.txt.
inline constexpr std::string_view robots_agent = "earshot";

}  // namespace earshot
