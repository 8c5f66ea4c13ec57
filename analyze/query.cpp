#include "analyze/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <tuple>
#include <utility>

#include "analyze/query_syntax.hpp"
#include "analyze/words.hpp"
#include "store/base/hash.hpp"

namespace earshot {

namespace {

constexpr std::uint32_t no_phrase = 0xFFFFFFFF;

/// The longest length with a bit of its own in a mask of lengths; longer ones share it.
constexpr std::size_t max_length_bit = 63;

/// Prefixes and whole words share one table, so they hash apart.
constexpr std::uint64_t prefix_seed = 1;

std::uint64_t length_bit(std::size_t length) {
  return std::uint64_t{1} << std::min(length, max_length_bit);
}

/// A number below 2^14 made of a word's length and three of its bytes: a cheap way to see that no
/// query names it, for that is so of most words.
std::size_t mark_of(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return std::size_t{static_cast<unsigned char>(text[at])};
  };
  return (byte(0) * 37 + byte(text.size() / 2) * 1'031 + byte(text.size() - 1) * 8'209 +
          text.size() * 613) %
         16'384;
}

std::string_view key_of(std::string_view text, bool prefix) {
  return prefix ? text.substr(0, max_length_bit) : text;
}

bool is_one_of(WordKind there, WordKind wanted) {
  return wanted == WordKind::plain ? there != WordKind::link : there == wanted;
}

bool text_fits(std::string_view there, const QueryWord& wanted) {
  return wanted.prefix ? there.starts_with(wanted.text) : there == wanted.text;
}

bool fits(const Word& there, const QueryWord& wanted) {
  return is_one_of(there.kind, wanted.kind) &&
         (text_fits(there.text, wanted) ||
          (there.apostrophe && text_fits(bare_word(there), wanted)));
}

/// What to do when a word of the table is seen: leaf `leaf` is hit, if it is of that kind and, for
/// a phrase, if the words around it are there.
struct Action {
  std::uint32_t leaf = 0;
  std::uint32_t phrase = no_phrase;
  WordKind kind = WordKind::plain;
};

/// A word or prefix that some query names, with its actions.
struct Entry {
  std::string text;
  bool prefix = false;
  std::uint32_t first_action = 0;
  std::uint32_t action_count = 0;
};

struct Slot {
  std::uint64_t hash = 0;
  std::uint32_t entry = 0;  ///< Plus one; 0 for an empty slot.
};

struct Phrase {
  std::vector<QueryWord> words;
  std::uint32_t anchor = 0;  ///< The word whose sight makes us look for the others.
};

struct Field {
  QueryField field = QueryField::author;
  std::string value;
  bool prefix = false;
};

/// A query's tree, flat. `first` is a leaf, a field, or the first of `count` rows in
/// `Program::parts`.
struct Node {
  enum class Kind : std::uint8_t { all, any, none, leaf, field };
  Kind kind = Kind::leaf;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

std::uint32_t narrow(std::size_t number) {
  return static_cast<std::uint32_t>(number);
}

/// The longest word, whole ones before prefixes: likely the rarest.
std::uint32_t anchor_of(const std::vector<QueryWord>& words) {
  const auto rarer = [](const QueryWord& a, const QueryWord& b) {
    return std::tuple{!a.prefix, a.text.size()} < std::tuple{!b.prefix, b.text.size()};
  };
  return narrow(static_cast<std::size_t>(std::max_element(words.begin(), words.end(), rarer) -
                                         words.begin()));
}

}  // namespace

/// All queries of a set. Every distinct word, phrase or prefix is one leaf, whichever queries name
/// it.
struct QuerySet::Program {
  static constexpr std::uint32_t empty_query = 0xFFFFFFFF;

  std::vector<Slot> slots;  ///< Open addressing; a power of two, at most a quarter full.
  std::vector<Entry> entries;
  std::vector<Action> actions;
  std::vector<Phrase> phrases;
  std::array<std::uint64_t, 256> word_marks{};      ///< A bit for each word's `mark_of`.
  std::array<std::uint64_t, 256> prefix_lengths{};  ///< By first byte: which lengths prefixes have.

  std::vector<Node> nodes;
  std::vector<std::uint32_t> parts;
  std::vector<Field> fields;
  bool reads_author = false;
  bool reads_channel = false;

  std::vector<std::uint32_t> roots;  ///< Node of each query, or `empty_query`.
  /// Queries that may hold without any word of theirs: by fields.
  std::vector<std::uint32_t> wordless;
  std::vector<std::uint32_t> leaf_begin;  ///< Leaf i is named by queries
                                          ///< `leaf_queries[leaf_begin[i] .. leaf_begin[i + 1])`.
  std::vector<std::uint32_t> leaf_queries;
  std::vector<std::uint8_t> leaf_names;  ///< As `leaf_queries`: it stands there outside of NOT.
};

struct QuerySet::Scratch::State {
  WordSplitter splitter;
  std::span<const Word> words;
  std::uint32_t post = 0;  ///< Number of the post; what carries it has been seen in it.
  std::vector<std::uint32_t> leaf_seen;
  std::vector<std::uint32_t> query_seen;
  std::vector<std::uint32_t> candidates;                 ///< Queries to evaluate.
  std::string author_id, author_name, channel, network;  ///< Folded.
  std::string_view lang;
};

namespace {

using Program = QuerySet::Program;

/// Builds the program from trees, query by query.
class Compiler {
 public:
  explicit Compiler(Program& program) : program_{program} {}

  void add(const QueryNode* query) {
    query_ = narrow(program_.roots.size());
    program_.roots.push_back(query == nullptr ? Program::empty_query : node(*query));
    if (query != nullptr && without_words(*query).first) program_.wordless.push_back(query_);
  }

  void finish() {
    for (auto& [key, actions] : actions_) {
      const auto& [text, prefix] = key;
      program_.entries.push_back(
          {text, prefix, narrow(program_.actions.size()), narrow(actions.size())});
      program_.actions.insert(program_.actions.end(), actions.begin(), actions.end());
      if (prefix)
        program_.prefix_lengths[static_cast<unsigned char>(text.front())] |=
            length_bit(text.size());
      else
        program_.word_marks[mark_of(text) / 64] |= std::uint64_t{1} << mark_of(text) % 64;
    }
    fill_table();
    fill_leaf_queries();
  }

 private:
  std::uint32_t node(const QueryNode& tree) {
    Node made;
    switch (tree.kind) {
      case QueryNode::Kind::words:
        made = {Node::Kind::leaf, leaf(tree.words), 0};
        break;
      case QueryNode::Kind::field:
        made = {Node::Kind::field, field(tree), 0};
        break;
      case QueryNode::Kind::all:
        made = inner(Node::Kind::all, tree);
        break;
      case QueryNode::Kind::any:
        made = inner(Node::Kind::any, tree);
        break;
      case QueryNode::Kind::none:
        negated_ = !negated_;
        made = inner(Node::Kind::none, tree);
        negated_ = !negated_;
        break;
    }
    program_.nodes.push_back(made);
    return narrow(program_.nodes.size() - 1);
  }

  Node inner(Node::Kind kind, const QueryNode& tree) {
    std::vector<std::uint32_t> parts;
    for (const auto& part : tree.parts) parts.push_back(node(part));
    const auto first = narrow(program_.parts.size());
    program_.parts.insert(program_.parts.end(), parts.begin(), parts.end());
    return {kind, first, narrow(parts.size())};
  }

  std::uint32_t field(const QueryNode& tree) {
    if (tree.field == QueryField::author) program_.reads_author = true;
    if (tree.field == QueryField::channel) program_.reads_channel = true;
    program_.fields.push_back({tree.field, tree.value, tree.prefix});
    return narrow(program_.fields.size() - 1);
  }

  std::uint32_t leaf(const std::vector<QueryWord>& words) {
    std::string key;
    for (const auto& word : words) {
      key += static_cast<char>('0' + static_cast<int>(word.kind));
      key.append(word.text).append(word.prefix ? "* " : " ");
    }
    const auto [row, is_new] = leaves_.try_emplace(std::move(key), narrow(leaves_.size()));
    if (is_new) act(row->second, words);
    uses_[{row->second, query_}] |= !negated_;
    return row->second;
  }

  void act(std::uint32_t leaf, const std::vector<QueryWord>& words) {
    Action action{leaf, no_phrase, words.front().kind};
    const auto anchor = anchor_of(words);
    if (words.size() > 1) {
      action.phrase = narrow(program_.phrases.size());
      action.kind = words[anchor].kind;
      program_.phrases.push_back({words, anchor});
    }
    actions_[{words[anchor].text, words[anchor].prefix}].push_back(action);
  }

  /// Whether the tree can be true, and whether it can be false, of a post that has no word of it.
  static std::pair<bool, bool> without_words(const QueryNode& tree) {
    if (tree.kind == QueryNode::Kind::words) return {false, true};
    if (tree.kind == QueryNode::Kind::field) return {true, true};
    if (tree.kind == QueryNode::Kind::none) {
      const auto [can_hold, can_fail] = without_words(tree.parts.front());
      return {can_fail, can_hold};
    }
    const bool all = tree.kind == QueryNode::Kind::all;
    std::pair<bool, bool> can{all, !all};
    for (const auto& part : tree.parts) {
      const auto [can_hold, can_fail] = without_words(part);
      can = all ? std::pair{can.first && can_hold, can.second || can_fail}
                : std::pair{can.first || can_hold, can.second && can_fail};
    }
    return can;
  }

  void fill_table() {
    program_.slots.resize(std::bit_ceil(std::max<std::size_t>(16, program_.entries.size() * 4)));
    const auto mask = program_.slots.size() - 1;
    for (std::uint32_t i = 0; i < program_.entries.size(); ++i) {
      const auto& entry = program_.entries[i];
      const auto hash =
          hash_bytes(key_of(entry.text, entry.prefix), entry.prefix ? prefix_seed : 0);
      auto at = hash & mask;
      while (program_.slots[at].entry != 0) at = (at + 1) & mask;
      program_.slots[at] = {hash, i + 1};
    }
  }

  void fill_leaf_queries() {
    program_.leaf_begin.assign(leaves_.size() + 1, 0);
    for (const auto& [use, names] : uses_) {
      ++program_.leaf_begin[use.first + 1];
      program_.leaf_queries.push_back(use.second);
      program_.leaf_names.push_back(names ? 1 : 0);
    }
    for (std::size_t i = 1; i < program_.leaf_begin.size(); ++i)
      program_.leaf_begin[i] += program_.leaf_begin[i - 1];
  }

  Program& program_;
  std::uint32_t query_ = 0;
  std::map<std::string, std::uint32_t> leaves_;
  std::map<std::pair<std::string, bool>, std::vector<Action>> actions_;
  /// By (leaf, query): whether it stands there outside of NOT.
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> uses_;
  bool negated_ = false;
};

/// One post against the program.
template <class State>
class Matching {
 public:
  Matching(const Program& program, State& state) : program_{program}, state_{state} {}

  void find_words() {
    for (std::size_t i = 0; i < state_.words.size(); ++i) {
      const Word& word = state_.words[i];
      if (word.kind == WordKind::link) continue;
      look_up(word.text, i);
      if (!word.apostrophe) continue;
      const auto bare = bare_word(word);
      if (bare.size() != word.text.size()) look_up(bare, i);
    }
  }

  /// Finds the places of `wanted` queries in place of the queries that hold.
  void find_places(std::span<const std::uint8_t> wanted, std::vector<QueryPlace>& places) {
    wanted_ = wanted;
    places_ = &places;
    find_words();
  }

  void add_candidate(std::uint32_t query) {
    if (state_.query_seen[query] == state_.post) return;
    state_.query_seen[query] = state_.post;
    state_.candidates.push_back(query);
  }

  bool holds(std::uint32_t index) const {
    const Node& node = program_.nodes[index];
    const auto parts = std::span{program_.parts}.subspan(
        node.kind < Node::Kind::leaf ? node.first : 0, node.count);
    switch (node.kind) {
      case Node::Kind::leaf:
        return state_.leaf_seen[node.first] == state_.post;
      case Node::Kind::field:
        return field_holds(program_.fields[node.first]);
      case Node::Kind::none:
        return !holds(parts.front());
      case Node::Kind::all:
        return std::all_of(parts.begin(), parts.end(), [this](auto part) { return holds(part); });
      case Node::Kind::any:
        return std::any_of(parts.begin(), parts.end(), [this](auto part) { return holds(part); });
    }
    return false;
  }

 private:
  void look_up(std::string_view text, std::size_t place) {
    const auto mark = mark_of(text);
    if ((program_.word_marks[mark / 64] >> mark % 64 & 1) != 0)
      look_up_key(text, text, false, place);
    auto lengths = program_.prefix_lengths[static_cast<unsigned char>(text.front())];
    if (lengths == 0) return;
    lengths &= length_bit(text.size()) * 2 - 1;
    for (; lengths != 0; lengths &= lengths - 1)
      look_up_key(text.substr(0, static_cast<std::size_t>(std::countr_zero(lengths))), text, true,
                  place);
  }

  void look_up_key(std::string_view key, std::string_view text, bool prefix, std::size_t place) {
    const auto hash = hash_bytes(key, prefix ? prefix_seed : 0);
    const auto mask = program_.slots.size() - 1;
    for (auto at = hash & mask; program_.slots[at].entry != 0; at = (at + 1) & mask) {
      if (program_.slots[at].hash != hash) continue;
      const Entry& entry = program_.entries[program_.slots[at].entry - 1];
      if (entry.prefix == prefix && (prefix ? text.starts_with(entry.text) : text == entry.text))
        act(entry, place);
    }
  }

  void act(const Entry& entry, std::size_t place) {
    for (const Action& action :
         std::span{program_.actions}.subspan(entry.first_action, entry.action_count)) {
      if ((state_.leaf_seen[action.leaf] == state_.post && places_ == nullptr) ||
          !is_one_of(state_.words[place].kind, action.kind))
        continue;
      if (action.phrase != no_phrase && !phrase_stands(program_.phrases[action.phrase], place))
        continue;
      if (places_ != nullptr) {
        note_places(action, place);
        continue;
      }
      state_.leaf_seen[action.leaf] = state_.post;
      for (auto i = program_.leaf_begin[action.leaf]; i < program_.leaf_begin[action.leaf + 1]; ++i)
        add_candidate(program_.leaf_queries[i]);
    }
  }

  void note_places(const Action& action, std::size_t place) {
    QueryPlace found{0, narrow(place), 1};
    if (action.phrase != no_phrase) {
      const Phrase& phrase = program_.phrases[action.phrase];
      found.first -= phrase.anchor;
      found.count = narrow(phrase.words.size());
    }
    for (auto i = program_.leaf_begin[action.leaf]; i < program_.leaf_begin[action.leaf + 1]; ++i) {
      found.query = program_.leaf_queries[i];
      if (program_.leaf_names[i] != 0 && found.query < wanted_.size() && wanted_[found.query] != 0)
        places_->push_back(found);
    }
  }

  bool phrase_stands(const Phrase& phrase, std::size_t place) const {
    if (place < phrase.anchor || place - phrase.anchor + phrase.words.size() > state_.words.size())
      return false;
    const auto there = state_.words.subspan(place - phrase.anchor, phrase.words.size());
    return std::equal(there.begin(), there.end(), phrase.words.begin(), fits);
  }

  bool field_holds(const Field& field) const {
    const auto is = [&](std::string_view there) {
      if (field.field == QueryField::author && there.starts_with('@')) there.remove_prefix(1);
      return field.prefix ? there.starts_with(field.value) : there == field.value;
    };
    switch (field.field) {
      case QueryField::author:
        return is(state_.author_id) || is(state_.author_name);
      case QueryField::channel:
        return is(state_.channel) || is(state_.network);
      case QueryField::lang:
        return is(state_.lang);
    }
    return false;
  }

  const Program& program_;
  State& state_;
  std::span<const std::uint8_t> wanted_;
  std::vector<QueryPlace>* places_ = nullptr;
};

}  // namespace

QuerySet::QuerySet(std::unique_ptr<Program> program) : program_{std::move(program)} {}
QuerySet::QuerySet(QuerySet&&) noexcept = default;
QuerySet& QuerySet::operator=(QuerySet&&) noexcept = default;
QuerySet::~QuerySet() = default;

QuerySet::Scratch::Scratch() : state_{std::make_unique<State>()} {}
QuerySet::Scratch::~Scratch() = default;
QuerySet::Scratch::Scratch(Scratch&&) noexcept = default;

std::span<const Word> QuerySet::Scratch::words() const {
  return state_->words;
}

Result<QuerySet> QuerySet::compile(std::span<const std::string> queries) {
  auto program = std::make_unique<Program>();
  Compiler compiler{*program};
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto query = parse_query(queries[i]);
    if (!query && queries.size() > 1)
      return Error{query.error().kind, fmt::format("query {}: {}", i + 1, query.error().message)};
    if (!query) return query.error();
    compiler.add(query->has_value() ? &**query : nullptr);
  }
  compiler.finish();
  return QuerySet{std::move(program)};
}

std::size_t QuerySet::size() const {
  return program_->roots.size();
}

void QuerySet::match(const Post& post, std::string_view lang, Scratch& scratch,
                     std::vector<std::uint8_t>& hits) const {
  const Program& program = *program_;
  auto& state = *scratch.state_;
  if (++state.post ==
      0) {  // Once in four billion posts: the marks of the first ones would look fresh.
    state.leaf_seen.clear();
    state.query_seen.clear();
    state.post = 1;
  }
  if (state.leaf_seen.size() < program.leaf_begin.size())
    state.leaf_seen.resize(program.leaf_begin.size());
  if (state.query_seen.size() < program.roots.size()) state.query_seen.resize(program.roots.size());
  if (program.reads_author) {
    fold_case(post.author_id, state.author_id);
    fold_case(post.author_name, state.author_name);
  }
  if (program.reads_channel) {
    fold_case(post.channel, state.channel);
    fold_case(post.network, state.network);
  }
  state.lang = lang.substr(0, lang.find_first_of("-_"));
  state.words = state.splitter.split(post.text);
  state.candidates.clear();
  hits.assign(program.roots.size(), 0);

  Matching matching{program, state};
  for (const auto query : program.wordless) matching.add_candidate(query);
  matching.find_words();
  for (const auto query : state.candidates)
    hits[query] = matching.holds(program.roots[query]) ? 1 : 0;
}

void QuerySet::locate(std::span<const std::uint8_t> wanted, Scratch& scratch,
                      std::vector<QueryPlace>& places) const {
  places.clear();
  Matching{*program_, *scratch.state_}.find_places(wanted, places);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

}  // namespace earshot
