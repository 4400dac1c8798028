-- title: Who notices first
-- purpose: Do we learn of incidents from monitoring or from customers, and how much later?
SELECT
  detection,
  COUNT(*) AS incidents,
  COUNT(ttd_minutes) AS with_ttd,
  MEDIAN(ttd_minutes) AS ttd_median_minutes,
  MAX(ttd_minutes) AS ttd_max_minutes
FROM incidents
WHERE same_as IS NULL AND detection IS NOT NULL
GROUP BY detection
ORDER BY incidents DESC, detection
