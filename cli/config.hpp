#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/project.hpp"
#include "cli/fetching.hpp"
#include "cli/user_files.hpp"
#include "ingest/source.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// What `earshot.toml` says. Paths are resolved against the folder of the file.
struct Config {
  Project project;
  std::string store_path;
  UserFilePaths files;  ///< All of [files] but `places`, which are in the project.
  FetchConfig fetch;
  std::vector<SourceConfig> sources;  ///< In the order of the file.
  std::string model_path;             ///< Empty: the default model.
  std::string file;                   ///< The config's own path, as messages name it.
};

/// Reads and checks a config, all but its queries and its model. Errors (`config`): "acme.toml:14:
/// unknown source 'mastodn', did you mean 'mastodon'?"; the first thing wrong with the file, and
/// only that.
Result<Config> load_config(const std::string& path);

/// The same of bytes that were read from `path`.
Result<Config> parse_config(std::string_view bytes, const std::string& path);

/// Answers with the value of an environment variable, empty if it is not set.
using Environment = std::function<std::string(const char* name)>;

/// Where the config is: `named` (--config), else $EARSHOT_CONFIG, else ./earshot.toml, else
/// $XDG_CONFIG_HOME/earshot/earshot.toml (~/.config where that is not set). Nothing if the last two
/// don't exist.
std::optional<std::string> find_config(const std::optional<std::string>& named,
                                       const Environment& environment);

/// The commented example that `earshot init` writes: `configs/earshot.toml`, compiled in.
std::string_view example_config();

}  // namespace earshot
