-- RaisedItem: about the brand or a topic, asks or plans to buy (intents 3 and 1) or takes a stance toward the brand; and the
-- first direct replies by anyone but the author, by others than the brand, by the brand.
SELECT posted_at, id, channel, author, channel IN (SELECT channel FROM threaded), brand, topics, intents, toward_brand, question,
       if(empty(by_others), NULL, toNullable(arrayMap(a -> a.1, by_others)[1] - posted_at)),
       if(empty(by_public), NULL, toNullable(arrayMap(a -> a.1, by_public)[1] - posted_at)),
       if(empty(by_brand), NULL, toNullable(arrayMap(a -> a.1, by_brand)[1] - posted_at)),
       least(now_at, posted_at + horizon) - posted_at
FROM (
  SELECT *,
         has(matched, 0) AS brand,
         arrayFilter((e, m, k) -> m AND k = 2, row_entity, row_matched, row_kind) AS topics,
         if(affiliate OR NOT brand, 0, row_stance[indexOf(row_entity, 0)]) AS toward_brand,
         arrayFilter(a -> a.3 != 0, by_others) AS by_public,
         arrayFilter(a -> a.3 = 0, by_others) AS by_brand
  FROM answered_items
  WHERE owner != 0
)
WHERE toward_brand != 0 OR (bitAnd(intents, 10) != 0 AND (brand OR notEmpty(topics)))
ORDER BY posted_at, id
