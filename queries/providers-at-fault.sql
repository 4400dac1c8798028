-- title: Providers at fault
-- purpose: Whose failures hit us, how often, and how long did they last?
SELECT
  p.provider,
  COUNT(*) AS incidents,
  COUNT(i.ttr_minutes) AS with_ttr,
  MEDIAN(i.ttr_minutes) AS ttr_median_minutes,
  MAX(i.date) AS latest
FROM providers AS p
JOIN incidents AS i ON p.id = i.id
WHERE i.same_as IS NULL AND p.role = 'at-fault'
GROUP BY p.provider
ORDER BY incidents DESC, p.provider
