#pragma once

#include <string_view>

#include "cli/arguments.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "store/base/result.hpp"

namespace earshot {

// What `earshot sources` does besides showing health. Operands are those behind the verb's own.

/// `import FILE`: appends the feeds of an OPML list to the config.
Result<ExitCode> import_sources(const Arguments& arguments, Context& context);

/// `export`: the feeds of the config as OPML.
Result<ExitCode> export_sources(const Arguments& arguments, Context& context);

/// `add URL`: finds what can be followed there, polls it once and appends it to the config.
Result<ExitCode> add_source(const Arguments& arguments, Context& context);

/// `test NAME` or `test URL`: polls once, stores nothing, and shows what came and what will go
/// wrong. `format` is "text" or "json".
Result<ExitCode> test_source(std::string_view format, const Arguments& arguments, Context& context);

}  // namespace earshot
