#include "ingest/archive_reader.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/health.hpp"
#include "ingest/packed.hpp"
#include "store/base/hash.hpp"
#include "store/base/parallel.hpp"

namespace earshot {

namespace {

/// Everything of the config that decides what a line becomes: if it changes, the lines before the
/// cursor were read wrongly.
std::uint64_t settings_hash(const SourceConfig& config) {
  std::uint64_t hash = hash_bytes(config.type, config.filtered ? 1 : 0);
  const auto add = [&](std::string_view text) { hash = hash_bytes(text, hash + text.size()); };
  for (const auto& column : config.mapping.columns) add(column);
  for (const auto& constant : config.mapping.constants) add(constant);
  for (const auto& others : config.mapping.other_columns)
    for (const auto& column : others) add(column);
  for (const auto& format : config.mapping.other_date_formats) add(format);
  for (const auto* text :
       {&config.network, &config.channel, &config.mapping.network, &config.mapping.date_format,
        &config.mapping.as_of, &config.mapping.list})
    add(*text);
  for (const auto& [name, value] : config.options) add(name), add(value);
  for (const char c :
       {config.mapping.delimiter, config.mapping.thousands, config.mapping.derived_ids ? 'd' : '-',
        config.mapping.byte_characters ? 'b' : '-'})
    add({&c, 1});
  return hash;
}

/// "size:hash of the first 64 KB and the settings": says whether a cursor belongs to this file.
/// Empty where there is nothing to go on from: standard input, pipes, a file that can't be read.
std::string fingerprint(const SourceConfig& config) {
  constexpr std::size_t head_size = 64 * 1024;
  std::error_code failed;
  // Of a packed archive the packed file, whatever is read of it: it can't change without that.
  const auto packed = packed_path(config.path);
  const auto& path = packed ? packed->file : config.path;
  if (path == "-" || !std::filesystem::is_regular_file(path, failed)) return {};
  const auto size = std::filesystem::file_size(path, failed);
  std::ifstream file{path, std::ios::binary};
  std::string head(head_size, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  if (failed || file.bad()) return {};
  const auto settings = hash_bytes(packed ? packed->member : "", settings_hash(config));
  return fmt::format("{}:{:016x}", size, hash_bytes(head, settings));
}

void report(const CollectRun& run, const CollectJob& job, const Page& page) {
  if (!run.progress) return;
  run.progress({.source = job.config->name,
                .rows = job.outcome.rows,
                .bytes_read = page.bytes_read,
                .bytes_total = page.bytes_total});
}

Result<Done> store_state(const CollectRun& run, CollectJob& job) {
  const auto stored = run.store.append({.sources = {&job.state(), 1}});
  if (!stored) return stored.error();
  return Done{};
}

/// Stores the pages one by one, and reads the next while the present one is written. Where it ends
/// for another reason than the store's, `finished` or `outcome.error` says so.
Result<Done> store_pages(const CollectRun& run, CollectJob& job, Result<Page> first,
                         bool& finished) {
  constexpr std::size_t pages_at_once = 3;
  std::vector<Result<Page>> pages;
  for (std::size_t i = 0; i < pages_at_once; ++i) pages.emplace_back(Page{});
  std::optional<std::string> next_cursor;  // of the page made last, if one follows
  bool started = false;
  const auto read = [&](std::size_t place) {
    if (started && !next_cursor) return false;
    auto& page = pages[place];
    page = started ? job.source->fetch(run.http, {.cursor = *next_cursor}, run.options.now)
                   : std::move(first);
    started = true;
    next_cursor.reset();
    if (page && page->more) next_cursor = page->next_cursor;
    return true;
  };
  Result<Done> result = Done{};
  const auto store = [&](std::size_t place) {
    auto& page = pages[place];
    if (!page) {
      job.outcome.error = page.error();
      return false;
    }
    count_page(job, *page);
    job.state().cursor = page->more ? page->next_cursor : std::string{};
    const auto stored = run.store.append(
        {.posts = page->posts.posts, .sources = {&job.state(), 1}, .erasures = page->removed});
    if (!stored) {
      result = stored.error();
      return false;
    }
    count_stored(job, *stored, run.options.now);
    report(run, job, *page);
    finished = !page->more;
    return page->more && !run.stopped();
  };
  parallel_stream(pages_at_once, read, store);
  return result;
}

}  // namespace

Result<Done> read_archive(const CollectRun& run, CollectJob& job) {
  SourceState& state = job.state();
  const std::string file = fingerprint(*job.config);
  if (file.empty() || file != state.etag) state.cursor.clear();
  job.outcome.polled = true;

  auto first = job.source->fetch(run.http, {.cursor = state.cursor}, run.options.now);
  if (!first && state.first_poll == Instant{}) {  // a file that was never there leaves no trace
    job.outcome.error = first.error();
    return Done{};
  }
  if (!first) state.cursor.clear();  // if the cursor is to blame, the next run does without
  if (state.first_poll == Instant{}) state.first_poll = run.options.now;
  state.last_poll = run.options.now;
  state.etag = file;
  bool finished = false;
  if (auto done = store_pages(run, job, std::move(first), finished); !done) return done;

  if (job.outcome.error)
    state = after_failure(std::move(state), *job.outcome.error, {}, run.options.now);
  if (finished) state = after_success(std::move(state), {}, run.options.now);
  return store_state(run, job);
}

}  // namespace earshot
