#include "cli/source_health.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>

#include "ingest/health.hpp"

using namespace earshot;
using std::chrono::hours;

namespace {

constexpr Instant noon =
    Instant{std::chrono::sys_days{std::chrono::year{2026} / 9 / 1}} + hours{12};

SourceConfig configured(const std::string& name) {
  SourceConfig source;
  source.name = name;
  source.type = "feed";
  return source;
}

SourceState polled(const std::string& name) {
  return after_success({.name = name, .type = "feed", .interval = hours{1}}, {}, noon);
}

/// Eight polls up to noon that brought something, and one that did not.
std::vector<Poll> ledger(const std::string& name, Instant last) {
  std::vector<Poll> polls;
  for (int i = 7; i >= 0; --i)
    polls.push_back({.source = name, .at = noon - hours{i}, .ok = true, .posts = 1});
  polls.push_back({.source = name, .at = last, .ok = true, .overflow = true});
  return polls;
}

std::string_view status(const SourceState& state, Instant now) {
  return health_of({configured(state.name)}, {state}, {}, now).at(0).status;
}

}  // namespace

TEST_CASE("health of sources: ok, late, silent, failing, gone, new and removed") {
  auto state = polled("news");
  CHECK(status(state, noon + hours{2}) == "ok");
  CHECK(status(state, noon + hours{2} + std::chrono::seconds{1}) == "late");
  state.next_try = noon + hours{24};  // as the server asked
  CHECK(status(state, noon + hours{24}) == "ok");
  const auto polls = ledger("news", noon + hours{4});
  CHECK(health_of({configured("news")}, {state}, polls, noon + hours{4}).at(0).status == "silent");
  CHECK(status(after_failure(state, {Error::Kind::network, "x"}, {}, noon), noon) == "failing");
  CHECK(status(after_gone(state, {Error::Kind::network, "x"}, noon), noon) == "gone");
  CHECK(status({.name = "news"}, noon) == "new");

  const auto unknown = health_of({}, {state, {.name = "old.csv", .last_poll = noon}}, {}, noon);
  CHECK(unknown.at(0).status == "removed");
  CHECK_FALSE(unknown.at(0).is_failing());
  CHECK(unknown.at(1).status == "ok");
}

TEST_CASE("health of sources: what needs a hand is said below the row") {
  auto quiet = polled("quiet");
  quiet.posts = 1234;
  quiet.last_ok = noon + hours{9};
  quiet.next_try = noon + hours{10};
  auto broken = after_failure(polled("broken"), {Error::Kind::network, "HTTP 503"}, {}, noon);
  broken.next_try = noon + hours{2};
  auto polls = ledger("broken", noon + hours{1});
  std::ranges::copy(ledger("quiet", noon + hours{9}), std::back_inserter(polls));

  const auto all = health_of({configured("quiet"), configured("broken")}, {broken, quiet}, polls,
                             noon + hours{9});

  CHECK(health_text(all) ==
        "source  type    state        posts  last ok               next try              failures\n"
        "quiet   feed    silent       1,234  2026-09-01T21:00:00Z  2026-09-01T22:00:00Z  0\n"
        "  nothing new since 2026-09-01T12:00:00Z; it used to have something within 1 h\n"
        "  1 of 9 polls in seven days may have missed posts; poll it more often\n"
        "broken  feed    failing          0  2026-09-01T12:00:00Z  2026-09-01T14:00:00Z  1\n"
        "  HTTP 503 (since 2026-09-01T12:00:00Z)\n"
        "  1 of 9 polls in seven days may have missed posts; poll it more often\n");
  CHECK(health_json(all) ==
        "[\n"
        R"( {"name":"quiet","type":"feed","state":"silent","configured":true,)"
        R"("last_ok":"2026-09-01T21:00:00Z","last_try":"2026-09-01T12:00:00Z",)"
        R"("last_new":null,"next_try":"2026-09-01T22:00:00Z",)"
        R"("failing_since":null,"failures":0,"last_error":null,"interval_s":3600,"posts":1234,)"
        R"("usual_gap_s":3600,"polls_7d":9,"overflows_7d":1},)"
        "\n"
        R"( {"name":"broken","type":"feed","state":"failing","configured":true,)"
        R"("last_ok":"2026-09-01T12:00:00Z","last_try":"2026-09-01T12:00:00Z",)"
        R"("last_new":null,"next_try":"2026-09-01T14:00:00Z",)"
        R"("failing_since":"2026-09-01T12:00:00Z","failures":1,"last_error":"HTTP 503",)"
        R"("interval_s":3600,"posts":0,"usual_gap_s":3600,"polls_7d":9,"overflows_7d":1})"
        "\n]\n");
  CHECK(health_text({}) == "");
  CHECK(health_json({}) == "[]\n");
}
