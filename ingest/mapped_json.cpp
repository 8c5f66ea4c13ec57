#include "ingest/mapped_json.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "ingest/archive.hpp"
#include "ingest/json.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr int deepest_list = 8;

/// True for one to eight digits. Eight bytes are looked at, also those behind the token: the
/// processor guesses the end of a loop over the digits of a count wrong.
bool is_short_whole_number(std::string_view token) {
  if (token.empty() || token.size() > 8 || (token.front() == '0' && token.size() > 1)) return false;
  const char* const bytes = token.data();
  bool digits = true;
  for (std::size_t i = 0; i < 8; ++i)
    digits &= (i >= token.size()) | (bytes[i] >= '0' && bytes[i] <= '9');
  return digits;
}

}  // namespace

struct MappedPaths::Member {
  /// A field that has its value here if the columns before this one say nothing.
  struct Other {
    std::size_t field;
    std::uint8_t rank;
  };

  std::string key;
  std::string as_written;    ///< The key and its closing quote; empty if it can't be told by them.
  std::uint32_t fields = 0;  ///< A bit for each `PostField` that this member fills.
  std::vector<Other> others;
  std::vector<Member> members;

  bool wanted() const { return fields != 0 || !others.empty(); }

  /// `key_text` is what follows the first quote of a key, with `record_padding` bytes behind it.
  bool is_written_at(const char* key_text) const {
    return !as_written.empty() && std::memcmp(key_text, as_written.data(), as_written.size()) == 0;
  }

  Member& at(std::string_view path) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    const auto found = std::ranges::find(members, name, &Member::key);
    Member& member = found != members.end() ? *found : members.emplace_back();
    member.key = name;
    if (name.size() < record_padding && name.find_first_of("\"\\") == std::string_view::npos)
      member.as_written = member.key + '"';
    return dot == std::string_view::npos ? member : member.at(path.substr(dot + 1));
  }
};

MappedPaths::MappedPaths(const Mapping& mapping) : root_{std::make_unique<Member>()} {
  for (std::size_t i = 0; i < post_field_count; ++i) {
    if (mapping.columns[i].empty()) continue;
    root_->at(mapping.columns[i]).fields |= 1U << i;
    std::uint8_t rank = 0;
    for (const auto& other : mapping.other_columns[i]) {
      contested_ |= 1U << i;
      if (rank < 200) ++rank;
      root_->at(other).others.push_back({i, rank});
    }
  }
}

MappedPaths::MappedPaths(MappedPaths&&) noexcept = default;
MappedPaths::~MappedPaths() = default;

class MappedJson::Reader {
 public:
  using Member = MappedPaths::Member;

  Reader(const Member& root, std::uint32_t contested) : root_{root}, contested_{contested} {}

  std::optional<std::string> read(std::string_view object, FieldValues& values) {
    values.fill({});
    has_escapes_ = object.find('\\') != std::string_view::npos;
    seen_ = 0;
    ranks_.fill(unset);
    oversized_ = {};
    ondemand::document document;
    auto error =
        parser_.iterate(object.data(), object.size(), object.size() + simdjson::SIMDJSON_PADDING)
            .get(document);
    if (error == simdjson::SUCCESS && object.front() != '{') return "not a JSON object";
    ondemand::object members;
    if (error == simdjson::SUCCESS) error = document.get_object().get(members);
    if (error == simdjson::SUCCESS) error = read_object(members, root_.members, values, 0);
    if (error != simdjson::SUCCESS) return std::string{json_fault(error)};
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
      return "not JSON: more after the object";
    if (!oversized_.empty()) return fmt::format("a number beyond 64 bits: {}", oversized_);
    return {};
  }

 private:
  static constexpr std::uint8_t unset = 255;

  /// `members` are never none: a mapping has at least the date's column.
  simdjson::error_code read_object(ondemand::object object, std::span<const Member> members,
                                   FieldValues& values, int lists) {
    std::size_t expected = 0;
    for (auto next : object) {
      if (next.error()) return next.error();
      // By reference: simdjson's small structs are slow to copy just after they were made.
      ondemand::field& field = next.value_unsafe();
      const Member* member = &members[expected];
      if (!member->is_written_at(field.key().raw())) {
        std::string_view key;
        if (const auto error = read_key(field).get(key)) return error;
        member = find(members, key, expected);
      }
      if (member != nullptr) expected = static_cast<std::size_t>(member - members.data() + 1);
      if (expected == members.size()) expected = 0;
      const auto error = read_value(field.value(), member, values, lists);
      if (error) return error;
    }
    return simdjson::SUCCESS;
  }

  static simdjson::simdjson_result<std::string_view> read_key(ondemand::field& field) {
    const char* const begin = field.key().raw();
    const char* end = begin;
    while (*end != '"' && *end != '\\') ++end;
    if (*end == '\\') return field.unescaped_key();
    return std::string_view{begin, static_cast<std::size_t>(end - begin)};
  }

  /// Records of one archive have their members in one order: the one after the last found is looked
  /// at first.
  static const Member* find(std::span<const Member> members, std::string_view key,
                            std::size_t expected) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::size_t at =
          expected + i < members.size() ? expected + i : expected + i - members.size();
      if (members[at].key == key) return &members[at];
    }
    return nullptr;
  }

  /// Of a repeated member the first counts. An empty text gives way to that of another column.
  void fill(const Member& member, std::string_view text, FieldValues& values) {
    auto fields = member.fields & ~seen_;
    seen_ |= fields;
    for (; fields != 0; fields &= fields - 1) {
      const auto field = static_cast<std::size_t>(std::countr_zero(fields));
      if ((contested_ >> field & 1U) != 0)
        offer(field, 0, text, values);
      else
        values[field] = text;
    }
    for (const auto& [field, rank] : member.others) offer(field, rank, text, values);
  }

  /// Takes the value of a column unless one that is asked before has said something.
  void offer(std::size_t field, std::uint8_t rank, std::string_view text, FieldValues& values) {
    const bool nothing = says_nothing(static_cast<PostField>(field), text);
    if (nothing ? !values[field].empty() : rank >= ranks_[field]) return;
    values[field] = text;
    if (!nothing) ranks_[field] = rank;
  }

  /// `member` is null for one that nothing is mapped to: it is looked at, so that a broken record
  /// does not pass, and dropped.
  simdjson::error_code read_value(ondemand::value& value, const Member* member, FieldValues& values,
                                  int lists) {
    const bool wanted = member != nullptr && member->wanted();
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::string: {
        if (!wanted) return simdjson::SUCCESS;
        std::string_view text;
        if (const auto error = read_string(value).get(text)) return error;
        return fill(*member, text, values), simdjson::SUCCESS;
      }
      case ondemand::json_type::number:
        return read_number(value, wanted ? member : nullptr, values);
      case ondemand::json_type::boolean: {
        bool truth = false;
        if (const auto error = value.get_bool().get(truth)) return error;
        if (wanted) fill(*member, truth ? "true" : "false", values);
        return simdjson::SUCCESS;
      }
      case ondemand::json_type::null: {
        bool null = false;
        if (const auto error = value.is_null().get(null)) return error;
        return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
      }
      case ondemand::json_type::object: {
        if (member == nullptr || member->members.empty()) return simdjson::SUCCESS;
        ondemand::object object;
        if (const auto error = value.get_object().get(object)) return error;
        return read_object(object, member->members, values, lists);
      }
      case ondemand::json_type::array:
        break;
    }
    return member == nullptr || lists == deepest_list ? simdjson::SUCCESS
                                                      : read_list(value, *member, values, lists);
  }

  /// Copies only what has escapes: the rest was checked with the record and is as it stands there.
  simdjson::simdjson_result<std::string_view> read_string(ondemand::value& value) {
    const std::string_view token = value.raw_json_token();
    if (has_escapes_ && token.find('\\') != std::string_view::npos) return value.get_string();
    if (const auto error = value.get_raw_json_string().error()) return error;
    return token.substr(1, token.rfind('"') - 1);
  }

  simdjson::error_code read_list(ondemand::value& value, const Member& member, FieldValues& values,
                                 int lists) {
    ondemand::array list;
    if (const auto error = value.get_array().get(list)) return error;
    for (auto next : list) {
      ondemand::value element;
      if (const auto error = std::move(next).get(element)) return error;
      if (const auto error = read_value(element, &member, values, lists + 1)) return error;
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code read_number(ondemand::value& value, const Member* member,
                                   FieldValues& values) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
      token.remove_suffix(1);
    if (is_short_whole_number(token)) {
      if (member != nullptr) fill(*member, token, values);
      return simdjson::SUCCESS;
    }
    std::uint64_t positive = 0;
    const auto [rest, error] = std::from_chars(token.data(), token.data() + token.size(), positive);
    const bool plain =
        rest == token.data() + token.size() && (token.front() != '0' || token.size() == 1);
    if (!plain && !is_json_number(token)) return simdjson::NUMBER_ERROR;
    if (member == nullptr) return simdjson::SUCCESS;
    if ((member->fields & ~seen_) != 0 && error == std::errc::result_out_of_range)
      oversized_ = token;
    return fill(*member, token, values), simdjson::SUCCESS;
  }

  ondemand::parser parser_;
  const Member& root_;
  std::uint32_t contested_;
  bool has_escapes_ = false;  ///< Somewhere in the record.
  std::uint32_t seen_ = 0;
  std::array<std::uint8_t, post_field_count> ranks_{};  ///< Of the column that filled each field.
  std::string_view oversized_;
};

MappedJson::MappedJson(const MappedPaths& paths)
    : reader_{std::make_unique<Reader>(*paths.root_, paths.contested_)} {}
MappedJson::~MappedJson() = default;

std::optional<std::string> MappedJson::read(std::string_view object, FieldValues& values) {
  return reader_->read(object, values);
}

}  // namespace earshot
