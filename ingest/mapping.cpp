#include "ingest/mapping.hpp"

#include <fmt/format.h>

#include "ingest/date_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

Result<Done> check_date_format(const std::string& format) {
  if (DateFormat::compile(format)) return Done{};
  return Error{
      Error::Kind::config,
      fmt::format("date_format '{}' is not one; use rfc3339, rfc822, unix, unix_ms, or a pattern "
                  "of %Y %y %m %d %H %I %M %S %p %z %a %b with at least year, month and day",
                  format)};
}

}  // namespace

std::string_view name_of(PostField field) {
  static constexpr std::array<std::string_view, post_field_count> names{
      "id",        "channel",     "author_id", "author", "followers", "text",  "title",
      "posted_at", "posted_time", "edited_at", "parent", "root",      "likes", "shares",
      "replies",   "url",         "lang",      "place",  "repost"};
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

bool is_needed(PostField field, const Mapping& mapping) {
  return (field == PostField::id && !mapping.derived_ids) || field == PostField::text ||
         field == PostField::posted_at;
}

bool says_nothing(PostField field, std::string_view value) {
  if (value.empty()) return true;
  value = trim(value);
  if (value.empty()) return true;
  const bool is_count = field == PostField::likes || field == PostField::shares ||
                        field == PostField::replies || field == PostField::followers;
  return is_count && (value == "0" || value == "0.0");
}

Result<Done> check_mapping(const Mapping& mapping) {
  for (const auto field : {PostField::id, PostField::text, PostField::posted_at})
    if (is_needed(field, mapping) && mapping.column(field).empty())
      return Error{Error::Kind::config,
                   fmt::format("no column is mapped to {0}; add {0} = \"...\" under [columns]",
                               name_of(field))};
  if (auto checked = check_date_format(mapping.date_format); !checked) return checked;
  for (const auto& format : mapping.other_date_formats)
    if (auto checked = check_date_format(format); !checked) return checked;
  if (!mapping.as_of.empty() && !parse_rfc3339(mapping.as_of))
    return Error{
        Error::Kind::config,
        fmt::format("as_of '{}' is not a date; write it as 2026-08-01T09:30:00Z", mapping.as_of)};
  if (mapping.network.empty())
    return Error{Error::Kind::config, "network is empty; name the id space of the posts"};
  if (mapping.delimiter == '"' || mapping.delimiter == '\n' || mapping.delimiter == '\r')
    return Error{Error::Kind::config, "the delimiter can't be a quote or a line end"};
  if (mapping.thousands >= '0' && mapping.thousands <= '9')
    return Error{Error::Kind::config, "thousands can't be told apart by a digit"};
  return Done{};
}

}  // namespace earshot
