-- OwnItem.
SELECT posted_at, id, channel, author, owner, parent = 0, repost, sentiment, marks, near_group, matched,
       channel IN (SELECT channel FROM threaded), likes, shares, followers, arrayCount(a -> a.3 != owner, timely)
FROM answered_items
WHERE owner != 65535
ORDER BY posted_at, id
