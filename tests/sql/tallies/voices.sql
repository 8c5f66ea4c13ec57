-- VoiceRow.
SELECT author, max(posted_at < window_begin),
       countIf(posted_at >= previous_begin AND posted_at < previous_end AND about_brand),
       countIf(posted_at >= previous_begin AND posted_at < previous_end AND about_topic)
FROM labelled
WHERE author != 0 AND owner = 65535 AND posted_at < window_end
GROUP BY author
HAVING max(in_window OR (posted_at >= previous_begin AND posted_at < previous_end))
ORDER BY author
