-- title: Triggers by component
-- purpose: What sets failures off, and where do they sit?
SELECT
  trigger,
  component,
  COUNT(*) AS incidents,
  COUNT(ttr_minutes) AS with_ttr,
  MEDIAN(ttr_minutes) AS ttr_median_minutes
FROM incidents
WHERE same_as IS NULL AND trigger IS NOT NULL
GROUP BY trigger, component
ORDER BY incidents DESC, trigger, component
