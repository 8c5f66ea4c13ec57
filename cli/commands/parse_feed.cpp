#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/feed_json.hpp"
#include "cli/numbers.hpp"
#include "ingest/feed_document.hpp"

namespace earshot {

namespace {

constexpr Option options[] = {
    {.name = "url", .value = "URL", .help = "where the document was fetched from"},
    {.name = "content-type", .value = "TYPE", .help = "the answer's Content-Type"},
    {.name = "content-location", .value = "URL", .help = "the answer's Content-Location"},
    {.name = "content-language", .value = "TAG", .help = "the answer's Content-Language"},
};

Result<FeedDocument> read(const std::string& path, const FeedOrigin& origin) {
  const auto body = read_feed_file(path);
  if (!body) return body.error();
  auto document = read_feed(*body, origin);
  if (!document)
    return Error{document.error().kind, fmt::format("{}: {}", path, document.error().message)};
  return document;
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  if (arguments.operands().empty())
    return Error{Error::Kind::usage, "which file is missing: earshot parse-feed FILE..."};
  const auto url = arguments.value_or("url", "");
  const auto content_type = arguments.value_or("content-type", "");
  const auto content_location = arguments.value_or("content-location", "");
  const auto content_language = arguments.value_or("content-language", "");
  const FeedOrigin origin{.url = url,
                          .content_type = content_type,
                          .content_location = content_location,
                          .content_language = content_language,
                          .links = true};
  bool all_read = true;
  std::string lines;
  for (const auto& path : arguments.operands()) {
    const auto document = read(path, origin);
    if (!document) {
      context.console.say(document.error().message);
      all_read = false;
    }
    lines.clear();
    append_feed_json(document ? &*document : nullptr, lines);
    context.out.write(lines);
    if (context.out.closed()) break;
  }
  return all_read ? ExitCode::done : ExitCode::partly;
}

}  // namespace

CommandDetails describe_parse_feed() {
  return {
      .operands = "FILE...",
      .max_operands = any_number,
      .description =
          "Shows what the feed parser makes of saved feeds (RSS, Atom, JSON Feed; plain, .gz, "
          ".zst, or - for stdin):\n"
          "one JSON object a line, first one of \"kind\":\"feed\" for each file, its members "
          "null where it is no feed, then one\n"
          "of \"kind\":\"entry\" for each entry, in the order of the document. Texts are plain, "
          "addresses absolute, times UTC.\n"
          "The options say what the transport would have said. Needs neither config nor store.",
      .example = "earshot parse-feed --url https://example.org/blog/feed.xml feed.xml",
      .options = options,
      .run = run};
}

}  // namespace earshot
