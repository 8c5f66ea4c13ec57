-- ThreadRow: all that is stored of the threads to which somebody replied in the window.
SELECT thread, posted_at, id, author, owner, parent, channel, sentiment, intents, marks, in_window
FROM nodes
WHERE thread IN (SELECT thread FROM nodes WHERE in_window AND asked_for AND parent != 0)
ORDER BY thread, posted_at, id
