#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace earshot {

/// What the outside world did wrong. What we do wrong is an assert.
struct Error {
  /// Each kind has its own way out, and its own exit code (`cli/exit_code.hpp`).
  enum class Kind {
    usage,          ///< The command line.
    config,         ///< A configuration, mapping or model file.
    network,        ///< A server, a name, a time-out.
    format,         ///< Bytes that are not what their source says they are.
    io,             ///< A file that can't be read or written.
    store_missing,  ///< No store at that path.
    store_locked,   ///< Another process is writing.
    store_damaged,  ///< The store contradicts itself.
    store_full,     ///< Disk full, or not writable.
    store_newer,    ///< Of another format than this version of earshot writes.
  };

  Kind kind;
  std::string message;  ///< One lower-case clause, no full stop: where, what, and what to do.
};

/// The value of a `Result` that only says that it worked.
struct Done {};

/// A value, or the reason why there is none. The member names are those of `std::expected`, which
/// g++ 12 does not have in C++20 mode, so that one can replace the other.
template <class T = Done>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_{std::move(value)} {}      // NOLINT: implicit on purpose
  Result(Error error) : state_{std::move(error)} {}  // NOLINT: implicit on purpose

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return assert(!has_value()), *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace earshot
