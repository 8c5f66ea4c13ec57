#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "ingest/archive.hpp"
#include "ingest/json.hpp"

namespace earshot {

namespace {

namespace ondemand = simdjson::ondemand;

/// The mapped paths as a tree: "user.name" is `name` under `user`.
struct Member {
  std::string key;
  std::uint32_t fields = 0;  ///< A bit for each `PostField` that this member fills.
  std::vector<Member> members;
};

Member& member_of(std::vector<Member>& members, std::string_view key) {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found != members.end() ? *found : members.emplace_back(Member{std::string{key}, 0, {}});
}

std::vector<Member> members_of(const Mapping& mapping) {
  std::vector<Member> roots;
  for (std::size_t i = 0; i < post_field_count; ++i) {
    std::string_view path = mapping.columns[i];
    if (path.empty()) continue;
    std::vector<Member>* level = &roots;
    for (;;) {
      const auto dot = path.find('.');
      Member& member = member_of(*level, path.substr(0, dot));
      if (dot == std::string_view::npos) {
        member.fields |= 1U << i;
        break;
      }
      level = &member.members;
      path.remove_prefix(dot + 1);
    }
  }
  return roots;
}

/// Reads the objects of one line after the other. The values live until the next line.
class LineReader {
 public:
  explicit LineReader(std::span<const Member> members) : members_{members} {}

  /// `line` has at least `SIMDJSON_PADDING` readable bytes behind it. The reason if it is no object
  /// that can be read.
  std::optional<std::string> read(std::string_view line, FieldValues& values) {
    seen_ = 0;
    oversized_ = {};
    ondemand::document document;
    auto error = parser_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING)
                     .get(document);
    if (error == simdjson::SUCCESS && line.front() != '{') return "not a JSON object";
    ondemand::object object;
    if (error == simdjson::SUCCESS) error = document.get_object().get(object);
    if (error == simdjson::SUCCESS) error = read_object(object, members_, values);
    if (error != simdjson::SUCCESS) return std::string{json_fault(error)};
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
      return "not JSON: more after the object";
    if (!oversized_.empty()) return fmt::format("a number beyond 64 bits: {}", oversized_);
    return {};
  }

 private:
  simdjson::error_code read_object(ondemand::object object, std::span<const Member> members,
                                   FieldValues& values) {
    std::size_t expected = 0;
    for (auto next : object) {
      ondemand::field field;
      if (const auto error = std::move(next).get(field)) return error;
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return error;
      const Member* const member = find(members, key, expected);
      const auto error = read_value(field.value(), member, values);
      if (error) return error;
    }
    return simdjson::SUCCESS;
  }

  /// Lines of one archive have their members in one order: the one after the last found is looked
  /// at first.
  static const Member* find(std::span<const Member> members, std::string_view key,
                            std::size_t& expected) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::size_t at =
          expected + i < members.size() ? expected + i : expected + i - members.size();
      if (members[at].key.size() != key.size() || members[at].key != key) continue;
      expected = at + 1 == members.size() ? 0 : at + 1;
      return &members[at];
    }
    return nullptr;
  }

  void fill(std::uint32_t fields, std::string_view text, FieldValues& values) {
    for (; fields != 0; fields &= fields - 1)
      values[static_cast<std::size_t>(std::countr_zero(fields))] = text;
  }

  /// `member` is null for one that nothing is mapped to: it is looked at, so that a broken line
  /// does not pass, and dropped.
  simdjson::error_code read_value(ondemand::value value, const Member* member,
                                  FieldValues& values) {
    // Of a repeated member the first counts.
    const std::uint32_t wanted =
        member == nullptr || (member->fields & seen_) != 0 ? 0 : member->fields;
    seen_ |= wanted;
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::string: {
        if (wanted == 0) return simdjson::SUCCESS;
        std::string_view text;
        if (const auto error = value.get_string().get(text)) return error;
        return fill(wanted, text, values), simdjson::SUCCESS;
      }
      case ondemand::json_type::number:
        return read_number(value, wanted, values);
      case ondemand::json_type::boolean: {
        bool truth = false;
        if (const auto error = value.get_bool().get(truth)) return error;
        return fill(wanted, truth ? "true" : "false", values), simdjson::SUCCESS;
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
        return read_object(object, member->members, values);
      }
      case ondemand::json_type::array:
        break;
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code read_number(ondemand::value value, std::uint32_t wanted,
                                   FieldValues& values) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
      token.remove_suffix(1);
    std::uint64_t positive = 0;
    const auto [rest, error] = std::from_chars(token.data(), token.data() + token.size(), positive);
    const bool plain =
        rest == token.data() + token.size() && (token.front() != '0' || token.size() == 1);
    if (!plain && !is_json_number(token)) return simdjson::NUMBER_ERROR;
    if (wanted != 0 && error == std::errc::result_out_of_range) oversized_ = token;
    return fill(wanted, token, values), simdjson::SUCCESS;
  }

  ondemand::parser parser_;
  std::span<const Member> members_;
  std::uint32_t seen_ = 0;
  std::string_view oversized_;
};

class JsonLines final : public RecordFormat {
 public:
  explicit JsonLines(const Mapping& mapping) : members_{members_of(mapping)} {}

  Result<Cut> read_header(std::string_view /*beginning*/, const std::string& /*path*/) override {
    return Cut{};
  }

  Cut cut(std::string_view text) const override { return cut_line(text); }

  void read(std::string_view text, std::span<const Record> records, PostWriter& writer,
            ReadRecords& out) const override {
    LineReader reader{members_};
    for (const auto& record : records) {
      auto line = text.substr(record.begin, record.size);
      while (is_blank(line.front())) line.remove_prefix(1);
      FieldValues values{};
      auto reason = reader.read(line, values);
      if (!reason) reason = writer.add(values);
      if (reason) out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  std::vector<Member> members_;
};

Result<std::unique_ptr<Source>> make_jsonl(const SourceConfig& config) {
  return make_archive(config, std::make_unique<JsonLines>(config.mapping));
}

}  // namespace

SourceDetails describe_jsonl() {
  return {.mapped = true, .make = make_jsonl};
}

}  // namespace earshot
