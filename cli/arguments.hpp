#pragma once

#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// The words that a value can be, for shell completions; the command itself still checks.
using Choices = std::vector<std::string_view> (*)();

/// The choices in a table: `.choices = listed<formats>`.
template <const auto& words>
std::vector<std::string_view> listed() {
  return {std::begin(words), std::end(words)};
}

/// A flag of a command.
struct Option {
  std::string_view name;  ///< "since", for --since.
  /// What its value is called in the help: "DATE". "FILE" and "PATH" are completed with file names.
  /// Empty: takes none.
  std::string_view value;
  std::string_view help;
  bool repeats = false;
  char letter = 0;            ///< 'v', for -v.
  Choices choices = nullptr;  ///< Null: any value.
};

/// A command line that has been taken apart.
class Arguments {
 public:
  bool has(std::string_view option) const { return values_.contains(option); }

  /// The option's value, or nothing if it was not given.
  std::optional<std::string> value(std::string_view option) const;
  std::string value_or(std::string_view option, std::string_view otherwise) const;
  std::vector<std::string> values(std::string_view option) const;

  /// What is left besides the options, in order.
  const std::vector<std::string>& operands() const { return operands_; }

  /// The option's value as a whole number from `least` up. Error `usage`.
  Result<std::uint64_t> number(std::string_view option, std::uint64_t otherwise,
                               std::uint64_t least = 0) const;

  /// The option's value if it is one of `choices`, the first of which holds where it is not given.
  /// Error `usage`.
  Result<std::string> choice(std::string_view option,
                             std::span<const std::string_view> choices) const;

 private:
  friend Result<Arguments> parse_arguments(std::span<const Option>, std::span<const std::string>);
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> operands_;
};

/// Takes `words` apart by `options`. "--" ends the options, "-" is an operand. Errors (`usage`): an
/// unknown option, with a did-you-mean; a value missing or not wanted; an option given twice.
Result<Arguments> parse_arguments(std::span<const Option> options,
                                  std::span<const std::string> words);

/// The options as two columns of help.
std::string describe_options(std::span<const Option> options);

}  // namespace earshot
