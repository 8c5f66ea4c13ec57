-- CubeRow.
SELECT bucket, channel, scope, entity, felt, taken, intent, filtered, count(), sum(engaged), sum(engagement)
FROM scoped ARRAY JOIN counted_under AS intent
GROUP BY bucket, channel, scope, entity, felt, taken, intent, filtered
ORDER BY bucket, channel, scope, entity, felt, taken, intent, filtered
