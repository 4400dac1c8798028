-- title: Quarter by quarter
-- purpose: How many incidents, how long, and how much of it is known?
SELECT
  quarter,
  COUNT(*) AS incidents,
  COUNT(ttr_minutes) AS with_ttr,
  COUNT(ttd_minutes) AS with_ttd,
  MEDIAN(ttd_minutes) AS ttd_median_minutes,
  MEDIAN(ttr_minutes) AS ttr_median_minutes,
  MAX(ttr_minutes) AS ttr_max_minutes
FROM incidents
WHERE same_as IS NULL AND quarter IS NOT NULL
GROUP BY quarter
ORDER BY quarter
