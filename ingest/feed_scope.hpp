#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/xml.hpp"

namespace earshot {

/// The base address and the language that hold at a place of a document: `xml:base` and `xml:lang`
/// of the elements around it, and what the transport said.
class FeedScope {
 public:
  /// At the document's outside. An empty language is one that was not said.
  FeedScope(std::string base, std::string_view lang);

  void enter(const XmlElement& element, std::size_t depth);
  void leave(std::size_t depth);

  /// Of relative addresses; empty if nothing is known of it.
  const std::string& base() const { return outer_.back().base; }

  /// Nothing if it was not said; empty if it was said that there is none.
  const std::optional<std::string>& lang() const { return outer_.back().lang; }

  /// `reference` as seen from here.
  std::string resolve(std::string_view reference) const;

 private:
  struct Level {
    std::size_t depth;
    std::string base;
    std::optional<std::string> lang;
  };

  std::vector<Level> outer_;
};

/// The first language of a list, with hyphens as BCP 47 has it: "en-us" of "en_us, de".
std::string language_tag(std::string_view text);

}  // namespace earshot
