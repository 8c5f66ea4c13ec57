-- InboxItem: a row a post and party from which it needs an answer. It asks (intents 2, 3, 4: complaint, question, request) and
-- matches the party's query, @-mentions it, or answers one of its posts. Answered by the party's first direct reply, else by its
-- first later reply to the same author in the same thread; both within the horizon, and no
-- auto-replies.
SELECT posted_at, id, channel, author, party, priority, sentiment, intents, matched,
       channel IN (SELECT channel FROM threaded),
       multiIf(notEmpty(direct), toNullable(arrayMap(a -> a.1, direct)[1] - posted_at),
               notEmpty(later), toNullable(arrayMap(a -> a.1, later)[1] - posted_at), NULL),
       least(now_at, posted_at + horizon) - posted_at,
       if(notEmpty(direct), arrayMap(a -> a.4, direct)[1], arrayMap(a -> a.2, later)[1])
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
)
ORDER BY posted_at, id, party
