#include "cli/arguments.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <boost/program_options.hpp>

#include "store/base/suggest.hpp"

namespace earshot {

namespace {

namespace po = boost::program_options;

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

po::options_description boost_options(std::span<const Option> options) {
  po::options_description description;
  for (const auto& option : options) {
    std::string names{option.name};
    if (option.letter != 0) names.append(",").append(1, option.letter);
    if (option.value.empty())
      description.add_options()(names.c_str(), "");
    else
      description.add_options()(names.c_str(), po::value<std::vector<std::string>>(), "");
  }
  return description;
}

Error unknown_option(const std::string& given, std::span<const Option> options) {
  std::vector<std::string> names;
  for (const auto& option : options) names.push_back("--" + std::string{option.name});
  const std::vector<std::string_view> candidates{names.begin(), names.end()};
  return usage(fmt::format("unknown option '{}'{}", given, did_you_mean(given, candidates)));
}

Error wrong_value(const std::string& given, std::span<const Option> options) {
  for (const auto& option : options) {
    if (given != "--" + std::string{option.name} && given != option.name &&
        given != fmt::format("-{}", option.letter))
      continue;
    if (option.value.empty())
      return usage(fmt::format("option '--{}' takes no value", option.name));
    return usage(fmt::format("option '--{}' needs a value: --{} {}", option.name, option.name,
                             option.value));
  }
  return usage(fmt::format("option '{}' has no value", given));
}

/// The one place where Boost's exceptions end.
Result<std::vector<po::option>> boost_parse(std::span<const Option> options,
                                            std::span<const std::string> words) {
  try {
    const auto description = boost_options(options);
    const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    return po::command_line_parser({words.begin(), words.end()})
        .options(description)
        .style(style)
        .run()
        .options;
  } catch (const po::unknown_option& error) {
    return unknown_option(error.get_option_name(), options);
  } catch (const po::error_with_option_name& error) {
    return wrong_value(error.get_option_name(), options);
  } catch (const po::error& error) {
    return usage(error.what());
  }
}

}  // namespace

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto found = values_.find(option);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::string Arguments::value_or(std::string_view option, std::string_view otherwise) const {
  return value(option).value_or(std::string{otherwise});
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

Result<std::uint64_t> Arguments::number(std::string_view option, std::uint64_t otherwise,
                                        std::uint64_t least) const {
  const auto text = value(option);
  if (!text) return otherwise;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number < least)
    return usage(fmt::format("--{} must be a whole number{}, not '{}'", option,
                             least == 0 ? "" : fmt::format(" from {} up", least), *text));
  return number;
}

Result<std::string> Arguments::choice(std::string_view option,
                                      std::span<const std::string_view> choices) const {
  const auto text = value(option);
  if (!text) return std::string{choices.front()};
  if (std::ranges::find(choices, *text) != choices.end()) return *text;
  std::string listed;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) listed += i + 1 == choices.size() ? " or " : ", ";
    listed += choices[i];
  }
  return usage(fmt::format("--{} must be {}, not '{}'", option, listed, *text));
}

Result<Arguments> parse_arguments(std::span<const Option> options,
                                  std::span<const std::string> words) {
  auto parsed = boost_parse(options, words);
  if (!parsed) return parsed.error();
  Arguments arguments;
  for (auto& option : *parsed) {
    if (option.position_key >= 0 || option.string_key.empty()) {
      std::ranges::move(option.value, std::back_inserter(arguments.operands_));
      continue;
    }
    const auto known = std::ranges::find(options, option.string_key, &Option::name);
    // Boost takes the next word for the value even where it is an option.
    const bool swallowed =
        option.original_tokens.size() == 2 && option.original_tokens[1].starts_with("--");
    const bool empty = !known->value.empty() && option.value == std::vector<std::string>{""};
    if (swallowed || empty) return wrong_value(option.string_key, options);
    auto [entry, first] = arguments.values_.try_emplace(option.string_key);
    if (!first && !known->repeats && !known->value.empty())
      return usage(fmt::format("option '--{}' is given twice", option.string_key));
    std::ranges::move(option.value, std::back_inserter(entry->second));
  }
  return arguments;
}

std::string describe_options(std::span<const Option> options) {
  std::vector<std::string> left;
  std::size_t width = 0;
  for (const auto& option : options) {
    std::string text = option.letter != 0 ? fmt::format("  -{}, --{}", option.letter, option.name)
                                          : fmt::format("  --{}", option.name);
    if (!option.value.empty()) text.append(" ").append(option.value);
    width = std::max(width, text.size());
    left.push_back(std::move(text));
  }
  std::string out;
  for (std::size_t i = 0; i < left.size(); ++i)
    fmt::format_to(std::back_inserter(out), "{:<{}}  {}{}\n", left[i], width, options[i].help,
                   options[i].repeats ? " (may be repeated)" : "");
  return out;
}

}  // namespace earshot
