-- ChannelRow.
SELECT channel, name, item_count, reply_count
FROM (
  SELECT * FROM (SELECT channel, count() AS item_count FROM items GROUP BY channel)
  ALL LEFT JOIN (SELECT channel, count() AS reply_count FROM nodes WHERE parent != 0 GROUP BY channel) AS r USING (channel)
)
ALL LEFT JOIN channel_names USING (channel)
ORDER BY name, channel
