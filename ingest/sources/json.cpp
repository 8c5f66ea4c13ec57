#include <utility>

#include <fmt/format.h>

#include "ingest/archive.hpp"
#include "ingest/json_list.hpp"
#include "ingest/mapped_json.hpp"

namespace earshot {

namespace {

/// A document that is a list of objects, or an object with such a list, read object by object.
class JsonDocumentFormat final : public RecordFormat {
 public:
  explicit JsonDocumentFormat(const Mapping& mapping) : list_{mapping.list}, paths_{mapping} {}

  Result<Cut> read_header(std::string_view beginning, const std::string& path) override {
    const auto begin = find_json_list(beginning, list_);
    if (begin) return Cut{.next = *begin, .lines = count_lines(beginning.substr(0, *begin))};
    if (!list_.empty())
      return Error{Error::Kind::format, fmt::format("{}: no list '{}' in it", path, list_)};
    return Error{Error::Kind::format,
                 path + ": no list of JSON objects; if each line is one, say --format jsonl"};
  }

  Cut cut(std::string_view text) const override { return cut_json_object(text); }

  void read(std::string_view text, std::span<const Record> records, PostWriter& writer,
            ReadRecords& out) const override {
    MappedJson reader{paths_};
    FieldValues values;
    for (const auto& record : records) {
      auto reason = reader.read(text.substr(record.begin, record.size), values);
      if (!reason) reason = writer.add(values);
      if (reason) out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  std::string list_;
  MappedPaths paths_;
};

Result<std::unique_ptr<Source>> make_json(const SourceConfig& config) {
  return make_archive(config, std::make_unique<JsonDocumentFormat>(config.mapping));
}

}  // namespace

SourceDetails describe_json() {
  return {.mapped = true, .make = make_json};
}

}  // namespace earshot
