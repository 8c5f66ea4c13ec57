#include <utility>

#include "ingest/archive.hpp"
#include "ingest/mapped_json.hpp"

namespace earshot {

namespace {

class JsonLines final : public RecordFormat {
 public:
  explicit JsonLines(const Mapping& mapping) : paths_{mapping} {}

  Result<Cut> read_header(std::string_view /*beginning*/, const std::string& /*path*/) override {
    return Cut{};
  }

  Cut cut(std::string_view text) const override { return cut_line(text); }

  void read(std::string_view text, std::span<const Record> records, PostWriter& writer,
            ReadRecords& out) const override {
    MappedJson reader{paths_};
    FieldValues values;
    for (const auto& record : records) {
      auto line = text.substr(record.begin, record.size);
      while (is_blank(line.front())) line.remove_prefix(1);
      auto reason = reader.read(line, values);
      if (!reason) reason = writer.add(values);
      if (reason) out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  MappedPaths paths_;
};

Result<std::unique_ptr<Source>> make_jsonl(const SourceConfig& config) {
  return make_archive(config, std::make_unique<JsonLines>(config.mapping));
}

}  // namespace

SourceDetails describe_jsonl() {
  return {.mapped = true, .make = make_jsonl};
}

}  // namespace earshot
