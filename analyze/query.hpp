#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"
#include "store/post.hpp"

namespace earshot {

/// A set of boolean queries, compiled once and matched all together in one pass over a post's words.
///
///     acme AND NOT (jobs OR hiring)      AND, OR, NOT in capitals; a space means AND; parentheses
///     "free delivery"  organic*  @acme  #acme  author:acme  channel:reddit  lang:en
///
/// Words are compared without case. A bare word also matches the hashtag and the mention of that name; `@word` and `#word` only
/// themselves. Immutable after compilation; safe to use from several threads at once.
class QuerySet {
 public:
  struct Program;

  QuerySet(QuerySet&&) noexcept;
  QuerySet& operator=(QuerySet&&) noexcept;
  ~QuerySet();

  /// Query i of the set is `queries[i]`; an empty text matches nothing. Error `config`: "column 9: missing ')'", prefixed with
  /// "query 3: " only if there are several.
  static Result<QuerySet> compile(std::span<const std::string> queries);

  std::size_t size() const;

  /// What `match` needs between posts, so that it allocates nothing; one a thread.
  class Scratch {
   public:
    Scratch();
    ~Scratch();
    Scratch(Scratch&&) noexcept;

   private:
    friend class QuerySet;
    struct State;
    std::unique_ptr<State> state_;
  };

  /// Sets `hits[i]` to whether query i matches the post. `lang` is the post's language as far as it is known.
  void match(const Post& post, std::string_view lang, Scratch& scratch, std::vector<std::uint8_t>& hits) const;

 private:
  explicit QuerySet(std::unique_ptr<Program> program);
  std::unique_ptr<Program> program_;
};

}  // namespace earshot
