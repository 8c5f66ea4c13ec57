#pragma once

#include <string_view>

namespace earshot {

/// The JSON Schema of `earshot report --format json`: configs/schema/report.schema.json.
std::string_view report_schema();

}  // namespace earshot
