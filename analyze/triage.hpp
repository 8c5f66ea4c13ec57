#pragma once

#include <cstdint>
#include <string_view>

#include "analyze/project.hpp"
#include "analyze/query.hpp"
#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// What to do about a post that needs an answer.
enum class Advice : std::uint8_t { in_public, in_private, leave };
std::string_view name_of(Advice advice);  ///< "public", "private", "leave"

struct Suggestion {
  Advice advice = Advice::in_public;
  std::string_view reason;  ///< A clause: "others may have the same question". Lives for ever.
};

/// Suggests whether to answer a post in public, in private or not at all. The first rule that holds
/// decides:
///
///     leave    a competitor's account wrote it
///              it was written by a machine (Mark::automatic)
///              a press release, or a link and hardly a word, that asks nothing
///              the third hostile post or later of an author who was answered, that asks nothing
///     private  it matches the project's query for private answers
///              it complains, requests or is negative, and is about money, an order or account, or
///              health; or it names a number of five digits or more
///     public   all else
///
/// "Asks nothing" means no question, complaint or request. What is about money, accounts and health
/// is decided by English words. Immutable; safe to share between threads.
///
/// Source: Cisco's playbook (answer in public, take it private, or leave it); the rules are ours.
class Triage {
 public:
  /// Error `config`: the project's query for private answers, "'private': column 9: missing ')'".
  static Result<Triage> create(const Project& project);

  /// What a post does not say about itself.
  struct Standing {
    bool competitor = false;  ///< A competitor's handle wrote it.
    bool repeats = false;     ///< Its author was answered, and went on with two hostile posts.
  };
  Suggestion suggest(const StoredPost& post, const Standing& standing) const;

 private:
  explicit Triage(QuerySet queries) : queries_{std::move(queries)} {}
  QuerySet queries_;
};

/// True if something is wanted: a question, a complaint or a request.
bool asks_something(Intents intents);

}  // namespace earshot
