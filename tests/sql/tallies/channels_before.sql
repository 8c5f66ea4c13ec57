-- History::channels_before: collapsed as in a window.
SELECT channel, count()
FROM labelled
WHERE posted_at >= previous_begin AND posted_at < previous_end AND listened
  AND (near_group = 0 OR owner != 65535 OR id IN (
    SELECT id FROM labelled
    WHERE posted_at >= previous_begin AND posted_at < previous_end AND near_group != 0 AND owner = 65535
    ORDER BY posted_at, id LIMIT 1 BY near_group))
GROUP BY channel
ORDER BY channel
