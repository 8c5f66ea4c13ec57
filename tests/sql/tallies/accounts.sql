-- AccountRow: authors of own items, and look-alikes (mark 5).
SELECT author, owner, count(), max((posted_at, id)).1, max((posted_at, id)).2
FROM items
WHERE owner != 65535 OR (author != 0 AND bitTest(marks, 5))
GROUP BY author, owner
ORDER BY author, owner
