// DuckDB through its npm package, two threads, a database in a file.
//
//   duckdb_peer.mjs load FORM POSTS.jsonl DATABASE         FORM is a key of `loads`
//   duckdb_peer.mjs forms DATABASE PROJECT.json            CPU seconds of every way to ask each question, as JSON
//   duckdb_peer.mjs ask DATABASE PROJECT.json QUESTION=FORM...     asks, and leaves the answers unread
//   duckdb_peer.mjs answers DATABASE PROJECT.json          the answers, as JSON, for comparison
//   duckdb_peer.mjs rows DATABASE POSTS.jsonl              all posts by id, every field
//   duckdb_peer.mjs idle DATABASE                          opens and closes
//   duckdb_peer.mjs version
//
// $DUCKDB_MODULES is the folder whose node_modules has @duckdb/node-api; PROJECT.json has brands ({word, account}, ours first)
// and the words of the topics.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { DuckDBInstance } = createRequire(process.env.DUCKDB_MODULES + "/")("@duckdb/node-api");

const columns = `{id: 'VARCHAR', channel: 'VARCHAR', author: 'VARCHAR', followers: 'BIGINT', text: 'VARCHAR',
  created_at: 'TIMESTAMP', in_reply_to: 'VARCHAR', likes: 'BIGINT', shares: 'BIGINT', replies: 'BIGINT', url: 'VARCHAR',
  lang: 'VARCHAR'}`;
const lines = (archive) => `read_json('${archive}', format = 'newline_delimited', columns = ${columns})`;

const loads = {
  table: (archive) => [`create table posts as select * from ${lines(archive)}`],
  any_order: (archive) => ["set preserve_insertion_order = false", `create table posts as select * from ${lines(archive)}`],
  key: (archive) => [
    `create table if not exists posts (id VARCHAR primary key, channel VARCHAR, author VARCHAR, followers BIGINT, text VARCHAR,
       created_at TIMESTAMP, in_reply_to VARCHAR, likes BIGINT, shares BIGINT, replies BIGINT, url VARCHAR, lang VARCHAR)`,
    `insert or ignore into posts select * from ${lines(archive)}`,
  ],
};

// Every way that was thought of to ask each question. All of one question give the same rows, but `loose` ones: they are
// cheaper and answer something else (one brand a post, whatever letters stand around it; hits inside longer words).
function questions({ brands }) {
  const words = brands.map((brand) => brand.word);
  const any = words.join("|");
  const lag = "epoch(r.created_at) - epoch(p.created_at)";
  return {
    volume: {
      date_trunc: "select date_trunc('hour', created_at) h, channel, count(*) n from posts group by all",
      time_bucket: "select time_bucket(interval 1 hour, created_at) h, channel, count(*) n from posts group by all",
    },
    authors: {
      one_pass: `select author, count(*) n, sum(likes + shares + replies) e from posts group by author
        order by n desc, author limit 20`,
      top_first: `with top as (select author, count(*) n from posts group by author order by n desc, author limit 20)
        select author, any_value(n) n, sum(likes + shares + replies) e from posts join top using (author) group by author
        order by n desc, author`,
    },
    mentions: {
      extract_all: `select brand, count(*) n from (select unnest(list_distinct(regexp_extract_all(lower(text), '\\b(${any})\\b')))
        brand from posts) group by brand`,
      by_list: `select brand, sum(n)::BIGINT n from (select unnest(list_distinct(found)) brand, n from
        (select regexp_extract_all(lower(text), '\\b(${any})\\b') found, count(*) n from posts group by found)) group by brand`,
      fold_found: `select brand, sum(n)::BIGINT n from (select unnest(list_distinct(list_transform(found, lambda x: lower(x)))) brand, n
        from (select regexp_extract_all(text, '(?i)\\b(${any})\\b') found, count(*) n from posts group by found)) group by brand`,
      loose_first_brand: `select lower(regexp_extract(text, '(?i)(${any})')) brand, count(*) n from posts group by brand`,
      loose_contains: `select ${words.map((word) => `count(*) filter (contains(folded, '${word}')) as ${word}`).join(", ")}
        from (select lower(text) as folded from posts)`,
    },
    answers: {
      like: `select median(${lag}) median, quantile_cont(${lag}, 0.95) p95, count(*) n from posts r join posts p
        on r.in_reply_to = p.id where r.author like '%Care'`,
      suffix: `select quantile_cont(${lag}, 0.5) median, quantile_cont(${lag}, 0.95) p95, count(*) n from posts r join posts p
        on r.in_reply_to = p.id where suffix(r.author, 'Care')`,
      few_first: `with r as materialized (select in_reply_to, created_at from posts where suffix(author, 'Care'))
        select quantile_cont(${lag}, 0.5) median, quantile_cont(${lag}, 0.95) p95, count(*) n from posts p join r on r.in_reply_to = p.id`,
    },
  };
}

// What a report says, counted as it counts: nobody is heard about himself.
async function answers(all, project) {
  const accounts = project.brands.map((brand) => `('${brand.word}', '${brand.account}')`).join(", ");
  const any = project.brands.map((brand) => brand.word).join("|");
  const own = project.brands[0].account;
  await all(`create temp table found as select id, author, channel, created_at, likes + shares + replies e,
    list_distinct(regexp_extract_all(lower(text), '\\b(${any})\\b')) brands,
    regexp_matches(lower(text), '\\b(${project.topics.join("|")})\\b') topic from posts`);
  await all(`create temp table mentions as select id, author, e, brand from (select id, author, e, unnest(brands) brand from found)
    join (values ${accounts}) accounts (brand, account) using (brand) where author <> account`);
  await all(`create temp table heard as select author, channel, created_at from found
    where (topic and author <> '${own}') or id in (select id from mentions)`);
  const asked = Object.entries(questions(project)).map(([name, forms]) => [name, Object.values(forms)[0]]);
  const queries = {
    ...Object.fromEntries(asked),
    posts: "select count(*) n, count(distinct id) ids from posts",
    channels: "select channel, count(*) n from posts group by channel",
    voice: "select brand, count(*) n, sum(e) e from mentions group by brand",
    heard: "select count(*) n, count(distinct author) authors from heard",
    heard_channels: "select channel, count(*) n from heard group by channel",
    heard_weeks: "select strftime(date_trunc('week', created_at), '%Y-%m-%d') as monday, count(*) n from heard group by monday",
    busiest: `select sum(n) n from (select n from (select count(*) n from heard group by author) order by n desc
      limit (select ceil(count(distinct author) / 10.0)::BIGINT from heard))`,
    own_answers: `select count(*) n from posts where author = '${own}' and in_reply_to is not null`,
    own_lags: `select r.in_reply_to id, min(epoch(r.created_at) - epoch(p.created_at)) lag from posts r join posts p
      on r.in_reply_to = p.id where r.author = '${own}' group by r.in_reply_to`,
  };
  queries.volume = "select epoch(date_trunc('hour', created_at)) h, channel, count(*) n from posts group by all";
  const result = {};
  for (const [name, sql] of Object.entries(queries)) result[name] = await all(sql);
  return result;
}

const as_json = (value) => JSON.stringify(value, (_, part) => (typeof part === "bigint" ? Number(part) : part));
const print = (value) => console.log(as_json(value));
const cpu_seconds = () => (({ userCPUTime, systemCPUTime }) => (userCPUTime + systemCPUTime) / 1e6)(process.resourceUsage());

// CPU seconds of each form of each question, the better of two, and what the questions' exact forms do not agree on.
async function forms(run, all, project) {
  const result = { seconds: {}, best: {}, disagree: [] };
  for (const [question, ways] of Object.entries(questions(project))) {
    const seconds = (result.seconds[question] = {});
    let expected;
    for (const [form, sql] of Object.entries(ways)) {
      for (let i = 0; i < 2; ++i) {
        const begin = cpu_seconds();
        await run(sql);
        seconds[form] = Math.min(seconds[form] ?? Infinity, cpu_seconds() - begin);
      }
      if (form.startsWith("loose")) continue;
      const rows = (await all(sql)).map(as_json).sort().join("\n");
      expected ??= rows;
      if (rows !== expected) result.disagree.push(`${question}: ${form}`);
    }
    const exact = Object.keys(ways).filter((form) => !form.startsWith("loose"));
    result.best[question] = exact.reduce((best, form) => (seconds[form] < seconds[best] ? form : best));
  }
  return result;
}


async function main([verb, ...words]) {
  const database = { load: words[2], version: ":memory:" }[verb] ?? words[0];
  const instance = await DuckDBInstance.create(database, { threads: "2" });
  const connection = await instance.connect();
  const run = (sql) => connection.run(sql);
  const all = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
  const project = () => JSON.parse(readFileSync(words[1], "utf8"));
  if (verb === "load") {
    for (const sql of [...loads[words[0]](words[1]), "checkpoint"]) await run(sql);
  } else if (verb === "forms") {
    print(await forms(run, all, project()));
  } else if (verb === "ask") {
    const asked = questions(project());
    for (const [question, form] of words.slice(2).map((word) => word.split("="))) await run(asked[question][form]);
  } else if (verb === "answers") {
    print(await answers(all, project()));
  } else if (verb === "rows") {
    await run(`copy (select * replace (epoch(created_at)::BIGINT as created_at) from posts order by id) to '${words[1]}' (format json)`);
  } else if (verb === "version") {
    print((await all("select version() v"))[0].v);
  }
  connection.closeSync();
  instance.closeSync();
}

await main(process.argv.slice(2));
