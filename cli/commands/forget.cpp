#include <algorithm>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/id_list.hpp"
#include "cli/json_object.hpp"
#include "cli/numbers.hpp"
#include "cli/signals.hpp"
#include "store/base/file.hpp"

namespace earshot {

namespace {

constexpr std::size_t batch_size = 10'000;

constexpr std::string_view formats[] = {"text", "json"};

constexpr Option options[] = {
    {.name = "from", .value = "FILE", .help = "read ids from a file too, one a line; - for stdin"},
    {.name = "format",
     .value = "NAME",
     .help = "text (default) or json",
     .choices = listed<formats>},
};

/// The ids of the command line and of --from, sorted, each once.
Result<std::vector<std::string>> chosen_ids(const Arguments& arguments) {
  auto ids = arguments.operands();
  for (const auto& id : ids)
    if (!is_post_id(id))
      return Error{Error::Kind::usage,
                   fmt::format("'{}' is not the id of a post, as in mastodon:123", id)};
  if (const auto path = arguments.value("from")) {
    const auto bytes = read_file(*path == "-" ? "/dev/stdin" : *path);
    if (!bytes) return bytes.error();
    auto listed = parse_id_list(*bytes, *path == "-" ? "stdin" : *path);
    if (!listed) return listed.error();
    std::ranges::move(*listed, std::back_inserter(ids));
  } else if (ids.empty()) {
    return Error{Error::Kind::usage,
                 "which posts is missing: earshot forget NETWORK:ID..., or --from FILE"};
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

/// What became of the ids of a run.
struct Forgotten {
  std::uint64_t ids = 0;  ///< Asked for, up to where a signal stopped it.
  std::uint64_t erased = 0;

  /// Not stored, or erased before.
  std::uint64_t passed_over() const { return ids > erased ? ids - erased : 0; }
};

Result<Done> erase(PostStore& store, std::vector<PostId>& batch, Forgotten& forgotten) {
  const auto outcome = store.append({.erasures = batch});
  if (!outcome) return outcome.error();
  forgotten.erased += outcome->erased;
  batch.clear();
  return Done{};
}

/// Erases batch by batch, until a signal asks it to stop.
Result<Forgotten> erase_all(PostStore& store, const std::vector<std::string>& ids,
                            Context& context) {
  Forgotten forgotten;
  std::vector<PostId> batch;
  for (const auto& id : ids) {
    std::ranges::copy(posts_shown_as(id), std::back_inserter(batch));
    ++forgotten.ids;
    if (batch.size() < batch_size) continue;
    if (const auto done = erase(store, batch, forgotten); !done) return done.error();
    context.console.show({"erasing", forgotten.ids, "ids", forgotten.ids, ids.size()});
    if (pending_signal() != 0) return forgotten;
  }
  if (const auto done = erase(store, batch, forgotten); !done) return done.error();
  context.console.finish_progress();
  return forgotten;
}

/// Takes what was erased out of the store's files; where nothing ever was, there is nothing to do.
Result<Done> purge(PostStore& store, const Context& context) {
  const auto counters = store.counters();
  if (!counters) return counters.error();
  if (counters->erased == 0) return Done{};
  if (pending_signal() == 0) return store.purge();
  context.console.say("stopped before the files were cleared of what is erased; run it again");
  return Done{};
}

void show(const Forgotten& forgotten, std::string_view format, const Context& context) {
  std::string line;
  if (format == "json") {
    JsonObject object{line};
    object.time("at", context.clock()).number("ids", forgotten.ids);
    object.number("erased", forgotten.erased).number("passed_over", forgotten.passed_over());
    object.end();
  } else {
    line = counted(forgotten.erased, "post", "posts") + " erased";
    if (forgotten.passed_over() > 0)
      line += fmt::format(", {} passed over: not stored, or erased before",
                          counted(forgotten.passed_over(), "id", "ids"));
  }
  context.out.write(line + "\n");
}

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto format = arguments.choice("format", formats);
  if (!format) return format.error();
  const auto ids = chosen_ids(arguments);
  if (!ids) return ids.error();
  const auto config = find_project(context);
  if (!config) return config.error();
  const auto path = store_path(context, *config);
  if (!path) return path.error();

  watch_signals();
  const auto store = open_store(*path, StoreUse::write);
  if (!store) return store.error();
  const auto forgotten = erase_all(**store, *ids, context);
  if (!forgotten) return forgotten.error();
  if (const auto purged = purge(**store, context); !purged) return purged.error();
  show(*forgotten, *format, context);
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_forget() {
  return {.operands = "[NETWORK:ID...]",
          .max_operands = any_number,
          .description =
              "Erases posts for good, by their ids as search and reports show them: text, id, "
              "author and address are gone\n"
              "from the store and its files when it returns. A labelled post stays as a number in "
              "totals, so that figures\n"
              "that were published still hold; nothing is quoted, and nobody can be told by it. "
              "The same post does not come\n"
              "back with the next ingest. Asks nothing, and cannot be undone. Reports, exports and "
              "copies of the store that\n"
              "were made before are files of your own, and stay.",
          .example = "earshot forget mastodon:113490 --from erase.txt",
          .options = options,
          .run = run};
}

}  // namespace earshot
