-- title: What reports lack
-- purpose: How many incidents of each organisation lack the values that statistics need?
SELECT
  org,
  COUNT(*) AS incidents,
  COUNT(*) - COUNT(date) AS no_date,
  COUNT(*) - COUNT(started) AS no_start,
  COUNT(*) - COUNT(ttd_minutes) AS no_ttd,
  COUNT(*) - COUNT(ttr_minutes) AS no_ttr,
  COUNT(*) - COUNT(root_cause) AS no_root_cause,
  COUNT(*) - COUNT(severity) AS no_severity
FROM incidents
WHERE same_as IS NULL
GROUP BY org
ORDER BY incidents DESC, org
