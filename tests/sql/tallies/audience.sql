-- AudienceRow: authors by what they said in a scope.
SELECT scope, entity, items, recommends, warns, count()
FROM (
  SELECT author, scope, entity, count() AS items,
         countIf(taken = 1 AND NOT affiliate) > 0 AS recommends,
         countIf(taken = -1) > 0 AS warns
  FROM scoped
  WHERE author != 0 AND (scope IN (1, 3) OR (scope = 0 AND owner = 65535) OR (scope = 4 AND kind <= 2))
  GROUP BY author, scope, entity)
GROUP BY scope, entity, items, recommends, warns
ORDER BY scope, entity, items, recommends, warns
