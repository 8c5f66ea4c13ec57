#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "ingest/activity.hpp"
#include "ingest/archive.hpp"
#include "ingest/input.hpp"
#include "ingest/json_list.hpp"
#include "ingest/url.hpp"

namespace earshot {

namespace {

constexpr std::size_t largest_actor = 1U << 20U;

/// The outbox that a fediverse server gives to those who ask for their archive: an
/// OrderedCollection of activities, read one by one. Also another collection, a page of one, or
/// activities and objects by themselves.
///
/// Source: https://www.w3.org/TR/activitypub/#outbox, and what Mastodon puts into `outbox.json`
class Outbox final : public RecordFormat {
 public:
  explicit Outbox(const SourceConfig& config) {
    reader_.network = config.network.empty() ? "mastodon" : config.network;
    reader_.channel = config.channel;
    reader_.source = config.name;
    reader_.filtered = config.filtered;
  }

  Result<Cut> read_header(std::string_view beginning, const std::string& path) override {
    read_actor(path);
    for (const auto* name : {"orderedItems", "items"})
      if (const auto begin = find_json_list(beginning, name))
        return Cut{.next = *begin, .lines = count_lines(beginning.substr(0, *begin))};
    const auto first = beginning.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (beginning[first] != '{' && beginning[first] != '['))
      return Error{Error::Kind::format,
                   path + ": no collection of activities; an outbox is a JSON document"};
    return Cut{};
  }

  void begin_page(Instant now) override { reader_.now = now; }

  Cut cut(std::string_view text) const override { return cut_json_object(text); }

  void read(std::string_view text, std::span<const Record> records, PostWriter& /*writer*/,
            ReadRecords& out) const override {
    for (const auto& record : records) {
      const auto activity = JsonDocument::parse(text.substr(record.begin, record.size));
      if (!activity)
        out.refuse(record.line, activity.error().message);
      else if (auto reason = reader_.add(activity->root(), out))
        out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  /// Mastodon's archive has its owner in a file beside the outbox; addresses of newer accounts are
  /// numbers.
  void read_actor(const std::string& path) {
    const auto file = std::filesystem::path{path}.replace_filename("actor.json").string();
    if (path == "-") return;
    const auto bytes = read_beginning(file, largest_actor);
    if (!bytes) return;
    const auto actor = JsonDocument::parse(*bytes);
    if (!actor) return;
    const auto id = actor->root().at("id").text();
    const auto name = actor->root().at("preferredUsername").text();
    if (name.empty() || host_of(id).empty()) return;
    reader_.actor_id = id;
    reader_.actor_address = fmt::format("{}@{}", name, host_of(id));
  }

  ActivityReader reader_;
};

Result<std::unique_ptr<Source>> make_outbox(const SourceConfig& config) {
  return make_archive(config, std::make_unique<Outbox>(config));
}

}  // namespace

SourceDetails describe_outbox() {
  return {.make = make_outbox};
}

}  // namespace earshot
