#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "analyze/words.hpp"
#include "store/base/result.hpp"
#include "store/post.hpp"

namespace earshot {

/// Where a word or a phrase of a query stands: words [first, first + count) of the post.
struct QueryPlace {
  std::uint32_t query = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  friend bool operator==(const QueryPlace&, const QueryPlace&) = default;
  /// By place, then by query.
  friend bool operator<(const QueryPlace& a, const QueryPlace& b) {
    return std::tie(a.first, a.count, a.query) < std::tie(b.first, b.count, b.query);
  }
};

/// A set of boolean queries, compiled once and matched all together in one pass over a post's
/// words.
///
///     acme AND NOT (jobs OR hiring)      AND, OR, NOT in capitals; a space means AND; parentheses
///     "free delivery"  organic*  @acme  #acme  author:acme  channel:reddit  lang:en
///
/// Words are compared without case, as `words.hpp` splits them; they are looked for in the text,
/// not in links. A bare word also matches the hashtag and the mention of that name, its possessive
/// and its elided form ("acme's", "l'acme"); `@word` and
/// `#word` only themselves. `author:` is the id or the name of the author, with or without "@";
/// `channel:` the channel or, for all of its channels, the network. `query_syntax.hpp` says more.
/// Immutable after compilation; safe to use from several threads at once.
class QuerySet {
 public:
  struct Program;

  QuerySet(QuerySet&&) noexcept;
  QuerySet& operator=(QuerySet&&) noexcept;
  ~QuerySet();

  /// Query i of the set is `queries[i]`; an empty text matches nothing. Error `config`: "column 9:
  /// missing ')'", prefixed with "query 3: " only if there are several.
  static Result<QuerySet> compile(std::span<const std::string> queries);

  std::size_t size() const;

  /// What `match` needs between posts, so that it allocates nothing; one a thread.
  class Scratch {
   public:
    Scratch();
    ~Scratch();
    Scratch(Scratch&&) noexcept;

    /// The words of the post that was matched last; they live as long as its text, and until the
    /// next match.
    std::span<const Word> words() const;

   private:
    friend class QuerySet;
    struct State;
    std::unique_ptr<State> state_;
  };

  /// Sets `hits[i]` to 1 if query i matches the post, else 0. `lang` is the post's language as far
  /// as it is known.
  void match(const Post& post, std::string_view lang, Scratch& scratch,
             std::vector<std::uint8_t>& hits) const;

  /// All places in the post that `scratch` matched last where a word or phrase stands that a query
  /// i with `wanted[i]` asks for (not one it excludes by NOT), in order, each once. As dear as
  /// matching again.
  void locate(std::span<const std::uint8_t> wanted, Scratch& scratch,
              std::vector<QueryPlace>& places) const;

 private:
  explicit QuerySet(std::unique_ptr<Program> program);
  std::unique_ptr<Program> program_;
};

}  // namespace earshot
