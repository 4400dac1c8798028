-- title: Slowest incidents
-- purpose: Where did resolution take longest, and who or what was behind it?
-- param: n INTEGER 10 how many to list
SELECT id, date, org, title, severity, trigger, provider, ttr_minutes
FROM incidents
WHERE same_as IS NULL AND ttr_minutes IS NOT NULL
ORDER BY ttr_minutes DESC, id
LIMIT :n
