#include "ingest/poller.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/health.hpp"
#include "ingest/host_queue.hpp"
#include "ingest/move.hpp"
#include "ingest/page_asker.hpp"
#include "ingest/poll_writer.hpp"
#include "ingest/reread.hpp"
#include "store/base/http.hpp"

namespace earshot {

namespace {

using std::chrono::seconds;

/// A rest that ends so soon is waited for; a longer one is left to a later run.
constexpr seconds short_rest{5};

/// A source may come by the place where it began, but not again and again.
constexpr unsigned most_returns = 3;

/// A service that refuses so many single posts, and shows none, refuses them all.
constexpr std::size_t most_refused = 5;

/// Posts that are read again may take a request each twice over, and some more.
constexpr std::size_t few_steps = 10;

/// One round of polls. The calling thread writes and decides, the others wait for servers; queue
/// and asker hand the jobs over.
class Round {
 public:
  Round(const CollectRun& run, std::span<CollectJob* const> jobs)
      : run_{run}, jobs_{jobs}, queue_{run.options.host_gap}, writer_{run} {
    for (CollectJob* job : jobs) {
      job->address = address_of(*job);
      const std::string host = server_of(job->address.empty() ? job->config->url : job->address);
      hosts_.push_back(host.empty() ? job->config->type : host);
    }
  }

  Result<Done> poll() {
    if (auto obeyed = obey_rests(); !obeyed) return obeyed;
    std::set<std::string_view> asked;
    for (const std::size_t i : due_jobs()) {
      ask(i);
      asked.insert(hosts_[i]);
    }
    const auto threads =
        std::min<std::size_t>(std::max(1U, run_.options.connections), asked.size());
    PageAsker asker{run_, queue_, jobs_, threads};

    Result<Done> result = Done{};
    while (waiting_ > 0) {
      auto answer = asker.take(std::chrono::milliseconds{100});
      if (!stopping_ && run_.stopped()) stop();
      if (!answer && result) result = writer_.flush();  // an idle moment
      if (!result) stop();
      if (!answer) continue;
      --waiting_;
      if (!result) continue;  // the store has failed: nothing more is written
      const std::string host = jobs_[answer->job]->host;
      result = settle(answer->job, answer->page);
      if (!result) stop();
      release(answer->job, host);  // only now: its answer may be that the host wants rest
    }
    queue_.close();
    if (result) remember_hosts();
    return result ? writer_.flush() : result;
  }

 private:
  /// Those first that were not asked for longest: where a host soon asks for rest, its other
  /// sources get their turn in the next run.
  std::vector<std::size_t> due_jobs() const {
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < jobs_.size(); ++i)
      if (jobs_[i]->due) due.push_back(i);
    std::ranges::stable_sort(due, {},
                             [&](std::size_t i) { return jobs_[i]->outcome.state.last_poll; });
    return due;
  }

  void ask(std::size_t job) {
    ++waiting_;
    jobs_[job]->host = hosts_[job];
    queue_.add(job, hosts_[job]);
  }

  /// `host` is another one than the job's own where a redirect led it there.
  void release(std::size_t job, const std::string& host) {
    if (const auto gap = jobs_[job]->type->details.gap; gap.count() > 0)
      queue_.rest(hosts_[job], gap);
    if (!host.empty()) queue_.release(host);
  }

  void stop() {
    stopping_ = true;
    waiting_ -= queue_.close().size();
  }

  seconds elapsed() const {
    return std::chrono::floor<seconds>(std::chrono::steady_clock::now() - started_);
  }

  // --- hosts ---

  /// What an earlier run was told holds in this one too, whoever is to be polled.
  Result<Done> obey_rests() {
    const auto known = run_.store.hosts();
    if (!known) return known.error();
    const Instant now = run_.options.now;
    std::map<std::string_view, Instant> resting;
    for (const HostState& host : *known) {
      // A rest that nobody can have asked for was noted by a clock that was wrong.
      if (host.free_at <= now || host.free_at > now + longest_refusal + longest_pause)
        writer_.host({host.host, {}});
      else if (host.free_at - now <= short_rest)
        queue_.rest(host.host, host.free_at - now);
      else
        resting.emplace(host.host, host.free_at);
    }
    for (const auto& [host, until] : resting) {  // for who is led there
      queue_.rest(std::string{host}, until - now);
      spared_.emplace(host);
    }
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      const auto rest = resting.find(hosts_[i]);
      if (rest == resting.end()) continue;
      jobs_[i]->due = false;
      jobs_[i]->state().next_try = std::max(jobs_[i]->state().next_try, rest->second);
    }
    return Done{};
  }

  /// The gap between two requests is kept between runs too. `now` may be almost a second ago when
  /// the run begins, and so may that of the next.
  void remember_hosts() {
    for (const auto& [host, rest] : queue_.resting())
      if (!spared_.contains(host))
        writer_.host(
            {host, run_.options.now + elapsed() + seconds{1} + std::chrono::ceil<seconds>(rest)});
  }

  /// A host that asked for rest gets it from all its sources, also in the next runs. It may be one
  /// that a redirect led to.
  Result<Done> spare_host(const std::string& host, Instant until) {
    if (until <= run_.options.now || host.empty()) return Done{};
    waiting_ -= queue_.drop(host).size();
    queue_.rest(host, until - run_.options.now - elapsed());
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      SourceState& state = jobs_[i]->state();
      if (hosts_[i] != host || state.next_try >= until) continue;
      state.next_try = until;
      if (state.first_poll == Instant{}) state.first_poll = run_.options.now;
      if (auto noted = writer_.state(*jobs_[i]); !noted) return noted;
    }
    spared_.insert(host);
    writer_.host({host, until});
    return writer_.flush();
  }

  // --- answers ---

  Result<Done> settle(std::size_t index, Result<Page>& page) {
    CollectJob& job = *jobs_[index];
    if (!job.again.asked.empty()) return settle_reread(index, page);
    if (!page) {
      if (stopping_) return Done{};  // given up by us
      forget_move(job);
      return note_failure(job, page.error(), {});
    }
    if (page->refused_status != 0) return refused(index, *page);
    return store_page(index, *page);
  }

  Result<Done> refused(std::size_t index, const Page& page) {
    CollectJob& job = *jobs_[index];
    const int status = page.refused_status;
    job.state() = after_status(std::move(job.state()), status, run_.options.now);
    const bool too_many = status == 429 || (status == 503 && page.wait);
    // What an address says that the source moved to is no word on the config's own.
    const bool strayed = !too_many && forget_move(job);
    if (!strayed && is_gone(job.state(), status, run_.options.now)) {
      job.outcome.error = gone(status);
      job.state() = after_gone(std::move(job.state()), *job.outcome.error, run_.options.now);
      job.outcome.polled = true;
      return writer_.poll(job, false, false);
    }
    auto wait = page.wait;
    if (wait) *wait = std::min<seconds>(*wait, longest_refusal) + elapsed();
    const Error error = refusal(status, page.wait, page.refused_reason);
    if (auto noted = note_failure(job, error, wait); !noted) return noted;
    if (!too_many || (page.wait && page.wait->count() == 0)) return Done{};
    return spare_host(job.host, wait ? run_.options.now + *wait : job.state().next_try);
  }

  Result<Done> note_failure(CollectJob& job, const Error& error, std::optional<seconds> wait) {
    job.outcome.error = Error{error.kind, clean_message(error.message)};
    job.state() = after_failure(std::move(job.state()), error, wait, run_.options.now);
    job.outcome.polled = true;
    return writer_.poll(job, false, false);
  }

  /// Posts, cursor, validators, health and, with the last page, the poll.
  Result<Done> store_page(std::size_t index, Page& page) {
    CollectJob& job = *jobs_[index];
    const std::string before = job.state().cursor;
    remember(job, page);
    count_page(job, page);
    job.posts += page.posts.posts.size();
    job.gapless = page.gapless;
    const bool last =
        !page.more || page.wait || ++job.pages >= run_.options.pages_per_poll || stopping_;
    const auto endless = page.more && !page.wait ? endless_pages(job, before) : std::nullopt;
    if (last && !endless)
      job.state() = after_success(std::move(job.state()), longest_of(page.fresh, page.wait),
                                  run_.options.now);
    if (!last || !page.posts.posts.empty() || !page.removed.empty()) {
      const auto stored = writer_.page(job, page, last && !endless);
      if (!stored) return stored.error();
      count_stored(job, *stored, run_.options.now);
    }
    if (endless) return note_failure(job, *endless, {});
    if (!last) {
      job.full_answer = true;  // the validators are those of the first page
      ask(index);
      return Done{};
    }
    job.outcome.polled = true;
    report(job, page);
    // Only the store knows which posts were new, so what follows from that is written after them.
    const bool overflow =
        !job.gapless && may_have_lost_posts(job.polled_before, job.posts, job.outcome.posts);
    if (page.posts.posts.empty() || job.outcome.posts.added > 0)
      if (auto noted = writer_.poll(job, true, overflow); !noted) return noted;
    return page.wait && page.wait->count() > 0 ? rest_for(job, *page.wait) : plan_rereads(index);
  }

  Result<Done> rest_for(const CollectJob& job, seconds wait) {
    return spare_host(job.host, run_.options.now + wait + elapsed());
  }

  // --- posts that are read again ---

  Result<Done> plan_rereads(std::size_t index) {
    CollectJob& job = *jobs_[index];
    const std::size_t room = job.source->rereads();
    if (room == 0 || stopping_) return Done{};
    auto plan = plan_reread(run_.store, *job.source, job.state(), run_.options.now,
                            room * run_.options.pages_per_poll, !job.again.witness.posts.empty());
    if (!plan) return plan.error();
    job.again.due = std::move(plan->posts);
    std::ranges::reverse(job.again.due.posts);  // taken from behind
    job.again.found = false;
    job.again.refused.clear();
    job.again.to = plan->to;
    return go_on_rereading(index);
  }

  /// Asks for the next posts, or notes that all have been asked for.
  Result<Done> go_on_rereading(std::size_t index) {
    CollectJob& job = *jobs_[index];
    std::vector<Post>& due = job.again.due.posts;
    std::vector<Post>& asked = job.again.asked;
    std::size_t room = job.source->rereads();
    asked.clear();
    job.again.cursor.clear();
    job.again.steps = 0;
    if (room > 1) job.again.missing.clear();  // not even the witness was there
    // A witness that finds no room beside others is asked for when there is need of one.
    const bool refuses = !job.again.refused.empty();
    if (room == 1 && !job.again.found && (refuses || (due.empty() && !job.again.missing.empty())))
      std::ranges::move(std::exchange(job.again.witness.posts, {}), std::back_inserter(due));
    if (refuses && !job.again.found && (due.empty() || job.again.refused.size() >= most_refused))
      return give_up_rereads(job, job.again.refused.front().second);
    if (due.empty()) {
      job.state().reread_to = job.again.to;
      job.again = {};
      return writer_.state(job);
    }
    if (stopping_) return Done{};
    if (room > 1 && !job.again.witness.posts.empty()) {
      asked = job.again.witness.posts;  // is it there, the service is in order
      --room;
    }
    for (; room > 0 && !due.empty(); --room) {
      if (asked.empty() || due.back().native_id != asked[0].native_id) asked.push_back(due.back());
      due.pop_back();
    }
    ask(index);
    return Done{};
  }

  /// A failure is the poll's no more; what is left is asked for after the next one.
  Result<Done> settle_reread(std::size_t index, Result<Page>& page) {
    CollectJob& job = *jobs_[index];
    if (!page) {
      if (stopping_) return Done{};
      const bool unreadable = page.error().kind == Error::Kind::format;
      return unreadable ? pass_over(index, page.error().message)
                        : give_up_rereads(job, page.error().message);
    }
    if (const int status = page->refused_status; status != 0) {
      const auto why = refusal(status, page->wait, page->refused_reason).message;
      const bool rests = page->wait.has_value() || status == 429;
      if (!rests && status != 401 && status != 503) return pass_over(index, why);
      if (auto noted = give_up_rereads(job, why); !noted || !rests) return noted;
      return rest_for(job, page->wait.value_or(job.config->interval));
    }
    note_found(job, *page);
    if (auto settled = settle_missing(job, *page); !settled) return settled;
    page->rows = 0;  // they were counted when they were new
    count_page(job, *page);
    if (!page->posts.posts.empty() || !page->removed.empty()) {
      const auto stored = writer_.page(job, *page, false);
      if (!stored) return stored.error();
      count_stored(job, *stored, run_.options.now);
    }
    if (page->wait && page->wait->count() > 0) {
      job.again = {};
      return rest_for(job, *page->wait);
    }
    if (!page->more) return go_on_rereading(index);
    if (++job.again.steps > 2 * job.again.asked.size() + few_steps)
      return give_up_rereads(job, "it says again and again that more follows");
    job.again.cursor = page->next_cursor;
    if (!stopping_) ask(index);
    return Done{};
  }

  /// A refusal of one post may be about that post alone: it counts as unread, neither there nor
  /// missing, and the next is asked for. If none is there the refusals are about the service.
  Result<Done> pass_over(std::size_t index, const std::string& why) {
    CollectJob& job = *jobs_[index];
    Rereads& again = job.again;
    if (job.source->rereads() > 1) return give_up_rereads(job, why);
    if (again.asked.size() > 1) {  // from here on it asks for one at a time
      again.due.posts.insert(again.due.posts.end(), again.asked.rbegin(), again.asked.rend());
      again.missing.clear();
      again.witness.posts.clear();  // it is among them
    } else {
      again.refused.emplace_back(again.asked[0].native_id, why);
    }
    if (again.found) count_refused(job);
    return go_on_rereading(index);
  }

  void note_found(CollectJob& job, const Page& page) const {
    job.again.found = job.again.found || !page.posts.posts.empty();
    if (job.again.found) count_refused(job);
  }

  void count_refused(CollectJob& job) const {
    Page page;
    for (const auto& [id, why] : std::exchange(job.again.refused, {}))
      refuse_item(page, clean_message(fmt::format("{} could not be read again: {}", id, why)));
    count_page(job, page);
  }

  /// As long as none of the posts asked for was found, what is missing says more of the service
  /// than of them.
  Result<Done> settle_missing(CollectJob& job, Page& page) const {
    auto& missing = job.again.missing;
    for (const Post& post : job.again.asked) {
      // Of another network if a source of that name was of another type before.
      const auto is_post = [&](const PostId& id) {
        return id.network == post.network && id.native_id == post.native_id;
      };
      if (std::ranges::any_of(page.missing, is_post)) missing.push_back(post);
    }
    if (!job.again.found) return Done{};
    auto judged = judge_missing(run_.store, page, missing, job.state(), run_.options.now);
    missing.clear();
    return judged;
  }

  Result<Done> give_up_rereads(CollectJob& job, const std::string& why) {
    Page page;
    refuse_item(page, "posts could not be read again: " + clean_message(why));
    count_page(job, page);
    job.again = {};
    return Done{};
  }

  /// What is wrong with pages that never end; nothing if they get on.
  std::optional<Error> endless_pages(CollectJob& job, const std::string& before) const {
    const std::string& cursor = job.outcome.state.cursor;
    if (cursor != before) job.left.insert(before);
    if (cursor != before && job.left.contains(cursor) && ++job.returns == most_returns)
      return Error{Error::Kind::format,
                   fmt::format("its pages lead in circles; given up after {}", job.pages)};
    if (job.left.empty() && job.pages >= run_.options.pages_per_poll)
      return Error{
          Error::Kind::format,
          fmt::format("it says that there is more, but {} pages led no further", job.pages)};
    return {};
  }

  static std::optional<seconds> longest_of(std::optional<seconds> a, std::optional<seconds> b) {
    return a && b ? std::max(*a, *b) : a ? a : b;
  }

  void remember(CollectJob& job, Page& page) {
    SourceState& state = job.state();
    const auto keep = [&](std::string& stored, std::string& fresh) {
      if (!page.unchanged || !fresh.empty()) stored = std::move(fresh);  // a 304 may leave them out
    };
    keep(state.cursor, page.next_cursor);
    forget_missing(page, state);
    if (job.source->rereads() > 0) {
      if (state.reread_to == Instant{}) state.reread_to = run_.options.now;
      keep_witness(job, page.posts.posts);
    }
    if (job.pages > 0) return;
    keep(state.etag, page.etag);
    keep(state.last_modified, page.last_modified);
    const auto mark = state.body_hash.find('@');
    std::string address = mark == std::string::npos ? std::string{} : state.body_hash.substr(mark);
    if (!page.unchanged || !page.body_hash.empty()) state.body_hash = page.body_hash + address;
    if (!page.unchanged) {
      state.wish = page.wish.value_or(seconds{0});
      state.skip_hours = page.skip_hours;
      state.skip_days = page.skip_days;
    }
    note_move(job, page.moved_to);
  }

  static void keep_witness(CollectJob& job, std::span<const Post> posts) {
    const auto seen = std::find_if(posts.rbegin(), posts.rend(), [&](const Post& post) {
      return !post.repost && job.source->can_reread(post);
    });
    if (seen == posts.rend()) return;
    job.again.witness.clear();
    add_post(job.again.witness, to_reread(*seen));
  }

  void report(const CollectJob& job, const Page& page) const {
    if (!run_.progress) return;
    run_.progress(
        {.source = job.config->name, .rows = job.outcome.rows, .bytes_read = page.bytes_read});
  }

  const CollectRun& run_;
  const std::span<CollectJob* const> jobs_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::vector<std::string> hosts_;             ///< `hosts_[i]` is asked by `jobs_[i]`.
  std::set<std::string, std::less<>> spared_;  ///< Hosts that asked for rest; the store knows.
  HostQueue queue_;
  PollWriter writer_;
  std::size_t waiting_ = 0;  ///< Jobs asked for and not answered yet.
  bool stopping_ = false;
};

}  // namespace

Result<Done> poll_sources(const CollectRun& run, std::span<CollectJob* const> jobs) {
  if (jobs.empty()) return Done{};
  return Round{run, jobs}.poll();
}

}  // namespace earshot
