#include "store/kept_sums.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "store/answer_tally.hpp"
#include "store/audience.hpp"
#include "store/base/parallel.hpp"
#include "store/day_repeats.hpp"
#include "store/own_rows.hpp"
#include "store/post_store.hpp"

namespace earshot {

namespace {

/// Adds up dialogues that follow each other.
class DialogueSum {
 public:
  DialogueSum(const TallyRequest& request, Window window) : request_{request}, window_{window} {}

  /// A dialogue that reaches over an edge of the window must have no answers.
  void add(Dialogue dialogue) {
    add_rows(dialogue.waits, sum_.waits, [](const auto&) { return true; });
    add_rows(dialogue.activity, sum_.activity,
             [&](const OwnItem& row) { return own_rows_.wants(row.owner, row.root); });
    for (auto& row : dialogue.answers) {
      if (!is_asked_for(row)) continue;
      row.threaded = false;  // not known here
      answers_.add(row);
    }
  }

  /// One that was observed for longer than until now, though nobody has said anything since: it has
  /// `questions` in place of `answers`.
  void add_early(Dialogue dialogue) {
    const auto observed_for = [&](Instant posted_at) {
      return (std::min(request_.now, posted_at + request_.horizon) - posted_at).count();
    };
    for (auto& row : dialogue.waits) row.observed_for = observed_for(row.key.posted_at);
    answers_.expect(dialogue.questions.size());
    for (const auto& asked : dialogue.questions)
      if (is_asked_for(asked))
        answers_.add(answer_of(asked, observed_for(asked.key.posted_at), request_.horizon));
    add(std::move(dialogue));
  }

  /// Call once.
  Dialogue finish() {
    sum_.answers = answers_.finish();
    return std::move(sum_);
  }

 private:
  bool is_asked_for(const auto& row) const {
    return !request_.only_channel || row.channel == *request_.only_channel;
  }

  template <class Row>
  void add_rows(std::vector<Row>& from, std::vector<Row>& to, auto wanted) const {
    std::erase_if(from, [&](const Row& row) {
      return !window_.contains(row.key.posted_at) || !is_asked_for(row) || !wanted(row);
    });
    std::ranges::move(from, std::back_inserter(to));
  }

  const TallyRequest& request_;
  const Window window_;
  Dialogue sum_;
  OwnRows own_rows_{request_.tables};
  AnswerTally answers_;
};

}  // namespace

Result<Dialogue> kept_dialogue(const PostStore& store, const KeptTallies& kept,
                               const TallyRequest& request) {
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span) return Dialogue{};
  const auto [oldest, newest] = **span;
  const Window asked{request.window().begin, std::min(request.window().end, request.now)};
  const Window window{std::max(asked.begin, oldest),
                      std::min(asked.end, newest + std::chrono::seconds{1})};
  if (window.begin >= window.end) return Dialogue{};
  const auto ready =
      kept.dialogues({DayRepeats::reads_from(window.begin), window.end}, request.horizon);
  if (!ready) return ready.error();
  DialogueSum sum{request, asked};
  const auto add = [&](Result<Dialogue> dialogue) -> Result<Done> {
    if (!dialogue) return dialogue.error();
    sum.add(*std::move(dialogue));
    return Done{};
  };
  // Where nobody has said anything since, what was observed for longer says the same.
  const bool all_said = newest < request.now;
  auto at = window.begin;
  for (const auto& entry : *ready) {
    const bool inside = asked.begin <= entry.window.begin && entry.window.end <= asked.end;
    const bool usable = entry.entities == entities_hash(request.entities) &&
                        (inside || !request.tables.has(Table::answers));
    const auto end =
        all_said ? entry.window.end : std::chrono::ceil<std::chrono::days>(entry.window.end);
    const bool settled = end + request.horizon <= request.now;
    if (!usable || !(settled || all_said) || entry.window.end <= at) continue;
    if (entry.window.begin > at)
      if (auto added = add(dialogue_of_facts(store, request, {at, entry.window.begin})); !added)
        return added.error();
    auto tables = request.tables;
    // Which post is a party's first depends on what of the stretch is looked at.
    if (tables.has(Table::own_posts) && (request.only_channel || !inside))
      tables.add(Table::activity);
    auto read = kept.read_dialogue(entry, tables, !settled);
    if (!read) return read.error();
    settled ? sum.add(*std::move(read)) : sum.add_early(*std::move(read));
    at = entry.window.end;
  }
  if (at < window.end)
    if (auto added = add(dialogue_of_facts(store, request, {at, window.end})); !added)
      return added.error();
  return sum.finish();
}

Result<std::vector<AudienceRow>> kept_audience(const PostStore& store, const KeptTallies& kept,
                                               const TallyRequest& request) {
  const auto window = request.window();
  if (request.now < window.end) return audience_of_authors(store, kept, request);
  const auto ready = kept.audiences({window.begin, window.begin + std::chrono::seconds{1}});
  if (!ready) return ready.error();
  for (const auto& entry : *ready)
    if (entry.window == window && entry.entities == entities_hash(request.entities))
      return kept.read_audience(entry);
  return audience_of_authors(store, kept, request);
}

Result<std::vector<AudienceRow>> audience_of_authors(const PostStore& store,
                                                     const KeptTallies& kept,
                                                     const TallyRequest& request) {
  const Window window{request.window().begin, std::min(request.window().end, request.now)};
  if (window.begin >= window.end) return std::vector<AudienceRow>{};
  auto ready = kept.authors(window);
  if (!ready) return ready.error();
  std::erase_if(*ready, [&, hash = entities_hash(request.entities)](const auto& entry) {
    return entry.entities != hash || entry.window.end > window.end;
  });
  std::vector<std::vector<AuthorRow>> told;
  const auto tell = [&](Window gap) -> Result<Done> {
    if (gap.begin >= gap.end) return Done{};
    auto rows = authors_of_facts(store, request, gap);
    if (!rows) return rows.error();
    told.push_back(*std::move(rows));
    return Done{};
  };
  auto at = window.begin;
  for (const auto& entry : *ready) {
    if (auto done = tell({at, entry.window.begin}); !done) return done.error();
    at = entry.window.end;
  }
  if (auto done = tell({at, window.end}); !done) return done.error();

  AudienceTally audience;
  std::vector<AuthorShares> shares;
  for (std::size_t part = 0; part < author_parts; ++part) {
    shares.clear();
    for (const auto& rows : told) shares.push_back(shares_of(part_of(rows, part)));
    for (const auto& entry : *ready) {
      auto read = kept.read_authors(entry, part);
      if (!read) return read.error();
      shares.push_back(*std::move(read));
    }
    audience.add(shares);
  }
  return audience.finish();
}

namespace {

/// Moves those of `authors`, rising, who are no handles in `shares`, to `heard`.
void take_heard(const AuthorShares& shares, std::vector<std::uint64_t>& authors,
                std::vector<std::uint64_t>& heard) {
  constexpr auto everything = audience_scope_number({Scope::Kind::everything});
  std::size_t place = 0;
  std::erase_if(authors, [&](std::uint64_t author) {
    while (place < shares.authors.size() && shares.authors[place] < author) ++place;
    if (place == shares.authors.size() || shares.authors[place] != author) return false;
    const auto first = place == 0 ? 0 : shares.ends[place - 1];
    const bool spoke = first < shares.ends[place] && shares.shares[first].scope == everything;
    if (spoke) heard.push_back(author);
    return spoke;
  });
}

}  // namespace

Result<FlatSet> heard_authors(const KeptTallies& kept,
                              std::span<const KeptTallies::Entry> stretches,
                              std::span<const std::uint64_t> authors) {
  std::vector<Result<std::vector<std::uint64_t>>> parts(author_parts, std::vector<std::uint64_t>{});
  parallel_slices(author_parts, 1, [&](std::size_t begin, std::size_t end) {
    for (auto part = begin; part < end; ++part) {
      const auto of_part = part_of(authors, part);
      std::vector<std::uint64_t> wanted{of_part.begin(), of_part.end()}, heard;
      // Most were heard not long ago.
      for (auto stretch = stretches.rbegin(); stretch != stretches.rend(); ++stretch) {
        if (wanted.empty()) break;
        const auto shares = kept.read_authors(*stretch, part);
        if (!shares) {
          parts[part] = shares.error();
          return;
        }
        take_heard(*shares, wanted, heard);
      }
      parts[part] = std::move(heard);
    }
  });
  FlatSet heard;
  for (const auto& part : parts) {
    if (!part) return part.error();
    for (const auto author : *part) heard.insert(author);
  }
  return heard;
}

}  // namespace earshot
