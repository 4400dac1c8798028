-- title: Told twice?
-- purpose: Which reports of one organisation are about the same day, and may be about one incident that counts twice?
-- may-be-empty: the shipped corpus tells every incident once
SELECT a.org, a.date, a.id, b.id AS other_id, a.ttr_minutes, b.ttr_minutes AS other_ttr_minutes, a.title
FROM incidents AS a
JOIN incidents AS b ON a.org = b.org AND a.date = b.date
WHERE a.id < b.id AND a.path <> b.path
ORDER BY a.date, a.id, b.id
