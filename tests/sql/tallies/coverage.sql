-- CoverageRow. Slots of an hour, or of the source's interval rounded up to hours; from the one with the first poll on, as far as
-- they have ended. Covered: a good poll and none that overflowed. Gaps: runs of slots that are not.
SELECT source, every > 0, first_poll, slot_count * intDiv(slot, 3600), (slot_count - length(open)) * intDiv(slot, 3600),
       arrayFilter(s -> NOT has(open, s - slot), open),
       arrayMap(s -> s + slot, arrayFilter(s -> NOT has(open, s + slot), open))
FROM (
  SELECT source, every, first_poll, slot, toInt64(countIf(slot_at >= 0)) AS slot_count,
         arraySort(groupArrayIf(slot_at, slot_at >= 0 AND NOT covered)) AS open
  FROM (
    -- An empty list of slots stands as one before all time, so that its source stays.
    SELECT source, every, first_poll, slot, arrayJoin(if(empty(slots), [toInt64(-1)], slots)) AS slot_at
    FROM scheduled
  )
  ALL LEFT JOIN (
    SELECT source, slot_at, 1 AS covered
    FROM (
      SELECT source, intDiv(at, slot) * slot AS slot_at, ok, overflow
      FROM polls ALL INNER JOIN (SELECT source, slot FROM scheduled) AS s USING (source)
    )
    GROUP BY source, slot_at
    HAVING max(ok) AND NOT max(overflow)
  ) AS good USING (source, slot_at)
  GROUP BY source, every, first_poll, slot
)
ORDER BY source
