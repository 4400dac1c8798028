-- title: Same trigger, same organisation
-- purpose: What keeps coming back?
-- param: least INTEGER 2 how often at least
SELECT
  org,
  trigger,
  COUNT(*) AS incidents,
  MIN(date) AS first,
  MAX(date) AS latest,
  COUNT(ttr_minutes) AS with_ttr,
  MEDIAN(ttr_minutes) AS ttr_median_minutes
FROM incidents
WHERE same_as IS NULL AND org IS NOT NULL AND trigger IS NOT NULL
GROUP BY org, trigger
HAVING COUNT(*) >= :least
ORDER BY incidents DESC, org, trigger
