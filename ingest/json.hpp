#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>

#include "store/base/result.hpp"
#include "store/post.hpp"

namespace earshot {

/// One value of a document. Its members or elements follow it, each with all of its own.
struct JsonNode {
  enum class Kind : std::uint8_t { null, boolean, number, string, list, object };

  std::string_view key;    ///< Of a member.
  std::string_view text;   ///< A string's characters; a number or a boolean as it is written.
  std::uint32_t size = 1;  ///< Nodes of this value, itself among them.
  Kind kind = Kind::null;
};

/// A value of a document, or nothing where an answer does not have it. Asking nothing for more is
/// no error: it has no members, no text and no number. A view, alive as long as its document.
class JsonValue {
 public:
  class Iterator {
   public:
    using value_type = JsonValue;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;

    Iterator() = default;
    explicit Iterator(const JsonNode* node) : node_{node} {}
    JsonValue operator*() const { return JsonValue{node_}; }
    Iterator& operator++() { return node_ += node_->size, *this; }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const JsonNode* node_ = nullptr;
  };

  JsonValue() = default;
  explicit JsonValue(const JsonNode* node) : node_{node} {}

  /// True if it is there, and not null.
  explicit operator bool() const { return node_ != nullptr && node_->kind != JsonNode::Kind::null; }
  bool is_list() const { return is(JsonNode::Kind::list); }
  bool is_object() const { return is(JsonNode::Kind::object); }

  /// The member at a path: "account.followers_count". Of a repeated member the first counts.
  JsonValue at(std::string_view path) const;

  /// The member of that name, which may have dots in it.
  JsonValue member(std::string_view name) const;

  std::string_view name() const { return node_ == nullptr ? std::string_view{} : node_->key; }

  /// A string, or a number as it is written: ids are both. Else empty.
  std::string_view text() const;

  /// A number that counts something, also if it is written as a string. Nothing if it is missing,
  /// negative, or beyond 64 bits.
  Count count() const;

  bool is_true() const { return is(JsonNode::Kind::boolean) && node_->text == "true"; }

  /// The elements of a list, the members of an object; none of anything else.
  Iterator begin() const { return Iterator{nested() ? node_ + 1 : nullptr}; }
  Iterator end() const { return Iterator{nested() ? node_ + node_->size : nullptr}; }
  bool empty() const { return begin() == end(); }

 private:
  bool is(JsonNode::Kind kind) const { return node_ != nullptr && node_->kind == kind; }
  bool nested() const { return is_list() || is_object(); }

  const JsonNode* node_ = nullptr;
};

/// An answer of an API, read whole. Tolerant where services are careless: a byte order mark is
/// skipped, numbers of any size are kept as they are written, and half a surrogate pair becomes
/// U+FFFD.
class JsonDocument {
 public:
  /// Errors (`format`): "not JSON: cut off"; more than a million values.
  static Result<JsonDocument> parse(std::string_view bytes);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const;

 private:
  struct State;
  explicit JsonDocument(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

/// Why simdjson (its error code) could not read a text: "not JSON: a broken escape".
std::string_view json_fault(int code);

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`: on-demand parsing hands out numbers unread.
bool is_json_number(std::string_view token);

}  // namespace earshot
