#include "ingest/post_writer.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

/// The first of a list of numbers ("5,7"). Ids with other characters may have commas of their own
/// (tag URIs).
std::string_view first_id(std::string_view ids) {
  const auto comma = ids.find(',');
  if (comma == std::string_view::npos ||
      ids.find_first_not_of("0123456789, ") != std::string_view::npos)
    return ids;
  return trim(ids.substr(0, comma));
}

/// A part of a record for a message: short, and whole characters only.
std::string_view excerpt(std::string_view text) {
  constexpr std::size_t longest = 40;
  if (text.size() <= longest) return text;
  std::size_t size = longest;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

std::string_view at(const FieldValues& values, PostField field) {
  return values[static_cast<std::size_t>(field)];
}

}  // namespace

Count parse_count(std::string_view text) {
  text = trim(text);
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{}) return {};
  if (rest == end) return value;
  const bool whole = *rest == '.' && rest + 1 != end &&
                     std::all_of(rest + 1, end, [](char c) { return c == '0'; });
  return whole ? Count{value} : Count{};
}

Result<PostRules> PostRules::make(const SourceConfig& config) {
  const Mapping& mapping = config.mapping;
  if (auto checked = check_mapping(mapping); !checked) return checked.error();
  PostRules rules{.network = config.network.empty() ? mapping.network : config.network,
                  .source = config.name,
                  .filtered = config.filtered,
                  .date_format_text = mapping.date_format,
                  .date_format = *DateFormat::compile(mapping.date_format)};
  std::ranges::copy(mapping.constants, rules.constants.begin());
  auto& channel = rules.constants[static_cast<std::size_t>(PostField::channel)];
  if (channel.empty()) channel = config.channel;
  if (channel.empty()) channel = config.name;
  if (!mapping.as_of.empty()) rules.as_of = *parse_rfc3339(mapping.as_of);
  return rules;
}

PostWriter::PostWriter(const PostRules& rules, PostBatch& batch) : rules_{rules}, batch_{batch} {
  for (std::size_t i = 0; i < post_field_count; ++i)
    constants_[i] = batch.texts.keep(rules.constants[i]);
  network_ = batch.texts.keep(rules.network);
  source_ = batch.texts.keep(rules.source);
}

std::string_view PostWriter::keep(const FieldValues& values, PostField field) {
  const auto value = trim(at(values, field));
  return value.empty() ? at(constants_, field) : batch_.texts.keep(value);
}

std::optional<std::string> PostWriter::add(const FieldValues& values) {
  const auto or_constant = [&](PostField field) {
    const auto value = trim(at(values, field));
    return value.empty() ? at(constants_, field) : value;
  };
  const auto id = or_constant(PostField::id);
  if (id.empty()) return "no id";
  const auto title = or_constant(PostField::title);
  auto text = at(values, PostField::text);
  if (trim(text).empty()) text = at(constants_, PostField::text);
  if (text.empty() && title.empty()) return "no text";
  const auto date = or_constant(PostField::posted_at);
  if (date.empty()) return "no date";
  const auto posted_at = rules_.date_format.parse(date);
  if (!posted_at)
    return fmt::format("unreadable date '{}' (expected {})", excerpt(date),
                       rules_.date_format_text);

  TextArena& texts = batch_.texts;
  Post& post = batch_.posts.emplace_back();
  post.network = network_;
  post.source = source_;
  post.filtered = rules_.filtered;
  post.native_id = texts.keep(id);
  post.posted_at = *posted_at;
  if (title.empty() || text.empty()) {
    post.text = texts.keep(text.empty() ? title : text);
  } else {
    char* const room = texts.room(title.size() + 1 + text.size());
    title.copy(room, title.size());
    room[title.size()] = '\n';
    text.copy(room + title.size() + 1, text.size());
    post.text = {room, title.size() + 1 + text.size()};
  }
  post.channel = keep(values, PostField::channel);
  post.author_id = keep(values, PostField::author_id);
  post.author_name = keep(values, PostField::author);
  if (post.author_id.empty()) post.author_id = post.author_name;
  if (post.author_name.empty()) post.author_name = post.author_id;
  post.parent_id = first_id(keep(values, PostField::parent));
  post.root_id = keep(values, PostField::root);
  post.lang = keep(values, PostField::lang);
  post.url = keep(values, PostField::url);
  post.place = keep(values, PostField::place);
  const auto edited = or_constant(PostField::edited_at);
  const auto edited_at = edited.empty() ? std::nullopt : rules_.date_format.parse(edited);
  post.edited_at = edited_at.value_or(rules_.as_of);
  post.engagement = {.likes = parse_count(or_constant(PostField::likes)),
                     .shares = parse_count(or_constant(PostField::shares)),
                     .replies = parse_count(or_constant(PostField::replies)),
                     .followers = parse_count(or_constant(PostField::followers)),
                     .observed_at = rules_.as_of};
  return {};
}

}  // namespace earshot
