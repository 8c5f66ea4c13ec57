#pragma once

#include <string>

namespace earshot {

/// The manual page earshot(1) in man(7) macros, from the same tables as --help: every command with
/// its options and example, exit codes, environment and files. The same bytes for one version.
std::string man_page();

}  // namespace earshot
