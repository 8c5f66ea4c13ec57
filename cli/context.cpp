#include "cli/context.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "store/rocks/rocks_post_store.hpp"

namespace earshot {

Result<std::optional<Config>> find_project(const Context& context) {
  const auto path = find_config(context.config, context.environment);
  if (!path) return std::optional<Config>{};
  auto config = load_config(*path);
  if (!config) return config.error();
  if (context.store) config->store_path = *context.store;
  return std::optional<Config>{std::move(*config)};
}

Result<Config> require_project(const Context& context) {
  auto config = find_project(context);
  if (!config) return config.error();
  if (!*config)
    return Error{
        Error::Kind::config,
        "there is no earshot.toml here; `earshot init` writes one, --config names one elsewhere"};
  return std::move(**config);
}

Result<std::string> store_path(const Context& context, const std::optional<Config>& config) {
  if (context.store) return *context.store;
  if (config) return config->store_path;
  return Error{
      Error::Kind::config,
      "there is no earshot.toml here to say where the store is; name it with --store PATH"};
}

Result<std::unique_ptr<PostStore>> open_store(const std::string& path, StoreUse use) {
  RocksOptions options;
  options.access = use == StoreUse::read ? RocksOptions::Access::read : RocksOptions::Access::write;
  options.create = use == StoreUse::create;
  if (use != StoreUse::read) umask(077);
  return open_rocks_store(path, options);
}

std::string find_model(const Context& context, const std::optional<std::string>& named,
                       const std::optional<Config>& config) {
  if (named) return *named;
  if (config && !config->model_path.empty()) return config->model_path;
  if (auto variable = context.environment("EARSHOT_MODEL"); !variable.empty()) return variable;
  if (!context.executable.empty()) {  // it is where there is no /proc
    const auto folder = std::filesystem::path{context.executable}.parent_path();
    auto installed = (folder / EARSHOT_INSTALLED_MODEL).lexically_normal().string();
    std::error_code ignored;
    if (std::filesystem::exists(installed, ignored)) return installed;
  }
  return EARSHOT_SOURCE_MODEL;
}

std::string_view earshot_version() {
  return EARSHOT_VERSION;
}

}  // namespace earshot
