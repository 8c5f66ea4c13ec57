-- AnswerRow: the inbox of every party, counted by how long posts waited.
SELECT party, channel, is_threaded, observed_for >= horizon AS settled, answered_after IS NOT NULL AS answered,
       ifNull(answered_after, observed_for) AS seconds, count()
FROM awaited
GROUP BY party, channel, is_threaded, settled, answered, seconds
ORDER BY party, channel, is_threaded, settled, answered, seconds
