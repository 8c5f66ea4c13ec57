-- AuthorRow. Resources: with a link, or marked how_to (bit 1).
SELECT author, scope, entity, count(),
       countIf(taken = 1 AND NOT affiliate),
       countIf(taken = -1),
       countIf(notEmpty(links) OR bitTest(marks, 1)),
       countIf(taken = 1 AND NOT affiliate AND engaged),
       sumIf(engagement, taken = 1 AND NOT affiliate)
FROM scoped
WHERE author != 0 AND (scope = 3 OR (scope = 0 AND owner = 65535) OR (scope = 4 AND entity = 0))
GROUP BY author, scope, entity
ORDER BY author, scope, entity
