#include "ingest/mapping.hpp"

#include <fmt/format.h>

#include "ingest/date_text.hpp"

namespace earshot {

std::string_view name_of(PostField field) {
  static constexpr std::array<std::string_view, post_field_count> names{
      "id",     "channel",   "author_id", "author", "followers", "text",
      "title",  "posted_at", "edited_at", "parent", "root",      "likes",
      "shares", "replies",   "url",       "lang",   "place"};
  return names[static_cast<std::size_t>(field)];
}

Mapping default_mapping() {
  Mapping mapping;
  mapping.column(PostField::id) = "id";
  mapping.column(PostField::channel) = "channel";
  mapping.column(PostField::author) = "author";
  mapping.column(PostField::followers) = "followers";
  mapping.column(PostField::text) = "text";
  mapping.column(PostField::posted_at) = "created_at";
  mapping.column(PostField::parent) = "in_reply_to";
  mapping.column(PostField::likes) = "likes";
  mapping.column(PostField::shares) = "shares";
  mapping.column(PostField::replies) = "replies";
  mapping.column(PostField::url) = "url";
  mapping.column(PostField::lang) = "lang";
  return mapping;
}

Result<Done> check_mapping(const Mapping& mapping) {
  for (const auto field : {PostField::id, PostField::text, PostField::posted_at})
    if (mapping.column(field).empty())
      return Error{Error::Kind::config,
                   fmt::format("no column is mapped to {0}; add {0} = \"...\" under [columns]",
                               name_of(field))};
  if (!DateFormat::compile(mapping.date_format))
    return Error{Error::Kind::config,
                 fmt::format("date_format '{}' is not one; use rfc3339, rfc822, unix, unix_ms, or "
                             "a pattern of %Y %m %d "
                             "%H %M %S %z %a %b with at least year, month and day",
                             mapping.date_format)};
  if (!mapping.as_of.empty() && !parse_rfc3339(mapping.as_of))
    return Error{
        Error::Kind::config,
        fmt::format("as_of '{}' is not a date; write it as 2026-08-01T09:30:00Z", mapping.as_of)};
  if (mapping.network.empty())
    return Error{Error::Kind::config, "network is empty; name the id space of the posts"};
  if (mapping.delimiter == '"' || mapping.delimiter == '\n' || mapping.delimiter == '\r')
    return Error{Error::Kind::config, "the delimiter can't be a quote or a line end"};
  return Done{};
}

}  // namespace earshot
