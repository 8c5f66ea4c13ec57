-- What a second engine would have stored. Names and meaning are those of store/facts.hpp and store/post_store.hpp; times are
-- seconds since 1970, ids and hashes are UInt64, 65535 is "no entity", -1 an unknown count. The rows that belong to a fact
-- (EntityLabel, links) are arrays beside it: row_* have one element a (post, entity).
CREATE TABLE facts (
  posted_at Int64, id UInt64, channel UInt64, author UInt64, parent UInt64, root UInt64,
  likes Int64, shares Int64, replies Int64, followers Int64, filtered UInt8, repost UInt8,
  generation UInt64, near_group UInt64, question UInt64, sentiment Int8, stance Int8, intents UInt8, marks UInt16,
  owner UInt16, priority UInt8, only_thanks UInt8, affiliate UInt8,
  row_entity Array(UInt16), row_kind Array(UInt8), row_sentiment Array(Int8), row_stance Array(Int8),
  row_matched Array(UInt8), row_addressed Array(UInt8), links Array(UInt64)
) ENGINE = MergeTree ORDER BY (posted_at, id);

CREATE TABLE channel_names (channel UInt64, name String) ENGINE = MergeTree ORDER BY channel;
CREATE TABLE sources (source String, every Int64, first_poll Int64) ENGINE = MergeTree ORDER BY source;
CREATE TABLE polls (source String, at Int64, ok UInt8, overflow UInt8) ENGINE = MergeTree ORDER BY (source, at);

-- The request, one row: TallyRequest. only_channel 0 and only_topic 65535 ask for all. kinds: EntityKind of each entity.
CREATE TABLE request (
  window_begin Int64, window_end Int64, now_at Int64, horizon Int64, previous_begin Int64, previous_end Int64,
  only_channel UInt64, only_topic UInt16, edges Array(Int64), kinds Array(UInt8)
) ENGINE = MergeTree ORDER BY window_begin;

-- The thread of each labelled post of window and horizon. Chains of parents are any length, and this version has no recursion:
-- the engine gives id, parent and root, shared code (thread_roots) follows them.
CREATE TABLE roots (id UInt64, thread UInt64) ENGINE = MergeTree ORDER BY id;
-- The same for each day of UTC of the window, of the posts that are seen with it.
CREATE TABLE day_roots (day Int64, id UInt64, thread UInt64) ENGINE = MergeTree ORDER BY (day, id);
