#include "analyze/query_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace earshot {

namespace {

constexpr std::size_t max_query_bytes = 64 * 1024;
constexpr int max_depth = 100;
constexpr std::size_t max_phrase_words = 64;

constexpr std::array<std::pair<std::string_view, QueryField>, 3> fields{
    {{"author", QueryField::author}, {"channel", QueryField::channel}, {"lang", QueryField::lang}}};

struct Token {
  enum class Kind : std::uint8_t { term, quoted, open, close, op_and, op_or, op_not, end };
  Kind kind = Kind::end;
  std::string_view text = {};  ///< Of a quoted one without its quotes.
  std::size_t offset = 0;      ///< Of the first byte of `text`; of a quoted one, of the quote.
};

/// What stands at a place where a term ends, and how many bytes it takes; none of them inside of a
/// term.
enum class Sign : std::uint8_t { none, space, quote, open, close };

std::pair<Sign, std::size_t> sign_at(std::string_view text, std::size_t at) {
  switch (text[at]) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      return {Sign::space, 1};
    case '"':
      return {Sign::quote, 1};
    case '(':
      return {Sign::open, 1};
    case ')':
      return {Sign::close, 1};
    default:
      break;
  }
  const auto rest = text.substr(at);
  if (rest.starts_with("\u00A0")) return {Sign::space, 2};
  if (rest.starts_with("\u3000")) return {Sign::space, 3};
  if (rest.starts_with("\u201C") || rest.starts_with("\u201D")) return {Sign::quote, 3};
  return {Sign::none, 1};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_{text} {}

  Result<std::optional<QueryNode>> parse() {
    if (text_.size() > max_query_bytes)
      return error(max_query_bytes, "a query is at most 64 KB long");
    if (auto read = advance(); !read) return read.error();
    if (token_.kind == Token::Kind::end) return std::optional<QueryNode>{};
    if (token_.kind == Token::Kind::close) return error(token_.offset, "')' without '('");
    auto query = any_of(0);
    if (!query) return query.error();
    if (token_.kind == Token::Kind::close) return error(token_.offset, "')' without '('");
    return std::optional{*std::move(query)};
  }

 private:
  Error error(std::size_t offset, std::string_view what) const {
    const auto before = text_.substr(0, offset);
    const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    });
    return {Error::Kind::config, fmt::format("column {}: {}", characters + 1, what)};
  }

  Result<Done> advance() {
    while (at_ < text_.size() && sign_at(text_, at_).first == Sign::space)
      at_ += sign_at(text_, at_).second;
    token_ = {Token::Kind::end, {}, at_};
    if (at_ == text_.size()) return Done{};
    const auto [sign, size] = sign_at(text_, at_);
    if (sign == Sign::quote) return quoted();
    if (sign == Sign::none) {
      while (at_ < text_.size() && sign_at(text_, at_).first == Sign::none) ++at_;
      token_.text = text_.substr(token_.offset, at_ - token_.offset);
      token_.kind = token_.text == "AND"   ? Token::Kind::op_and
                    : token_.text == "OR"  ? Token::Kind::op_or
                    : token_.text == "NOT" ? Token::Kind::op_not
                                           : Token::Kind::term;
      return Done{};
    }
    token_.kind = sign == Sign::open ? Token::Kind::open : Token::Kind::close;
    at_ += size;
    return Done{};
  }

  Result<Done> quoted() {
    const auto first = at_ + sign_at(text_, at_).second;
    for (auto last = first; last < text_.size(); ++last) {
      const auto [sign, size] = sign_at(text_, last);
      if (sign != Sign::quote) continue;
      token_.kind = Token::Kind::quoted;
      token_.text = text_.substr(first, last - first);
      at_ = last + size;
      return Done{};
    }
    return error(at_, "missing closing '\"'");
  }

  bool at_operand() const {
    return token_.kind == Token::Kind::term || token_.kind == Token::Kind::quoted ||
           token_.kind == Token::Kind::open || token_.kind == Token::Kind::op_not;
  }

  /// Goes past an operator to what it needs.
  Result<Done> past_operator() {
    const auto op = token_;
    if (auto read = advance(); !read) return read;
    if (at_operand()) return Done{};
    return error(op.offset, fmt::format("'{}' needs something after it", op.text));
  }

  static QueryNode joined(QueryNode::Kind kind, std::vector<QueryNode> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    return {.kind = kind, .parts = std::move(parts)};
  }

  Result<QueryNode> any_of(int depth) {
    std::vector<QueryNode> parts;
    for (;;) {
      auto part = all_of(depth);
      if (!part) return part;
      parts.push_back(*std::move(part));
      if (token_.kind != Token::Kind::op_or) return joined(QueryNode::Kind::any, std::move(parts));
      if (auto read = past_operator(); !read) return read.error();
    }
  }

  Result<QueryNode> all_of(int depth) {
    if (token_.kind == Token::Kind::op_and || token_.kind == Token::Kind::op_or)
      return error(token_.offset, fmt::format("nothing before {}", token_.text));
    std::vector<QueryNode> parts;
    for (;;) {
      auto part = operand(depth);
      if (!part) return part;
      parts.push_back(*std::move(part));
      if (token_.kind == Token::Kind::op_and) {
        if (auto read = past_operator(); !read) return read.error();
      } else if (!at_operand()) {
        return joined(QueryNode::Kind::all, std::move(parts));
      }
    }
  }

  Result<QueryNode> operand(int depth) {
    switch (token_.kind) {
      case Token::Kind::op_not:
        return negated(depth + 1);
      case Token::Kind::open:
        return parenthesis(depth + 1);
      case Token::Kind::quoted:
        return phrase();
      default:
        return term();
    }
  }

  Error too_deep() const {
    return error(token_.offset, "more than 100 levels of parentheses and NOT");
  }

  Result<QueryNode> negated(int depth) {
    if (depth > max_depth) return too_deep();
    if (auto read = past_operator(); !read) return read.error();
    auto part = operand(depth);
    if (!part) return part;
    QueryNode node{.kind = QueryNode::Kind::none};
    node.parts.push_back(*std::move(part));
    return node;
  }

  Result<QueryNode> parenthesis(int depth) {
    if (depth > max_depth) return too_deep();
    const auto open = token_.offset;
    if (auto read = advance(); !read) return read.error();
    if (token_.kind == Token::Kind::close) return error(open, "nothing between '(' and ')'");
    if (token_.kind == Token::Kind::end) return error(open, "missing ')'");
    auto inner = any_of(depth);
    if (!inner) return inner;
    if (token_.kind != Token::Kind::close) return error(open, "missing ')'");
    if (auto read = advance(); !read) return read.error();
    return inner;
  }

  Result<QueryNode> phrase() {
    const auto token = token_;
    const auto first = static_cast<std::size_t>(token.text.data() - text_.data());
    if (auto read = advance(); !read) return read.error();
    auto node = words(token.text, first);
    if (node && node->words.empty()) return error(token.offset, "no word between the quotes");
    return node;
  }

  Result<QueryNode> term() {
    const auto token = token_;
    const auto letters = static_cast<std::size_t>(
        std::find_if(token.text.begin(), token.text.end(),
                     [](char c) { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'); }) -
        token.text.begin());
    if (letters > 0 && letters < token.text.size() && token.text[letters] == ':')
      return field(letters);
    if (auto read = advance(); !read) return read.error();
    auto node = words(token.text, token.offset);
    if (!node) return node;
    if (node->words.empty())
      return error(token.offset,
                   fmt::format("no word in '{:.20}'; operators are AND, OR, NOT", token.text));
    if (token.text.starts_with('-'))
      return error(token.offset, "'-' leaves nothing out; write NOT and a space in its place");
    return node;
  }

  /// A term that begins with `letters` letters and a colon.
  Result<QueryNode> field(std::size_t letters) {
    const auto token = token_;
    std::string name;
    fold_case(token.text.substr(0, letters), name);
    const auto known = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& row) { return row.first == name; });
    if (known == fields.end())
      return error(token.offset, fmt::format("no field '{:.20}:', there are author:, channel: and "
                                             "lang:; quote it to look for the words",
                                             name));
    auto value = token.text.substr(letters + 1);
    const bool quoted =
        value.empty() && at_ < text_.size() && sign_at(text_, at_).first == Sign::quote;
    if (auto read = advance(); !read) return read.error();
    if (quoted) {
      value = token_.text;
      if (auto read = advance(); !read) return read.error();
    }
    auto node = field_value(known->second, value);
    if (node.value.empty())
      return error(token.offset, fmt::format("'{}:' needs a value right after it", name));
    if (node.field == QueryField::lang && !is_lang(node))
      return error(token.offset, "'lang:' needs two letters, as in lang:en");
    return node;
  }

  static QueryNode field_value(QueryField field, std::string_view value) {
    QueryNode node{.kind = QueryNode::Kind::field, .field = field, .prefix = value.ends_with('*')};
    if (node.prefix) value.remove_suffix(1);
    if (field == QueryField::author && value.starts_with('@')) value.remove_prefix(1);
    fold_case(value, node.value);
    return node;
  }

  static bool is_lang(const QueryNode& node) {
    return !node.prefix && node.value.size() == 2 &&
           std::all_of(node.value.begin(), node.value.end(),
                       [](char c) { return c >= 'a' && c <= 'z'; });
  }

  /// The words of a term or of a phrase, `first` being its place in the query; there may be none.
  Result<QueryNode> words(std::string_view text, std::size_t first) {
    QueryNode node{.kind = QueryNode::Kind::words};
    const auto found = splitter_.split(text);
    if (found.size() > max_phrase_words) return error(first, "a phrase of more than 64 words");
    for (const Word& word : found) {
      if (word.kind == WordKind::link)
        return error(first + word.begin, "links can't be looked for; give the words or the author");
      node.words.push_back({std::string{word.text}, word.kind, false});
    }
    for (auto star = text.find('*'); star != std::string_view::npos;
         star = text.find('*', star + 1)) {
      const auto next = std::find_if(found.begin(), found.end(),
                                     [&](const Word& word) { return word.begin == star + 1; });
      if (next != found.end()) return error(first + star, "'*' belongs at the end of a word");
      const auto before = std::find_if(found.begin(), found.end(),
                                       [&](const Word& word) { return word.end == star; });
      if (before == found.end()) return error(first + star, "a lone '*'");
      node.words[static_cast<std::size_t>(before - found.begin())].prefix = true;
    }
    return node;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token token_;
  WordSplitter splitter_;
};

/// Whether the query holds for a post in which nothing that it names is found.
bool holds_of_nothing(const QueryNode& node) {
  switch (node.kind) {
    case QueryNode::Kind::all:
      return std::all_of(node.parts.begin(), node.parts.end(), holds_of_nothing);
    case QueryNode::Kind::any:
      return std::any_of(node.parts.begin(), node.parts.end(), holds_of_nothing);
    case QueryNode::Kind::none:
      return !holds_of_nothing(node.parts.front());
    default:
      return false;
  }
}

}  // namespace

Result<std::optional<QueryNode>> parse_query(std::string_view text) {
  auto query = Parser{text}.parse();
  if (query && query->has_value() && holds_of_nothing(**query))
    return Error{Error::Kind::config,
                 "column 1: a query needs at least one word that must be there"};
  return query;
}

}  // namespace earshot
