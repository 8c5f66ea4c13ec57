#include <fmt/format.h>

#include "analyze/report.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

#define EARSHOT_RENDERER(name, summary) \
  std::string render_##name(const Report& report, const RenderOptions& options);
#include "analyze/renderers.def"
#undef EARSHOT_RENDERER

const std::vector<std::string_view>& report_formats() {
  static const std::vector<std::string_view> formats{
#define EARSHOT_RENDERER(name, summary) #name,
#include "analyze/renderers.def"
#undef EARSHOT_RENDERER
  };
  return formats;
}

Result<std::string> render_report(const Report& report, std::string_view format,
                                  const RenderOptions& options) {
  std::optional<std::string> text;
#define EARSHOT_RENDERER(name, summary) \
  if (format == #name) text = render_##name(report, options);
#include "analyze/renderers.def"
#undef EARSHOT_RENDERER
  if (text && text->empty())
    return Error{
        Error::Kind::io,
        fmt::format("can't write the temporary files of a report in {}; point $TMPDIR to a "
                    "folder with room",
                    format)};
  if (text) return std::move(*text);
  return Error{Error::Kind::usage, fmt::format("unknown format '{}'{}", format,
                                               did_you_mean(format, report_formats()))};
}

}  // namespace earshot
