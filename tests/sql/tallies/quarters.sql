-- QuarterRow.
SELECT intDiv(posted_at, 900) * 900 AS quarter, scope, entity, count(), sum(complains)
FROM (
  SELECT posted_at, 1 AS scope, toUInt16(65535) AS entity, bitTest(intents, 2) AS complains FROM quarter_posts WHERE listened
  UNION ALL
  SELECT posted_at, 4, row_entity[row], bitTest(intents, 2)
  FROM quarter_posts ARRAY JOIN inside AS row WHERE row_kind[row] IN (0, 2)
)
GROUP BY quarter, scope, entity
ORDER BY quarter, scope, entity
