#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/verify_writers.hpp"

namespace earshot {

namespace {

constexpr std::string_view formats[] = {"text", "json"};

constexpr Option options[] = {
    {.name = "format",
     .value = "NAME",
     .help = "text (default) or json",
     .choices = listed<formats>},
};

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto path = store_path(context, *config);
  if (!path) return path.error();

  const auto store = open_store(*path, StoreUse::read);
  if (!store) return store.error();
  const auto outcome = (*store)->verify();
  if (!outcome) return outcome.error();
  if (*format == "text")
    for (const auto& fault : outcome->faults)
      context.console.say(fmt::format("{}: {}", *path, fault));
  context.out.write(*format == "json" ? verify_json(*outcome) : verify_line(*outcome));
  return outcome->faults.empty() ? ExitCode::done : ExitCode::store_damaged;
}

}  // namespace

CommandDetails describe_verify() {
  return {.operands = "",
          .max_operands = 0,
          .description =
              "Reads the whole store and works out again all that it keeps besides posts and "
              "labels: counters, indexes, sums.\n"
              "What differs is a line each on stderr, and ends it with exit code 12. Changes "
              "nothing, and disturbs neither\n"
              "an ingest nor a report beside it.",
          .example = "earshot verify --format json",
          .options = options,
          .run = run};
}

}  // namespace earshot
