#include "ingest/post_writer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "ingest/byte_characters.hpp"
#include "store/base/ascii.hpp"
#include "store/base/hash.hpp"

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

/// Exports of posts without titles repeat the beginning of the text as one.
bool begins_with_title(std::string_view text, std::string_view title) {
  for (const std::string_view cut : {"...", "\xE2\x80\xA6"})
    if (title.ends_with(cut)) title.remove_suffix(cut.size());
  return text.starts_with(trim(title));
}

bool says_no(std::string_view text) {
  if (text.empty() || text == "0") return true;
  const auto word = lower_case(text.substr(0, 6));
  return word == "no" || word == "false" || word == "none" || word == "null" || word == "nan";
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Adds groups of three digits behind separators to a number of one to three.
const char* read_groups(const char* at, const char* end, char separator, std::uint64_t& value) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / 1000 - 1;
  while (end - at >= 4 && *at == separator && is_digit(at[1]) && is_digit(at[2]) &&
         is_digit(at[3]) && (end - at == 4 || !is_digit(at[4])) && value < most) {
    for (int i = 1; i <= 3; ++i) value = value * 10 + static_cast<std::uint64_t>(at[i] - '0');
    at += 4;
  }
  return at;
}

}  // namespace

Count parse_count(std::string_view text, char thousands) {
  text = trim(text);
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{}) return {};
  if (rest == end) return value;
  if (rest - text.data() <= 3) rest = read_groups(rest, end, thousands, value);
  if (rest == end) return value;
  const bool whole = *rest == '.' && rest + 1 != end &&
                     std::all_of(rest + 1, end, [](char c) { return c == '0'; });
  return whole ? Count{value} : Count{};
}

Result<PostRules> PostRules::make(const SourceConfig& config) {
  const Mapping& mapping = config.mapping;
  if (auto checked = check_mapping(mapping); !checked) return checked.error();
  PostRules rules;
  rules.network = config.network.empty() ? mapping.network : config.network;
  rules.source = config.name;
  rules.filtered = config.filtered;
  rules.derived_ids = mapping.derived_ids;
  rules.byte_characters = mapping.byte_characters;
  rules.thousands = mapping.thousands;
  rules.date_format_text = mapping.date_format;
  rules.date_formats.push_back(*DateFormat::compile(mapping.date_format));
  for (const auto& format : mapping.other_date_formats) {
    rules.date_format_text += " or " + format;
    rules.date_formats.push_back(*DateFormat::compile(format));
  }
  std::ranges::copy(mapping.constants, rules.constants.begin());
  auto& channel = rules.constants[static_cast<std::size_t>(PostField::channel)];
  if (channel.empty()) channel = config.channel;
  if (channel.empty()) channel = config.name;
  if (!mapping.as_of.empty()) rules.as_of = *parse_rfc3339(mapping.as_of);
  return rules;
}

std::optional<Instant> PostRules::parse_date(std::string_view text) const {
  for (const auto& format : date_formats)
    if (const auto instant = format.parse(text)) return instant;
  return {};
}

PostWriter::PostWriter(const PostRules& rules, PostBatch& batch) : rules_{rules}, batch_{batch} {
  for (std::size_t i = 0; i < post_field_count; ++i)
    constants_[i] = batch.texts.keep(rules.constants[i]);
  network_ = batch.texts.keep(rules.network);
  source_ = batch.texts.keep(rules.source);
}

std::string_view PostWriter::value(const FieldValues& values, PostField field) const {
  const auto value = trim(at(values, field));
  return value.empty() ? at(constants_, field) : value;
}

std::string_view PostWriter::keep(const FieldValues& values, PostField field) {
  const auto value = trim(at(values, field));
  return value.empty() ? at(constants_, field) : batch_.texts.keep(value);
}

std::string_view PostWriter::keep_text(std::string_view title, std::string_view text) {
  if (text.empty()) return batch_.texts.keep(title);
  if (title.empty() || begins_with_title(text, title)) return batch_.texts.keep(text);
  char* const room = batch_.texts.room(title.size() + 1 + text.size());
  title.copy(room, title.size());
  room[title.size()] = '\n';
  text.copy(room + title.size() + 1, text.size());
  return {room, title.size() + 1 + text.size()};
}

std::string PostWriter::derived_id(const FieldValues& values) const {
  std::uint64_t hash = 0;
  for (const auto field : {PostField::author_id, PostField::author, PostField::posted_at,
                           PostField::posted_time, PostField::title, PostField::text})
    hash = hash_bytes(trim(at(values, field)), hash + 1);
  return fmt::format("{:016x}", hash);
}

std::optional<std::string> PostWriter::add(const FieldValues& values) {
  if (!rules_.byte_characters) return add_read(values);
  undone_.clear();
  FieldValues meant = values;
  for (auto& text : meant) text = undo_byte_characters(text, undone_);
  return add_read(meant);
}

std::optional<std::string> PostWriter::add_read(const FieldValues& values) {
  const bool derive = rules_.derived_ids && value(values, PostField::id).empty();
  if (!derive && value(values, PostField::id).empty()) return "no id";
  const auto title = value(values, PostField::title);
  auto text = at(values, PostField::text);
  if (trim(text).empty()) text = at(constants_, PostField::text);
  if (text.empty() && title.empty()) return "no text";
  auto date = value(values, PostField::posted_at);
  if (date.empty()) return "no date";
  std::string with_time;
  if (const auto time = value(values, PostField::posted_time); !time.empty())
    date = with_time = fmt::format("{} {}", date, time);
  const auto posted_at = rules_.parse_date(date);
  if (!posted_at)
    return fmt::format("unreadable date '{}' (expected {})", excerpt(date),
                       rules_.date_format_text);

  Post& post = batch_.posts.emplace_back();
  post.network = network_;
  post.source = source_;
  post.filtered = rules_.filtered;
  post.native_id = derive ? batch_.texts.keep(derived_id(values)) : keep(values, PostField::id);
  post.posted_at = *posted_at;
  post.text = keep_text(title, text);
  add_details(values, post);
  return {};
}

void PostWriter::add_details(const FieldValues& values, Post& post) {
  post.channel = keep(values, PostField::channel);
  post.author_id = keep(values, PostField::author_id);
  post.author_name = keep(values, PostField::author);
  if (post.author_id.empty()) post.author_id = post.author_name;
  if (post.author_name.empty()) post.author_name = post.author_id;
  post.parent_id = first_id(keep(values, PostField::parent));
  post.root_id = keep(values, PostField::root);
  if (post.root_id == post.native_id) post.root_id = {};
  post.lang = keep(values, PostField::lang);
  post.url = keep(values, PostField::url);
  post.place = keep(values, PostField::place);
  post.repost = !says_no(value(values, PostField::repost));
  const auto edited = value(values, PostField::edited_at);
  const auto edited_at = edited.empty() ? std::nullopt : rules_.parse_date(edited);
  post.edited_at = edited_at.value_or(rules_.as_of);
  const auto count = [&](PostField field) {
    return parse_count(value(values, field), rules_.thousands);
  };
  post.engagement = {.likes = count(PostField::likes),
                     .shares = count(PostField::shares),
                     .replies = count(PostField::replies),
                     .followers = count(PostField::followers),
                     .observed_at = rules_.as_of};
}

}  // namespace earshot
