-- StanceRow: 365 days.
SELECT posted_at, id, author, row_stance[indexOf(row_entity, 0)] AS toward_brand
FROM labelled
WHERE posted_at >= window_end - 365 * 86400 AND posted_at < window_end AND NOT affiliate AND about_brand AND toward_brand != 0
ORDER BY posted_at, id
