#pragma once

#include <string_view>

namespace earshot {

/// analyze/renderers/report.css, built in.
std::string_view report_css();

/// Its SHA-256 in base64, as the page's security policy names it.
std::string_view report_css_sha256();

}  // namespace earshot
