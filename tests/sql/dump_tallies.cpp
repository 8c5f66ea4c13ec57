// Writes down what a second engine would have stored, and the tallies that it must give: for
// tests/sql/run, which asks for them again in SQL.
//   dump_tallies demo CONFIG STORE FOLDER   a labelled store, by its config
//   dump_tallies random SEED FOLDER         a corpus with everything that a small one lacks
// Each request gets a folder of its own: FOLDER/NAME/*.tsv, and the tallies in
// FOLDER/NAME/expected.
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analyze/calendar.hpp"
#include "cli/config.hpp"
#include "cli/context.hpp"
#include "cli/window.hpp"
#include "tests/sql/random_corpus.hpp"
#include "tests/sql/tsv.hpp"

namespace earshot::test {
namespace {

using std::chrono::days;

using Requests = std::map<std::string, TallyRequest>;

/// A window by days or weeks, beside the window before it, as a report asks for it.
TallyRequest by_days(Window window, const Calendar& calendar, const TallyRequest& common) {
  auto request = common;
  const bool weekly = window.end - window.begin > days{92};
  request.edges = weekly ? calendar.week_edges(window) : calendar.day_edges(window);
  request.now = window.end;
  request.previous = widen_to_quarter_hours(calendar.window_before(window));
  return request;
}

std::optional<EntityIndex> first_topic(const std::vector<Entity>& entities) {
  for (std::size_t i = 0; i < entities.size(); ++i)
    if (entities[i].kind == EntityKind::topic) return static_cast<EntityIndex>(i);
  return {};
}

/// The whole of a store; one week; four weeks with now in their midst; the same, later, of one
/// channel and of one topic.
Result<Requests> choose(const PostStore& store, const Calendar& calendar,
                        const TallyRequest& common) {
  const auto span = store.span();
  if (!span) return span.error();
  const auto names = store.channel_names();
  if (!names) return names.error();
  if (!*span || names->empty()) return Error{Error::Kind::usage, "the store is empty"};
  const Window whole = whole_days((*span)->first, (*span)->second, calendar);
  const auto weeks_back = [&](int from, int to) {
    return whole_days(whole.end - days{7 * from} + std::chrono::hours{12},
                      whole.end - days{7 * to + 1} + std::chrono::hours{12}, calendar);
  };
  Requests requests;
  requests["whole"] = by_days(whole, calendar, common);
  requests["week"] = by_days(weeks_back(4, 3), calendar, common);
  requests["week"].now = whole.end;
  requests["now_inside"] = by_days(weeks_back(5, 1), calendar, common);
  requests["now_inside"].now -= days{9} + std::chrono::minutes{7};
  const auto later = by_days(weeks_back(4, 0), calendar, common);
  requests["only_channel"] = requests["only_topic"] = later;
  requests["only_channel"].only_channel = names->front().first;
  requests["only_topic"].only_topic = first_topic(common.entities);
  return requests;
}

Result<Done> write(const PostStore& store, const Requests& requests,
                   const std::filesystem::path& folder) {
  for (const auto& [name, request] : requests) {
    const auto tallies = store.tally(request);
    if (!tallies) return tallies.error();
    std::filesystem::create_directories(folder / name / "expected");
    if (!write_stored(store, request, folder / name) ||
        !write_tallies(*tallies, folder / name / "expected"))
      return Error{Error::Kind::io, "cannot write " + (folder / name).string()};
  }
  return Done{};
}

Result<Done> dump_demo(const std::string& config_path, const std::string& store_path,
                       const std::string& folder) {
  const auto config = load_config(config_path);
  if (!config) return config.error();
  const auto& project = config->project;
  const auto calendar = Calendar::create(project.timezone, project.week_start);
  if (!calendar) return calendar.error();
  const auto store = open_store(store_path, StoreUse::read);
  if (!store) return store.error();
  const auto requests = choose(
      **store, *calendar, {.horizon = project.inbox.horizon, .entities = entities_of(project)});
  if (!requests) return requests.error();
  return write(**store, *requests, folder);
}

Result<Done> dump_random(const std::string& seed, const std::string& folder) {
  const auto store = make_random_store(std::strtoull(seed.c_str(), nullptr, 10));
  if (!store) return Error{Error::Kind::usage, "the corpus cannot be stored"};
  const auto calendar = Calendar::create("Asia/Kathmandu", 1);  // UTC+5:45
  if (!calendar) return calendar.error();
  const auto requests =
      choose(*store, *calendar, {.horizon = random_horizon, .entities = random_entities()});
  if (!requests) return requests.error();
  return write(*store, *requests, folder);
}

int run(const std::vector<std::string>& words) {
  const bool demo = words.size() == 4 && words[0] == "demo";
  if (!demo && !(words.size() == 3 && words[0] == "random")) {
    fmt::print(stderr, "usage: dump_tallies demo CONFIG STORE FOLDER | random SEED FOLDER\n");
    return 2;
  }
  const auto done =
      demo ? dump_demo(words[1], words[2], words[3]) : dump_random(words[1], words[2]);
  if (!done) fmt::print(stderr, "dump_tallies: {}\n", done.error().message);
  return done ? 0 : 1;
}

}  // namespace
}  // namespace earshot::test

int main(int argc, char** argv) {
  return earshot::test::run({argv + 1, argv + argc});
}
