#include "tests/sql/tsv.hpp"

#include <concepts>
#include <fstream>
#include <optional>
#include <string>
#include <type_traits>

#include <fmt/format.h>

#include "store/threads.hpp"

namespace earshot::test {

namespace {

template <class T>
requires std::integral<T> || std::is_enum_v<T> std::string field(T value) {
  return fmt::format("{}", static_cast<std::conditional_t<std::is_signed_v<T> || std::is_enum_v<T>,
                                                          std::int64_t, std::uint64_t>>(value));
}

std::string field(Instant at) {
  return field(to_unix(at));
}
std::string field(std::chrono::seconds length) {
  return field(length.count());
}
std::string field(Intents intents) {
  return field(intents.bits());
}
std::string field(Marks marks) {
  return field(marks.bits());
}

std::string field(const std::string& text) {
  std::string escaped;
  for (const char byte : text) {
    constexpr std::string_view bytes{"\b\f\r\n\t\0'\\", 8};
    constexpr std::string_view names{"bfrnt0'\\"};
    if (const auto at = bytes.find(byte); at != std::string_view::npos)
      escaped += {'\\', names[at]};
    else
      escaped += byte;
  }
  return escaped;
}

template <class T>
std::string field(const std::optional<T>& value) {
  return value ? field(*value) : "\\N";
}

template <class List>
requires requires(const List& values) {
  values.begin();
}
std::string field(const List& values) {
  std::string text = "[";
  for (const auto& value : values) text += (text.size() > 1 ? "," : "") + field(value);
  return text + ']';
}

/// The same member, or function, of each.
template <class Range, class Part>
auto each(const Range& rows, Part part) {
  std::vector<std::decay_t<decltype(std::invoke(part, *rows.begin()))>> parts;
  for (const auto& row : rows) parts.push_back(std::invoke(part, row));
  return parts;
}

class Tsv {
 public:
  Tsv(const std::filesystem::path& folder, std::string_view table)
      : file_{folder / fmt::format("{}.tsv", table), std::ios::binary} {}

  template <class First, class... Fields>
  void row(const First& first, const Fields&... fields) {
    file_ << field(first);
    ((file_ << '\t' << field(fields)), ...);
    file_ << '\n';
  }

  bool close() {
    file_.close();
    return file_.good();
  }

 private:
  std::ofstream file_;
};

void write_fact(Tsv& out, const Fact& fact, const FactBatch& batch,
                const std::vector<Entity>& entities) {
  const auto rows = batch.entities_of(fact);
  const auto links = batch.links_of(fact);
  const auto kind = [&](const EntityLabel& row) {
    return row.entity == no_entity ? 0xFF : static_cast<int>(entities[row.entity].kind);
  };
  out.row(fact.key.posted_at, fact.key.id, fact.channel, fact.author, fact.parent, fact.root,
          fact.likes, fact.shares, fact.replies, fact.followers, fact.filtered, fact.repost,
          fact.generation, fact.group, fact.question, fact.sentiment, fact.stance, fact.intents,
          fact.marks, fact.owner, fact.priority, fact.only_thanks, fact.affiliate,
          each(rows, &EntityLabel::entity), each(rows, kind), each(rows, &EntityLabel::sentiment),
          each(rows, &EntityLabel::stance),
          each(rows, [](const EntityLabel& row) { return int{row.matched}; }),
          each(rows, [](const EntityLabel& row) { return int{row.addressed}; }),
          std::vector<std::uint64_t>{links.begin(), links.end()});
}

struct TimedPlace {
  Instant at{};
  ThreadPlace place;
};

/// The roots of those posts that are in the window.
void write_roots(const std::vector<TimedPlace>& posts, Window window, auto&& write) {
  std::vector<ThreadPlace> places;
  for (const auto& post : posts)
    if (window.contains(post.at)) places.push_back(post.place);
  const auto resolved = thread_roots(places);
  for (std::size_t i = 0; i < places.size(); ++i) write(places[i].id, resolved[i]);
}

/// All facts, and the roots of those in window and horizon, also as each day sees them.
bool write_facts(const PostStore& store, const TallyRequest& request,
                 const std::filesystem::path& folder) {
  Tsv facts{folder, "facts"};
  const auto window = request.window();
  const Instant first_day = std::chrono::floor<std::chrono::days>(window.begin);
  const Window horizon{std::max(Instant{}, first_day - request.horizon),
                       std::min(request.now, window.end + request.horizon)};
  std::vector<TimedPlace> posts;
  Renumbering renumbering{store, request.entities};
  bool good = true;
  const auto read = store.facts({Instant::min(), Instant::max()}, [&](const FactBatch& stored) {
    const auto numbered = renumbering.apply(stored);
    good = good && numbered;
    if (!numbered) return;
    const FactBatch& batch = **numbered;
    for (const auto& fact : batch.facts) {
      write_fact(facts, fact, batch, request.entities);
      if (horizon.contains(fact.key.posted_at) && fact.generation != 0)
        posts.push_back({fact.key.posted_at, {fact.key.id, fact.parent, fact.root}});
    }
  });
  Tsv roots{folder, "roots"};
  write_roots(posts, horizon, [&](auto id, auto root) { roots.row(id, root); });
  Tsv day_roots{folder, "day_roots"};
  for (auto day = first_day; day < window.end; day += std::chrono::days{1})
    write_roots(posts, {day - request.horizon, day + std::chrono::days{1} + request.horizon},
                [&](auto id, auto root) { day_roots.row(day, id, root); });
  return facts.close() && roots.close() && day_roots.close() && good && read;
}

bool write_request(const TallyRequest& request, const std::filesystem::path& folder) {
  Tsv out{folder, "request"};
  const auto window = request.window();
  out.row(window.begin, window.end, request.now, request.horizon, request.previous.begin,
          request.previous.end, request.only_channel.value_or(0),
          request.only_topic.value_or(no_entity), request.edges,
          each(request.entities, &Entity::kind));
  return out.close();
}

void write_threads(const Tallies& tallies, const std::filesystem::path& folder, bool& good) {
  const auto done = [&](Tsv& out) { good = out.close() && good; };
  Tsv own{folder, "own"};
  for (const auto& row : tallies.own)
    own.row(row.key.posted_at, row.key.id, row.channel, row.author, row.owner, row.root, row.repost,
            row.sentiment, row.marks, row.group, row.entities, row.threaded, row.likes, row.shares,
            row.followers, row.public_replies);
  done(own);
  Tsv inbox{folder, "inbox"};
  for (const auto& row : tallies.inbox)
    inbox.row(row.key.posted_at, row.key.id, row.channel, row.author, row.owner, row.priority,
              row.sentiment, row.intents, row.entities, row.threaded, row.answered_after,
              row.observed_for, row.responder);
  done(inbox);
  Tsv answers{folder, "answers"};
  for (const auto& row : tallies.answers)
    answers.row(row.owner, row.channel, row.threaded, row.settled, row.answered, row.seconds,
                row.items);
  done(answers);
  Tsv raised{folder, "raised"};
  for (const auto& row : tallies.raised)
    raised.row(row.key.posted_at, row.key.id, row.channel, row.author, row.threaded, row.brand,
               row.topics, row.intents, row.stance, row.question, row.replied_after,
               row.public_replied_after, row.own_replied_after, row.observed_for);
  done(raised);
  Tsv newcomers{folder, "newcomers"};
  for (const auto& row : tallies.newcomers)
    newcomers.row(row.key.posted_at, row.key.id, row.channel, row.threaded, row.replied_after,
                  row.observed_for);
  done(newcomers);
  Tsv threads{folder, "threads"};
  for (const auto& row : tallies.threads)
    threads.row(row.root, row.key.posted_at, row.key.id, row.author, row.owner, row.parent,
                row.channel, row.sentiment, row.intents, row.marks, row.in_window);
  done(threads);
  Tsv accounts{folder, "accounts"};
  for (const auto& row : tallies.accounts)
    accounts.row(row.author, row.owner, row.items, row.last.posted_at, row.last.id);
  done(accounts);
}

void write_history(const History& history, const std::filesystem::path& folder, bool& good) {
  const auto done = [&](Tsv& out) { good = out.close() && good; };
  Tsv begin{folder, "begin"};
  begin.row(history.begin);
  done(begin);
  Tsv quarters{folder, "quarters"};
  for (const auto& row : history.quarters)
    quarters.row(row.quarter, row.scope.kind, row.scope.entity, row.items, row.complaints);
  done(quarters);
  Tsv voices{folder, "voices"};
  for (const auto& row : history.voices)
    voices.row(row.author, row.heard_before, row.brand_before, row.topics_before);
  done(voices);
  Tsv stances{folder, "stances"};
  for (const auto& row : history.stances)
    stances.row(row.key.posted_at, row.key.id, row.author, row.stance);
  done(stances);
  Tsv channels{folder, "channels_before"};
  for (const auto& [channel, items] : history.channels_before) channels.row(channel, items);
  done(channels);
}

void write_labels(const LabelState& labels, std::uint64_t collapsed,
                  const std::filesystem::path& folder, bool& good) {
  const auto done = [&](Tsv& out) { good = out.close() && good; };
  Tsv generations{folder, "generations"};
  for (std::size_t i = 0; i < labels.generations.size(); ++i)
    generations.row(labels.generations[i].first, labels.generations[i].second,
                    labels.generation_begins[i]);
  done(generations);
  Tsv counts{folder, "labels"};
  counts.row(labels.labelled, labels.unlabelled, collapsed);
  done(counts);
}

}  // namespace

bool write_stored(const PostStore& store, const TallyRequest& request,
                  const std::filesystem::path& folder) {
  const auto names = store.channel_names();
  const auto states = store.sources();
  const auto ledger = store.polls({Instant::min(), Instant::max()});
  if (!names || !states || !ledger) return false;
  Tsv channels{folder, "channel_names"};
  for (const auto& [hash, name] : *names) channels.row(hash, name);
  Tsv sources{folder, "sources"};
  for (const auto& source : *states) sources.row(source.name, source.interval, source.first_poll);
  Tsv polls{folder, "polls"};
  for (const auto& poll : *ledger) polls.row(poll.source, poll.at, poll.ok, poll.overflow);
  return channels.close() && sources.close() && polls.close() && write_request(request, folder) &&
         write_facts(store, request, folder);
}

bool write_tallies(const Tallies& tallies, const std::filesystem::path& folder) {
  bool good = true;
  const auto done = [&](Tsv& out) { good = out.close() && good; };
  Tsv cube{folder, "cube"};
  for (const auto& row : tallies.cube)
    cube.row(row.bucket, row.channel, row.scope.kind, row.scope.entity, row.sentiment, row.stance,
             row.intent, row.filtered, row.items, row.engaged_items, row.engagement);
  done(cube);
  Tsv authors{folder, "authors"};
  for (const auto& row : tallies.authors)
    authors.row(row.author, row.scope.kind, row.scope.entity, row.items, row.advocate_items,
                row.detractor_items, row.resource_items, row.advocate_engaged_items,
                row.advocate_engagement);
  done(authors);
  Tsv audience{folder, "audience"};
  for (const auto& row : tallies.audience)
    audience.row(row.scope.kind, row.scope.entity, row.items, row.recommends, row.warns,
                 row.authors);
  done(audience);
  Tsv links{folder, "links"};
  for (const auto& row : tallies.links) links.row(row.link, row.items, row.authors);
  done(links);
  Tsv coverage{folder, "coverage"};
  for (const auto& row : tallies.coverage)
    coverage.row(row.source, row.scheduled, row.since, row.scheduled_hours, row.covered_hours,
                 each(row.gaps, &Window::begin), each(row.gaps, &Window::end));
  done(coverage);
  Tsv channels{folder, "channels"};
  for (const auto& row : tallies.channels)
    channels.row(row.channel, row.name, row.items, row.replies);
  done(channels);
  write_threads(tallies, folder, good);
  write_history(tallies.history, folder, good);
  write_labels(tallies.labels, tallies.collapsed, folder, good);
  return good;
}

}  // namespace earshot::test
