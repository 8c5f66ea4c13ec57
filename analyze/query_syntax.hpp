#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/words.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// A word that a query asks for.
struct QueryWord {
  std::string text;                 ///< Folded, without sigil and "*".
  WordKind kind = WordKind::plain;  ///< `plain` matches words, mentions and hashtags; the others
                                    ///< only their own kind.
  bool prefix = false;              ///< Any word that begins so.
};

enum class QueryField : std::uint8_t { author, channel, lang };

/// A query as a tree. AND and OR have two parts or more, NOT has one.
struct QueryNode {
  enum class Kind : std::uint8_t { all, any, none, words, field };
  Kind kind = Kind::words;
  std::vector<QueryNode> parts = {};  ///< Of `all`, `any` and `none`.
  std::vector<QueryWord> words = {};  ///< Of `words`: one, or several that must follow each other.
  QueryField field = QueryField::author;
  std::string value = {};  ///< Of `field`: folded, an author without "@".
  bool prefix = false;     ///< Of `field`: any value that begins so.
};

/// Reads one query; nothing if it is empty. NOT binds tightest, then AND (also where nothing is
/// between two terms), then OR. A bare term of several words ("coca-cola", Chinese text) is a
/// phrase. A field's value may be quoted and may end in "*".
///
/// Limits: 64 KB, 100 levels of parentheses and NOT, 64 words a phrase. Error `config`: "column 9:
/// missing ')'"; columns count characters from 1 and point at what is wrong, of a pair at its
/// opening. A query that matches posts in which none of its words and fields is found ("NOT jobs")
/// is an error too: nobody means that set.
Result<std::optional<QueryNode>> parse_query(std::string_view text);

}  // namespace earshot
