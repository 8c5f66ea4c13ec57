// What the store on disk costs: appending, appending again, labelling, reading facts, tallying.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>

#include "store/rocks/rocks_post_store.hpp"

namespace earshot {
namespace {

constexpr std::size_t page = 10'000;

/// Posts as an archive has them: rising times, a third of them replies, 180 bytes of text.
struct Corpus {
  explicit Corpus(std::size_t count) {
    batch.posts.resize(count);
    const std::string filler(150, 'x');
    for (std::size_t i = 0; i < count; ++i) {
      Post& post = batch.posts[i];
      post.network = "net";
      post.native_id =
          batch.texts.keep(fmt::format("{}", 1'740'000'000'000'000'000 + i * 4'194'304));
      post.channel = batch.texts.keep(fmt::format("channel{}", i % 9));
      post.author_id = post.author_name =
          batch.texts.keep(fmt::format("author{}", i * 2'654'435'761U % (count / 6 + 1)));
      post.text = batch.texts.keep(
          fmt::format("post number {} {:x} {}", i, i * 0x9E3779B97F4A7C15ULL, filler));
      if (i % 3 == 0 && i > 30) post.parent_id = batch.posts[i - 30].native_id;
      post.url = batch.texts.keep(
          fmt::format("https://net.example/{}/{}", post.author_id, post.native_id));
      post.source = "archive";
      post.posted_at = from_unix(1'704'067'200 + static_cast<std::int64_t>(i * 31'622'400 / count));
      post.engagement = {.likes = i % 17, .shares = i % 5, .replies = i % 3, .followers = i % 1009};
    }
  }
  std::span<const Post> page_at(std::size_t first) const {
    return std::span{batch.posts}.subspan(first, std::min(page, batch.posts.size() - first));
  }
  PostBatch batch;
};

/// A store of a corpus in a folder of its own.
class Loaded {
 public:
  Loaded() {
    std::filesystem::remove_all(folder_);
    store = *open_rocks_store(folder_, {.create = true, .reserve_bytes = 0});
  }
  ~Loaded() {
    store.reset();
    std::filesystem::remove_all(folder_);
  }
  void append(const Corpus& corpus) {
    for (std::size_t i = 0; i < corpus.batch.posts.size(); i += page)
      if (!store->append({.posts = corpus.page_at(i)})) std::abort();
  }
  void label(const Corpus& corpus) {
    const Generation generation{
        .model = "bench", .model_hash = 1, .config_hash = 1, .entities = entities()};
    std::vector<LabelledPost> rows;
    for (std::size_t i = 0; i < corpus.batch.posts.size(); ++i) {
      const Post& post = corpus.batch.posts[i];
      rows.push_back({{post.posted_at, post_id_hash(post.network, post.native_id)},
                      {.content = content_hash(post), .generation = generation.id()}});
      if (i % 4 == 0)
        rows.back().labels.entities = {
            {.entity = static_cast<EntityIndex>(i % 3), .matched = true}};
      if (rows.size() < page && i + 1 < corpus.batch.posts.size()) continue;
      if (!store->append({.labels = rows, .generation = generation})) std::abort();
      rows.clear();
    }
  }
  static std::vector<Entity> entities() {
    return {{EntityKind::brand, "b"}, {EntityKind::competitor, "c"}, {EntityKind::topic, "t"}};
  }

  std::unique_ptr<PostStore> store;

 private:
  std::string folder_ = (std::filesystem::temp_directory_path() / "earshot-store-bench").string();
};

void count(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void append_new(benchmark::State& state) {
  const Corpus corpus{static_cast<std::size_t>(state.range(0))};
  for (auto _ : state) {
    Loaded loaded;
    loaded.append(corpus);
  }
  count(state);
}

void append_known(benchmark::State& state) {
  const Corpus corpus{static_cast<std::size_t>(state.range(0))};
  Loaded loaded;
  loaded.append(corpus);
  for (auto _ : state) loaded.append(corpus);
  count(state);
}

void append_labels(benchmark::State& state) {
  const Corpus corpus{static_cast<std::size_t>(state.range(0))};
  Loaded loaded;
  loaded.append(corpus);
  for (auto _ : state) loaded.label(corpus);
  count(state);
}

void read_facts(benchmark::State& state) {
  const Corpus corpus{static_cast<std::size_t>(state.range(0))};
  Loaded loaded;
  loaded.append(corpus);
  loaded.label(corpus);
  for (auto _ : state) {
    std::int64_t likes = 0;
    if (!loaded.store->facts({from_unix(0), from_unix(2'000'000'000)}, [&](const FactBatch& batch) {
          for (const auto& fact : batch.facts) likes += fact.likes;
        }))
      std::abort();
    benchmark::DoNotOptimize(likes);
  }
  count(state);
}

void tally_tables(benchmark::State& state, Tables tables) {
  const Corpus corpus{static_cast<std::size_t>(state.range(0))};
  Loaded loaded;
  loaded.append(corpus);
  loaded.label(corpus);
  TallyRequest request{
      .now = from_unix(2'000'000'000), .entities = Loaded::entities(), .tables = tables};
  for (int day = 0; day <= 366; ++day)
    request.edges.push_back(from_unix(1'704'067'200 + day * 86'400));
  for (auto _ : state) {
    const auto tallies = loaded.store->tally(request);
    if (!tallies) std::abort();
    benchmark::DoNotOptimize(tallies->cube.size());
  }
  count(state);
}

void tally_year(benchmark::State& state) {
  tally_tables(state, Tables::all());
}

/// What volume, share of voice and response times need.
void tally_year_few(benchmark::State& state) {
  tally_tables(state, {Table::cube, Table::inbox, Table::quarters});
}

constexpr auto sizes = [](auto* bench) {
  bench->ArgName("posts")->Arg(200'000)->UseRealTime()->MeasureProcessCPUTime()->Unit(
      benchmark::kMillisecond);
};
BENCHMARK(append_new)->Apply(sizes);
BENCHMARK(append_known)->Apply(sizes);
BENCHMARK(append_labels)->Apply(sizes);
BENCHMARK(read_facts)->Apply(sizes);
BENCHMARK(tally_year)->Apply(sizes);
BENCHMARK(tally_year_few)->Apply(sizes);

}  // namespace
}  // namespace earshot
