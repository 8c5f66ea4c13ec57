#include "ingest/mapping.hpp"

namespace earshot {

std::string_view name_of(PostField field) {
  static constexpr std::array<std::string_view, post_field_count> names{
      "id",        "channel", "author_id", "author", "followers", "text",    "title", "posted_at", "edited_at",
      "parent",    "root",    "likes",     "shares", "replies",   "url",     "lang",  "place"};
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

}  // namespace earshot
