#pragma once

#include <memory>
#include <optional>
#include <string>

#include "analyze/sentiment.hpp"
#include "cli/config.hpp"
#include "cli/console.hpp"
#include "cli/terminal.hpp"
#include "store/base/time.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// What a command works with besides its arguments: the outside world, and the options that all
/// commands share.
struct Context {
  Output& out;        ///< stdout: the result and nothing else.
  Console& console;   ///< stderr.
  Terminal terminal;  ///< Of stdout.
  Environment environment;
  std::string executable;             ///< Path of the running program.
  std::optional<std::string> config;  ///< --config
  std::optional<std::string> store;   ///< --store
  std::optional<Instant> now;         ///< --now
  bool verbose = false;               ///< -v

  /// --now, else the machine's clock.
  Instant clock() const { return now.value_or(clock_now()); }

  /// Whether somebody is watching: -v or a terminal on stderr.
  bool talkative() const { return verbose || console.interactive(); }
};

/// The config if there is one; --store already applied.
Result<std::optional<Config>> find_project(const Context& context);

/// The same, an error if there is none.
Result<Config> require_project(const Context& context);

/// Where the store is: --store, else the config's word. Error `config` if neither says.
Result<std::string> store_path(const Context& context, const std::optional<Config>& config);

enum class StoreUse { read, write, create };

/// Opens the store. A store that is created is readable by its owner only (umask 077, for the rest
/// of the process).
Result<std::unique_ptr<PostStore>> open_store(const std::string& path, StoreUse use);

/// Where the sentiment model is: `named` (--model), else the config's, else $EARSHOT_MODEL, else
/// the one installed with the program (where that is now, not where it was installed to), else
/// that of the source tree it was built in.
std::string find_model(const Context& context, const std::optional<std::string>& named,
                       const std::optional<Config>& config);

/// The version of earshot, "0.1.0".
std::string_view earshot_version();

}  // namespace earshot
