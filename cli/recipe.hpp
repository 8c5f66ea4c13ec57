#pragma once

#include <string>
#include <string_view>

#include "analyze/train.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// How a sentiment model is made, as a TOML file: see `configs/README.md`. Files are named without
/// a folder and lie in `data`; one that begins with "./" lies beside the recipe. `output` is left
/// empty. Errors (`config`): file:line and what is wrong, with a did-you-mean for unknown keys.
Result<TrainRequest> load_recipe(const std::string& path, const std::string& data);

/// The same of bytes that were read from `path`.
Result<TrainRequest> parse_recipe(std::string_view bytes, const std::string& path,
                                  const std::string& data);

}  // namespace earshot
