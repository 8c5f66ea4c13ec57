-- What several tallies are made of, as tables: this version reads too few columns of a view whose lambdas use more than their
-- arguments (which is also why such columns are named once more outside of the lambda). Scopes are numbered as Scope::Kind, kinds as EntityKind: 0 brand, 1 competitor, 2 topic,
-- 3 objective, 4 pilot, 5 department, 6 region, 7 rule.

-- All posts that are looked at, with the request beside each. `inside`: positions of the rows whose entity the post is in the
-- scope of: it matches, and is not by its owner (of a party: that party; of others: the brand).
CREATE TABLE looked_at ENGINE = Memory AS
SELECT *,
       arrayFilter(i -> row_matched[i] AND row_entity[i] != 65535 AND owner != if(row_kind[i] <= 1, row_entity[i], 0),
                   arrayEnumerate(row_entity)) AS inside,
       arrayFilter((e, m) -> m AND e != 65535, row_entity, row_matched) AS matched
FROM facts CROSS JOIN request
WHERE posted_at >= 0 AND posted_at < least(now_at, window_end + horizon);

CREATE TABLE seen ENGINE = Memory AS
SELECT *,
       arrayExists(i -> row_kind[i] <= 2, inside) AS listened,
       arrayExists(i -> row_entity[i] = 0, inside) AS about_brand,
       arrayExists(i -> row_kind[i] = 2, inside) AS about_topic,
       arrayExists(i -> row_kind[i] = 5, inside) AS with_department,
       likes >= 0 OR shares >= 0 OR replies >= 0 AS engaged,
       greatest(likes, 0) + greatest(shares, 0) + greatest(replies, 0) AS engagement,
       posted_at >= window_begin AND posted_at < window_end AS in_window,
       (only_channel = 0 OR channel = only_channel) AND (only_topic = 65535 OR has(matched, only_topic)) AS asked_for
FROM looked_at;

CREATE TABLE labelled ENGINE = Memory AS SELECT * FROM seen WHERE generation != 0;

-- The labelled posts that are no near-duplicate of an earlier one of their day of UTC. Own posts are neither collapsed nor
-- collapsed onto.
CREATE TABLE originals ENGINE = Memory AS
SELECT * FROM labelled
WHERE near_group = 0 OR owner != 65535 OR id IN (
  SELECT id FROM labelled WHERE near_group != 0 AND owner = 65535 ORDER BY posted_at, id LIMIT 1 BY intDiv(posted_at, 86400), near_group);

CREATE TABLE distinct_posts ENGINE = Memory AS SELECT * FROM originals WHERE in_window;

-- Items: what the request asks for of them. counted_under: 255, any intent, and each of the post's intents.
CREATE TABLE items ENGINE = Memory AS
SELECT *,
       arrayCount(e -> e <= posted_at, edges) - 1 AS bucket,
       arrayConcat([255], arrayFilter(i -> bitTest(intents, i), range(7))) AS counted_under
FROM distinct_posts WHERE asked_for;

-- One row an item and scope, with sentiment and stance there.
CREATE TABLE scoped ENGINE = Memory AS
SELECT bucket, channel, author, owner, counted_under, filtered, engaged, engagement, affiliate, marks, links,
       0 AS scope, toUInt16(65535) AS entity, 255 AS kind, sentiment AS felt, stance AS taken
FROM items
UNION ALL
SELECT bucket, channel, author, owner, counted_under, filtered, engaged, engagement, affiliate, marks, links,
       1, toUInt16(65535), 255, sentiment, stance
FROM items WHERE listened
UNION ALL
SELECT bucket, channel, author, owner, counted_under, filtered, engaged, engagement, affiliate, marks, links,
       2, toUInt16(65535), 255, sentiment, stance
FROM items WHERE about_brand OR about_topic
UNION ALL
SELECT bucket, channel, author, owner, counted_under, filtered, engaged, engagement, affiliate, marks, links,
       3, toUInt16(65535), 255, sentiment, stance
FROM items WHERE about_topic
UNION ALL
SELECT bucket, channel, author, owner, counted_under, filtered, engaged, engagement, affiliate, marks, links,
       4, row_entity[row], row_kind[row], row_sentiment[row], row_stance[row]
FROM items ARRAY JOIN inside AS row WHERE row_kind[row] <= 4
UNION ALL
SELECT bucket, channel, author, owner, counted_under, filtered, engaged, engagement, affiliate, marks, links,
       5, row_entity[row], row_kind[row], sentiment, stance
FROM items ARRAY JOIN inside AS row WHERE about_brand AND row_kind[row] IN (2, 3, 5, 6)
UNION ALL
SELECT bucket, channel, author, owner, counted_under, filtered, engaged, engagement, affiliate, marks, links,
       6, toUInt16(65535), 255, sentiment, stance
FROM items WHERE about_brand AND with_department;

-- The labelled posts of window and horizon, near-duplicates too, with their threads. An owner's posts that a machine wrote
-- (mark 4) answer nobody.
CREATE TABLE nodes ENGINE = Memory AS
SELECT id, posted_at, channel, author, owner, parent, sentiment, intents, marks, in_window, asked_for, thread, horizon,
       owner != 65535 AND bitTest(marks, 4) AS auto_reply, intDiv(posted_at, 86400) * 86400 AS day
FROM labelled ALL INNER JOIN roots USING (id)
WHERE posted_at >= intDiv(window_begin, 86400) * 86400 - horizon;

-- Where replies are collected.
CREATE TABLE threaded ENGINE = Memory AS SELECT DISTINCT channel FROM nodes WHERE parent != 0;

-- By the post that they answer, oldest first: time, id, owner, author, whether it is an auto-reply.
CREATE TABLE answers_by_post ENGINE = Memory AS
SELECT parent AS id, answers
FROM (SELECT parent, arraySort(groupArray((posted_at, id, owner, author, auto_reply))) AS answers
      FROM nodes WHERE parent != 0 GROUP BY parent);

-- Items with the answers to each within the horizon: all, and those by others than its author that
-- are no auto-replies.
CREATE TABLE answered_items ENGINE = Memory AS
SELECT *,
       arrayFilter(a -> a.1 >= posted_at AND a.1 < posted_at + horizon, answers) AS timely,
       arrayFilter(a -> (author = 0 OR a.4 != author) AND NOT a.5, timely) AS by_others
FROM items ALL LEFT JOIN answers_by_post USING (id);

-- Who wrote the post that each reply answers, and when; only of stored ones.
CREATE TABLE answered ENGINE = Memory AS
SELECT id, posted_at, author, owner, auto_reply, day, horizon, to_author, to_owner, to_at
FROM nodes ALL INNER JOIN (SELECT id AS parent, author AS to_author, owner AS to_owner, posted_at AS to_at FROM nodes) AS asked
USING (parent);

-- What a post that needs an answer is part of is seen in the posts within the horizon of its day, on either side. Of each day of
-- the window: own replies, but for auto-replies, by owner, thread and the author whom they answer, oldest first: time, author.
CREATE TABLE own_replies ENGINE = Memory AS
SELECT day, owner AS party, thread, to_author AS author, own_answers
FROM (
  SELECT day, owner, thread, to_author, arraySort(groupArray((posted_at, author))) AS own_answers
  FROM (SELECT id, posted_at, author, owner, horizon, to_author, to_at FROM answered WHERE owner != 65535 AND NOT auto_reply AND to_author != 0)
  ALL INNER JOIN day_roots USING (id)
  WHERE to_at >= day - horizon AND to_at < day + 86400 + horizon
  GROUP BY day, owner, thread, to_author);

-- Where a post of the window stands: its thread, one more than the owner of the post that it answers (0: none is seen), and its
-- answers.
CREATE TABLE placed ENGINE = Memory AS
SELECT id, day, thread, answers_party, answers
FROM (
  SELECT id, day, thread, answers_party
  FROM (SELECT id, day, thread FROM (SELECT id, day FROM nodes WHERE in_window) ALL INNER JOIN day_roots USING (day, id))
  ALL LEFT JOIN (
    SELECT id, toUInt32(to_owner) + 1 AS answers_party FROM answered WHERE to_at >= day - horizon AND to_at < day + 86400 + horizon
  ) AS a USING (id)
)
ALL LEFT JOIN answers_by_post USING (id);

-- A row a post and party from which it needs an answer. It asks (intents 2, 3, 4: complaint, question, request) and
-- matches the party's query, @-mentions it, or answers one of its posts. Answered by the party's first direct reply, else by its
-- first later reply to the same author in the same thread; both within the horizon, and no
-- auto-replies.
CREATE TABLE awaited ENGINE = Memory AS
SELECT posted_at, id, channel, author, party, priority, sentiment, intents, matched,
       channel IN (SELECT channel FROM threaded) AS is_threaded,
       multiIf(notEmpty(direct), toNullable(arrayMap(a -> a.1, direct)[1] - posted_at),
               notEmpty(later), toNullable(arrayMap(a -> a.1, later)[1] - posted_at), NULL) AS answered_after,
       least(now_at, posted_at + horizon) - posted_at AS observed_for,
       if(notEmpty(direct), arrayMap(a -> a.4, direct)[1], arrayMap(a -> a.2, later)[1]) AS responder, horizon
FROM (
  SELECT *,
         arrayFilter(a -> a.3 = party AND NOT a.5 AND a.1 >= posted_at AND a.1 < posted_at + horizon, answers) AS direct,
         arrayFilter(a -> a.1 > posted_at AND a.1 < posted_at + horizon, own_answers) AS later
  FROM (
    SELECT * FROM (
      SELECT *, toUInt16(candidate) AS party,
             arrayExists((e, m, a) -> e = candidate AND (a OR (m AND bitAnd(intents, 28) != 0)),
                         row_entity, row_matched, row_addressed) AS asks
      FROM items ARRAY JOIN arrayFilter(e -> kinds[e + 1] <= 1, range(length(kinds))) AS candidate
      WHERE candidate != owner AND NOT repost AND NOT only_thanks
    )
    ALL INNER JOIN placed USING (id)
    WHERE asks OR answers_party = party + 1
  )
  ALL LEFT JOIN own_replies USING (day, party, thread, author)
);

-- Of 56 days before the window and of the window.
CREATE TABLE quarter_posts ENGINE = Memory AS
SELECT * FROM originals WHERE posted_at >= window_begin - 56 * 86400 AND posted_at < window_end;

-- The slots of each source's schedule in the window; archives, which have no interval, have none.
CREATE TABLE scheduled ENGINE = Memory AS
SELECT source, every, first_poll, slot, first_slot,
       arrayMap(i -> first_slot + toInt64(i) * slot, range(toUInt64(slot_count))) AS slots
FROM (
  SELECT source, every, first_poll, slot, first_slot,
         if(every = 0, 0, greatest(0, intDiv(least(window_end, now_at) - first_slot, slot))) AS slot_count
  FROM (
    SELECT source, every, first_poll, window_begin, window_end, now_at,
           greatest(3600, intDiv(every + 3599, 3600) * 3600) AS slot,
           intDiv(greatest(window_begin, first_poll), slot) * slot AS first_slot
    FROM sources CROSS JOIN request
  )
);
