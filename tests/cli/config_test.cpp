#include "cli/config.hpp"

#include <doctest/doctest.h>

#include "analyze/checklist.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using earshot::TemporaryFolder;
using std::chrono::hours;

namespace {

const std::string brand = "[brand]\nquery = 'acme'\n";

/// The error of a config, without the folder it lies in.
std::string error_of(const std::string& toml) {
  const TemporaryFolder folder;
  const auto config = load_config(folder.write("acme.toml", toml));
  if (config) return "no error";
  CHECK(config.error().kind == Error::Kind::config);
  std::string message = config.error().message;
  const std::string prefix = folder.path() + "/";
  for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix))
    message.erase(at, prefix.size());
  return message;
}

}  // namespace

TEST_CASE("config: every key arrives where it belongs") {
  const TemporaryFolder folder;
  folder.write(
      "maps/fb.toml",
      "format = 'csv'\nnetwork = 'facebook'\n[columns]\nid='a'\ntext='b'\nposted_at='c'\n");
  folder.write("tables/places.csv", "region,pattern\nSouth,\"\"\"corrie park\"\" OR bend\"\n");
  const auto config = load_config(folder.write("acme.toml", R"(
[project]
name = "Acme"
timezone = "Australia/Brisbane"
week_start = "sunday"
minimum_n = 10
[store]
path = "data/store"
[model]
sentiment = "/models/own.model"
[brand]
query = 'acme'
handles = ["@acme", {name = "AcmeHelp", network = "mastodon", role = "support", department = "orders", trained = true}]
affiliates = ["leni"]
[[competitor]]
name = "FarmDirect"
query = "farmdirect"
[[topic]]
name = "delivery"
query = "deliver*"
department = "orders"
[[channel]]
name = "facebook"
[inbox]
horizon = "3d"
sla = ["30m", "4h", "2d"]
urgent = "refund"
private = "address"
handling_minutes = 2.5
business_hours = {mon = "09:00-17:00", sun = "00:00-24:00"}
[[objective]]
name = "Fewer late boxes"
query = "late"
target = 10
by = "2026-12-31"
[[pilot]]
name = "Samples"
from = "2026-08-01"
to = "2026-09-01"
query = "sample*"
metric = "net_sentiment"
limit = "30d"
decision = "kept"
[[pilot]]
name = "Video"
from = "2026-05-01"
[policy]
rules = [{name = "signed", require = "nell", on = "replies"}, {name = "no promises", forbid = "guarantee*"}]
[checklist]
long_view = "growers are known by name"
clear_goals = {answer = "fewer late boxes", by = "Nell", on = "2026-06-01"}
[files]
staff = "tables/staff.csv"
places = "tables/places.csv"
[[source]]
name = "news"
type = "feed"
url = "https://example.org/feed.xml"
interval = "30m"
channel = "news"
filtered = true
headers = {Accept = "text/xml"}
[[source]]
name = "export"
type = "csv"
path = "facebook.csv"
mapping = "maps/fb.toml"
)"));

  REQUIRE_MESSAGE(config, (config ? "" : config.error().message));
  const Project& project = config->project;
  CHECK(project.name == "Acme");
  CHECK(project.timezone == "Australia/Brisbane");
  CHECK(project.week_start == 7);
  CHECK(project.minimum_n == 10);
  CHECK(config->store_path == folder.file("data/store"));
  CHECK(config->model_path == "/models/own.model");
  CHECK(project.brand.name == "Acme");
  REQUIRE(project.brand.handles.size() == 2);
  CHECK(project.brand.handles[0].name == "acme");
  CHECK(project.brand.handles[1].role == "support");
  CHECK(project.brand.affiliates == std::vector<std::string>{"leni"});
  CHECK(project.competitors.at(0).query == "farmdirect");
  CHECK(project.topics.at(0).department == "orders");
  CHECK(project.channels == std::vector<std::string>{"facebook"});
  CHECK(project.inbox.horizon == hours{72});
  CHECK(project.inbox.sla[0] == std::chrono::minutes{30});
  REQUIRE(project.inbox.business_hours);
  CHECK(project.inbox.business_hours->days[0].to == 17 * 60);
  CHECK(project.inbox.business_hours->days[1].to == 0);
  CHECK(project.inbox.business_hours->days[6].to == 24 * 60);
  CHECK(project.objectives.at(0).target == 10.0);
  CHECK_FALSE(project.brand.handles[0].trained);
  CHECK(project.brand.handles[1].trained);
  CHECK(project.inbox.in_private == "address");
  CHECK(project.inbox.handling_minutes == 2.5);
  REQUIRE(project.pilots.size() == 2);
  CHECK(project.pilots[0].from == "2026-08-01");
  CHECK(project.pilots[0].to == "2026-09-01");
  CHECK(project.pilots[0].query == "sample*");
  CHECK(project.pilots[0].metric == "net_sentiment");
  CHECK(project.pilots[0].limit_days == 30);
  CHECK(project.pilots[0].decision == "kept");
  CHECK(project.pilots[1].to == "");
  CHECK(project.pilots[1].limit_days == 90);
  REQUIRE(project.policy.size() == 2);
  CHECK(project.policy[0].query == "nell");
  CHECK_FALSE(project.policy[0].forbids);
  CHECK(project.policy[0].on == PolicyRule::On::replies);
  CHECK(project.policy[1].forbids);
  CHECK(project.policy[1].on == PolicyRule::On::all);
  REQUIRE(project.checklist.size() == 2);
  CHECK(project.checklist[0].question == "clear_goals");
  CHECK(project.checklist[0].by == "Nell");
  CHECK(project.checklist[0].on == "2026-06-01");
  CHECK(project.checklist[1].answer == "growers are known by name");
  REQUIRE(project.places.size() == 1);
  CHECK(project.places[0].pattern == "\"corrie park\" OR bend");
  CHECK(project.places[0].region == "South");
  CHECK(config->files == UserFilePaths{{"staff", folder.file("tables/staff.csv")}});
  REQUIRE(config->sources.size() == 2);
  CHECK(config->sources[0].interval == std::chrono::minutes{30});
  CHECK(config->sources[0].filtered);
  CHECK(config->sources[0].headers == HttpHeaders{{"Accept", "text/xml"}});
  CHECK(config->sources[1].path == folder.file("facebook.csv"));
  CHECK(config->sources[1].mapping.network == "facebook");
}

TEST_CASE("config: the example that init writes is a config without complaints") {
  const TemporaryFolder folder;
  const auto config = load_config(folder.write("earshot.toml", std::string{example_config()}));
  REQUIRE_MESSAGE(config, (config ? "" : config.error().message));
  CHECK(config->project.brand.handles.size() == 2);
}

TEST_CASE("config: the keys that the example has behind # are keys too") {
  // Uncomments every line that looks like a key or a table, and asks for the example's mapping and
  // metrics.
  const TemporaryFolder folder;
  folder.write("mappings/facebook.toml", "[columns]\nid='a'\ntext='b'\nposted_at='c'\n");
  folder.write("places.csv", "pattern,region\nbrisbane,Brisbane\n");
  std::string toml;
  std::size_t sources = 0;
  std::istringstream lines{std::string{example_config()}};
  for (std::string line; std::getline(lines, line);) {
    const bool key = line.starts_with("# ") && line.find(" = ") != std::string::npos &&
                     line.find("`") > line.find(" = ");
    if (line.starts_with("# [") || key) line.erase(0, 2);
    if (line.starts_with("metric =")) continue;  // either this or the query above it
    if (line == "[[source]]") ++sources;
    toml += line + "\n";
  }

  const auto config = load_config(folder.write("earshot.toml", toml));

  REQUIRE_MESSAGE(config, (config ? "" : config.error().message));
  CHECK(sources > 2);
  CHECK(config->sources.size() == sources);
  CHECK(config->project.competitors.size() == 1);
  CHECK(config->project.thresholds.size() == 1);
  CHECK(config->project.policy.size() == 2);
  CHECK(config->project.pilots.size() == 1);
  CHECK(config->project.checklist.size() == checklist_questions().size());
  CHECK(config->project.places.size() == 1);
  CHECK(config->files.size() == 8);
}

TEST_CASE("config: the sample corpus and the airlines use what there is, and nothing is wrong") {
  const auto configs = std::string{EARSHOT_SOURCE_DIR} + "/configs/";

  const auto demo = load_config(configs + "demo/earshot.toml");
  const auto airlines = load_config(configs + "examples/airlines_2015.toml");

  REQUIRE_MESSAGE(demo, (demo ? "" : demo.error().message));
  CHECK(demo->project.pilots.size() == 1);
  CHECK(demo->project.policy.size() == 2);
  CHECK(demo->project.checklist.size() == 11);
  CHECK(demo->project.places.size() == 4);
  CHECK(demo->files.size() == 8);
  REQUIRE_MESSAGE(airlines, (airlines ? "" : airlines.error().message));
  CHECK(airlines->project.places.size() == 10);
}

TEST_CASE("config: a key or a name that is not known is named with its line and a guess") {
  CHECK(error_of("[brand]\nname = 'x'\nquary = 'y'\n") ==
        "acme.toml:3: unknown key 'quary' in [brand], did you mean 'query'?");
  CHECK(error_of("[brnd]\n") == "acme.toml:1: unknown key 'brnd', did you mean 'brand'?");
  CHECK(error_of(brand + "[[source]]\nname='a'\ntype = 'fede'\n") ==
        "acme.toml:5: unknown source 'fede', did you mean 'feed'?");
  CHECK(error_of(brand + "[[source]]\ntype = 'csv'\nname='a'\npath='b'\nurl='c'\n") ==
        "acme.toml:7: unknown key 'url' in [[source]]");
  CHECK(error_of(brand + "[thresholds]\nresponse_rat = 1\n") ==
        "acme.toml:4: unknown metric 'response_rat', did you mean 'response_rate'?");
  CHECK(error_of(brand + "[project]\nweek_start = 'mondai'\n") ==
        "acme.toml:4: 'mondai' is not a weekday, did you mean 'monday'?");
}

TEST_CASE("config: a value of the wrong type or form is named with its line") {
  CHECK(error_of("[brand]\nquery = 3\n") == "acme.toml:2: 'query' in [brand]: expected a string");
  CHECK(error_of("brand = 3\n") == "acme.toml:1: 'brand': expected a table");
  CHECK(error_of(brand + "[inbox]\nhorizon = '4 parsecs'\n") ==
        "acme.toml:4: '4 parsecs' is not a duration like 30m, 4h or 7d");
  CHECK(error_of(brand + "[inbox]\nsla = ['4h']\n") ==
        "acme.toml:4: 'sla' needs three durations, for priority 1, 2 and 3");
  CHECK(error_of(brand + "[inbox]\nbusiness_hours = {mon = '9-17'}\n") ==
        "acme.toml:4: '9-17' is not a span of hours like \"09:00-17:00\"");
  CHECK(error_of(brand + "[project]\nminimum_n = -1\n") ==
        "acme.toml:4: 'minimum_n' in [project]: expected a whole number from 0 up");
  CHECK(
      error_of(brand + "[[source]]\nname='a'\ntype='feed'\nurl='https://x.org'\ninterval='1m'\n") ==
      "acme.toml:7: 'interval' must be at least 5m");
  CHECK(error_of(brand + "[[source]]\nname='a'\ntype='feed'\nurl='ftp://x.org'\n") ==
        "acme.toml:6: 'ftp://x.org' is not an address that starts with https:// or http://");
  CHECK(error_of(brand + "[project]\ntimezone = 'Australia/Brisban'\n") ==
        "acme.toml:4: unknown time zone 'Australia/Brisban', did you mean 'Australia/Brisbane'?");
}

TEST_CASE("config: a source has the keys of its type, and one place for its token") {
  const auto text = brand +
                    "[[source]]\nname = 'tag'\ntype = 'mastodon'\nurl = 'https://elm.example'\n"
                    "tag = 'beans'\nthreads = true\ntoken_file = 'elm.token'\n";

  const auto config = parse_config(text, "conf/acme.toml");

  REQUIRE(config);
  const auto& source = config->sources.at(0);
  CHECK(source.options ==
        std::map<std::string, std::string, std::less<>>{{"tag", "beans"}, {"threads", "true"}});
  CHECK(source.token == TokenPlace{TokenPlace::Kind::file, "conf/elm.token"});
}

TEST_CASE("config: what the options of a source can't be is named with its line") {
  const std::string masto = brand + "[[source]]\nname='a'\ntype='mastodon'\n";
  const std::string elm = masto + "url='https://elm.example'\n";
  CHECK(error_of(elm + "tga='x'\n") ==
        "acme.toml:7: unknown key 'tga' in [[source]], did you mean 'tag'?");
  CHECK(error_of(masto + "tag='x'\n") == "acme.toml:5: [[source]] needs a 'url'");
  CHECK(error_of(elm + "tag=5\n") == "acme.toml:7: 'tag' in [[source]]: expected a string");
  CHECK(error_of(elm + "tag='x'\nthreads='yes'\n") ==
        "acme.toml:8: 'threads' in [[source]]: expected true or false");
  CHECK(error_of(elm) ==
        "acme.toml:5: mastodon needs one of 'tag', 'public', 'account' and 'search'");
  CHECK(error_of(elm + "tag='x'\ntoken_env='A'\ntoken_cmd='b'\n") ==
        "acme.toml:9: a source has one token: keep only one of the 'token_' keys");
  CHECK(error_of(brand + "[[source]]\nname='a'\ntype='feed'\nurl='https://x.org'\ntag='x'\n") ==
        "acme.toml:7: unknown key 'tag' in [[source]]");
  CHECK(error_of(brand + "[[source]]\nname='a'\ntype='feed'\nurl='https://x.org'\n"
                         "token_env='A'\n") ==
        "acme.toml:7: unknown key 'token_env' in [[source]]");
}

TEST_CASE("config: how servers are asked, and a proxy for one source") {
  const auto text =
      brand +
      "[fetch]\ncontact = 'mailto:a@b.example'\nconnections = 4\ntimeout = '10s'\n"
      "proxy = 'socks5h://localhost:9050'\nallow_private = ['10.0.0.0/8', '::1']\n"
      "resolve = ['*:80:127.0.0.1', 'x.example:443:[2001:db8::1]']\nca_file = 'ca.pem'\n"
      "[[source]]\nname = 'a'\ntype = 'feed'\nurl = 'https://x.org'\n"
      "proxy = 'proxy.example:3128'\n";

  const auto config = parse_config(text, "conf/acme.toml");

  REQUIRE_MESSAGE(config, (config ? "" : config.error().message));
  const auto options = curl_options(config->fetch, false);
  CHECK(options.user_agent.starts_with("earshot/"));
  CHECK(options.user_agent.ends_with(" (self-hosted feed reader; mailto:a@b.example)"));
  CHECK(options.proxy == "socks5h://localhost:9050");
  CHECK(options.allowed.size() == 2);
  CHECK(options.resolve.size() == 2);
  CHECK(options.timeout == std::chrono::seconds{10});
  CHECK(options.ca_file == "conf/ca.pem");
  CHECK_FALSE(options.allow_private);
  CHECK(config->fetch.connections == 4);
  CHECK(config->sources.at(0).proxy == "proxy.example:3128");
}

TEST_CASE("config: what is wrong with how servers are asked is named with its line") {
  const auto error = [](const std::string& line) { return error_of(brand + "[fetch]\n" + line); };
  CHECK(
      error("contact = 'a (b)'\n") ==
      "acme.toml:4: 'contact' goes into a header: plain characters on one line, without brackets");
  CHECK(error("connections = 0\n") == "acme.toml:4: 'connections' must be from 1 to 256");
  CHECK(error("connections = 257\n") == "acme.toml:4: 'connections' must be from 1 to 256");
  CHECK(error("timeout = '6m'\n") == "acme.toml:4: 'timeout' must be from 1s to 5m");
  CHECK(error("proxy = 'ftp://x'\n") ==
        "acme.toml:4: 'proxy' must be like socks5h://host:port or http://host:port");
  CHECK(error("allow_private = ['nas.local']\n") ==
        "acme.toml:4: 'nas.local' is not an address or a range like 10.0.0.0/8");
  for (const char* line : {"x.example", ":80:127.0.0.1", "x::127.0.0.1", "x:y:127.0.0.1",
                           "x:80:nas.local", "x:80:10.0.0.0/8"})
    CHECK(error(std::string{"resolve = ['"} + line + "']\n") ==
          std::string{"acme.toml:4: '"} + line + "' is not HOST:PORT:ADDRESS");
  CHECK(error_of(brand + "[[source]]\nname='a'\ntype='feed'\nurl='https://x.org'\nproxy='://'\n") ==
        "acme.toml:7: 'proxy' must be like socks5h://host:port or http://host:port");
}

TEST_CASE("config: what is missing or said twice is named") {
  CHECK(error_of("[project]\nname='x'\n") ==
        "acme.toml: there is no [brand]; add one with a query for the posts about it");
  CHECK(error_of("[brand]\nname='x'\n") == "acme.toml:1: [brand] needs a 'query'");
  CHECK(error_of("[brand]\nquery=''\n") == "acme.toml:2: 'query' in [brand] is empty");
  CHECK(error_of(brand + "[[source]]\nname='a'\n") == "acme.toml:3: [[source]] needs a 'type'");
  CHECK(error_of(brand + "[[source]]\nname='a'\ntype='csv'\npath='p'\n[[source]]\nname='a'\ntype='"
                         "csv'\npath='q'\n") == "acme.toml:7: there are two sources named 'a'");
  CHECK(error_of(brand + "[[source]]\nname='a'\ntype='csv'\npath='p'\nmapping='nowhere.toml'\n") ==
        "acme.toml:7: nowhere.toml: No such file or directory");
  CHECK(error_of(brand + "[[objective]]\nname='a'\n") ==
        "acme.toml:4: [[objective]] needs either a 'metric' or a 'query' that measures it");
}

TEST_CASE("config: what is wrong with answering and the policy is named with its line") {
  CHECK(error_of(brand + "[inbox]\nprivate = '(a'\n") ==
        "acme.toml:4: 'private': column 1: missing ')'");
  CHECK(error_of(brand + "[inbox]\nurgent = 'fire OR'\n") ==
        "acme.toml:4: 'urgent': column 6: 'OR' needs something after it");
  CHECK(error_of(brand + "[inbox]\nhandling_minutes = 0\n") ==
        "acme.toml:4: 'handling_minutes' must be more than 0");
  CHECK(error_of(brand + "[inbox]\nhandling_minutes = nan\n") ==
        "acme.toml:4: 'handling_minutes' must be more than 0");
  CHECK(error_of(brand + "handles = [{name = 'a', trained = 'yes'}]\n") ==
        "acme.toml:3: 'trained' in a handle: expected true or false");
  CHECK(error_of(brand + "[policy]\nrule = []\n") ==
        "acme.toml:4: unknown key 'rule' in [policy], did you mean 'rules'?");
  CHECK(error_of(brand + "[policy]\nrules = ['a']\n") ==
        "acme.toml:4: 'rules': expected tables like {name = \"no promises\", forbid = "
        "\"guarantee*\"}");
  CHECK(error_of(brand + "[policy]\nrules = [{name = 'a'}]\n") ==
        "acme.toml:4: a rule of [policy] needs either 'require' or 'forbid', a query");
  CHECK(error_of(brand + "[policy]\nrules = [{name = 'a', require = 'b', forbid = 'c'}]\n") ==
        "acme.toml:4: a rule of [policy] needs either 'require' or 'forbid', a query");
  CHECK(error_of(brand + "[policy]\nrules = [\n{name = 'a', forbid = '(b'}]\n") ==
        "acme.toml:5: 'forbid': column 1: missing ')'");
  CHECK(error_of(brand + "[policy]\nrules = [{name = 'a', forbid = 'b', on = 'reply'}]\n") ==
        "acme.toml:4: 'on' must be posts, replies or all, not 'reply'");
  CHECK(error_of(brand + "[policy]\nrules = [{name = 'a', forbid = 'b', on = 'repleis'}]\n") ==
        "acme.toml:4: 'on' must be posts, replies or all, not 'repleis', did you mean 'replies'?");
  CHECK(error_of(brand + "[[policy.rules]]\nname='a'\nforbid='b'\n"
                         "[[policy.rules]]\nname='a'\nforbid='c'\n") ==
        "acme.toml:6: there are two rules named 'a'");
}

TEST_CASE("config: what is wrong with objectives and pilots is named with its line") {
  const std::string pilot = brand + "[[pilot]]\nname = 'a'\n";
  CHECK(error_of(pilot) == "acme.toml:3: [[pilot]] needs a 'from'");
  CHECK(error_of(pilot + "from = '1 August'\n") ==
        "acme.toml:5: '1 August' is not a day like 2026-08-01");
  CHECK(error_of(pilot + "from = 2026-08-01\n") ==
        "acme.toml:5: 'from' in [[pilot]]: expected a string");
  CHECK(error_of(pilot + "from = '2026-08-01'\nto = '2026-02-30'\n") ==
        "acme.toml:6: '2026-02-30' is not a day like 2026-08-01");
  CHECK(error_of(pilot + "from = '2026-08-01'\nto = '2026-08-01'\n") ==
        "acme.toml:6: 'to' must be later than 'from': it is the first day after the pilot");
  CHECK(error_of(pilot + "from = '2026-08-01'\nlimit = '36h'\n") ==
        "acme.toml:6: 'limit' must be whole days, like \"90d\"");
  CHECK(error_of(pilot + "from = '2026-08-01'\nmetric = 'net_sentimnt'\n") ==
        "acme.toml:6: unknown metric 'net_sentimnt', did you mean 'net_sentiment'?");
  CHECK(error_of(pilot + "from = '2026-08-01'\nquery = 'NOT a'\n") ==
        "acme.toml:6: 'query': column 1: a query needs at least one word that must be there");
  CHECK(error_of(pilot + "from = '2026-08-01'\nfrm = 'b'\n") ==
        "acme.toml:6: unknown key 'frm' in [[pilot]], did you mean 'from'?");
  CHECK(error_of(pilot + "from = '2026-08-01'\n[[pilot]]\nname = 'a'\nfrom = '2026-08-01'\n") ==
        "acme.toml:7: there are two pilots named 'a'");
  CHECK(error_of(brand + "[[objective]]\nname='a'\nquery='b'\n[[objective]]\nname='a'\n"
                         "query='c'\n") == "acme.toml:7: there are two objectives named 'a'");
}

TEST_CASE("config: what is wrong with the checklist is named with its line") {
  CHECK(error_of(brand + "[checklist]\nclear_goal = 'a'\n") ==
        "acme.toml:4: unknown key 'clear_goal' in [checklist], did you mean 'clear_goals'?");
  CHECK(error_of(brand + "[checklist]\nclear_goals = ''\n") ==
        "acme.toml:4: 'clear_goals' in [checklist] has no answer");
  CHECK(error_of(brand + "[checklist]\nclear_goals = {by = 'a'}\n") ==
        "acme.toml:4: 'clear_goals' in [checklist] has no answer");
  CHECK(error_of(brand + "[checklist]\nclear_goals = {answer = 'a', no = 'b'}\n") ==
        "acme.toml:4: unknown key 'no' in an answer of [checklist], did you mean 'on'?");
  CHECK(error_of(brand + "[checklist]\nclear_goals = {answer = 'a', on = 'May'}\n") ==
        "acme.toml:4: 'May' is not a day like 2026-08-01");
  CHECK(error_of(brand + "[checklist]\nclear_goals = 3\n") ==
        "acme.toml:4: 'clear_goals' in [checklist]: expected a string or a table like {answer = "
        "\"...\", by = \"...\", on = \"2026-08-01\"}");
}

TEST_CASE("config: the table of places comes with it, and its mistakes too") {
  const auto error_of_places = [](const std::string& csv) {
    const TemporaryFolder folder;
    folder.write("places.csv", csv);
    const auto config =
        load_config(folder.write("acme.toml", brand + "[files]\nplaces = 'places.csv'\n"));
    if (config) return std::string{"no error"};
    const auto& message = config.error().message;
    const auto from = folder.path() + "/acme.toml:4: " + folder.path() + "/";
    CHECK(message.starts_with(from));
    return message.substr(std::min(from.size(), message.size()));
  };
  CHECK(error_of_places("pattern,region\nbend,South\n") == "no error");
  CHECK(error_of_places("pattern,region\nbend,South\n(a,North\n") ==
        "places.csv:3: '(a': column 1: missing ')'");
  CHECK(error_of_places("pattern,region\n\"box:1,2,3\",North\n") ==
        "places.csv:2: 'box:1,2,3': a box is box:SOUTH,WEST,NORTH,EAST in degrees");
  CHECK(error_of_places("pattern,region\nbend,\n") == "places.csv:2: 'region' is empty");
  CHECK(error_of_places("pattern,region\n,South\n") == "places.csv:2: 'pattern' is empty");
  CHECK(error_of_places("pattern,regoin\n") ==
        "places.csv:1: unknown column 'regoin', did you mean 'region'?");
  CHECK(error_of(brand + "[files]\nplaces = 'none.csv'\n") ==
        "acme.toml:4: none.csv: No such file or directory");
  CHECK(error_of(brand + "[files]\nplaces = ''\n") == "acme.toml:4: 'places' in [files] is empty");
  CHECK(error_of(brand + "[files]\nplace = 'a'\n") ==
        "acme.toml:4: unknown key 'place' in [files], did you mean 'places'?");
  CHECK(error_of(brand + "[files]\nstaff = 3\n") ==
        "acme.toml:4: 'staff' in [files]: expected a string");
}

TEST_CASE("config: a file that is no TOML, or none at all") {
  const TemporaryFolder folder;
  CHECK(error_of("[brand\n").starts_with("acme.toml:1: "));
  CHECK(load_config(folder.file("none.toml")).error().message ==
        folder.file("none.toml") + ": No such file or directory");
  CHECK(load_config(folder.path()).error().message == folder.path() + ": Is a directory");
  CHECK(load_config(folder.write("empty.toml", "")).error().message ==
        folder.file("empty.toml") +
            ": there is no [brand]; add one with a query for the posts about it");
}

TEST_CASE("config: --config comes first, then the variable, then the folders") {
  const TemporaryFolder folder;
  folder.write("xdg/earshot/earshot.toml", "");
  const auto environment = [&](std::string_view config) {
    return [&folder, config](const char* name) -> std::string {
      if (name == std::string_view{"EARSHOT_CONFIG"}) return std::string{config};
      return name == std::string_view{"XDG_CONFIG_HOME"} ? folder.file("xdg") : std::string{};
    };
  };

  CHECK(find_config("named.toml", environment("variable.toml")) == "named.toml");
  CHECK(find_config(std::nullopt, environment("variable.toml")) == "variable.toml");
  CHECK(find_config(std::nullopt, environment("")) == folder.file("xdg/earshot/earshot.toml"));
  CHECK_FALSE(find_config(std::nullopt, [](const char*) { return std::string{}; }));
}
