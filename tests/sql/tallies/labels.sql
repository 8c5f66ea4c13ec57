-- LabelState and Tallies::collapsed. Tallies::fingerprint is a sum of hashes of the window's facts, no table: shared code
-- makes it of the facts of any engine.
SELECT countIf(generation != 0) AS labels, countIf(generation = 0),
       labels - (SELECT count() FROM distinct_posts)
FROM seen
WHERE in_window
