#include "cli/arguments.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

constexpr Option options[] = {
    {.name = "since", .value = "DATE", .help = "first day"},
    {.name = "metric", .value = "NAME", .help = "only this", .repeats = true},
    {.name = "all", .value = "", .help = "everything"},
    {.name = "verbose", .value = "", .help = "say more", .letter = 'v'},
};

Result<Arguments> parse(std::vector<std::string> words) {
  return parse_arguments(options, words);
}

std::string error_of(std::vector<std::string> words) {
  const auto parsed = parse(std::move(words));
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == Error::Kind::usage);
  return parsed.error().message;
}

}  // namespace

TEST_CASE("arguments: options and operands may be mixed") {
  const auto parsed = parse(
      {"planning", "--since", "2026-08-01", "-v", "engagement", "--metric=a", "--metric", "b"});

  REQUIRE(parsed);
  CHECK(parsed->operands() == std::vector<std::string>{"planning", "engagement"});
  CHECK(parsed->value("since") == "2026-08-01");
  CHECK(parsed->values("metric") == std::vector<std::string>{"a", "b"});
  CHECK(parsed->has("verbose"));
  CHECK_FALSE(parsed->has("all"));
  CHECK_FALSE(parsed->value("until"));
}

TEST_CASE("arguments: a dash is an operand, and after two dashes everything is") {
  const auto parsed = parse({"-", "--", "--since"});

  REQUIRE(parsed);
  CHECK(parsed->operands() == std::vector<std::string>{"-", "--since"});
}

TEST_CASE("arguments: what is wrong is said in one clause") {
  CHECK(error_of({"--sinse", "x"}) == "unknown option '--sinse', did you mean '--since'?");
  CHECK(error_of({"--sinc", "x"}) == "unknown option '--sinc', did you mean '--since'?");
  CHECK(error_of({"--zzzzzzz"}) == "unknown option '--zzzzzzz'");
  CHECK(error_of({"-q"}) == "unknown option '-q'");
  CHECK(error_of({"--since"}) == "option '--since' needs a value: --since DATE");
  CHECK(error_of({"--since", "--all"}) == "option '--since' needs a value: --since DATE");
  CHECK(error_of({"--all=3"}) == "option '--all' takes no value");
  CHECK(error_of({"--since", "a", "--since", "b"}) == "option '--since' is given twice");
}

TEST_CASE("arguments: numbers and choices are checked") {
  static constexpr std::string_view choices[] = {"text", "jsonl", "csv"};
  const auto parsed = parse({"--since", "12x", "--metric", "xml"});
  REQUIRE(parsed);

  CHECK(*parsed->number("until", 7) == 7);
  CHECK(parsed->number("since", 0).error().message == "--since must be a whole number, not '12x'");
  CHECK(parsed->number("since", 1, 1).error().message ==
        "--since must be a whole number from 1 up, not '12x'");
  CHECK(*parsed->choice("all", choices) == "text");
  CHECK(parsed->choice("metric", choices).error().message ==
        "--metric must be text, jsonl or csv, not 'xml'");
}

TEST_CASE("arguments: help is two columns") {
  CHECK(describe_options(options) ==
        "  --since DATE   first day\n"
        "  --metric NAME  only this (may be repeated)\n"
        "  --all          everything\n"
        "  -v, --verbose  say more\n");
}
