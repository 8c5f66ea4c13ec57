-- NewcomerItem: the author's first post of all, where it is an item.
SELECT posted_at, id, channel, channel IN (SELECT channel FROM threaded),
       if(empty(by_others), NULL, toNullable(arrayMap(a -> a.1, by_others)[1] - posted_at)),
       least(now_at, posted_at + horizon) - posted_at
FROM answered_items
WHERE id IN (SELECT id FROM labelled WHERE author != 0 AND owner = 65535 AND posted_at < window_end
             ORDER BY posted_at, id LIMIT 1 BY author)
ORDER BY posted_at, id
