-- InboxItem.
SELECT posted_at, id, channel, author, party, priority, sentiment, intents, matched, is_threaded, answered_after, observed_for,
       responder
FROM awaited
ORDER BY posted_at, id, party
