-- LinkRow.
SELECT link, count(), uniqExactIf(author, author != 0)
FROM items ARRAY JOIN links AS link
GROUP BY link
ORDER BY link
