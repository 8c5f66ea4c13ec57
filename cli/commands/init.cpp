#include "cli/command.hpp"
#include "cli/config.hpp"
#include "cli/context.hpp"
#include "store/base/file.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const std::string path =
      arguments.operands().empty() ? "earshot.toml" : arguments.operands().front();
  if (const auto created = create_file(path, example_config()); !created) return created.error();
  context.out.write(
      printable(path) +
      ": written; put your name, your queries and your sources in it, then try `earshot run`\n");
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_init() {
  return {.operands = "[FILE]",
          .max_operands = 1,
          .description =
              "Writes a config with every key explained, to earshot.toml or FILE. A file that is "
              "already there is left\n"
              "as it is.",
          .example = "earshot init",
          .options = {},
          .run = run};
}

}  // namespace earshot
