-- History::channels_before
SELECT channel, count()
FROM originals
WHERE posted_at >= previous_begin AND posted_at < previous_end AND listened
GROUP BY channel
ORDER BY channel
