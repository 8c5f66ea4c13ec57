#include "cli/program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/help.hpp"
#include "cli/signals.hpp"
#include "ingest/date_text.hpp"
#include "store/base/parallel.hpp"

namespace earshot {

namespace {

/// A command line with the command taken out of it.
struct CommandLine {
  std::string command;
  std::vector<std::string> words;  ///< The rest, in order.
};

/// The command is the first word that is neither an option nor the value of a global one.
CommandLine split(int argc, const char* const* argv) {
  CommandLine line;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (line.command.empty() && !word.starts_with('-')) {
      line.command = std::move(word);
      continue;
    }
    const bool takes_value =
        line.command.empty() && std::ranges::any_of(global_options(), [&](const Option& option) {
          return !option.value.empty() && word == "--" + std::string{option.name};
        });
    line.words.push_back(std::move(word));
    if (takes_value && i + 1 < argc) line.words.emplace_back(argv[++i]);
  }
  return line;
}

Result<Done> apply_global_options(const Arguments& arguments, Context& context) {
  context.config = arguments.value("config");
  context.store = arguments.value("store");
  context.verbose = arguments.has("verbose");
  const auto threads = arguments.number("threads", 0, 1);
  if (!threads) return threads.error();
  if (*threads > 1024) return Error{Error::Kind::usage, "--threads must be at most 1024"};
  if (const auto now = arguments.value("now")) {
    context.now = parse_rfc3339(*now);
    if (!context.now)
      return Error{Error::Kind::usage,
                   fmt::format("--now '{}' is not a time like 2026-08-01T09:30:00Z", *now)};
  }
  set_thread_count(static_cast<unsigned>(*threads));
  return Done{};
}

Result<ExitCode> run_command(const Command& command, const CommandLine& line, Context& context) {
  std::vector<Option> options{command.details.options.begin(), command.details.options.end()};
  options.insert(options.end(), global_options().begin(), global_options().end());
  const auto arguments = parse_arguments(options, line.words);
  if (!arguments) return arguments.error();
  if (arguments->has("help")) {
    context.out.write(command_help(command));
    return ExitCode::done;
  }
  if (arguments->operands().size() > command.details.max_operands)
    return Error{Error::Kind::usage,
                 fmt::format("unexpected argument '{}'",
                             arguments->operands()[command.details.max_operands])};
  if (const auto applied = apply_global_options(*arguments, context); !applied)
    return applied.error();
  return command.details.run(*arguments, context);
}

Result<ExitCode> run_line(const CommandLine& line, Context& context) {
  if (!line.command.empty()) {
    const auto* command = find_command(line.command);
    if (command == nullptr) return unknown_command(line.command);
    return run_command(*command, line, context);
  }
  std::vector<Option> options{global_options().begin(), global_options().end()};
  options.push_back({.name = "version", .value = "", .help = ""});
  const auto arguments = parse_arguments(options, line.words);
  if (!arguments) return arguments.error();
  if (arguments->has("version"))
    context.out.write(fmt::format("earshot {}\n", earshot_version()));
  else if (arguments->has("help"))
    context.out.write(program_help());
  else
    return Error{Error::Kind::usage, "no command given; see `earshot --help`"};
  return ExitCode::done;
}

std::string executable_path() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).string();
}

std::string environment_variable(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets variables
  return value == nullptr ? std::string{} : std::string{value};
}

/// Holds the places of the streams that we were started without, as after `>&-`: else the store's
/// own files would get their numbers, and our output with them. What is there instead fails as a
/// closed stream does.
void hold_standard_streams() {
  constexpr std::array modes{O_WRONLY, O_RDONLY, O_RDONLY};
  for (int i = STDIN_FILENO; i <= STDERR_FILENO; ++i)
    if (fcntl(i, F_GETFD) < 0)                                         // NOLINT(*-vararg)
      (void)open("/dev/null", modes.at(static_cast<std::size_t>(i)));  // NOLINT(*-vararg)
}

/// What is wrong with a command's line is said in the command's name: "earshot report: ...".
void print(const Error& error, const CommandLine& line, Console& console) {
  const bool usage = error.kind == Error::Kind::usage && find_command(line.command) != nullptr;
  console.say(error.message, usage ? line.command : std::string_view{});
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  hold_standard_streams();
  ignore_write_signals();
  Output out{STDOUT_FILENO};
  Console console{STDERR_FILENO, inspect_terminal(STDERR_FILENO)};
  Context context{out,
                  console,
                  inspect_terminal(STDOUT_FILENO),
                  environment_variable,
                  executable_path(),
                  {},
                  {},
                  {},
                  false};
  const auto line = split(argc, argv);

  auto result = run_line(line, context);
  const auto flushed = out.flush();
  console.finish_progress();
  if (!result) print(result.error(), line, console);
  if (!flushed) console.say(flushed.error().message);
  if (const int signal = pending_signal(); signal != 0) return 128 + signal;
  const ExitCode code = result ? *result : exit_code_of(result.error());
  return static_cast<int>(flushed ? code : worse(code, ExitCode::failed));
}

}  // namespace earshot
