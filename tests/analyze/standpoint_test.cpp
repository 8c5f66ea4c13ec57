#include "analyze/standpoint.hpp"

#include <doctest/doctest.h>

#include "tests/analyze/service_corpus.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr double hour = 3600;
constexpr EntityIndex rival = 1;

/// Green Basket's two weeks, in which FarmDirect posts twice and is asked twice:
///   fo1  Tue 4 10:00  forum  3 likes, 2 shares      fo2  Thu 6 10:00  blog
///   fx1  Tue 4 12:00  xia answers fo1; fr1 answers fx1 after 2 h
///   fx2  Wed 5 12:00  yan addresses FarmDirect; nobody answers
struct Rivals : Counted {
  Rivals() {
    project.competitors[0].handles = {{.name = "farmdirect", .role = "support"}};
    auto posts = green_basket_posts();
    const auto own = [](Said said) {
      said.owner = rival;
      return said;
    };
    posts.push_back(own(answers("fo1", august(4, 10), "farmdirect", "")));
    posts.back().likes = 3, posts.back().shares = 2;
    posts.push_back(own(answers("fo2", august(6, 10), "farmdirect", "", "blog")));
    posts.push_back(answers("fx1", august(4, 12), "xia", "fo1"));
    posts.push_back(own(answers("fr1", august(4, 14), "farmdirect", "fx1")));
    posts.push_back(answers("fx2", august(5, 12), "yan", ""));
    posts.back().about = {{.entity = rival, .matched = false, .addressed = true}};
    store = make_labelled_store(posts, entities_of(project));
    now = tally(*store, project, this_fortnight(), at);
    before = tally(*store, project, fortnight_before(), at);
    auto resolved = Accounts::resolve(*store, now.accounts, project, files);
    REQUIRE(resolved);
    accounts = *std::move(resolved);
  }

  MetricInput input() const { return {now, &before, project, calendar, accounts, files}; }

  Calendar calendar = *Calendar::create("Australia/Brisbane", 1);
  Accounts accounts;
};

MetricValue measured(const Standpoint& standpoint, std::string_view name) {
  return measure_alone(*find_metric(name), standpoint.input());
}

}  // namespace

TEST_CASE("a competitor's standpoint makes it the brand, and the brand a competitor") {
  const Rivals rivals;
  const auto seen = Standpoints{rivals.input()}.of(rival);

  CHECK(seen.project.brand.name == "FarmDirect");
  CHECK(seen.project.competitors[0].name == "Green Basket");
  CHECK(seen.tallies.request.entities == entities_of(seen.project));
  CHECK(seen.project.channels.empty());
  const auto* account = seen.accounts.find(rivals.accounts.all()[0].author);
  REQUIRE(account);
  for (const auto& one : seen.accounts.all())
    CHECK(one.owner == (one.name == "farmdirect" ? brand_index : rival));
}

TEST_CASE("a competitor is measured by the code of the brand") {
  const Rivals rivals;
  const auto seen = Standpoints{rivals.input()}.of(rival);

  CHECK(measured(seen, "cadence").figure.value == 1);  // fo1, fo2 in two weeks
  CHECK(measured(seen, "applause").figure.ratio == Ratio{3, 1});
  CHECK(measured(seen, "response_rate").figure.ratio == Ratio{1, 2});
  CHECK(measured(seen, "first_response_time").figure.value == 2 * hour);
  // p7 is positive, p8 neutral.
  CHECK(measured(seen, "net_sentiment").figure.ratio == Ratio{1, 2});
  // Mentions: 10 of Green Basket, 2 of FarmDirect.
  CHECK(measured(seen, "share_of_voice").figure.ratio == Ratio{2, 12});
  CHECK(row(measured(seen, "share_of_voice"), "Green Basket").ratio == Ratio{10, 12});
  CHECK(measured(seen, "dialogue_depth").figure.ratio == Ratio{3, 1});  // fo1 | fx1 | fr1
}

TEST_CASE("what the store counts for the brand alone is empty from another standpoint") {
  const Rivals rivals;
  const auto seen = Standpoints{rivals.input()}.of(rival);

  for (const auto& row : seen.tallies.cube) {
    CHECK(row.scope.kind != Scope::Kind::brand_and_entity);
    CHECK(row.scope.kind != Scope::Kind::brand_and_department);
    CHECK(row.scope.kind != Scope::Kind::brand_or_topic);
  }
  CHECK(count_items(seen.tallies, brand_scope) == 2);
  CHECK(seen.tallies.raised.empty());
  CHECK(seen.tallies.history.stances.empty());
  CHECK_FALSE(rivals.now.raised.empty());
  CHECK(tells_of_competitors(*find_metric("response_rate")));
  CHECK_FALSE(tells_of_competitors(*find_metric("unanswered_demand")));
  CHECK_FALSE(tells_of_competitors(*find_metric("channel_activation")));
}

TEST_CASE("counts seen twice are as they were") {
  const Rivals rivals;
  const auto seen = Standpoints{rivals.input()}.of(rival);
  const auto back = Standpoints{seen.input()}.of(rival);

  CHECK(back.project.brand.name == "Green Basket");
  CHECK(back.tallies.request.entities == rivals.now.request.entities);
  for (const auto* name : {"share_of_voice", "net_sentiment"}) {
    const auto there = measured(back, name).figure;
    CHECK(there.value == rivals(name).figure.value);
    CHECK(there.n_eligible == rivals(name).figure.n_eligible);
  }
}

TEST_CASE("of own posts, inboxes and answers a standpoint has the competitor's, as the brand's") {
  const Rivals rivals;
  const auto seen = Standpoints{rivals.input()}.of(rival);

  const auto check = [](const auto& rows, const auto& all) {
    std::size_t next = 0;
    for (const auto& row : all) {
      if (row.owner != rival) continue;
      REQUIRE(next < rows.size());
      CHECK(rows[next].key == row.key);
      CHECK(rows[next].owner == brand_index);
      ++next;
    }
    CHECK(next > 0);
    CHECK(next == rows.size());
  };
  check(seen.tallies.own, rivals.now.own);
  check(seen.tallies.inbox, rivals.now.inbox);
  const auto items_of = [](const std::vector<AnswerRow>& rows, EntityIndex owner) {
    std::uint64_t items = 0;
    for (const auto& row : rows) items += row.owner == owner ? row.items : 0;
    return items;
  };
  CHECK(items_of(seen.tallies.answers, brand_index) == seen.tallies.inbox.size());
  CHECK(items_of(seen.tallies.answers, rival) == 0);
}

TEST_CASE("metrics: the competitor audit measures each competitor whose posts are seen") {
  const Rivals rivals;
  const auto value = rivals("competitor_audit");

  CHECK(value.figure.value == 1);
  CHECK(value.figure.ratio == Ratio{1, 1});
  CHECK(row(value, "FarmDirect: own posts").value == 1);
  CHECK(row(value, "FarmDirect: own posts").unit == Unit::posts_per_week);
  CHECK(row(value, "FarmDirect: channels used").value == 2);
  CHECK(row(value, "FarmDirect: shares").ratio == Ratio{2, 1});
  CHECK(row(value, "FarmDirect: likes").ratio == Ratio{3, 1});
  CHECK(row(value, "FarmDirect: replies by others").ratio == Ratio{1, 1});
  CHECK(row(value, "FarmDirect: response rate").ratio == Ratio{1, 2});
  CHECK(row(value, "FarmDirect: median first response").value == 2 * hour);
}

TEST_CASE("metrics: a competitor that is silent now and was heard before has a cadence of 0") {
  Rivals rivals;
  rivals.before.own = rivals.now.own;
  std::erase_if(rivals.now.own, [](const OwnItem& item) { return item.owner == rival; });
  std::erase_if(rivals.now.answers, [](const AnswerRow& row) { return row.owner == rival; });
  const auto value = rivals("competitor_audit");

  CHECK(value.figure.value == 0);
  CHECK(row(value, "FarmDirect: own posts").value == 0);
  CHECK(row(value, "FarmDirect: likes").not_measurable == "no posts of its own in the window");
  CHECK(row(value, "FarmDirect: response rate").not_measurable ==
        "no post in the window needs an answer by FarmDirect");
}

TEST_CASE("metrics: competitors that can't be audited say why") {
  Rivals rivals;
  std::erase_if(rivals.now.own, [](const OwnItem& item) { return item.owner == rival; });
  CHECK(row(rivals("competitor_audit"), "FarmDirect").not_measurable ==
        "no posts of its own in the window (are its handles right, and are its accounts among the "
        "sources?)");
  CHECK(row(Counted{}("competitor_audit"), "FarmDirect").not_measurable ==
        "no account of it is declared: add handles to its [[competitor]]");
  rivals.project.competitors.clear();
  rivals.now = tally(*rivals.store, rivals.project, this_fortnight(), later);
  rivals.before = rivals.now;
  CHECK(rivals("competitor_audit").figure.not_measurable ==
        "no competitor is declared: add [[competitor]] to the config");
}
